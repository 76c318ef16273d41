//! Invitations that wait for an answer, as part of a tab's saved state, and where this key has been.

use crypto::name::RoomName;
use crypto::wire::codec::{Reader, Writer};
use crypto::wire::{RoomId, SenderId};

use super::{ThawError, bytes, count, put_bytes, put_count, put_time, time};
use crate::body::MOST_INVITED;
use crate::leap::Invitation;
use crate::session::Session;
use crate::session::leaping::Leaps;

pub(super) fn put_leaps(writer: &mut Writer, leaps: &Leaps) {
    put_count(writer, leaps.been.len());
    for room in &leaps.been {
        writer.put(&room.0);
    }
    put_count(writer, leaps.asked.len());
    for asked in &leaps.asked {
        put_bytes(writer, asked.invitation.name.as_str().as_bytes());
        writer.put(&asked.invitation.from.0);
        put_count(writer, asked.invitation.party.len());
        for sid in &asked.invitation.party {
            writer.put(&sid.0);
        }
        put_time(writer, asked.sent_at);
    }
}

pub(super) fn leaps(reader: &mut Reader<'_>) -> Result<Leaps, ThawError> {
    let mut leaps = Leaps::default();
    for _ in 0..count(reader, usize::MAX)? {
        leaps.been.insert(RoomId(reader.array()?));
    }
    for _ in 0..count(reader, usize::MAX)? {
        let name = core::str::from_utf8(bytes(reader)?).map_err(|_| ThawError::Unreadable)?;
        let name = RoomName::parse(name).map_err(|_| ThawError::Unreadable)?;
        let from = SenderId(reader.array()?);
        let party = (0..count(reader, MOST_INVITED)?)
            .map(|_| Ok(SenderId(reader.array()?)))
            .collect::<Result<_, ThawError>>()?;
        let invitation = Invitation { name, from, party };
        leaps.take(invitation, time(reader)?);
    }
    Ok(leaps)
}

impl Session {
    /// The shell starts from nothing and is asked again.
    pub(super) fn tell_invitations(&mut self) {
        let waiting: Vec<_> = self.leaps.asked.iter().map(|asked| asked.id).collect();
        for id in waiting {
            self.tell_invitation(id, true);
        }
    }
}
