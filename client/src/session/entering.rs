//! From a tunnel to a seat.

use std::time::Duration;

use crypto::sender::SenderKey;
use crypto::wire::{
    ClientToRelay, CloseCode, JoinOutcome, Life, Lifetime, MemberId, Missed, Opening, Refusal,
    RelayToClient, Resume, ResumeToken, RoomMode, RoomState, Seq, TimeLeft,
};
use rand_core::CryptoRng;

use super::{Link, Now, Phase, Seat, Session};
use crate::event::{End, Event, Status};

/// What the relay says when it gives us a seat.
pub(super) struct Joined {
    pub(super) member: MemberId,
    pub(super) token: ResumeToken,
    pub(super) outcome: JoinOutcome,
    pub(super) mode: RoomMode,
    pub(super) history: u16,
    pub(super) time_left: TimeLeft,
    pub(super) members: u32,
    pub(super) missed: Missed,
    pub(super) life: Life,
}

impl Session {
    /// Takes the seat after [`Event::Door`]. Called earlier, or while the connection is away, it is done when possible.
    pub fn enter(&mut self, now: Now) {
        self.clock = now.mono;
        self.wants_in = true;
        if self.phase() == Some(Phase::AtDoor) {
            self.join();
            self.flush();
        }
    }

    /// Leaves the room. The session is over afterwards.
    pub fn leave(&mut self, now: Now) {
        self.clock = now.mono;
        if matches!(
            self.phase(),
            Some(Phase::Joining | Phase::CatchingUp | Phase::Online)
        ) {
            self.send(&ClientToRelay::Leave);
        }
        self.end(End::Left);
    }

    pub(super) fn look(&mut self) {
        let Some(proof) = self.prove() else { return };
        self.send(&ClientToRelay::Look {
            room: self.keys.room_id(),
            proof,
        });
        self.set_phase(Phase::Looking);
        self.turn_to(Status::Looking);
    }

    pub(super) fn join(&mut self) {
        let Some(proof) = self.prove() else { return };
        let resume = self.seat.as_ref().map(|seat| Resume {
            member: seat.member,
            token: seat.token,
            last: seat.last,
        });
        let join = ClientToRelay::Join {
            room: self.keys.room_id(),
            proof,
            opening: self.reopening(),
            resume,
        };
        self.send(&join);
        self.set_phase(Phase::Joining);
        self.turn_to(Status::Entering);
    }

    /// Whether to go through the door unasked.
    fn may_enter(&self, state: RoomState) -> bool {
        match state {
            RoomState::Open => true,
            // Nobody is to open a second room by mistyping the second secret of the first.
            RoomState::Empty => !self.second_secret || self.sender.is_some(),
            RoomState::Full | RoomState::Locked | RoomState::Closed => false,
        }
    }

    fn prove(&self) -> Option<[u8; 64]> {
        match &self.link {
            Link::Up(up) => Some(self.keys.prove(up.tunnel.exporter())),
            _ => None,
        }
    }

    /// What the room is to be like if the relay has forgotten it: as it was, for as long as it had left.
    fn reopening(&self) -> Opening {
        let Some(mode) = self.kind.filter(|_| self.sender.is_some()) else {
            return self.constitution(self.opening);
        };
        let lifetime = match self.time_left {
            TimeLeft::UntilEmpty => Lifetime::UntilEmpty,
            TimeLeft::For(left) => Lifetime::For(left.max(Duration::from_secs(1))),
        };
        self.constitution(Opening {
            mode,
            history: self.history,
            lifetime,
            ..self.opening
        })
    }

    pub(super) fn looked(
        &mut self,
        state: RoomState,
        members: u32,
        mode: RoomMode,
        history: u16,
        time_left: TimeLeft,
    ) {
        if self.phase() != Some(Phase::Looking) {
            return;
        }
        // The person is about to decide by this: the seat must be in the room they were shown.
        self.kind = (state != RoomState::Empty).then_some(mode);
        self.set_phase(Phase::AtDoor);
        self.events.push_back(Event::Door {
            state,
            members,
            mode,
            history,
            time_left,
        });
        let is_asked_for = self.accepts_any_mode || mode == self.opening.mode;
        if self.wants_in && state != RoomState::Empty && !is_asked_for {
            // Nobody has chosen this: a relay must not turn a room that forgets into one that keeps.
            self.end(End::ModeDisputed);
        } else if self.wants_in && self.may_enter(state) {
            self.join();
        } else {
            self.turn_to(Status::AtDoor);
        }
    }

    pub(super) fn joined(&mut self, joined: Joined, now: Now, rng: &mut impl CryptoRng) {
        if self.phase() != Some(Phase::Joining) {
            return;
        }
        // Whoever enters gets what they were shown at the door; whoever was shown an empty place gets what they asked
        // for, even if somebody else was quicker to open it.
        let is_bound = joined.outcome == JoinOutcome::Opened || !self.accepts_any_mode;
        let expected = self.kind.or(is_bound.then_some(self.opening.mode));
        if expected.is_some_and(|expected| expected != joined.mode) {
            self.send(&ClientToRelay::Leave);
            self.end(End::ModeDisputed);
            return;
        }
        self.kind = Some(joined.mode);
        self.wants_in = true;
        if joined.outcome == JoinOutcome::Opened {
            self.founded(now);
        }
        self.history = joined.history;
        self.time_left = joined.time_left;

        let was_member = self.sender.is_some();
        let resumed = joined.outcome == JoinOutcome::Resumed && self.seat.is_some();
        let is_reseated = was_member && !resumed;
        let is_forgotten = is_reseated && self.life != Some(joined.life);
        self.life = Some(joined.life);
        let was_long_away = if is_reseated {
            self.outbox.lately.reseated(is_forgotten, now)
        } else {
            self.outbox.lately.resumed();
            false
        };
        let last = self
            .seat
            .as_ref()
            .filter(|_| resumed)
            .map_or(Seq(0), |seat| seat.last);
        self.seat = Some(Seat {
            member: joined.member,
            token: joined.token,
            last,
        });
        self.sender
            .get_or_insert_with(|| SenderKey::new(joined.mode, now.mono, rng));
        self.outbox.reconnected(resumed);
        self.files_reconnected(resumed);
        self.rule.forgotten = is_reseated;
        if !resumed {
            self.entered_at = now.mono;
            self.hello_due = true;
        }
        if joined.missed.is_something() || !resumed {
            // Whatever we remember of the order of things may no longer join up with what comes.
            self.seen.lose_thread();
            self.placed = Seq(0);
        }
        if joined.missed.is_something() && resumed {
            // Chain keys may be among what we missed: a new hello makes everybody hand them out again.
            self.hello_due = true;
        }
        self.roster.listing_begins();
        if let Link::Up(up) = &mut self.link {
            up.phase = Phase::CatchingUp;
        }
        self.others = usize::try_from(joined.members.saturating_sub(1)).unwrap_or(usize::MAX);

        self.events.push_back(Event::Entered {
            outcome: joined.outcome,
            mode: joined.mode,
            history: joined.history,
            time_left: joined.time_left,
            me: self.identity.sender_id(),
            fingerprint: self
                .fingerprint()
                .expect("invariant: a tunnel stands, so the relay's key is known"),
        });
        // Where the relay has forgotten the room, the others say again what they said in the time for which they keep
        // it; what they have said again before we came, the relay counts. Otherwise our seat was given up, so we were
        // away for too long.
        let history_fills_in = joined.mode == RoomMode::OpenHistory && joined.history > 0;
        let lost_the_thread = if is_forgotten {
            was_long_away
        } else {
            is_reseated && !history_fills_in
        };
        let count = match joined.missed {
            Missed::Messages(count) => Some(count),
            Missed::Nothing | Missed::Unknown => None,
        };
        if joined.missed.is_something() || lost_the_thread {
            self.told_of_gap_at = Some(now.mono);
            self.events.push_back(Event::GapInHistory { count });
        }
    }

    pub(super) fn caught_up(&mut self, head: Seq, now: Now) {
        if self.phase() != Some(Phase::CatchingUp) {
            return;
        }
        self.note_seq(head);
        self.roster.listing_ends(self.others, now, &mut self.events);
        if std::mem::take(&mut self.disputed) && self.roster.people().is_empty() {
            // Everybody we can hear was told another kind of room than we were. We have said nothing yet.
            self.send(&ClientToRelay::Leave);
            self.end(End::ModeDisputed);
            return;
        }
        self.reassert();
        self.set_phase(Phase::Online);
        self.backoff.reset();
        self.events.push_back(Event::CaughtUp);
        self.turn_to(Status::Online);
    }

    /// The relay refuses something that is no publication: a look, a join, or a frame as such.
    pub(super) fn refused_entry(
        &mut self,
        refusal: Refusal,
        retry_after: Duration,
        now: Now,
        rng: &mut impl CryptoRng,
    ) {
        let entering = matches!(self.phase(), Some(Phase::Looking | Phase::Joining));
        match refusal {
            Refusal::TooFast if entering => {
                if let Link::Up(up) = &mut self.link {
                    up.ask_again_at = Some(now.mono + retry_after.max(Duration::from_millis(100)));
                }
                self.events.push_back(Event::TooFast { retry_after });
            }
            Refusal::TooFast => {
                self.outbox.pause(None, now.mono + retry_after);
                self.events.push_back(Event::TooFast { retry_after });
            }
            // The seat is not ours any more, or the relay is short of room: another try may go better.
            Refusal::NotJoined | Refusal::AlreadyJoined => {
                self.drop_connection(CloseCode::Normal, now, rng)
            }
            Refusal::RelayFull if self.sender.is_some() => {
                self.drop_connection(CloseCode::Normal, now, rng)
            }
            Refusal::BadProof => self.end(End::BadProof),
            Refusal::RoomFull => self.end(End::Full),
            Refusal::RoomLocked => self.end(End::Locked),
            Refusal::RoomClosed => self.end(End::Closed),
            other if entering => self.end(End::Refused(other)),
            _ => self.events.push_back(Event::Unsupported),
        }
    }

    /// Every frame of the relay, to whoever deals with it.
    pub(super) fn frame(&mut self, frame: RelayToClient, now: Now, rng: &mut impl CryptoRng) {
        match frame {
            RelayToClient::Looked {
                state,
                members,
                mode,
                history,
                time_left,
            } => {
                self.looked(state, members, mode, history, time_left);
            }
            RelayToClient::Joined {
                member,
                token,
                outcome,
                mode,
                history,
                time_left,
                members,
                missed,
                life,
                ..
            } => {
                let joined = Joined {
                    member,
                    token,
                    outcome,
                    mode,
                    history,
                    time_left,
                    members,
                    missed,
                    life,
                };
                self.joined(joined, now, rng);
            }
            RelayToClient::CaughtUp { head } => self.caught_up(head, now),
            RelayToClient::Pong { .. } => {}
            RelayToClient::Refused {
                refusal,
                local: None,
                retry_after,
            } => {
                self.refused_entry(refusal, retry_after, now, rng);
            }
            // The rest is said to members only.
            _ if self.seat.is_none() => {}
            RelayToClient::Delivered {
                seq,
                from,
                replayed,
                envelope,
            } => {
                self.delivered(seq, from, replayed, &envelope, now);
            }
            RelayToClient::Accepted { local, seq } => {
                if !self.order_accepted(local, now, rng) {
                    self.accepted(local, seq, now);
                }
            }
            RelayToClient::Refused {
                refusal,
                local: Some(local),
                retry_after,
            } => {
                if !self.order_refused(local, refusal, retry_after, now) {
                    self.refused(refusal, local, retry_after, now);
                }
            }
            RelayToClient::Arrived { member } => self.if_other(member, |roster, events| {
                roster.arrived(member, now, events);
            }),
            RelayToClient::Away { member } => {
                self.if_other(member, |roster, events| roster.away(member, now, events))
            }
            RelayToClient::Returned { member } => self.if_other(member, |roster, events| {
                roster.returned(member, now, events);
            }),
            RelayToClient::File(answer) => self.file_frame(answer, now, rng),
            RelayToClient::Departed { member } => self.departed(member),
            RelayToClient::RoomChanged {
                locked,
                purgeable,
                time_left,
            } => self.room_changed(locked, purgeable, time_left),
            RelayToClient::Time { time_left } => {
                self.time_left = time_left;
                self.events.push_back(Event::TimeLeft(time_left));
            }
            RelayToClient::Removed { member } => self.departed(member),
            RelayToClient::Purged { notice, .. } => self.purged(&notice, now),
        }
    }

    fn if_other(
        &mut self,
        member: MemberId,
        tell: impl FnOnce(&mut crate::roster::Roster, &mut std::collections::VecDeque<Event>),
    ) {
        if self.seat.as_ref().is_some_and(|seat| seat.member != member) {
            tell(&mut self.roster, &mut self.events);
        }
    }
}
