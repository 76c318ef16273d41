//! One room: its seats, its order, its end. Knows nothing of sockets; a mailbox is all it sees of a connection.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crypto::wire::{
    Keep, Life, LocalId, MemberId, Opening, RelayToClient, ResumeToken, Seq, TimeLeft,
    delivered_head,
};

use crate::history::History;
use crate::limit::{Budget, Limits, TokenBucket};
use crate::mailbox::Mailbox;
use crate::member::{Member, random};
use crate::room::control::Control;
use crate::terms::Terms;
use crate::wipe::share;

mod control;
mod leaving;
mod welcome;

pub(crate) use control::last_word;

/// How many departures a room remembers for those who are away. All of them go into the mailbox of whoever returns, so
/// they stay well below what a mailbox takes.
const MAX_DEPARTURES: usize = 1024;

/// See the module's description.
#[derive(Debug)]
pub(crate) struct Room {
    terms: Terms,
    control: Control,
    /// Drawn when the room was opened.
    life: Life,
    head: u64,
    members: Vec<Member>,
    /// Seats that were given up because nobody came back for them.
    lapsed: VecDeque<(MemberId, ResumeToken)>,
    history: History,
    frames: TokenBucket,
    bytes: TokenBucket,
    joins: TokenBucket,
    departures: VecDeque<(Duration, MemberId, Departure)>,
    /// When the last departure that is no longer remembered took place.
    departures_since: Option<Duration>,
    empty_since: Option<Duration>,
}

/// How a seat was given up.
#[derive(Clone, Copy, Debug)]
enum Departure {
    /// By its holder, or by its holder's absence.
    Left,
    /// By an order.
    Removed,
}

/// What time makes of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It goes on.
    Lives,
    /// It was empty for too long.
    Vanishes,
    /// Its lifetime is over.
    Expires,
}

/// What publishing did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Published {
    pub(crate) deliveries: u64,
    pub(crate) cut_off: u64,
}

impl Room {
    pub(crate) fn open(
        terms: Terms,
        opening: &Opening,
        limits: &Limits,
        memory: Arc<Budget>,
        now: Duration,
    ) -> Self {
        let bucket = |burst, rate| TokenBucket::new(burst, rate, now);
        Self {
            terms,
            control: Control::new(opening.control_key, opening.purge_digest),
            life: Life(u64::from_be_bytes(random())),
            head: 0,
            members: Vec::new(),
            lapsed: VecDeque::new(),
            frames: bucket(limits.room_frame_burst, limits.room_frames_per_second),
            bytes: bucket(limits.room_byte_burst, limits.room_bytes_per_second),
            joins: bucket(limits.room_join_burst, limits.room_joins_per_second),
            history: History::new(usize::from(terms.history), limits, memory),
            departures: VecDeque::new(),
            departures_since: None,
            empty_since: None,
        }
    }

    pub(crate) fn terms(&self) -> &Terms {
        &self.terms
    }

    pub(crate) fn has(&self, member: MemberId) -> bool {
        self.position(member).is_some()
    }

    /// What goes to this member, while it is connected.
    pub(crate) fn mailbox(&self, member: MemberId) -> Option<&Arc<Mailbox>> {
        self.members.get(self.position(member)?)?.mailbox()
    }

    pub(crate) fn seats(&self) -> usize {
        self.members.len()
    }

    /// Whether a newcomer would find a seat, a ghost's included.
    pub(crate) fn has_room(&self) -> bool {
        self.members.len() < self.terms.max_members
            || self
                .members
                .iter()
                .any(|member| member.away_since().is_some())
    }

    pub(crate) fn time_left(&self, now: Duration) -> TimeLeft {
        match self.terms.expires {
            None => TimeLeft::UntilEmpty,
            Some(end) => TimeLeft::For(end.saturating_sub(now)),
        }
    }

    /// Gives an envelope its place, hands it to everybody else and confirms it to its author. One that the seat has
    /// published before is only confirmed again. An error says when the room can take more.
    pub(crate) fn publish(
        &mut self,
        author: MemberId,
        local: LocalId,
        keep: Keep,
        envelope: &[u8],
        now: Duration,
    ) -> Result<Option<Published>, Duration> {
        let at = self.position(author);
        let Some(member) = at.and_then(|at| self.members.get_mut(at)) else {
            return Ok(None);
        };
        if let Some(seq) = member.accepted_as(local) {
            if let Some(mailbox) = member.mailbox() {
                mailbox.tell(&RelayToClient::Accepted { local, seq });
            }
            return Ok(None);
        }
        self.frames.take(1.0, now)?;
        self.bytes.take_bytes(envelope.len(), now)?;
        self.head += 1;
        let seq = self.head;
        member.remember(local, Seq(seq));

        let head = delivered_head(Seq(seq), author, false);
        let mut frame = Vec::with_capacity(head.len() + envelope.len());
        frame.extend_from_slice(&head);
        frame.extend_from_slice(envelope);
        let frame = share(frame);
        let mut published = Published {
            deliveries: 0,
            cut_off: 0,
        };
        for member in &self.members {
            let Some(mailbox) = member.mailbox() else {
                continue;
            };
            if member.id == author {
                mailbox.tell(&RelayToClient::Accepted {
                    local,
                    seq: Seq(seq),
                });
            } else if mailbox.send(frame.clone()) {
                published.deliveries += 1;
            } else {
                published.cut_off += 1;
            }
        }
        let members = &self.members;
        self.history.keep(keep, (seq, author, frame), now, |id| {
            members.iter().any(|member| member.id == id)
        });
        Ok(Some(published))
    }

    /// When the oldest thing that can be dropped to save memory was published.
    pub(crate) fn oldest_at(&self) -> Option<Duration> {
        self.history.oldest_at()
    }

    /// Forgets everything up to `time` that nobody has to have.
    pub(crate) fn drop_until(&mut self, time: Duration) {
        let members = &self.members;
        self.history
            .drop_until(time, |id| members.iter().any(|member| member.id == id));
    }

    fn tell_everybody(&self, frame: &RelayToClient) {
        let frame = bytes::Bytes::from(frame.encode());
        for mailbox in self.members.iter().filter_map(Member::mailbox) {
            mailbox.send(frame.clone());
        }
    }

    fn tell_others(&self, about: MemberId, frame: &RelayToClient) {
        let frame = bytes::Bytes::from(frame.encode());
        for member in self.members.iter().filter(|member| member.id != about) {
            if let Some(mailbox) = member.mailbox() {
                mailbox.send(frame.clone());
            }
        }
    }

    fn position(&self, id: MemberId) -> Option<usize> {
        self.members.iter().position(|member| member.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mailbox::{Mailbox, Parcel, Queue};
    use crate::member::Presence;
    use crypto::wire::record::split;
    use crypto::wire::{Lifetime, Resume, RoomMode};

    fn opening(mode: RoomMode, max_members: u16) -> Opening {
        Opening {
            mode,
            history: 0,
            lifetime: Lifetime::UntilEmpty,
            max_members,
            control_key: None,
            purge_digest: None,
        }
    }

    fn frames(parcels: &Queue) -> usize {
        let frames = parcels.iter().map(|parcel| match parcel {
            Parcel::Record(record) => split(record).count(),
            _ => 1,
        });
        frames.sum()
    }

    #[test]
    fn the_list_of_a_large_room_fits_the_mailbox_of_whoever_enters() {
        let limits = Limits {
            max_members: 10_000,
            room_join_burst: 1e9,
            ..Limits::default()
        };
        let memory = Budget::new(limits.memory);
        let seats = Budget::new(10_000);
        let opening = opening(RoomMode::OpenHistory, 0);
        let terms = Terms::of(&opening, &limits, Duration::ZERO).unwrap();
        let now = Duration::ZERO;
        let mut room = Room::open(terms, &opening, &limits, Arc::clone(&memory), now);
        // All the others are away, which makes the longest list that there can be.
        for _ in 1..10_000 {
            let place = seats.place().unwrap();
            room.members
                .push(Member::new(Presence::Away { since: now }, place));
        }
        let mailbox = Mailbox::new(&limits, Arc::clone(&memory));
        let joined = room.join(None, false, &mailbox, 10_000, &seats, now);
        assert!(joined.is_ok());
        let taken = mailbox.take(usize::MAX);
        assert_eq!(taken.close, None);
        assert_eq!(frames(&taken.parcels), 2 * 9_999 + 3);
    }

    #[test]
    fn many_departures_fit_the_mailbox_of_whoever_returns() {
        let limits = Limits::default();
        let memory = Budget::new(1 << 20);
        let opening = opening(RoomMode::ForwardSecret, 64);
        let terms = Terms::of(&opening, &limits, Duration::ZERO).unwrap();
        let mut room = Room::open(
            terms,
            &opening,
            &limits,
            Arc::clone(&memory),
            Duration::ZERO,
        );
        let seats = Budget::new(100);
        let mut enter = |resume, attachment, leaving: bool| {
            let mailbox = Mailbox::new(&limits, Arc::clone(&memory));
            let now = Duration::from_secs(attachment);
            let joined = room.join(resume, false, &mailbox, attachment, &seats, now);
            let (id, _) = joined.unwrap();
            let taken = mailbox.take(usize::MAX);
            if leaving || attachment == 0 {
                room.detach(id, attachment, leaving, now);
            }
            let position = room.position(id);
            let token = position.map(|at| room.members[at].token);
            (id, token, taken)
        };
        let (alice, token, _) = enter(None, 0, false);
        for attachment in 1..=5000 {
            enter(None, attachment, true);
        }
        let resume = Resume {
            member: alice,
            token: token.unwrap(),
            last: Seq(0),
        };
        let (back, _, taken) = enter(Some(resume), 5001, false);
        assert_eq!(back, alice);
        assert_eq!(taken.close, None);
        // The answer, the room's state, the departures, the end of the replay.
        assert_eq!(frames(&taken.parcels), MAX_DEPARTURES + 3);
        assert!(2 * MAX_DEPARTURES < limits.mailbox_frames);
    }
}
