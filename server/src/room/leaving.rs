//! How seats and rooms come to their end: by leaving, by staying away, by the clock.

use std::time::Duration;

use crypto::wire::{CloseCode, MemberId, RelayToClient};

use super::{Departure, Fate, MAX_DEPARTURES, Room};
use crate::limit::Limits;
use crate::member::{Member, Presence};

impl Departure {
    pub(super) fn told_of(self, member: MemberId) -> RelayToClient {
        match self {
            Self::Left => RelayToClient::Departed { member },
            Self::Removed => RelayToClient::Removed { member },
        }
    }
}

impl Room {
    /// The connection `attachment` is gone. With `leaving` so is the seat, otherwise it waits for a while.
    pub(crate) fn detach(&mut self, id: MemberId, attachment: u64, leaving: bool, now: Duration) {
        let Some(at) = self.position(id) else { return };
        let Some(member) = self.members.get_mut(at) else {
            return;
        };
        match &member.presence {
            Presence::Here {
                attachment: current,
                ..
            } if *current == attachment => {}
            _ => return,
        }
        if leaving {
            self.depart(at, Departure::Left, now);
        } else {
            member.presence = Presence::Away { since: now };
            self.tell_others(id, &RelayToClient::Away { member: id });
        }
    }

    /// Gives a seat up whose holder did not come back. Its token still shows that somebody belongs to the room.
    fn lapse(&mut self, at: usize, now: Duration) {
        if let Some(member) = self.members.get(at) {
            self.lapsed.push_back((member.id, member.token));
            if self.lapsed.len() > self.terms.max_members {
                self.lapsed.pop_front();
            }
        }
        self.depart(at, Departure::Left, now);
    }

    pub(super) fn depart(&mut self, at: usize, how: Departure, now: Duration) {
        let member = self.members.swap_remove(at).id;
        self.tell_others(member, &how.told_of(member));
        self.history.settle(member, false);
        if self.departures.len() == MAX_DEPARTURES {
            self.departures_since = self.departures.pop_front().map(|(when, ..)| when);
        }
        self.departures.push_back((now, member, how));
        if self.members.is_empty() {
            self.empty_since = Some(now);
        }
    }

    pub(super) fn evict_a_ghost(&mut self, now: Duration) -> bool {
        let ghosts = self.members.iter().enumerate();
        let ghosts = ghosts.filter_map(|(at, member)| Some((member.away_since()?, at)));
        match ghosts.min() {
            Some((_, at)) => {
                self.lapse(at, now);
                true
            }
            None => false,
        }
    }

    /// Does what time asks for.
    pub(crate) fn sweep(&mut self, now: Duration, limits: &Limits) -> Fate {
        if self.terms.expires.is_some_and(|end| end <= now) {
            self.end(CloseCode::Expired);
            return Fate::Expires;
        }
        while let Some(at) = self.members.iter().position(|member| {
            member
                .away_since()
                .is_some_and(|since| since + limits.resume_time <= now)
        }) {
            self.lapse(at, now);
        }
        if let Some(time) = now.checked_sub(limits.resume_time) {
            self.history.forget_until(time);
            while self
                .departures
                .front()
                .is_some_and(|(when, ..)| *when <= time)
            {
                self.departures.pop_front();
            }
        }
        match self.vanishes_at(limits) {
            Some(end) if end <= now => Fate::Vanishes,
            _ => Fate::Lives,
        }
    }

    /// When this room has to be swept next.
    pub(crate) fn next_sweep(&self, limits: &Limits) -> Option<Duration> {
        let ghosts = self.members.iter().filter_map(Member::away_since);
        let departures = self.departures.front().map(|(when, ..)| *when);
        let resumable = ghosts.chain(self.history.oldest()).chain(departures).min();
        let resumable = resumable.map(|since| since + limits.resume_time);
        let ends = resumable.into_iter().chain(self.terms.expires);
        ends.chain(self.vanishes_at(limits)).min()
    }

    /// Since when nobody has had a seat, if nobody has one.
    pub(crate) fn empty_since(&self) -> Option<Duration> {
        self.empty_since
    }

    /// When an empty room goes. One with a lifetime and something to read stays for its whole lifetime.
    fn vanishes_at(&self, limits: &Limits) -> Option<Duration> {
        if self.terms.expires.is_some() && self.history.is_readable() {
            return None;
        }
        self.empty_since.map(|since| since + limits.room_grace)
    }

    /// Tells everybody who is there why the room is over.
    pub(super) fn end(&self, code: CloseCode) {
        for mailbox in self.members.iter().filter_map(Member::mailbox) {
            mailbox.end(code);
        }
    }
}
