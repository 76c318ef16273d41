//! One room: its seats, its order, its end. Knows nothing of sockets; a mailbox is all it sees of a connection.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::{BufMut as _, Bytes, BytesMut};
use crypto::wire::{
    CloseCode, JoinOutcome, Keep, LocalId, MemberId, Refusal, RelayToClient, Resume, ResumeToken,
    RoomMode, Seq, TimeLeft, delivered_head,
};

use crate::history::History;
use crate::limit::{Budget, Limits};
use crate::mailbox::Mailbox;
use crate::member::{Member, Presence};

/// How many departures a room remembers for those who are away. All of them go into the mailbox of whoever returns, so
/// they stay well below what a mailbox takes.
const MAX_DEPARTURES: usize = 1024;

/// What holds for the room from its opening on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) mode: RoomMode,
    pub(crate) history: u16,
    pub(crate) max_members: usize,
    /// When its lifetime is over, if it has one.
    pub(crate) expires: Option<Duration>,
}

/// See the module's description.
#[derive(Debug)]
pub(crate) struct Room {
    terms: Terms,
    head: u64,
    members: Vec<Member>,
    history: History,
    departures: VecDeque<(Duration, MemberId)>,
    /// When the last departure that is no longer remembered took place.
    departures_since: Option<Duration>,
    empty_since: Option<Duration>,
}

/// What publishing did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Published {
    pub(crate) deliveries: u64,
    pub(crate) cut_off: u64,
}

impl Room {
    pub(crate) fn open(terms: Terms, limits: &Limits, memory: Arc<Budget>) -> Self {
        Self {
            terms,
            head: 0,
            members: Vec::new(),
            history: History::new(usize::from(terms.history), limits, memory),
            departures: VecDeque::new(),
            departures_since: None,
            empty_since: None,
        }
    }

    pub(crate) fn terms(&self) -> &Terms {
        &self.terms
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

    /// Takes the seat that `resume` names, or a new one, and tells the member everything it needs through `mailbox`.
    pub(crate) fn join(
        &mut self,
        resume: Option<Resume>,
        opened: bool,
        mailbox: &Arc<Mailbox>,
        attachment: u64,
        now: Duration,
    ) -> Result<(MemberId, JoinOutcome), Refusal> {
        let seat = resume.and_then(|resume| {
            let at = self.position(resume.member)?;
            let member = self.members.get(at)?;
            member
                .token
                .matches(&resume.token)
                .then_some((at, resume.last.0))
        });
        let presence = Presence::Here {
            mailbox: Arc::clone(mailbox),
            attachment,
        };
        if let Some((at, last)) = seat
            && let Some(member) = self.members.get_mut(at)
        {
            let before = std::mem::replace(&mut member.presence, presence);
            let (id, token) = (member.id, member.token);
            let away_since = match before {
                Presence::Here { mailbox, .. } => {
                    mailbox.end(CloseCode::Replaced);
                    None
                }
                Presence::Away { since } => {
                    self.tell_others(id, &RelayToClient::Returned { member: id });
                    Some(since)
                }
            };
            self.welcome_back(id, token, last, away_since, mailbox, now);
            return Ok((id, JoinOutcome::Resumed));
        }

        if self.members.len() >= self.terms.max_members && !self.evict_a_ghost(now) {
            return Err(Refusal::RoomFull);
        }
        let newcomer = Member::new(presence);
        let (id, token) = (newcomer.id, newcomer.token);
        self.members.push(newcomer);
        self.empty_since = None;
        self.tell_others(id, &RelayToClient::Arrived { member: id });
        let outcome = if opened {
            JoinOutcome::Opened
        } else {
            JoinOutcome::Entered
        };
        mailbox.tell(&self.joined(id, token, outcome, false, now));
        self.introduce(id, mailbox);
        for kept in self.history.for_newcomer() {
            mailbox.replay(kept.frame.clone());
        }
        mailbox.tell(&RelayToClient::CaughtUp {
            head: Seq(self.head),
        });
        Ok((id, outcome))
    }

    fn welcome_back(
        &self,
        id: MemberId,
        token: ResumeToken,
        last: u64,
        away_since: Option<Duration>,
        mailbox: &Arc<Mailbox>,
        now: Duration,
    ) {
        let (missed, incomplete) = self.history.since(last, id);
        let lost_departures = match (away_since, self.departures_since) {
            (Some(away), Some(forgotten)) => forgotten >= away,
            _ => false,
        };
        let incomplete = incomplete || lost_departures;
        mailbox.tell(&self.joined(id, token, JoinOutcome::Resumed, incomplete, now));
        self.introduce(id, mailbox);
        // All that the room remembers, not only what came after the connection broke: the news may have been lost with
        // it, and hearing it twice does no harm.
        for (_, member) in &self.departures {
            mailbox.tell(&RelayToClient::Departed { member: *member });
        }
        for kept in missed {
            mailbox.replay(kept.frame.clone());
        }
        mailbox.tell(&RelayToClient::CaughtUp {
            head: Seq(self.head),
        });
    }

    fn joined(
        &self,
        member: MemberId,
        token: ResumeToken,
        outcome: JoinOutcome,
        missed: bool,
        now: Duration,
    ) -> RelayToClient {
        RelayToClient::Joined {
            member,
            token,
            outcome,
            mode: self.terms.mode,
            history: self.terms.history,
            time_left: self.time_left(now),
            members: u32::try_from(self.members.len()).unwrap_or(u32::MAX),
            head: Seq(self.head),
            missed,
        }
    }

    /// Tells a member who else is there.
    fn introduce(&self, to: MemberId, mailbox: &Mailbox) {
        for other in self.members.iter().filter(|member| member.id != to) {
            mailbox.tell(&RelayToClient::Arrived { member: other.id });
            if other.away_since().is_some() {
                mailbox.tell(&RelayToClient::Away { member: other.id });
            }
        }
    }

    /// Gives an envelope its place, hands it to everybody else and confirms it to its author. One that the seat has
    /// published before is only confirmed again.
    pub(crate) fn publish(
        &mut self,
        author: MemberId,
        local: LocalId,
        keep: Keep,
        envelope: &[u8],
        now: Duration,
    ) -> Option<Published> {
        let at = self.position(author)?;
        let member = self.members.get_mut(at)?;
        if let Some(seq) = member.accepted_as(local) {
            member
                .mailbox()?
                .tell(&RelayToClient::Accepted { local, seq });
            return None;
        }
        self.head += 1;
        let seq = self.head;
        member.remember(local, Seq(seq));

        let head = delivered_head(Seq(seq), author, false);
        let mut frame = BytesMut::with_capacity(head.len() + envelope.len());
        frame.put_slice(&head);
        frame.put_slice(envelope);
        let frame = frame.freeze();
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
        // A forward-secret room has nothing that a newcomer could read.
        let keep = match (self.terms.mode, keep) {
            (RoomMode::ForwardSecret, Keep::Ring) => Keep::Transient,
            (_, keep) => keep,
        };
        let members = &self.members;
        self.history.keep(keep, (seq, author, frame), now, |id| {
            members.iter().any(|member| member.id == id)
        });
        Some(published)
    }

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
            self.depart(at, now);
        } else {
            member.presence = Presence::Away { since: now };
            self.tell_others(id, &RelayToClient::Away { member: id });
        }
    }

    fn depart(&mut self, at: usize, now: Duration) {
        let member = self.members.swap_remove(at).id;
        self.tell_others(member, &RelayToClient::Departed { member });
        self.history.settle(member, false);
        if self.departures.len() == MAX_DEPARTURES {
            self.departures_since = self.departures.pop_front().map(|(when, _)| when);
        }
        self.departures.push_back((now, member));
        if self.members.is_empty() {
            self.empty_since = Some(now);
        }
    }

    fn evict_a_ghost(&mut self, now: Duration) -> bool {
        let ghosts = self.members.iter().enumerate();
        let ghosts = ghosts.filter_map(|(at, member)| Some((member.away_since()?, at)));
        match ghosts.min() {
            Some((_, at)) => {
                self.depart(at, now);
                true
            }
            None => false,
        }
    }

    /// Does what time asks for. `false` means that the room is over.
    pub(crate) fn sweep(&mut self, now: Duration, limits: &Limits) -> bool {
        if self.terms.expires.is_some_and(|end| end <= now) {
            self.end(CloseCode::Expired);
            return false;
        }
        while let Some(at) = self.members.iter().position(|member| {
            member
                .away_since()
                .is_some_and(|since| since + limits.resume_time <= now)
        }) {
            self.depart(at, now);
        }
        if let Some(time) = now.checked_sub(limits.resume_time) {
            self.history.forget_until(time);
            while self
                .departures
                .front()
                .is_some_and(|(when, _)| *when <= time)
            {
                self.departures.pop_front();
            }
        }
        self.vanishes_at(limits).is_none_or(|end| end > now)
    }

    /// When this room has to be swept next.
    pub(crate) fn next_sweep(&self, limits: &Limits) -> Option<Duration> {
        let ghosts = self.members.iter().filter_map(Member::away_since);
        let departures = self.departures.front().map(|(when, _)| *when);
        let resumable = ghosts.chain(self.history.oldest()).chain(departures).min();
        let resumable = resumable.map(|since| since + limits.resume_time);
        let ends = resumable.into_iter().chain(self.terms.expires);
        ends.chain(self.vanishes_at(limits)).min()
    }

    /// When an empty room goes. One with a lifetime and something to read stays for its whole lifetime.
    fn vanishes_at(&self, limits: &Limits) -> Option<Duration> {
        if self.terms.expires.is_some() && self.history.is_readable() {
            return None;
        }
        self.empty_since.map(|since| since + limits.room_grace)
    }

    fn end(&self, code: CloseCode) {
        for mailbox in self.members.iter().filter_map(Member::mailbox) {
            mailbox.end(code);
        }
    }

    fn tell_others(&self, about: MemberId, frame: &RelayToClient) {
        let frame = Bytes::from(frame.encode());
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

    #[test]
    fn many_departures_fit_the_mailbox_of_whoever_returns() {
        let limits = Limits::default();
        let memory = Budget::new(1 << 20);
        let terms = Terms {
            mode: RoomMode::ForwardSecret,
            history: 0,
            max_members: 64,
            expires: None,
        };
        let mut room = Room::open(terms, &limits, Arc::clone(&memory));
        let mut enter = |resume, attachment, leaving: bool| {
            let mailbox = Mailbox::new(&limits, Arc::clone(&memory));
            let now = Duration::from_secs(attachment);
            let (id, _) = room.join(resume, false, &mailbox, attachment, now).unwrap();
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
        // The answer, the departures, the end of the replay.
        assert_eq!(taken.parcels.len(), MAX_DEPARTURES + 2);
        assert!(2 * MAX_DEPARTURES < limits.mailbox_frames);
    }
}
