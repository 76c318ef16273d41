//! What whoever governs the room orders, and the room's card.

use client::{Governance, OrderError, Session};
use crypto::control::PurgePolicy;
use crypto::wire::{Lifetime, SenderId};
use sdk::{Member, Rng};
use text::Filters;

use super::Speaker;
use crate::lines::{filters_in_words, lasting};
use crate::people;

/// What has to be typed before a room is closed for everybody.
pub(super) const CONFIRMATION: &str = "CLOSE";

/// An order to the room.
#[derive(Clone, Copy, Debug)]
pub(super) enum Order {
    Lock(bool),
    Lifetime(Lifetime),
    Remove(SenderId),
    Share(SenderId),
    HandOn(SenderId),
    EverybodyCloses(bool),
    Suggest(Filters),
    Purge,
}

impl Order {
    /// Gives the order. An error is a sentence.
    pub(super) async fn give(self, member: &Member) -> Result<(), String> {
        member
            .drive(move |session, now, rng| self.carry_out(session, now, rng))
            .await
            .unwrap_or(Err(OrderError::Offline))
            .map_err(|error| {
                match error {
                    OrderError::NotHolder => "you do not govern this room; /room tells who does",
                    OrderError::Offline => "there is no connection: try again when it is back",
                    OrderError::Nobody => {
                        "they are not here, or their program is too old to govern"
                    }
                    _ => "that is too long",
                }
                .to_owned()
            })
    }

    fn carry_out(
        self,
        session: &mut Session,
        now: client::Now,
        rng: &mut Rng,
    ) -> Result<(), OrderError> {
        match self {
            Self::Lock(true) => session.lock(now, rng),
            Self::Lock(false) => session.unlock(now, rng),
            Self::Lifetime(lifetime) => session.extend(lifetime, now, rng),
            Self::Remove(sid) => session.remove(sid, now, rng),
            Self::Share(sid) => session.share_control(sid, now, rng),
            Self::HandOn(sid) => session.hand_on(sid, now, rng),
            Self::EverybodyCloses(all) => {
                let policy = if all {
                    PurgePolicy::Everyone
                } else {
                    PurgePolicy::Holder
                };
                session.set_purge_policy(policy, now, rng)
            }
            Self::Suggest(filters) => {
                session.set_filter_defaults(vec![filters.to_byte()], now, rng)
            }
            Self::Purge => session.purge(now, rng),
        }
    }
}

impl Speaker {
    /// Everything there is to know about the room.
    pub(super) async fn card(&self, member: &Member, filters: &Filters) -> Vec<String> {
        let known = member
            .drive(|session, _, _| {
                (
                    session.governance(),
                    session.people(),
                    session.me(),
                    session.fingerprint(),
                )
            })
            .await;
        let Some((governance, mut here, me, fingerprint)) = known else {
            return Vec::new();
        };
        here.push(me);
        let Governance {
            mine,
            holders,
            locked,
            purge,
            ..
        } = governance;
        let holders: Vec<String> = holders
            .iter()
            .filter_map(|holder| here.iter().find(|person| person.sid == *holder))
            .map(|person| {
                if person.me {
                    "you".to_owned()
                } else {
                    people::shown(person)
                }
            })
            .collect();
        let governed = match holders.as_slice() {
            [] if mine => "you".to_owned(),
            [] => "nobody here".to_owned(),
            some => some.join(", "),
        };
        let closes = match self.lifetime.left(tokio::time::Instant::now()) {
            Some(left) => format!("in {}", lasting(left)),
            None => "when it is empty".to_owned(),
        };
        let mut card = vec![
            format!("  face         {}", self.face),
            format!("  closes       {closes}"),
            format!("  newcomers    {}", self.kind),
            format!(
                "  door         {}",
                if locked {
                    "locked: nobody new comes in"
                } else {
                    "open to everybody who knows the name"
                }
            ),
            format!("  governed by  {governed}"),
            format!(
                "  closed by    {}",
                match purge {
                    PurgePolicy::Everyone => "everybody inside",
                    PurgePolicy::Holder => "those who govern it",
                }
            ),
            format!("  here         {}", here.len()),
            format!("  filters      {}", filters_in_words(filters)),
        ];
        if let Some(fingerprint) = fingerprint {
            card.push(format!("  relay's key  {fingerprint}"));
        }
        card
    }
}
