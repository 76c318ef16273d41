//! What a person asked for in a conversation.

use std::rc::Rc;

use client::Body;
use crypto::wire::SenderId;

use super::Shell;
use crate::handle::Talking;
use crate::state::{Action, PersonId};
use crate::{alert, device, download, entropy, handed, translate};

impl Shell {
    pub(super) fn talk(self: &Rc<Self>, talking: Talking) {
        match talking {
            Talking::Post { to, body } => self.post(to, body),
            Talking::React {
                message,
                to,
                emoji,
                on,
            } => {
                if let Some(about) = translate::message_id(&message) {
                    let to_message = about;
                    self.post(
                        to,
                        Body::Reaction {
                            to: to_message,
                            on,
                            emoji,
                        },
                    );
                }
            }
            Talking::Delete { message, to } => {
                if let Some(of) = translate::message_id(&message) {
                    self.post(to, Body::Delete { of });
                }
            }
            Talking::Typing { to } => self.with_session(|session, now| {
                session.typing(to.map(sid), now, &mut entropy::rng());
            }),
            Talking::StoppedTyping => self.with_session(|session, now| {
                session.stopped_typing(now, &mut entropy::rng());
            }),
            Talking::Seen { message, private } => {
                if let Some(up_to) = translate::message_id(&message) {
                    self.with_session(|session, now| {
                        session.seen(up_to, private, now, &mut entropy::rng());
                    });
                }
            }
            Talking::ShareSignals(on) => self.share_signals(on),
            Talking::Draft(text) => {
                self.draft.replace(text);
            }
            Talking::Save { name, kind, text } => download::save(&name, kind, &text),
            Talking::AskToNotify => {
                let shell = Rc::clone(self);
                wasm_bindgen_futures::spawn_local(async move {
                    shell.send(Action::MayNotify(alert::ask().await));
                });
            }
            Talking::TestAlert => {
                if let Some(state) = &*self.seen.borrow() {
                    self.alerts.test(state);
                }
            }
            Talking::ForgetDevice => {
                device::forget();
                handed::forget_app();
            }
        }
    }

    pub(super) fn share_signals(&self, on: bool) {
        self.with_session(|session, now| {
            session.share_signals(on, now, &mut entropy::rng());
        });
    }

    fn post(&self, to: Option<PersonId>, body: Body) {
        self.with_session(|session, now| {
            let rng = &mut entropy::rng();
            // The handle has checked the text, and after the end of a stay there is no screen on which to write one.
            let _ = match to {
                Some(to) => session.say_to(sid(to), body, now, rng),
                None => session.post(body, now, rng),
            };
        });
    }
}

fn sid(id: PersonId) -> SenderId {
    SenderId(id.0)
}
