//! What the browser tells the page: hidden, in front, gone, online, another address.

use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::{Key, Shell};
use crate::browser;
use crate::entropy;
use crate::state::{Action, State};
use crate::tab::{self, Memory, Saved};
use client::link::{self, Target};

impl Shell {
    /// Listens for as long as the page lives.
    pub(super) fn listen(self: &Rc<Self>) {
        let window = browser::window();
        let on = |event: &'static str, act: fn(&Rc<Self>)| {
            let weak = Rc::downgrade(self);
            EventListener::new(&window, event, move |_| {
                if let Some(shell) = weak.upgrade() {
                    act(&shell);
                }
            })
        };
        let weak = Rc::downgrade(self);
        let visibility = EventListener::new(&browser::document(), "visibilitychange", move |_| {
            if let Some(shell) = weak.upgrade() {
                shell.visibility();
            }
        });
        // Before anything on the page sees the key: what has the focus must not matter.
        let weak = Rc::downgrade(self);
        let keys = EventListener::new_with_options(
            &window,
            "keydown",
            EventListenerOptions::run_in_capture_phase(),
            move |event| {
                let key: &KeyboardEvent = event.unchecked_ref();
                if let Some(shell) = weak.upgrade()
                    && key.key() == "Escape"
                    && !key.repeat()
                    && !key.is_composing()
                {
                    shell.escape();
                }
            },
        );
        let listeners = vec![
            keys,
            on("online", |shell| shell.online(true)),
            on("offline", |shell| shell.online(false)),
            on("pagehide", |shell| shell.keep()),
            on("pageshow", |shell| shell.visibility()),
            on("focus", |shell| shell.send(Action::Focused(true))),
            on("blur", |shell| shell.send(Action::Focused(false))),
            on("hashchange", |shell| shell.address_changed()),
            visibility,
        ];
        self.listeners.replace(listeners);
    }

    fn escape(&self) {
        let is_help = self.escapes.borrow_mut().press(browser::now().mono);
        if is_help {
            self.panic();
        }
    }

    fn online(&self, online: bool) {
        self.send(Action::Online(online));
        if online {
            self.wake();
        }
    }

    fn visibility(&self) {
        let visible = !browser::document().hidden();
        self.send(Action::Visible(visible));
        let veils = |state: &State| state.settings.veils_hidden;
        browser::veil(!visible && self.seen.borrow().as_ref().is_some_and(veils));
        if visible {
            // The page lives on, so what was kept for its next life would only be stale.
            if self.inner.borrow().connection.is_some() {
                tab::wipe();
            }
            self.wake();
        } else {
            self.keep();
        }
    }

    pub(super) fn wake(&self) {
        self.with_session(|session, now| session.wake(now));
    }

    /// Keeps what the next life of this tab needs.
    fn keep(&self) {
        let inner = self.inner.borrow();
        let (Some(room), Key::Ready(keys, _), Some(connection)) =
            (&inner.room, &inner.key, &inner.connection)
        else {
            return;
        };
        let draft = self.draft.borrow().clone();
        let mut seen = self.seen.borrow().clone();
        if let Some(state) = &mut seen {
            // The session knows of these already and will not tell them again.
            connection
                .untold()
                .into_iter()
                .for_each(|action| state.apply(action));
        }
        let seen = seen.and_then(|state| Memory::of(&state, draft));
        // Reloaded again before the room was reached: the lines are those of the life before.
        let earlier = || {
            inner
                .entry
                .as_ref()?
                .saved
                .as_ref()
                .map(|saved| saved.memory.clone())
        };
        let memory = match seen {
            Some(memory) => Some(keys.seal_tab(&memory.encode(), &mut entropy::rng())),
            None => earlier(),
        };
        let Some(memory) = memory else { return };
        tab::keep(&Saved {
            slug: room.name.slug(),
            second: room.second,
            fingerprint: room.fingerprint.as_ref().map(ToString::to_string),
            session: connection.freeze(),
            memory,
        });
    }

    /// Somebody put another link into the address bar of this very page, or went back to one.
    fn address_changed(self: &Rc<Self>) {
        let (path, hash) = browser::address();
        let target = link::read(&path, &hash);
        let is_here = match (&target, &self.inner.borrow().room) {
            (Target::Front, _) => true,
            (Target::Room(new), Some(room)) => new.name.as_str() == room.name.as_str(),
            _ => false,
        };
        if is_here {
            return;
        }
        self.with_session(|session, now| session.leave(now));
        self.go(target);
        // Leaving has removed the link of the room that was left; this is the new one's.
        browser::show_address(&format!("{}{hash}", browser::base()));
    }
}
