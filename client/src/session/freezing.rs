//! A reload of the tab: the session's state as bytes, and back.
//!
//! ```text
//! state = version(1) ‖ saved_at(8) ‖ identity(64) ‖ name ‖ revision(4) ‖ joined_at(8) ‖ pin ‖ room ‖ seat ‖ sender key(7) ‖ seen
//!         ‖ peers ‖ rules ‖ orders ‖ outbox ‖ files ‖ invitations
//! ```
//! Optional parts follow a flag byte, texts and byte strings their length, lists their count. The format is private to
//! one version of this program: nothing else ever reads it.

mod asked;
mod moving;
mod rule;
mod waiting;

use core::fmt;
use std::time::Duration;

use crypto::identity::Identity;
use crypto::peer::PeerKey;
use crypto::seen::Seen;
use crypto::sender::SenderKey;
use crypto::tunnel::Pin;
use crypto::wire::codec::{Reader, Writer};
use crypto::wire::{DecodeError, Life, MemberId, ResumeToken, RoomMode, SenderId, Seq, TimeLeft};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use self::asked::{leaps, put_leaps};
use self::rule::{charter, pending, put_pending, put_rule};
use self::waiting::{outbox, put_outbox};
use super::{Config, Now, Seat, Session};
use crate::body::Body;
use crate::event::{Event, Message};
use crate::name::DisplayName;
use crate::outbox::Letter;
use crate::roster::{MOST_PEOPLE, Roster};
use crate::told::Told;

/// Changes with every change of the format, so that an updated page does not misread what an older one saved.
const FORMAT: u8 = 11;
/// How old a saved state may be: the relay keeps the seat for no longer, and keys need not outlive it. Measured on the
/// wall clock, the only one that survives a reload; one that has gone back says nothing, so that is refused too.
const LASTS: Duration = Duration::from_secs(120);
/// How far numbers jump at least: a saved state may be older than the last thing that the session sent. How far
/// exactly is drawn, because one state may be taken up twice, by a tab and by its duplicate.
const REVISIONS: u32 = 64;
const DRAWN: u32 = 255;

/// Why a saved session cannot be taken up again. A new session is then the way on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThawError {
    /// It was saved for another room, by another version, or is damaged.
    Unreadable,
    /// It was saved too long ago.
    Expired,
    /// Its identity has been used for as long as it can be.
    WornOut,
}

impl fmt::Display for ThawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "The saved session cannot be read.",
            Self::Expired => "The saved session is too old.",
            Self::WornOut => "The saved session has been used for too long.",
        })
    }
}

impl core::error::Error for ThawError {}

impl From<DecodeError> for ThawError {
    fn from(_: DecodeError) -> Self {
        Self::Unreadable
    }
}

impl Session {
    /// Everything a reloaded tab needs to go on in the same seat under the same identity, sealed under the room's
    /// keys. The own chain key is not in it: a thawed session starts a fresh epoch, so no message key is ever used by
    /// two lives of a session. Store it only where it dies with the tab, and delete it once thawed.
    pub fn freeze(&self, now: Now, rng: &mut impl CryptoRng) -> Vec<u8> {
        let peers: Vec<_> = self
            .roster
            .peers()
            .map(|peer| (peer, peer.key.freeze(self.clock)))
            .collect();
        let waiting: usize = self
            .outbox
            .notices
            .iter()
            .map(|notice| notice.envelope.len())
            .sum::<usize>()
            + self
                .outbox
                .letters
                .iter()
                .map(Letter::weight)
                .sum::<usize>()
            + self.outbox.lately.weight();
        // Enough at once: growing would leave copies of keys behind.
        let size = 8_192
            + waiting
            + peers
                .iter()
                .map(|(_, key)| 2_048 + key.len())
                .sum::<usize>();
        let mut writer = Writer::with_capacity(size);
        writer.u8(FORMAT);
        put_time(&mut writer, now.wall);
        writer.put(self.identity.freeze().as_slice());
        put_bytes(&mut writer, self.name.as_str().as_bytes());
        writer.u32(self.revision);
        put_time(&mut writer, self.joined_at);
        match &self.pin {
            Pin::FirstUse => put_bytes(&mut writer, &[]),
            Pin::Known(fingerprint) => put_bytes(&mut writer, fingerprint.to_string().as_bytes()),
        }
        writer.u8(match self.kind {
            None => 0,
            Some(RoomMode::ForwardSecret) => 1,
            Some(RoomMode::OpenHistory) => 2,
        });
        writer
            .u16(self.history)
            .u8(u8::from(self.wants_in))
            .u8(u8::from(self.hello_due));
        match self.time_left {
            TimeLeft::UntilEmpty => writer.u64(u64::MAX),
            TimeLeft::For(left) => writer.u64(millis(left)),
        };
        match &self.seat {
            None => writer.u8(0),
            Some(seat) => writer
                .u8(1)
                .put(&seat.member.0)
                .put(&seat.token.0)
                .u64(seat.last.0)
                .u64(self.life.unwrap_or_default().0),
        };
        match &self.sender {
            None => writer.u8(0),
            Some(sender) => writer.u8(1).put(sender.freeze().as_slice()),
        };
        put_bytes(&mut writer, &self.seen.freeze());
        put_count(&mut writer, peers.len());
        for (peer, key) in &peers {
            put_bytes(&mut writer, peer.person.name.as_bytes());
            put_bytes(
                &mut writer,
                peer.person.bot.as_deref().unwrap_or_default().as_bytes(),
            );
            writer
                .u8(u8::from(peer.person.bot.is_some()))
                .u32(peer.revision);
            put_time(&mut writer, peer.person.joined_at);
            writer
                .u8(u8::from(peer.is_entitled()))
                .u8(u8::from(peer.seat.is_some()))
                .put(&peer.seat.unwrap_or(MemberId([0; 16])).0);
            put_bytes(&mut writer, key);
            writer
                .u8(u8::from(peer.control.is_some()))
                .put(&peer.control.unwrap_or_default());
            peer.told.freeze(&mut writer);
        }
        put_rule(&mut writer, &self.rule, &self.verified);
        put_pending(&mut writer, &self.rule);
        let heard = self.heard();
        put_outbox(&mut writer, &self.outbox, heard, self.clock);
        self.put_files(&mut writer);
        put_leaps(&mut writer, &self.leaps);
        let state = Zeroizing::new(writer.finish());
        self.keys.seal_tab(&state, rng)
    }

    /// Goes on where [`freeze`](Self::freeze) stopped, and connects. Keys, salt, opening and bot come from `config`;
    /// name, pin and everything else are what they were. The shell starts from nothing, so who is there and what waits
    /// to be sent is told again as events.
    ///
    /// # Errors
    /// [`ThawError`]; then start a new session.
    pub fn thaw(
        config: Config,
        frozen: &[u8],
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, ThawError> {
        let state = config
            .keys
            .open_tab(frozen)
            .map_err(|_| ThawError::Unreadable)?;
        let mut reader = Reader::new(&state);
        if reader.u8()? != FORMAT {
            return Err(ThawError::Unreadable);
        }
        let saved_for = time(&mut reader)?.abs_diff(now.wall);
        if saved_for > LASTS {
            return Err(ThawError::Expired);
        }
        let identity = Identity::thaw(&Zeroizing::new(reader.array()?));
        let mut session = Self::build(config, identity, now);
        session.name =
            DisplayName::parse(&text(&mut reader)?).map_err(|_| ThawError::Unreadable)?;
        let revisions = REVISIONS + (rng.next_u32() & DRAWN);
        session.revision = reader
            .u32()?
            .checked_add(revisions)
            .ok_or(ThawError::WornOut)?;
        session.joined_at = time(&mut reader)?;
        let pin = text(&mut reader)?;
        if !pin.is_empty() {
            session.pin = Pin::Known(pin.parse().map_err(|_| ThawError::Unreadable)?);
        }
        session.kind = match reader.u8()? {
            0 => None,
            1 => Some(RoomMode::ForwardSecret),
            2 => Some(RoomMode::OpenHistory),
            _ => return Err(ThawError::Unreadable),
        };
        session.history = reader.u16()?;
        session.wants_in = reader.flag("wants in")?;
        session.hello_due =
            reader.flag("hello due")? || session.kind == Some(RoomMode::OpenHistory);
        session.time_left = match reader.u64()? {
            u64::MAX => TimeLeft::UntilEmpty,
            left => TimeLeft::For(Duration::from_millis(left)),
        };
        if reader.flag("seat")? {
            let (member, token) = (MemberId(reader.array()?), ResumeToken(reader.array()?));
            let last = Seq(reader.u64()?);
            session.life = Some(Life(reader.u64()?));
            session.seat = Some(Seat {
                member,
                token,
                last,
            });
            session.placed = last;
        }
        if reader.flag("sender key")? {
            let numbers = Zeroizing::new(reader.array()?);
            let mut sender =
                SenderKey::thaw(&numbers, now.mono, rng).map_err(|_| ThawError::WornOut)?;
            for _ in 0..rng.next_u32() & DRAWN {
                sender
                    .start_epoch(now.mono, rng)
                    .map_err(|_| ThawError::WornOut)?;
            }
            session.sender = Some(sender);
        }
        session.seen = Seen::thaw(bytes(&mut reader)?)?;
        session.thaw_roster(&mut reader, now)?;
        let (charter, locked) = charter(&mut reader)?;
        session.rule.charter = charter;
        session.rule.locked = locked;
        for _ in 0..count(&mut reader, MOST_PEOPLE)? {
            session.set_verified(SenderId(reader.array()?), true);
        }
        session.rule.pending = pending(&mut reader)?;
        let me = session.identity.sender_id();
        session.outbox = outbox(&mut reader, me, saved_for, now, rng)?;
        session.end_files(&mut reader, now)?;
        session.leaps = leaps(&mut reader)?;
        reader.finish()?;
        session.tell_what_waits();
        session.tell_invitations();
        session.dial(now.mono);
        Ok(session)
    }

    fn thaw_roster(&mut self, reader: &mut Reader<'_>, now: Now) -> Result<(), ThawError> {
        let mut roster = Roster::default();
        for _ in 0..count(reader, MOST_PEOPLE)? {
            let name = text(reader)?;
            let destination = text(reader)?;
            let bot = reader.flag("bot")?.then_some(destination);
            let revision = reader.u32()?;
            let joined_at = time(reader)?;
            let is_entitled = reader.flag("entitled")?;
            let is_seated = reader.flag("seated")?;
            let seat = Some(MemberId(reader.array()?)).filter(|_| is_seated);
            let key = PeerKey::thaw(bytes(reader)?, now.mono)?;
            let sid = key.sender_id();
            let offers_control = reader.flag("control")?;
            let control = Some(reader.array()?).filter(|_| offers_control);
            let told = Told::thaw(reader)?;
            roster.meet(sid, name, bot, key, revision, now);
            if let Some(peer) = roster.peer_mut(&sid) {
                peer.control = control;
                peer.told = told;
            }
            let scattered_at = Some(now.mono).filter(|_| is_entitled && seat.is_none());
            roster.restore(sid, joined_at, seat, scattered_at, &mut self.events);
        }
        self.roster = roster;
        Ok(())
    }

    fn tell_what_waits(&mut self) {
        for letter in &self.outbox.letters {
            let Ok(body) = Body::decode(&letter.content, self.identity.sender_id()) else {
                continue;
            };
            // An invitation is no body.
            if matches!(body, Body::Withdraw { .. } | Body::Unknown { .. }) {
                continue;
            }
            self.events.push_back(Event::Composed(Message {
                id: None,
                local: Some(letter.local),
                from: self.identity.sender_id(),
                name: self.name.as_str().to_owned(),
                tag: self.identity.tag(),
                mine: true,
                to: letter.to,
                seq: None,
                sent_at: letter.written_at,
                received_at: letter.written_at,
                body,
                replayed: false,
                late: None,
            }));
            if let Some(why) = letter.failed {
                self.events.push_back(Event::NotSent {
                    local: letter.local,
                    why,
                });
            }
        }
    }
}

fn put_count(writer: &mut Writer, count: usize) {
    writer.u32(u32::try_from(count).unwrap_or(u32::MAX));
}

fn count(reader: &mut Reader<'_>, most: usize) -> Result<usize, ThawError> {
    usize::try_from(reader.u32()?)
        .ok()
        .filter(|count| *count <= most)
        .ok_or(ThawError::Unreadable)
}

fn put_bytes(writer: &mut Writer, bytes: &[u8]) {
    put_count(writer, bytes.len());
    writer.put(bytes);
}

fn bytes<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], ThawError> {
    let length = count(reader, usize::MAX)?;
    Ok(reader.take(length)?)
}

fn text(reader: &mut Reader<'_>) -> Result<String, ThawError> {
    String::from_utf8(bytes(reader)?.to_vec()).map_err(|_| ThawError::Unreadable)
}

fn put_time(writer: &mut Writer, time: Duration) {
    writer.u64(millis(time));
}

fn time(reader: &mut Reader<'_>) -> Result<Duration, ThawError> {
    Ok(Duration::from_millis(reader.u64()?))
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX - 1)
}
