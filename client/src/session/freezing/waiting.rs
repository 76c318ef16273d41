//! What waits to be sent, as part of a tab's saved state.

use std::time::Duration;

use crypto::envelope::{Header, Kind};
use crypto::lone::LoneKey;
use crypto::wire::codec::{Reader, Writer};
use crypto::wire::{Epoch, Generation, Keep, LocalId, Refusal, SenderId};
use rand_core::CryptoRng;
use sorted::Set;
use zeroize::Zeroizing;

use super::{ThawError, bytes, count, put_bytes, put_count, put_time, time};
use crate::config::Now;
use crate::event::NotSent;
use crate::outbox::{Class, Letter, Outbox, Publication};

/// `heard` is when the relay was last heard, if there is a connection.
pub(super) fn put_outbox(
    writer: &mut Writer,
    outbox: &Outbox,
    heard: Option<Duration>,
    now: Duration,
) {
    writer.u32(outbox.next_local);
    let lasting = || {
        let notices = outbox.notices.iter();
        notices.filter(|notice| notice.class != Class::Momentary)
    };
    put_count(writer, lasting().count());
    for notice in lasting() {
        put_publication(writer, notice);
    }
    let lately = &outbox.lately;
    put_time(writer, lately.silence(heard, now));
    for list in [&lately.taken, &lately.again] {
        let left = |it| Some((it, lately.left(it, now)?));
        let list: Vec<_> = list.iter().filter_map(left).collect();
        put_count(writer, list.len());
        for (publication, left) in list {
            put_time(writer, left);
            put_publication(writer, publication);
        }
    }
    for at in [lately.forgotten_at, lately.repeated_at] {
        writer.u8(u8::from(at.is_some()));
        put_time(writer, at.unwrap_or_default());
    }
    put_count(writer, outbox.letters.len());
    for letter in &outbox.letters {
        writer.u32(letter.local.0);
        put_time(writer, letter.written_at);
        match letter.to {
            None => writer.u8(0),
            Some(to) => writer.u8(1).put(&to.0),
        };
        put_bytes(writer, &letter.content);
        match letter.failed {
            None => writer.u8(0).u8(0),
            Some(NotSent::Unanswered) => writer.u8(1).u8(0),
            Some(NotSent::Ended) => writer.u8(2).u8(0),
            Some(NotSent::Refused(refusal)) => writer.u8(3).u8(refusal.as_u8()),
            Some(NotSent::Absent) => writer.u8(4).u8(0),
            Some(NotSent::Replaced) => writer.u8(5).u8(0),
        };
        match &letter.sealed {
            None => {
                writer.u8(0);
            }
            Some(sealed) => {
                writer.u8(1);
                put_publication(writer, sealed);
            }
        }
        match &letter.key {
            None => writer.u8(0),
            Some(key) => writer.u8(1).put(key.encode().as_slice()),
        };
        writer.u8(u8::from(letter.adrift));
    }
}

pub(super) fn outbox(
    reader: &mut Reader<'_>,
    me: SenderId,
    saved_for: Duration,
    now: Now,
    rng: &mut impl CryptoRng,
) -> Result<Outbox, ThawError> {
    let next_local = reader.u32()?;
    // Half of all numbers to count on from, none of which an earlier life is likely to have used in this seat: the
    // relay takes a number that it knows for something that it has.
    let next_wire = rng.next_u32() >> 1;
    let mut outbox = Outbox::numbered_from(next_local, next_wire);
    for _ in 0..count(reader, usize::MAX)? {
        outbox.notices.push_back(publication(reader, me, now)?);
    }
    let silence = time(reader)? + saved_for;
    let mut lists = [Vec::new(), Vec::new()];
    for list in &mut lists {
        for _ in 0..count(reader, usize::MAX)? {
            let left = time(reader)?;
            list.push(publication(reader, me, now)?.mattering(left, now.mono));
        }
    }
    let [taken, again] = lists;
    outbox.lately.restore(silence, taken, again, now.mono);
    let was_forgotten = reader.flag("forgotten")?;
    outbox.lately.forgotten_at = Some(time(reader)?).filter(|_| was_forgotten);
    let was_repeated = reader.flag("repeated")?;
    outbox.lately.repeated_at = Some(time(reader)?).filter(|_| was_repeated);
    for _ in 0..count(reader, usize::MAX)? {
        let local = LocalId(reader.u32()?);
        let written_at = time(reader)?;
        let to = if reader.flag("private")? {
            Some(SenderId(reader.array()?))
        } else {
            None
        };
        let content = Zeroizing::new(bytes(reader)?.to_vec());
        let failed = match (reader.u8()?, reader.u8()?) {
            (0, 0) => None,
            (1, 0) => Some(NotSent::Unanswered),
            (2, 0) => Some(NotSent::Ended),
            (4, 0) => Some(NotSent::Absent),
            (5, 0) => Some(NotSent::Replaced),
            (3, refusal) => Some(NotSent::Refused(Refusal::from_u8(refusal))),
            _ => return Err(ThawError::Unreadable),
        };
        let sealed = reader
            .flag("sealed")?
            .then(|| publication(reader, me, now))
            .transpose()?;
        let key = if reader.flag("key")? {
            let key = Zeroizing::new(reader.array::<{ LoneKey::ENCODED }>()?);
            Some(LoneKey::decode(key.as_slice()).map_err(|_| ThawError::Unreadable)?)
        } else {
            None
        };
        let adrift = reader.flag("adrift")?;
        outbox.letters.push_back(Letter {
            local,
            to,
            content,
            written_at,
            sealed,
            key,
            adrift,
            handed: Set::new(),
            failed,
        });
    }
    Ok(outbox)
}

fn put_publication(writer: &mut Writer, publication: &Publication) {
    let header = &publication.header;
    writer
        .u8(header.kind as u8)
        .u16(header.epoch.0)
        .u32(header.generation.0)
        .u8(publication.keep as u8)
        .u8(u8::from(publication.carries_keys));
    match publication.wire() {
        None => writer.u8(0).u32(0),
        Some(wire) => writer.u8(1).u32(wire.0),
    };
    put_bytes(writer, &publication.envelope);
}

fn publication(reader: &mut Reader<'_>, me: SenderId, now: Now) -> Result<Publication, ThawError> {
    let kind = match reader.u8()? {
        1 => Kind::Hello,
        2 => Kind::Message,
        3 => Kind::Pairwise,
        5 => Kind::Control,
        _ => return Err(ThawError::Unreadable),
    };
    let (epoch, generation) = (Epoch(reader.u16()?), Generation(reader.u32()?));
    let keep = match reader.u8()? {
        0 => Keep::Transient,
        1 => Keep::Ring,
        2 => Keep::Anchor,
        _ => return Err(ThawError::Unreadable),
    };
    let carries_keys = reader.flag("keys")?;
    let is_numbered = reader.flag("numbered")?;
    let wire = Some(LocalId(reader.u32()?)).filter(|_| is_numbered);
    let header = Header {
        kind,
        sid: me,
        epoch,
        generation,
    };
    let envelope = bytes(reader)?.to_vec();
    let publication = Publication::restored(header, envelope, keep, wire, now.mono);
    Ok(publication.with_keys(carries_keys))
}
