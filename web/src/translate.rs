//! What the session says, in the words of the state. Pure: no browser, no clock.

mod door;
mod files;
mod governing;
mod saying;
#[cfg(test)]
mod tests;
mod values;

use std::collections::HashMap;
use std::time::Duration;

use client::{Event, Message, Now};
use crypto::wire::{JoinOutcome, LocalId, SenderId};

use crate::state::{
    Action, Blocked, EntryKind, Face, Mode, Notice, Person, RoomCard, Rules, Status, Step,
};

use door::door;
use governing::rules;
pub(crate) use saying::message_id;
pub(crate) use values::face;
use values::{closes_at, ended, id, message_key, mode_of, tag, why_not_sent, wire};

/// What the room's card needs and no event carries.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// The room's face.
    pub(crate) face: Face,
    /// Its masked name.
    pub(crate) masked: String,
    /// Its address in hexadecimal.
    pub(crate) address: String,
    /// Anyone could guess its name.
    pub(crate) guessable: bool,
    /// The relay's key came with the link.
    pub(crate) pinned: bool,
    /// How long the key took.
    pub(crate) key_took: Duration,
    /// What this person wants newcomers to see; `None` if it is for those inside to say.
    pub(crate) wanted: Option<Mode>,
}

/// What can be asked around an event.
pub(crate) struct Around<'a> {
    /// Both clocks.
    pub(crate) now: Now,
    /// The member at this screen.
    pub(crate) me: &'a dyn Fn() -> client::Person,
    /// Everybody else.
    pub(crate) people: &'a dyn Fn() -> Vec<client::Person>,
    /// How the room is governed.
    pub(crate) governance: &'a dyn Fn() -> client::Governance,
    /// Whether somebody was compared with.
    pub(crate) is_verified: &'a dyn Fn(SenderId) -> bool,
}

/// Turns events into actions and remembers what later events refer to.
pub(crate) struct Translator {
    known: Known,
    earlier: Vec<(Duration, EntryKind)>,
    names: HashMap<SenderId, String>,
    behind: Option<Action>,
    attempt: u32,
    queued: usize,
    has_entered: bool,
    has_caught_up: bool,
    /// What was said about earlier messages and waits for the relay.
    pending: HashMap<LocalId, Message>,
    /// Own messages that failed and of which no line tells.
    abandoned: Vec<LocalId>,
}

impl Translator {
    /// For one stay in a room. `earlier` are the lines of this tab before a reload.
    pub(crate) fn new(known: Known, earlier: Vec<(Duration, EntryKind)>) -> Self {
        Self {
            known,
            earlier,
            names: HashMap::new(),
            behind: None,
            attempt: 1,
            queued: 0,
            has_entered: false,
            has_caught_up: false,
            pending: HashMap::new(),
            abandoned: Vec::new(),
        }
    }

    /// The actions that an event means, in order.
    pub(crate) fn translate(&mut self, event: Event, around: &Around<'_>) -> Vec<Action> {
        let at = around.now.wall;
        match event {
            Event::Status(status) => self.status(status, around).into_iter().collect(),
            Event::Door {
                state,
                members,
                mode,
                history,
                time_left,
            } => {
                let mode = mode_of(mode, history);
                self.behind = Some(door(&self.known, state, members, mode, time_left, at));
                Vec::new()
            }
            Event::Entered {
                outcome,
                mode,
                history,
                time_left,
                me,
                fingerprint,
            } => {
                let mode = mode_of(mode, history);
                let closes_at = closes_at(time_left, at);
                self.entered(
                    outcome,
                    mode,
                    closes_at,
                    me,
                    fingerprint.to_string(),
                    around,
                )
            }
            Event::CaughtUp => {
                self.has_caught_up = true;
                Vec::new()
            }
            Event::PersonArrived(person) => {
                let silently = !self.has_caught_up;
                let person = self.person(&person);
                let came = Action::PersonCame {
                    person,
                    at,
                    silently,
                };
                // Who governs can be named only once they are here.
                vec![came, rules(around)]
            }
            Event::PersonChanged { person, .. } => {
                let person = self.person(&person);
                vec![Action::PersonChanged { person, at }]
            }
            Event::PersonAway(sid) => vec![Action::PersonAway {
                id: id(sid),
                away: true,
            }],
            Event::PersonReturned(sid) => vec![Action::PersonAway {
                id: id(sid),
                away: false,
            }],
            Event::PersonLeft(sid) => vec![Action::PersonLeft { id: id(sid), at }],

            Event::Composed(message) => {
                self.queued += 1;
                self.composed(message, at)
            }
            Event::Sent { local, id, .. } => {
                self.queued = self.queued.saturating_sub(1);
                self.sent(local, id, at)
            }
            Event::NotSent { local, why } => {
                self.queued = self.queued.saturating_sub(1);
                self.not_sent(local, why, at)
            }
            Event::Said(message) => self.heard(message, at),
            Event::Typing {
                sid,
                is_typing,
                to_me,
            } => vec![Action::Typing {
                id: id(sid),
                is_typing,
                to_me,
            }],
            Event::Seen { sid, up_to } => vec![Action::SeenBy {
                id: id(sid),
                up_to: message_key(up_to),
            }],
            Event::File { file, news } => self.file(file, news).into_iter().collect(),

            Event::Missing { from, count } => {
                vec![notice(
                    Notice::Missing {
                        name: self.name(from),
                        count,
                    },
                    at,
                )]
            }
            Event::Unverifiable { count } => vec![notice(Notice::Unverifiable { count }, at)],
            Event::Unsupported => vec![notice(Notice::Unsupported { count: 1 }, at)],
            Event::Unopened { count } => vec![notice(Notice::Unopened { count }, at)],
            Event::GapInHistory { count } => vec![notice(Notice::Gap { count }, at)],
            Event::Diverged { .. } => vec![notice(Notice::Diverged, at)],
            Event::ClockSkew { sid, ahead, by } => {
                vec![notice(
                    Notice::ClockSkew {
                        name: self.name(sid),
                        ahead,
                        by,
                    },
                    at,
                )]
            }
            Event::TimeLeft(time_left) | Event::RoomChanged { time_left, .. } => {
                vec![Action::ClosesAt(closes_at(time_left, at))]
            }
            Event::RelayKeyChanged { expected, found } => {
                let (expected, found) = (expected.to_string(), found.to_string());
                vec![Action::Block(Blocked::KeyChanged { expected, found })]
            }
            Event::RoomModeDisputed { with, .. } => {
                vec![notice(
                    Notice::ModeDisputed {
                        name: self.name(with),
                    },
                    at,
                )]
            }
            Event::TooFast { retry_after } => {
                vec![notice(Notice::TooFast { wait: retry_after }, at)]
            }
            Event::Wire(record) => vec![Action::Wire(wire(record, at))],
            other => self.governing(other, around),
        }
    }

    fn status(&mut self, status: client::Status, around: &Around<'_>) -> Option<Action> {
        let inside = self.has_entered;
        let queued = self.queued;
        Some(match status {
            client::Status::Connecting { attempt } => {
                self.attempt = attempt;
                if inside {
                    Action::Status(Status::Connecting { attempt, queued })
                } else {
                    Action::Step(Step::Reaching { attempt })
                }
            }
            client::Status::Waiting { until, queued } => {
                let until = around.now.wall + until.saturating_sub(around.now.mono);
                if inside {
                    Action::Status(Status::Waiting { until, queued })
                } else {
                    Action::Step(Step::Waiting {
                        attempt: self.attempt,
                        until,
                    })
                }
            }
            client::Status::Online if inside => Action::Status(Status::Online),
            client::Status::Looking if !inside => Action::Step(Step::Looking),
            // Said only of a session that waits to be told to enter.
            client::Status::AtDoor if !inside => return self.behind.take(),
            client::Status::Entering if !inside => Action::Step(Step::Entering),
            client::Status::Ended(end) => return ended(end, around.now.wall),
            _ => return None,
        })
    }

    fn entered(
        &mut self,
        outcome: JoinOutcome,
        mode: Mode,
        closes_at: Option<Duration>,
        me: SenderId,
        fingerprint: String,
        around: &Around<'_>,
    ) -> Vec<Action> {
        let at = around.now.wall;
        if self.has_entered && outcome == JoinOutcome::Resumed {
            return vec![Action::Status(Status::Online), Action::ClosesAt(closes_at)];
        }
        self.has_entered = true;
        let card = Box::new(RoomCard {
            face: self.known.face.clone(),
            masked: self.known.masked.clone(),
            address: self.known.address.clone(),
            mode,
            closes_at,
            entered_at: at,
            opened_by_me: outcome == JoinOutcome::Opened,
            guessable: self.known.guessable,
            me: id(me),
            fingerprint,
            pinned: self.known.pinned,
            key_took: self.known.key_took,
            rules: Rules::default(),
            purges_at: None,
        });
        let earlier = std::mem::take(&mut self.earlier);
        let mut actions = vec![Action::Entered { card, earlier, at }];
        let me = self.person(&(around.me)());
        actions.push(Action::PersonCame {
            person: me,
            at,
            silently: true,
        });
        for person in (around.people)() {
            let person = self.person(&person);
            actions.push(Action::PersonCame {
                person,
                at,
                silently: true,
            });
        }
        actions.push(rules(around));
        actions
    }

    fn person(&mut self, person: &client::Person) -> Person {
        let name = text::display_name(&person.name);
        self.names.insert(person.sid, name.clone());
        Person {
            id: id(person.sid),
            skeleton: text::skeleton(&name),
            name,
            tag: tag(&person.tag),
            bot: person.bot.as_deref().map(text::display_line),
            me: person.me,
            away: person.away,
            twin: false,
            joined_at: person.joined_at,
        }
    }

    fn name(&self, sid: SenderId) -> String {
        self.names
            .get(&sid)
            .cloned()
            .unwrap_or_else(|| text::NAMELESS.to_owned())
    }
}

fn notice(notice: Notice, at: Duration) -> Action {
    Action::Notice { notice, at }
}
