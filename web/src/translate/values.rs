//! One value of the session's, one value of the state's.

use std::rc::Rc;
use std::time::Duration;

use client::{End, MessageId, NotSent};
use crypto::wire::{Refusal, RoomMode, SenderId, TimeLeft};

use super::governing::who;
use crate::state::{
    Action, Blocked, Direction, EndReason, Face, FrameSeen, Mode, PersonId, Tag, WireRecord,
};

/// A member's identity in the state.
pub(super) fn id(sid: SenderId) -> PersonId {
    PersonId(sid.0)
}

pub(super) fn tag(tag: &crypto::identity::Tag) -> Tag {
    Tag {
        text: tag.text().to_owned(),
        hue: tag.hue,
        shape: tag.shape,
    }
}

/// The room's face in the state.
pub(crate) fn face(face: crypto::room::Face) -> Face {
    Face {
        emoji: face.emoji,
        words: face.words,
        hue: face.hue,
    }
}

pub(super) fn mode_of(mode: RoomMode, history: u16) -> Mode {
    match mode {
        RoomMode::ForwardSecret => Mode::ForwardSecret,
        RoomMode::OpenHistory => Mode::OpenHistory { last: history },
    }
}

pub(super) fn closes_at(time_left: TimeLeft, now: Duration) -> Option<Duration> {
    match time_left {
        TimeLeft::UntilEmpty => None,
        TimeLeft::For(left) => Some(now + left),
    }
}

pub(super) fn wire(record: client::WireRecord, at: Duration) -> WireRecord {
    WireRecord {
        number: 0,
        at,
        direction: match record.direction {
            client::Direction::ToRelay => Direction::Sent,
            client::Direction::FromRelay => Direction::Received,
        },
        length: record.length,
        record: Rc::from(record.record),
        frames: record
            .frames
            .into_iter()
            .map(|frame| FrameSeen {
                label: frame.label,
                has_envelope: matches!(frame.label, "Publish" | "Delivered"),
                length: frame.bytes,
                bytes: Rc::from(frame.frame),
            })
            .collect(),
    }
}

pub(super) fn why_not_sent(why: NotSent) -> &'static str {
    match why {
        NotSent::Refused(Refusal::TooLarge) => "It is too long for this relay.",
        NotSent::Refused(Refusal::TooFast) => "That was too much at once.",
        NotSent::Refused(_) => "The relay did not take it.",
        NotSent::Unanswered => "The relay never confirmed it. Sending it again cannot double it.",
        NotSent::Replaced => "A newer one took its place.",
        NotSent::Absent => "They are not in the room now.",
        NotSent::Ended => "You were no longer in the room.",
        _ => "It could not be sent.",
    }
}

pub(super) fn ended(end: End, at: Duration) -> Option<Action> {
    let why = match end {
        End::Left => EndReason::Left,
        End::Expired => EndReason::Expired,
        End::Purged { by, at: when } => {
            return Some(Action::End {
                why: EndReason::Purged(by.map(who)),
                at: when,
                can_rejoin: false,
            });
        }
        End::Removed { by } => EndReason::Removed(by.map(who)),
        End::Replaced => EndReason::Replaced,
        End::RelayTooOld => return Some(Action::Block(Blocked::RelayTooOld)),
        // The relay was set up anew under an open page: the page must be loaded again, too.
        End::RelayTooNew | End::SaltChanged => return Some(Action::Block(Blocked::RelayTooNew)),
        // The event with both fingerprints has said it already.
        End::WrongRelayKey => return None,
        End::Locked => EndReason::Locked,
        End::Full => EndReason::Full,
        End::Closed => EndReason::Closed,
        End::Refused(Refusal::RelayFull) => EndReason::RelayFull,
        End::ModeDisputed => EndReason::ModeDisputed,
        End::BadProof => EndReason::Other(
            "The relay did not accept this room's key. Reload the page.".to_owned(),
        ),
        _ => EndReason::Other("The relay ended the connection for good.".to_owned()),
    };
    // Whether the name is still known is for the shell to say.
    Some(Action::End {
        why,
        at,
        can_rejoin: false,
    })
}

/// What tells a message from all others of its room.
pub(super) fn message_key(id: MessageId) -> String {
    let sid = PersonId(id.sid.0).key();
    format!("{sid}-{}-{}", id.epoch.0, id.generation.0)
}
