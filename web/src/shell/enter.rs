//! From a key and a pressed button into the room, and out again.

use std::rc::Rc;

use client::Session;
use gloo_timers::callback::Timeout;

use super::assemble::assemble;
use super::{Entry, Key, Shell};
use crate::connection::Connection;
use crate::later;
use crate::naming;
use crate::state::{
    Action, Behind, Blocked, EndReason, LeapAction, Making, Notice, Options, Progress, State,
    Status, Step,
};
use crate::tab::{self, Memory};
use crate::translate::{self, Translator};
use crate::{browser, relay};

/// How long the door is shown to somebody who has nothing to decide there, in milliseconds.
const GOES_AFTER_MS: u32 = 1_000;

impl Shell {
    /// Takes note that a button was pressed and shows the way in.
    pub(super) fn press(self: &Rc<Self>, your_name: String, is_fresh: bool, options: Options) {
        let making = {
            let mut inner = self.inner.borrow_mut();
            let Some(room) = &inner.room else { return };
            let masked = naming::mask(room.name.as_str());
            let (face, step) = match &inner.key {
                Key::Ready(keys, _) => (
                    Some(translate::face(keys.face())),
                    Step::Reaching { attempt: 1 },
                ),
                _ => (None, Step::Key(Progress::default())),
            };
            if matches!(inner.key, Key::None) {
                inner.key = Key::Wanted;
            }
            inner.last_name = Some(your_name.clone());
            inner.entry = Some(Entry {
                your_name,
                is_fresh,
                options,
                saved: inner.waits.take(),
                moves: None,
            });
            Making {
                masked,
                face,
                step,
                resuming: false,
            }
        };
        self.send(Action::ShowMaking(making));
        self.want_key();
        self.enter_if_ready();
    }

    /// Starts the session as soon as there is a key, the relay's card and a pressed button.
    pub(super) fn enter_if_ready(self: &Rc<Self>) {
        let Some((session, translator, memory)) = self.session() else {
            return;
        };
        // Thawed or not: what was kept has done its work, and a copied tab must not find it.
        tab::wipe();
        if let Some(memory) = memory {
            self.restore(&memory);
        }
        let weak = Rc::downgrade(self);
        let out = Box::new(move |actions| {
            if let Some(shell) = weak.upgrade() {
                shell.happened(actions);
            }
        });
        let connection = Connection::new(session, translator, out);
        self.inner.borrow_mut().connection = Some(connection.clone());
        connection.start();
    }

    fn session(&self) -> Option<(Session, Translator, Option<Memory>)> {
        let inner = self.inner.borrow();
        let (Key::Ready(keys, took), Some(room), Some(relay), Some(entry), None) = (
            &inner.key,
            &inner.room,
            &inner.relay,
            &inner.entry,
            &inner.connection,
        ) else {
            return None;
        };
        Some(assemble(
            keys,
            *took,
            room,
            relay,
            entry,
            inner.came_by_link,
        ))
    }

    /// Shows what is behind the door. Where there is nothing to decide, goes in after a moment.
    fn at_door(self: &Rc<Self>, mut behind: Behind) {
        let mut inner = self.inner.borrow_mut();
        let is_fresh = inner.entry.as_ref().is_some_and(|entry| entry.is_fresh);
        let nobody = behind.people == 0;
        // The right secret in front of an empty room is no reason to doubt it.
        let fits = match (&inner.room, &inner.key) {
            (Some(room), Key::Ready(keys, _)) => room.mark.is_some_and(|mark| mark.fits(keys)),
            _ => false,
        };
        let asks = inner.room.as_ref().is_some_and(|room| room.second);
        if nobody && inner.came_by_link && asks && !fits {
            behind.doubt = Some(inner.doubts.wrong(browser::wall()));
        }
        // Whoever is asked into a room does not open it: if nobody is there, it is over.
        let is_late = nobody && inner.entry.as_ref().is_some_and(|it| it.moves.is_some());
        behind.goes = !behind.differs
            && behind.doubt.is_none()
            && !is_late
            && (inner.came_by_link || (is_fresh && nobody));
        let weak = Rc::downgrade(self);
        inner.going = behind.goes.then(|| {
            Timeout::new(GOES_AFTER_MS, move || {
                if let Some(shell) = weak.upgrade() {
                    shell.go_in();
                }
            })
        });
        drop(inner);
        self.send(Action::Step(Step::Door(behind)));
    }

    pub(super) fn go_in(&self) {
        self.inner.borrow_mut().going = None;
        self.with_session(|session, now| session.enter(now));
    }

    async fn compare_app(self: Rc<Self>) {
        if let Some(hash) = relay::other_app().await {
            let notice = Notice::OtherApp { hash };
            let at = browser::wall();
            self.send(Action::Notice { notice, at });
        }
    }

    fn restore(&self, memory: &Memory) {
        {
            let mut inner = self.inner.borrow_mut();
            inner.keeps_address = memory.settings.keeps_address;
            inner.kept = Some(memory.kept.clone());
        }
        self.draft.replace(memory.kept.draft.clone());
        self.send(Action::SetSettings(memory.settings.clone()));
    }

    /// Passes on what the session said, and does what follows from it here.
    pub(super) fn happened(self: &Rc<Self>, actions: Vec<Action>) {
        let watch = later::arrived().filter(|_| self.inner.borrow().leap.is_watching());
        let (mut settled, mut refused) = (Vec::new(), false);
        // What only changes the screen goes there in one step, which copies the log once.
        let mut shown = Vec::new();
        for action in actions {
            match action {
                Action::Entered { ref card, .. } => {
                    self.show(&mut shown);
                    self.warn_before(card.closes_at);
                    self.send(action);
                    self.tidy_address();
                    let kept = self.inner.borrow_mut().kept.take();
                    if let Some(kept) = kept {
                        self.send(Action::TalkKept {
                            scope: kept.scope,
                            muted: kept.muted,
                            topic: kept.topic,
                            notify: kept.notify,
                        });
                    }
                }
                Action::ClosesAt(closes_at) => {
                    self.show(&mut shown);
                    self.warn_before(closes_at);
                    self.send(action);
                }
                Action::Status(Status::Online) => {
                    self.show(&mut shown);
                    // Whatever cut the connection may have been a relay that was brought up to date.
                    let is_lost =
                        |state: &State| state.room().is_some_and(|room| !room.status.is_online());
                    let was_lost = self.seen.borrow().as_ref().is_some_and(is_lost);
                    self.send(action);
                    if was_lost {
                        wasm_bindgen_futures::spawn_local(Rc::clone(self).compare_app());
                    }
                }
                Action::Step(Step::Door(behind)) => {
                    self.show(&mut shown);
                    self.at_door(behind);
                }
                Action::Leap(LeapAction::Asked(ref asked)) => {
                    self.asked_along(asked.id);
                    shown.push(action);
                }
                Action::Leap(LeapAction::Gone(id)) => {
                    self.inner.borrow_mut().leap.gone(id);
                    shown.push(action);
                }
                Action::End { why, at, .. } => {
                    self.show(&mut shown);
                    let moves = self.inner.borrow().leap.is_moving();
                    if let Some(parts) = later::arrived().filter(|_| moves) {
                        return (parts.move_on)(self);
                    }
                    // Who was not let in may knock again with the same press.
                    let again = self.inner.borrow().entry.clone().filter(|_| {
                        matches!(
                            why,
                            EndReason::Full | EndReason::Locked | EndReason::RelayFull
                        )
                    });
                    // The keys go with the session. The name stays for "Rejoin" until it is
                    // forgotten; nothing of it stays in the tab's storage.
                    let can_rejoin = self.hang_up();
                    self.inner.borrow_mut().entry = again;
                    browser::show_address(&browser::base());
                    self.send(Action::End {
                        why,
                        at,
                        can_rejoin,
                    });
                }
                Action::Block(Blocked::KeyChanged { expected, found }) => {
                    self.show(&mut shown);
                    self.inner.borrow_mut().found = found.parse().ok();
                    self.send(Action::Block(Blocked::KeyChanged { expected, found }));
                }
                Action::Block(_) => {
                    self.show(&mut shown);
                    self.hang_up();
                    self.send(action);
                }
                only_shown => {
                    match &only_shown {
                        Action::Relayed { local, .. } | Action::Delivery { local, .. } => {
                            settled.push(*local);
                        }
                        Action::Notice {
                            notice: Notice::NotRuled { .. },
                            ..
                        } => refused = true,
                        _ => {}
                    }
                    shown.push(only_shown);
                }
            }
        }
        self.show(&mut shown);
        if let Some(parts) = watch {
            (parts.watch_leap)(self, settled, refused);
        }
    }

    fn show(&self, actions: &mut Vec<Action>) {
        if !actions.is_empty() {
            self.send(Action::Several(std::mem::take(actions)));
        }
    }

    /// Ends the session without a word to anybody and drops its keys. True if the name is known.
    pub(super) fn hang_up(&self) -> bool {
        let mut inner = self.inner.borrow_mut();
        let connection = inner.connection.take();
        inner.key = Key::None;
        inner.entry = None;
        inner.going = None;
        inner.warnings.clear();
        inner.purging = None;
        let knows_name = inner.room.is_some();
        let leap = inner.leap.end_own();
        drop(inner);
        // Outside the borrow: closing a socket may run other code of this page.
        drop(connection);
        drop(leap);
        self.cleaner.forget();
        tab::wipe();
        knows_name
    }

    /// Removes the link from the address bar, or puts it there for whoever wants to keep it.
    pub(super) fn tidy_address(&self) {
        let inner = self.inner.borrow();
        let address = match &inner.room {
            Some(room) if inner.keeps_address => room.address(&browser::base()),
            _ => browser::base(),
        };
        browser::show_address(&address);
    }
}
