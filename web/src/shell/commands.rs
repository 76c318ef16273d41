//! What a person asked for.

use std::rc::Rc;

use client::DisplayName;
use crypto::kdf::SecondSecret;
use crypto::mark::SecretMark;
use crypto::name::RoomName;
use crypto::wire::{LocalId, SenderId};

use super::{Key, Shell};
use crate::handle::{Command, Commands};
use crate::later;
use crate::state::{Action, Advice, Copied, LeapAction, LinkTrouble, Options, PersonId};
use crate::{browser, clipboard, entropy};
use client::link::{self, RoomLink};

/// How long "Copied" stays beside the button, in milliseconds.
const COPIED_STAYS_MS: u32 = 2_500;
/// How many characters of the new key somebody must type to accept it.
const TYPED_KEY: usize = 8;

/// The shell as a set of commands.
pub(crate) struct Desk(pub(crate) Rc<Shell>);

impl Commands for Desk {
    fn run(&self, command: Command) {
        self.0.run(command);
    }

    fn room_name(&self) -> Option<String> {
        self.0
            .inner
            .borrow()
            .room
            .as_ref()
            .map(|room| room.name.as_str().to_owned())
    }

    fn link(&self) -> Option<String> {
        self.0.link()
    }

    fn can_share(&self) -> bool {
        clipboard::can_share()
    }

    fn draft(&self) -> String {
        self.0.draft.borrow().clone()
    }

    fn safety(&self, id: PersonId) -> Option<[(&'static str, &'static str); 5]> {
        self.0.safety(id)
    }
}

impl Shell {
    pub(super) fn run(self: &Rc<Self>, command: Command) {
        match command {
            Command::OpenRoom {
                typed,
                is_fresh,
                your_name,
                second,
                options,
            } => self.open_room(&typed, is_fresh, your_name, &second, options),
            Command::Follow { pasted } => self.follow(&pasted),
            Command::Join { your_name, second } => self.join(your_name, &second),
            Command::TrySecret { second } => self.try_secret(&second),
            Command::JoinAnyway => {
                self.invite_again();
                let advice = LeapAction::Advice(Some(Advice::Rewritten));
                self.send(Action::Leap(advice));
            }
            Command::Decline | Command::StartOver => self.start_over(),
            Command::Cancel => self.cancel(),
            Command::Enter => self.go_in(),
            Command::TryAgain => self.try_again(),
            // Whoever can ask for it has the second part on the screen.
            Command::File(command) => {
                if let Some(parts) = later::arrived() {
                    (parts.run_file)(self, command);
                }
            }
            Command::Leap(command) => {
                if let Some(parts) = later::arrived() {
                    (parts.run_leap)(self, command);
                }
            }
            Command::Talk(talking) => self.talk(talking),
            Command::Rename { name } => self.with_session(|session, now| {
                if let Ok(name) = DisplayName::parse(&name) {
                    session.rename(name, now, &mut entropy::rng());
                }
            }),
            Command::Retry { local } => {
                self.send(Action::Delivery {
                    local,
                    delivery: crate::state::Delivery::Sending,
                });
                self.with_session(|session, now| {
                    session.retry(LocalId(local), now, &mut entropy::rng());
                });
            }
            Command::Discard { local } => {
                self.with_session(|session, _| session.discard(LocalId(local)));
                self.send(Action::Discarded(local));
            }
            Command::Leave => self.with_session(|session, now| session.leave(now)),
            Command::Rejoin => self.invite_again(),
            Command::Forget => {
                self.forget_room();
                browser::show_address(&browser::base());
                self.send(Action::Forgotten);
            }
            Command::Wake => self.wake(),
            Command::TrustNewKey { typed } => self.trust_new_key(&typed),
            Command::CopyLink => {
                if let Some(link) = self.link() {
                    self.copy(link, Copied::Link);
                }
            }
            Command::CopyText { text } => self.copy(text, Copied::Text),
            Command::Share => {
                if let Some(link) = self.link() {
                    wasm_bindgen_futures::spawn_local(async move { clipboard::share(&link).await });
                }
            }
            Command::KeepAddress(keep) => {
                self.inner.borrow_mut().keeps_address = keep;
                self.send(Action::KeepsAddress(keep));
                self.tidy_address();
            }
            Command::Reload => browser::reload(),
            Command::Panic => self.panic(),
            Command::Govern(order) => self.govern(order),
            Command::Purge => self.purge_soon(),
            Command::UndoPurge => self.undo_purge(),
            Command::Verified { id, verified } => {
                self.with_session(|session, _| session.set_verified(SenderId(id.0), verified));
            }
        }
    }

    fn link(&self) -> Option<String> {
        let inner = self.inner.borrow();
        let room = inner.room.as_ref()?;
        let relay = inner.relay.as_ref().map(|relay| relay.facts.fingerprint);
        let mark = match &inner.key {
            Key::Ready(keys, _) if room.second => Some(SecretMark::of(keys)),
            _ => room.mark,
        };
        let link = RoomLink {
            fingerprint: room.fingerprint.or(relay),
            mark,
            ..room.clone()
        };
        Some(link.address(&browser::base()))
    }

    fn open_room(
        self: &Rc<Self>,
        typed: &str,
        is_fresh: bool,
        your_name: String,
        second: &str,
        options: Options,
    ) {
        if link::pasted(typed).is_some() {
            self.follow(typed);
            return;
        }
        // The form shows what is wrong with a name and does not let it come here.
        let Ok(name) = RoomName::parse(typed) else {
            return;
        };
        {
            let mut inner = self.inner.borrow_mut();
            inner.second = SecondSecret::parse(second);
            inner.room = Some(RoomLink {
                name,
                fingerprint: None,
                second: inner.second.is_some(),
                mark: None,
            });
            inner.came_by_link = false;
            inner.key = Key::None;
        }
        self.press(your_name, is_fresh, options);
    }

    /// The same press again: same room, same name, same wishes.
    fn try_again(self: &Rc<Self>) {
        let again = {
            let inner = self.inner.borrow();
            inner.entry.clone().filter(|_| inner.room.is_some())
        };
        match again {
            Some(entry) => self.press(entry.your_name, false, entry.options),
            None => self.invite_again(),
        }
    }

    fn follow(self: &Rc<Self>, pasted: &str) {
        let Some((host, target)) = link::follow(pasted) else {
            return;
        };
        let here = browser::page().host.to_ascii_lowercase();
        if host.is_empty() || host == here {
            self.go(target);
        } else {
            self.send(Action::ShowLinkTrouble(LinkTrouble::OtherRelay { host }));
        }
    }

    fn start_over(self: &Rc<Self>) {
        self.forget_room();
        browser::show_address(&browser::base());
        self.show_door(None);
    }

    fn cancel(self: &Rc<Self>) {
        let by_link = self.inner.borrow().came_by_link;
        self.hang_up();
        let room = self.inner.borrow_mut().room.take();
        match room {
            Some(room) if by_link => self.invite(room),
            _ => self.start_over(),
        }
    }

    /// To the link recipient's screen with the room that this page knows.
    fn invite_again(self: &Rc<Self>) {
        let room = self.inner.borrow_mut().room.take();
        match room {
            Some(room) => {
                browser::show_address(&browser::base());
                self.invite(room);
            }
            None => self.start_over(),
        }
    }

    fn trust_new_key(self: &Rc<Self>, typed: &str) {
        let found = self.inner.borrow().found;
        let Some(found) = found else { return };
        if found.to_string().get(..TYPED_KEY) != Some(typed.trim().to_ascii_lowercase().as_str()) {
            return;
        }
        let (room, is_connected) = {
            let mut inner = self.inner.borrow_mut();
            inner.found = None;
            if let Some(relay) = &mut inner.relay {
                relay.facts.fingerprint = found;
            }
            if let Some(room) = &mut inner.room {
                room.fingerprint = Some(found);
            }
            (inner.room.clone(), inner.connection.is_some())
        };
        if is_connected {
            self.with_session(|session, _| session.trust_new_key(found));
        } else if let Some(room) = room {
            self.invite(room);
        } else {
            self.start_over();
        }
    }

    fn copy(self: &Rc<Self>, text: String, what: Copied) {
        let shell = Rc::clone(self);
        wasm_bindgen_futures::spawn_local(async move {
            let done = clipboard::copy(&text).await;
            shell.send(Action::Copied(Some(if done {
                what
            } else {
                Copied::Failed
            })));
            if done && what == Copied::Link {
                clipboard::clear_later(text);
            }
            gloo_timers::future::TimeoutFuture::new(COPIED_STAYS_MS).await;
            shell.send(Action::Copied(None));
        });
    }

    /// Does something with the session, if there is one.
    pub(super) fn with_session(&self, act: impl FnOnce(&mut client::Session, client::Now)) {
        // A copy of the pointer: what the session says may end the stay and drop the other one.
        let connection = self.inner.borrow().connection.clone();
        if let Some(connection) = connection {
            connection.drive(act);
        }
    }
}
