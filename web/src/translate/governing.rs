//! Who governs a room, what they laid down, and who ended it.

use ::text::Filters;
use client::{By, Event, Ordered};
use crypto::control::PurgePolicy;
use crypto::wire::Lifetime;

use super::values::{closes_at, id, tag};
use super::{Around, Translator, notice};
use crate::state::{Action, Asked, LeapAction, Notice, Rules, Ruling, Who};
use crate::words::life;

impl Translator {
    /// What the events about a room's rules mean; nothing for any other.
    pub(super) fn governing(&self, event: Event, around: &Around<'_>) -> Vec<Action> {
        let at = around.now.wall;
        match event {
            Event::RoomChanged { time_left, .. } => {
                vec![Action::ClosesAt(closes_at(time_left, at)), rules(around)]
            }
            Event::Ordered {
                by,
                order,
                replayed,
                ..
            } => {
                let mut actions = vec![rules(around)];
                if let Some(order) = ruling(order).filter(|_| !replayed) {
                    let by = who(by);
                    actions.push(notice(Notice::Ruled { by, order }, at));
                }
                actions
            }
            Event::OrderRefused { .. } => {
                let why = life().order_refused.to_owned();
                vec![notice(Notice::NotRuled { why }, at)]
            }
            Event::ControlDisputed { by } => {
                vec![notice(Notice::ControlDisputed { by: who(by) }, at)]
            }
            Event::Verified { .. } => vec![rules(around)],
            Event::Invited(invited) => vec![Action::Leap(LeapAction::Asked(Asked {
                id: invited.id.0,
                verified: (around.is_verified)(invited.by.sid),
                by: who(invited.by),
                party: invited.party.into_iter().map(who).collect(),
                face: None,
            }))],
            Event::InvitationGone(id) => vec![Action::Leap(LeapAction::Gone(id.0))],
            // A session newer than this screen: what it cannot show, it leaves out.
            _ => Vec::new(),
        }
    }
}

/// What holds in the room now.
pub(super) fn rules(around: &Around<'_>) -> Action {
    let governance = (around.governance)();
    let me = (around.me)();
    let people = (around.people)();
    let everybody = || people.iter().chain([&me]);
    let holder = |person: &client::Person| Who {
        id: id(person.sid),
        name: text::display_name(&person.name),
        tag: tag(&person.tag),
        me: person.me,
    };
    Action::Rules(Rules {
        locked: governance.locked,
        everyone_purges: governance.purge == PurgePolicy::Everyone,
        mine: governance.mine,
        may_purge: governance.may_purge,
        holders: governance
            .holders
            .iter()
            .filter_map(|sid| everybody().find(|person| person.sid == *sid))
            .map(holder)
            .collect(),
        filters: governance
            .filters
            .and_then(|bytes| Filters::from_byte(*bytes.first()?)),
        verified: everybody()
            .filter(|person| (around.is_verified)(person.sid))
            .map(|person| id(person.sid))
            .collect(),
    })
}

/// Somebody who did something.
pub(super) fn who(by: By) -> Who {
    Who {
        id: id(by.sid),
        name: match by.name.as_str() {
            "" => text::NAMELESS.to_owned(),
            name => text::display_name(name),
        },
        tag: tag(&by.tag),
        me: by.me,
    }
}

/// What was ordered; `None` for what this version has no words for.
fn ruling(order: Ordered) -> Option<Ruling> {
    Some(match order {
        Ordered::Lock => Ruling::Lock(true),
        Ordered::Unlock => Ruling::Lock(false),
        Ordered::Lifetime(Lifetime::UntilEmpty) => Ruling::Lifetime(None),
        Ordered::Lifetime(Lifetime::For(time)) => Ruling::Lifetime(Some(time)),
        Ordered::Remove(by) => Ruling::Remove(who(by).name),
        Ordered::Share(by) => Ruling::Share(who(by).name),
        Ordered::HandOn(by) => Ruling::HandOn(who(by).name),
        Ordered::PurgePolicy(policy) => Ruling::Purgers {
            everyone: policy == PurgePolicy::Everyone,
        },
        Ordered::Filters(_) => Ruling::Filters,
        _ => return None,
    })
}
