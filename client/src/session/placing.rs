//! Words that come late, and where they belong.

use std::time::Duration;

use crypto::wire::SenderId;

use super::Session;
use crate::body::Body;
use crate::event::{Late, Since};
use crate::held::Early;
use crate::told::Line;

impl Session {
    /// Notes that `sid` said this. Where it belongs, if newer words of theirs have come before it.
    pub(super) fn place(
        &mut self,
        sid: SenderId,
        early: &Early,
        sent_at: Duration,
        body: &Body,
    ) -> Option<Late> {
        let may_be_late = self.outbox.lately.may_come_late(early.wall);
        let is_older_topic = matches!(body, Body::Topic(_)) && self.topic_at > sent_at;
        if matches!(body, Body::Topic(_)) {
            self.topic_at = self.topic_at.max(sent_at);
        }
        let line = Line::new(early.outer.header(), sent_at, body);
        let peer = self.roster.peer_mut(&sid)?;
        let mut late = peer.told.note(sid, line, may_be_late)?;
        // What the room is about anybody may say, so others' newer word counts as well.
        if is_older_topic {
            late.since = Since::Overtaken;
        }
        Some(late)
    }

    /// The time to put into what is sealed now: later than in everything before, so that it tells which of two was said
    /// first. A clock that is set back by more than a little is believed.
    pub(super) fn seals_at(&mut self, wall: Duration) -> Duration {
        let millis = Duration::from_millis(1);
        let next = self.sealed_at + millis;
        let is_believed = wall > next || next > wall + CLOCK_SLIPS;
        self.sealed_at = if is_believed { wall } else { next };
        self.sealed_at
    }
}

/// How far a clock that is corrected goes back.
const CLOCK_SLIPS: Duration = Duration::from_secs(60);
