//! An own leap: a second connection opens the new room, then those who were chosen are asked, then the old room is
//! closed or left.

use std::rc::Rc;
use std::time::Duration;

use crypto::name::RoomName;
use crypto::room::RoomKeys;
use crypto::wire::{LocalId, SenderId};

use super::super::assemble::{Entry, assemble};
use super::super::{Key, Shell};
use super::{Moves, Own, Work, link_to, secrets};
use crate::connection::Connection;
use crate::kdf::{self, Report};
use crate::state::{Action, LeapAction, Making, Options, OwnLeap, PersonId, Progress, Step};
use crate::{entropy, naming, translate};
use client::link::RoomLink;

impl Shell {
    /// Begins an own leap.
    pub(super) fn leap(self: &Rc<Self>, people: Vec<PersonId>, options: Options, closes: bool) {
        self.cancel_leap();
        let mut begun = None;
        self.with_session(|session, _| {
            begun = Some(Entry {
                your_name: session.me().name,
                is_fresh: true,
                options,
                saved: None,
                moves: Some(Moves {
                    passport: Rc::new(session.passport(&mut entropy::rng())),
                    filters: session.governance().filters,
                }),
            });
        });
        let mut borrowed = self.inner.borrow_mut();
        let inner = &mut *borrowed;
        let (Some(entry), Some(relay)) = (begun, &inner.relay) else {
            return;
        };
        let room = RoomLink {
            fingerprint: inner.room.as_ref().and_then(|room| room.fingerprint),
            ..link_to(RoomName::generate(&mut entropy::rng()))
        };
        let weak = Rc::downgrade(self);
        let report = Rc::new(move |report| {
            if let Some(shell) = weak.upgrade() {
                match report {
                    Report::Progress(progress) => {
                        shell.tell_leap(LeapAction::Own(Some(OwnLeap::Key(progress))));
                    }
                    Report::Ready(keys, took) => shell.open_apart(keys, took),
                }
            }
        });
        let stretching = kdf::start(secrets(&room.name), relay.facts.salt, report);
        inner.leap.own = Some(Own {
            room,
            people,
            closes,
            entry,
            work: Work::Stretching(stretching),
        });
        drop(borrowed);
        self.tell_leap(LeapAction::Own(Some(OwnLeap::Key(Progress::default()))));
    }

    /// Opens the new room on a connection of its own. Nobody is asked before it stands.
    fn open_apart(self: &Rc<Self>, keys: Box<RoomKeys>, took: Duration) {
        let mut borrowed = self.inner.borrow_mut();
        let inner = &mut *borrowed;
        let (Some(own), Some(relay)) = (&mut inner.leap.own, &inner.relay) else {
            return;
        };
        let (session, translator, _) = assemble(&keys, took, &own.room, relay, &own.entry, false);
        let weak = Rc::downgrade(self);
        let out = Box::new(move |actions| {
            if let Some(shell) = weak.upgrade() {
                shell.happened_apart(actions);
            }
        });
        let connection = Connection::new(session, translator, out);
        own.work = Work::Apart {
            keys,
            took,
            connection: connection.clone(),
            told: Vec::new(),
            letters: None,
            closing: false,
        };
        drop(borrowed);
        self.tell_leap(LeapAction::Own(Some(OwnLeap::Opening)));
        connection.start();
    }

    /// What the second connection says: kept until it is on the screen, and told from then on.
    fn happened_apart(self: &Rc<Self>, actions: Vec<Action>) {
        let is_end = |action: &Action| matches!(action, Action::End { .. } | Action::Block(_));
        let is_in = |action: &Action| matches!(action, Action::Entered { .. });
        let ends = actions.iter().any(is_end);
        let opens = actions.iter().any(is_in);
        let mut inner = self.inner.borrow_mut();
        match inner.leap.own.as_mut().map(|own| &mut own.work) {
            None => {
                drop(inner);
                return self.happened(actions);
            }
            Some(Work::Apart { told, .. }) => told.extend(actions),
            Some(_) => return,
        }
        drop(inner);
        if ends {
            self.give_up(Some(OwnLeap::Failed));
        } else if opens {
            self.ask_along();
        }
    }

    /// The new room is open: its name is said to those who were chosen.
    fn ask_along(self: &Rc<Self>) {
        let (people, name) = {
            let inner = self.inner.borrow();
            let Some(own) = &inner.leap.own else { return };
            let people: Vec<_> = own.people.iter().map(|id| SenderId(id.0)).collect();
            (people, own.room.name.clone())
        };
        let mut asked = None;
        self.with_session(|session, now| {
            asked = session
                .invite(&people, &name, now, &mut entropy::rng())
                .ok();
        });
        let Some(locals) = asked else {
            return self.give_up(Some(OwnLeap::Failed));
        };
        let waiting = locals.iter().map(|local| local.0).collect();
        if let Some(Own {
            work: Work::Apart { letters, .. },
            ..
        }) = &mut self.inner.borrow_mut().leap.own
        {
            *letters = Some(waiting);
        }
        self.tell_leap(LeapAction::Own(Some(OwnLeap::Asking(people.len()))));
    }

    /// What the room on the screen has said. Once the relay has every letter, it is left or closed.
    pub(crate) fn watch_leap(self: &Rc<Self>, settled: Vec<u32>, refused: bool) {
        let mut inner = self.inner.borrow_mut();
        let Some(Own {
            closes,
            work:
                Work::Apart {
                    letters: Some(letters),
                    closing,
                    ..
                },
            ..
        }) = &mut inner.leap.own
        else {
            return;
        };
        letters.retain(|local| !settled.contains(local));
        let is_due = letters.is_empty() && !*closing;
        let closes = *closes;
        let fails = *closing && refused;
        *closing |= is_due && closes;
        drop(inner);
        if is_due && closes {
            self.purge_soon();
        } else if is_due || fails {
            self.with_session(|session, now| session.leave(now));
        }
    }

    /// The room that is left is not closed after all.
    pub(crate) fn leave_open(&self) {
        let closes = |own: &Own| matches!(own.work, Work::Apart { closing: true, .. });
        if self.inner.borrow().leap.own.as_ref().is_some_and(closes) {
            self.with_session(|session, now| session.leave(now));
        }
    }

    pub(super) fn cancel_leap(&self) {
        self.give_up(None);
    }

    fn give_up(&self, said: Option<OwnLeap>) {
        let work = {
            let mut inner = self.inner.borrow_mut();
            let Some(own) = &mut inner.leap.own else {
                return;
            };
            // What it still says goes nowhere.
            std::mem::replace(&mut own.work, Work::Over)
        };
        if let Work::Apart {
            connection,
            letters,
            ..
        } = work
        {
            for local in letters.into_iter().flatten() {
                self.with_session(|session, _| session.discard(LocalId(local)));
            }
            connection.drive(|session, now| session.leave(now));
        }
        self.inner.borrow_mut().leap.own = None;
        self.tell_leap(LeapAction::Own(said));
    }

    pub(super) fn take_over(self: &Rc<Self>, own: Own) {
        let Work::Apart {
            keys,
            took,
            connection,
            told,
            ..
        } = own.work
        else {
            return;
        };
        let making = Making {
            masked: naming::mask(own.room.name.as_str()),
            face: Some(translate::face(keys.face())),
            step: Step::Entering,
            resuming: false,
        };
        let me = connection.drive(|session, _| session.me().sid);
        let sids: Vec<_> = own.people.iter().map(|id| SenderId(id.0)).collect();
        let party = self.known(&sids, me);
        {
            let mut inner = self.inner.borrow_mut();
            inner.room = Some(own.room);
            inner.came_by_link = false;
            inner.last_name = Some(own.entry.your_name.clone());
            inner.key = Key::Ready(keys, took);
            inner.entry = Some(own.entry);
            inner.connection = Some(connection);
        }
        self.send(Action::ShowMaking(making));
        self.tell_leap(LeapAction::Party(party));
        self.happened(told);
    }
}
