//! Moving to a fresh room with some of those who are here.
//!
//! ```text
//!   invite(people, name) ──▶ one private letter each ──▶ Event::Invited ──▶ invitation(id) ──▶ key ──▶ arrive(…, passport)
//! ```
//! Whoever asks opens the room first; whoever is asked decides. Nobody is moved by a message.

use std::time::Duration;

use crypto::envelope::Letter;
use crypto::name::RoomName;
use crypto::wire::{LocalId, RoomId, SenderId};
use rand_core::CryptoRng;
use sorted::Set;

use super::{Link, Now, Session};
use crate::body::{Malformed, SayError, invitation};
use crate::config::Config;
use crate::event::{Event, Status};
use crate::held::Early;
use crate::leap::{Invitation, InvitationId, Invited, Passport};

/// No more invitations wait for an answer than this; then the oldest goes. One person has one at a time anyway.
const MOST: usize = 16;

/// An invitation that waits for an answer.
pub(super) struct Asked {
    pub(super) invitation: Invitation,
    pub(super) id: InvitationId,
    pub(super) sent_at: Duration,
}

/// Who has asked us to come along, and where our key has been before.
#[derive(Default)]
pub(super) struct Leaps {
    pub(super) asked: Vec<Asked>,
    next: u32,
    pub(super) been: Set<RoomId>,
}

impl Leaps {
    pub(super) fn take(&mut self, invitation: Invitation, sent_at: Duration) -> InvitationId {
        let id = InvitationId(self.next);
        self.next = self.next.wrapping_add(1);
        self.asked.push(Asked {
            invitation,
            id,
            sent_at,
        });
        id
    }
}

impl Session {
    /// Asks each of these people alone to come to another room. On the wire that is a private message to each, and the
    /// letters are named by [`Event::Sent`] and [`Event::NotSent`] as messages are; no other event tells of them.
    ///
    /// # Errors
    /// [`SayError::Empty`] for nobody, or somebody twice, or ourselves; [`SayError::TooLong`] for too many people;
    /// [`SayError::Ended`] where there is no session any more.
    pub fn invite(
        &mut self,
        people: &[SenderId],
        name: &RoomName,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<LocalId>, SayError> {
        if matches!(self.link, Link::Ended) {
            return Err(SayError::Ended);
        }
        if people.is_empty() || !invitation::is_party(people, self.identity.sender_id()) {
            return Err(SayError::Empty);
        }
        if people.len() > invitation::MOST_INVITED {
            return Err(SayError::TooLong {
                bytes: people.len(),
                limit: invitation::MOST_INVITED,
            });
        }
        let content = invitation::encode(name, people);
        let locals = people
            .iter()
            .map(|sid| self.outbox.write(Some(*sid), content.clone(), now.wall))
            .collect();
        self.signals.spoke();
        self.pump(now, rng);
        if let Status::Waiting { until, .. } = self.status {
            self.turn_to(Status::Waiting {
                until,
                queued: self.outbox.waiting(),
            });
        }
        Ok(locals)
    }

    /// Where an invitation leads, until it is [declined](Self::decline) or somebody takes it back.
    pub fn invitation(&self, id: InvitationId) -> Option<Invitation> {
        let asked = self.leaps.asked.iter().find(|asked| asked.id == id)?;
        Some(asked.invitation.clone())
    }

    /// Forgets an invitation. Nobody is told.
    pub fn decline(&mut self, id: InvitationId) {
        self.leaps.asked.retain(|asked| asked.id != id);
    }

    /// What to take along to another room. The key for secrets of two is not in it: what was said here stays as closed
    /// to whoever gets hold of the new one as leaving makes it.
    pub fn passport(&self, rng: &mut impl CryptoRng) -> Passport {
        let mut been = self.leaps.been.clone();
        been.insert(self.room());
        Passport {
            identity: self.identity.renewed(rng),
            verified: self.verified.clone(),
            been,
        }
    }

    /// A new member, known to those who met the passport's holder elsewhere. Connects at once, and shares nothing with
    /// the old session that a relay could see. Where that key has been before, it is a stranger under a fresh one.
    pub fn arrive(config: Config, passport: &Passport, now: Now, rng: &mut impl CryptoRng) -> Self {
        if passport.been.contains(&config.keys.room_id()) {
            return Self::new(config, now, rng);
        }
        let mut session = Self::build(config, passport.identity.renewed(rng), now);
        session.verified.clone_from(&passport.verified);
        session.leaps.been.clone_from(&passport.been);
        session.dial(now.mono);
        session
    }

    /// What a letter of `from` asks us, if it does.
    pub(super) fn read_invitation(
        &self,
        from: SenderId,
        letter: &Letter,
        is_private: bool,
    ) -> Result<Option<(RoomName, Vec<SenderId>)>, Malformed> {
        if !is_private {
            return Ok(None);
        }
        invitation::decode(&letter.content, from, self.identity.sender_id())
    }

    /// Somebody asks us to come along. A later word of theirs takes the place of an earlier one.
    pub(super) fn was_invited(
        &mut self,
        from: SenderId,
        (name, party): (RoomName, Vec<SenderId>),
        early: &Early,
        sent_at: Duration,
    ) {
        self.uninvite(from);
        if self.leaps.asked.len() >= MOST {
            let oldest = self.leaps.asked.remove(0);
            self.events.push_back(Event::InvitationGone(oldest.id));
        }
        let invitation = Invitation { name, from, party };
        let id = self.leaps.take(invitation, sent_at);
        self.tell_invitation(id, early.replayed);
    }

    pub(super) fn tell_invitation(&mut self, id: InvitationId, replayed: bool) {
        let Some(asked) = self.leaps.asked.iter().find(|asked| asked.id == id) else {
            return;
        };
        let party = asked.invitation.party.iter();
        self.events.push_back(Event::Invited(Invited {
            id,
            by: self.by(asked.invitation.from),
            party: party.map(|sid| self.by(*sid)).collect(),
            sent_at: asked.sent_at,
            replayed,
        }));
    }

    /// What somebody asked of us does not count any more.
    pub(super) fn uninvite(&mut self, from: SenderId) {
        let gone = self
            .leaps
            .asked
            .iter()
            .filter(|asked| asked.invitation.from == from);
        self.events
            .extend(gone.map(|asked| Event::InvitationGone(asked.id)));
        self.leaps
            .asked
            .retain(|asked| asked.invitation.from != from);
    }
}
