//! Moving to a fresh room: opening it and asking others along, or going where somebody asks.
//!
//! ```text
//!   own:    name ─▶ key ─▶ a second connection opens the room ─▶ letters ─▶ taken by the relay ─▶ close or leave ─▶ there
//!   asked:  invitation ─▶ key ─▶ face ─▶ "Go" ─▶ leave ─▶ there
//! ```
//! What belongs to the room before is dropped as by leaving. Only the passport goes along.

mod own;

use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use client::{Invitation, InvitationId, Passport};
use crypto::name::RoomName;
use crypto::room::RoomKeys;
use crypto::wire::SenderId;

use super::{Entry, Key, Shell};
use crate::connection::Connection;
use crate::handle::LeapCommand;
use crate::kdf::{self, Report, Secrets, Stretching};
use crate::naming;
use crate::state::{Action, LeapAction, Making, Options, PersonId, Progress, Step, Who};
use crate::{entropy, translate};
use client::link::RoomLink;

/// Everything about leaping that is a secret or a handle.
#[derive(Default)]
pub(super) struct Leap {
    asked: Vec<Asked>,
    /// Makes the key of one invitation. Dropping it stops.
    stretching: Option<Stretching>,
    own: Option<Own>,
    /// The invitation that is being followed.
    going: Option<Asked>,
}

/// What somebody takes along.
#[derive(Clone)]
pub(super) struct Moves {
    pub(super) passport: Rc<Passport>,
    /// What everybody's filters started from.
    pub(super) filters: Option<Vec<u8>>,
}

/// An invitation, with all that it takes to follow it once the room it came in is gone.
struct Asked {
    id: u32,
    invitation: Invitation,
    moves: Moves,
    your_name: String,
    /// It is on the screen.
    is_seen: bool,
    key: Option<(Box<RoomKeys>, Duration)>,
}

/// An own leap.
struct Own {
    room: RoomLink,
    people: Vec<PersonId>,
    closes: bool,
    entry: Entry,
    work: Work,
}

enum Work {
    /// Dropping it stops the worker.
    Stretching(#[expect(dead_code, reason = "held for its drop")] Stretching),
    /// A second connection, on its way into the new room or there already.
    Apart {
        keys: Box<RoomKeys>,
        took: Duration,
        connection: Connection,
        /// What it has told, for when it is on the screen.
        told: Vec<Action>,
        /// The letters that the relay does not have yet, once the room is open.
        letters: Option<BTreeSet<u32>>,
        /// The old room is about to be closed.
        closing: bool,
    },
    Over,
}

impl Leap {
    /// Whether the end of the room on the screen is the beginning of another.
    pub(super) fn is_moving(&self) -> bool {
        let is_open = |own: &Own| {
            matches!(
                own.work,
                Work::Apart {
                    letters: Some(_),
                    ..
                }
            )
        };
        self.going.is_some() || self.own.as_ref().is_some_and(is_open)
    }

    /// Whether what the session says may matter to an own leap.
    pub(super) fn is_watching(&self) -> bool {
        self.own.is_some()
    }

    /// Ends an own leap together with the room that it began in. Whoever gets it drops it with nothing borrowed.
    pub(super) fn end_own(&mut self) -> Option<impl Sized + use<>> {
        self.own.take()
    }

    /// An invitation does not count any more.
    pub(super) fn gone(&mut self, id: u32) {
        self.asked.retain(|asked| asked.id != id);
    }
}

impl Shell {
    /// Somebody asks this person along. Kept apart from the session, which may end before the answer.
    pub(super) fn asked_along(&self, id: u32) {
        let mut asked = None;
        self.with_session(|session, _| {
            asked = session
                .invitation(InvitationId(id))
                .map(|invitation| Asked {
                    id,
                    invitation,
                    moves: Moves {
                        passport: Rc::new(session.passport(&mut entropy::rng())),
                        filters: None,
                    },
                    your_name: session.me().name,
                    is_seen: false,
                    key: None,
                });
        });
        self.inner.borrow_mut().leap.asked.extend(asked);
    }

    pub(crate) fn run_leap(self: &Rc<Self>, command: LeapCommand) {
        match command {
            LeapCommand::Start {
                people,
                options,
                closes,
            } => self.leap(people, options, closes),
            LeapCommand::Cancel => self.cancel_leap(),
            LeapCommand::Look(id) => {
                let mut inner = self.inner.borrow_mut();
                if let Some(asked) = inner.leap.asked.iter_mut().find(|asked| asked.id == id) {
                    asked.is_seen = true;
                }
                drop(inner);
                self.make_face();
            }
            LeapCommand::Go(id) => self.go_along(id),
            LeapCommand::Stay(id) => {
                self.with_session(|session, _| session.decline(InvitationId(id)));
                self.inner.borrow_mut().leap.gone(id);
                self.tell_leap(LeapAction::Gone(id));
            }
        }
    }

    fn tell_leap(&self, action: LeapAction) {
        self.send(Action::Leap(action));
    }

    /// Makes one key at a time, of what is on the screen.
    fn make_face(self: &Rc<Self>) {
        let mut inner = self.inner.borrow_mut();
        if inner.leap.stretching.is_some() {
            return;
        }
        let Some(salt) = inner.relay.as_ref().map(|relay| relay.facts.salt) else {
            return;
        };
        let lacks = |asked: &&Asked| asked.is_seen && asked.key.is_none();
        let Some(asked) = inner.leap.asked.iter().find(lacks) else {
            return;
        };
        let (id, secrets) = (asked.id, secrets(&asked.invitation.name));
        let weak = Rc::downgrade(self);
        let report = Rc::new(move |report| {
            if let (Some(shell), Report::Ready(keys, took)) = (weak.upgrade(), report) {
                shell.face_made(id, keys, took);
            }
        });
        inner.leap.stretching = Some(kdf::start(secrets, salt, report));
    }

    fn face_made(self: &Rc<Self>, id: u32, keys: Box<RoomKeys>, took: Duration) {
        let face = translate::face(keys.face());
        let mut inner = self.inner.borrow_mut();
        inner.leap.stretching = None;
        if let Some(asked) = inner.leap.asked.iter_mut().find(|asked| asked.id == id) {
            asked.key = Some((keys, took));
        }
        drop(inner);
        self.tell_leap(LeapAction::Face { id, face });
        self.make_face();
    }

    /// Leaves this room, if it is not over yet, for the one that an invitation leads to.
    fn go_along(self: &Rc<Self>, id: u32) {
        self.cancel_leap();
        let mut inner = self.inner.borrow_mut();
        let Some(at) = inner.leap.asked.iter().position(|asked| asked.id == id) else {
            return;
        };
        let mut asked = inner.leap.asked.swap_remove(at);
        inner.leap.stretching = None;
        let is_inside = inner.connection.is_some();
        drop(inner);
        if is_inside {
            // Whoever was compared with since then still is.
            self.with_session(|session, _| {
                asked.moves.passport = Rc::new(session.passport(&mut entropy::rng()));
            });
        }
        self.inner.borrow_mut().leap.going = Some(asked);
        if is_inside {
            self.with_session(|session, now| session.leave(now));
        } else {
            self.move_on();
        }
    }

    /// The room before is over: the next one takes the screen.
    pub(crate) fn move_on(self: &Rc<Self>) {
        let mut inner = self.inner.borrow_mut();
        let leap = std::mem::take(&mut inner.leap);
        let fingerprint = inner.room.as_ref().and_then(|room| room.fingerprint);
        drop(inner);
        self.draft.take();
        self.hang_up();
        if let Some(asked) = leap.going {
            self.arrive(asked, fingerprint);
        } else if let Some(own) = leap.own {
            self.take_over(own);
        }
    }

    fn arrive(self: &Rc<Self>, asked: Asked, fingerprint: Option<crypto::tunnel::Fingerprint>) {
        let room = RoomLink {
            fingerprint,
            ..link_to(asked.invitation.name)
        };
        let everybody = asked.invitation.party.into_iter();
        let others: Vec<_> = everybody.chain([asked.invitation.from]).collect();
        let party = self.known(&others, asked.moves.passport.sender_id());
        let face = asked
            .key
            .as_ref()
            .map(|(keys, _)| translate::face(keys.face()));
        let making = Making {
            masked: naming::mask(room.name.as_str()),
            step: match face {
                Some(_) => Step::Reaching { attempt: 1 },
                None => Step::Key(Progress::default()),
            },
            face,
            resuming: false,
        };
        {
            let mut inner = self.inner.borrow_mut();
            inner.room = Some(room);
            inner.came_by_link = true;
            inner.last_name = Some(asked.your_name.clone());
            inner.key = asked
                .key
                .map_or(Key::Wanted, |(keys, took)| Key::Ready(keys, took));
            inner.entry = Some(Entry {
                your_name: asked.your_name,
                is_fresh: false,
                options: Options::default(),
                saved: None,
                moves: Some(asked.moves),
            });
        }
        self.send(Action::ShowMaking(making));
        self.tell_leap(LeapAction::Party(party));
        self.want_key();
        self.enter_if_ready();
    }

    /// These people by the names they had on the screen, but this one.
    fn known(&self, sids: &[SenderId], me: SenderId) -> Vec<Who> {
        let seen = self.seen.borrow();
        let leaps = seen.as_ref().map(|state| &state.leaps);
        let people = seen.as_ref().and_then(|state| state.room());
        let asked = leaps.into_iter().flat_map(|leaps| &leaps.asked);
        let told = || {
            asked
                .clone()
                .flat_map(|asked| asked.party.iter().chain([&asked.by]))
        };
        sids.iter()
            .filter(|sid| **sid != me)
            .filter_map(|sid| {
                let id = PersonId(sid.0);
                let here = people.and_then(|room| room.people.find(id));
                let here = here.map(|person| Who {
                    id,
                    name: person.name.clone(),
                    tag: person.tag.clone(),
                    me: false,
                });
                here.or_else(|| told().find(|who| who.id == id).cloned())
            })
            .collect()
    }
}

fn secrets(name: &RoomName) -> Secrets {
    Secrets {
        name: name.clone(),
        second: None,
    }
}

fn link_to(name: RoomName) -> RoomLink {
    RoomLink {
        name,
        fingerprint: None,
        second: false,
        mark: None,
    }
}
