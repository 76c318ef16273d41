//! Taking a seat, and everything that its holder is told first.

use std::sync::Arc;
use std::time::Duration;

use crypto::wire::{
    CloseCode, JoinOutcome, MemberId, Missed, Refusal, RelayToClient, Resume, ResumeToken, Seq,
};

use super::Room;
use crate::bundle::tell_all;
use crate::limit::{Budget, Denied};
use crate::mailbox::Mailbox;
use crate::member::{Member, Presence};

impl Room {
    /// Takes the seat that `resume` names, or a new one, and tells the member everything it needs through `mailbox`.
    pub(crate) fn join(
        &mut self,
        resume: Option<Resume>,
        opened: bool,
        mailbox: &Arc<Mailbox>,
        attachment: u64,
        seats: &Arc<Budget>,
        now: Duration,
    ) -> Result<(MemberId, JoinOutcome), Denied> {
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

        let belongs = resume.and_then(|resume| self.lapsed_seat(&resume));
        if self.control.locked && belongs.is_none() {
            return Err(Refusal::RoomLocked.into());
        }
        if self.members.len() >= self.terms.max_members && !self.evict_a_ghost(now) {
            return Err(Refusal::RoomFull.into());
        }
        let place = seats.place().ok_or(Refusal::RelayFull)?;
        self.joins.take(1.0, now).map_err(Denied::too_fast)?;
        if let Some(at) = belongs {
            self.lapsed.remove(at);
        }
        let newcomer = Member::new(presence, place);
        let (id, token) = (newcomer.id, newcomer.token);
        self.members.push(newcomer);
        self.empty_since = None;
        self.tell_others(id, &RelayToClient::Arrived { member: id });
        let outcome = if opened {
            JoinOutcome::Opened
        } else {
            JoinOutcome::Entered
        };
        let replay = match resume {
            None => self.history.for_newcomer(),
            Some(resume) => {
                let is_of_this_life = belongs.is_some();
                let last = is_of_this_life.then_some(resume.last.0);
                self.history.for_returner(last)
            }
        };
        mailbox.tell(&self.joined(id, token, outcome, replay.missed(), now));
        mailbox.tell(&self.changed(now));
        self.introduce(id, mailbox);
        for kept in replay.kept {
            mailbox.replay(kept.frame.clone());
        }
        mailbox.tell(&RelayToClient::CaughtUp {
            head: Seq(self.head),
        });
        Ok((id, outcome))
    }

    /// Whether somebody had a seat here and did not come back for it in time: such a one finds a locked room open.
    fn lapsed_seat(&self, resume: &Resume) -> Option<usize> {
        self.lapsed
            .iter()
            .position(|(member, token)| *member == resume.member && token.matches(&resume.token))
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
        let replay = self.history.since(last, id);
        let lost_departures = match (away_since, self.departures_since) {
            (Some(away), Some(forgotten)) => forgotten >= away,
            _ => false,
        };
        let missed = match replay.missed() {
            Missed::Nothing if lost_departures => Missed::Unknown,
            missed => missed,
        };
        mailbox.tell(&self.joined(id, token, JoinOutcome::Resumed, missed, now));
        mailbox.tell(&self.changed(now));
        self.introduce(id, mailbox);
        // All that the room remembers, not only what came after the connection broke: the news may have been lost with
        // it, and hearing it twice does no harm.
        let departures = self.departures.iter();
        let departures: Vec<_> = departures
            .map(|(_, member, how)| how.told_of(*member))
            .collect();
        tell_all(mailbox, &departures);
        for kept in replay.kept {
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
        missed: Missed,
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
            life: self.life,
        }
    }

    /// Tells a member who else is there.
    fn introduce(&self, to: MemberId, mailbox: &Mailbox) {
        let mut present = Vec::with_capacity(self.members.len());
        for other in self.members.iter().filter(|member| member.id != to) {
            present.push(RelayToClient::Arrived { member: other.id });
            if other.away_since().is_some() {
                present.push(RelayToClient::Away { member: other.id });
            }
        }
        tell_all(mailbox, &present);
    }
}
