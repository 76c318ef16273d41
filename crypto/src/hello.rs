//! The hello: how a member introduces itself. Signed by the session's key and sealed under the room's key alone, so
//! that whoever holds the name can read it and nobody can change it.
//!
//! ```text
//! body    = content ‖ zeros ‖ signature(64)
//! content = flags(1) ‖ signing(32) ‖ dh(32) ‖ revision(4) ‖ sent_at(8) ‖ mode(1) ‖ name_len(2) ‖ name ‖ TLVs
//! TLV     = type(1) ‖ length(2) ‖ value          type 0 begins the zeros; unknown types are skipped; none may repeat
//! flags   : bit 0 bot                            other bits are sent as 0 and ignored
//! ```

use core::fmt;
use core::time::Duration;

use ed25519_dalek::VerifyingKey;
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use x25519_dalek::{PublicKey, StaticSecret};

use crate::chain::ChainKey;
use crate::cobblestone;
use crate::envelope::{self, Header, Kind, Outer, SIGNATURE, SealError, Sealed, millis};
use crate::error::OpenError;
use crate::identity::{Identity, Voucher, sender_id};
use crate::key::label;
use crate::room::RoomKeys;
use crate::wire::codec::{Reader, Writer};
use crate::wire::{Epoch, Generation, RoomId, RoomMode, SenderId};

const BOT: u8 = 1;
/// Bytes of `epoch ‖ generation ‖ CK`.
const START: usize = 2 + 4 + 32;
/// Names longer than this are refused before anybody looks at them. Bytes.
const NAME_LIMIT: usize = 512;

mod tlv {
    pub(super) const END: u8 = 0;
    pub(super) const START: u8 = 1;
    pub(super) const IDENTITY: u8 = 2;
    pub(super) const DESTINATION: u8 = 3;
    pub(super) const CONTROL: u8 = 4;
    pub(super) const SEEN: u8 = 5;
}

/// Names one exact hello, 8 bytes of SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct HelloDigest(pub [u8; 8]);

/// What a member says about itself. The keys are added when it is sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct Introduction {
    /// Counts this session's hellos, from 1. Receivers take only a higher one than they have.
    pub revision: u32,
    /// The member's clock, since the Unix epoch; whole milliseconds travel.
    pub sent_at: Duration,
    /// What kind of room the member believes this to be.
    pub mode: RoomMode,
    /// The name the member chose, at most 512 bytes. Hostile text until displayed through `text`.
    pub name: String,
    /// A bot says so, and where it sends what it reads (which may be empty).
    pub bot: Option<String>,
    /// A long-term identity that vouches for this session.
    pub voucher: Option<Voucher>,
    /// The opener's control key.
    pub control_key: Option<[u8; 32]>,
    /// The hellos of others that this member holds, so that a relay cannot show members different ones unnoticed.
    pub seen: Vec<HelloDigest>,
}

impl fmt::Debug for Introduction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Introduction")
            .field("revision", &self.revision)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

/// A hello whose signature holds: what this session said about itself, with its keys.
pub struct Hello {
    /// What it says.
    pub introduction: Introduction,
    sid: SenderId,
    signing: VerifyingKey,
    dh: PublicKey,
    digest: HelloDigest,
    start: Option<Start>,
}

/// Where a chain begins for whoever learns it here.
pub(crate) struct Start {
    pub(crate) epoch: Epoch,
    pub(crate) generation: Generation,
    pub(crate) chain: ChainKey,
}

impl Start {
    pub(crate) fn encode(&self) -> zeroize::Zeroizing<[u8; START]> {
        let mut bytes = zeroize::Zeroizing::new([0; START]);
        let (epoch, rest) = bytes.split_at_mut(2);
        let (generation, chain) = rest.split_at_mut(4);
        epoch.copy_from_slice(&self.epoch.0.to_be_bytes());
        generation.copy_from_slice(&self.generation.0.to_be_bytes());
        chain.copy_from_slice(self.chain.as_bytes());
        bytes
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, OpenError> {
        let mut reader = Reader::new(bytes);
        let epoch = Epoch(reader.u16()?);
        let generation = Generation(reader.u32()?);
        let chain = ChainKey::from_bytes(&reader.array()?);
        reader.finish()?;
        if epoch.0 == 0 {
            return Err(OpenError::Authentication);
        }
        Ok(Self {
            epoch,
            generation,
            chain,
        })
    }

    fn context(room: &RoomId, sid: &SenderId) -> Vec<u8> {
        [label::START, &room.0, &sid.0].concat()
    }
}

impl Hello {
    /// Who it is.
    pub fn sender_id(&self) -> SenderId {
        self.sid
    }

    /// The Ed25519 public key that everything of this session is signed with.
    pub fn signing_public(&self) -> [u8; 32] {
        self.signing.to_bytes()
    }

    /// Names this exact hello.
    pub fn digest(&self) -> HelloDigest {
        self.digest
    }

    pub(crate) fn signing(&self) -> &VerifyingKey {
        &self.signing
    }

    pub(crate) fn dh(&self) -> &PublicKey {
        &self.dh
    }

    pub(crate) fn start(&self) -> Option<&Start> {
        self.start.as_ref()
    }

    /// Seals `introduction` for this room. `start` is there in an open-history room and only there.
    pub(crate) fn seal(
        keys: &RoomKeys,
        me: &Identity,
        introduction: &Introduction,
        start: Option<&Start>,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, SealError> {
        let room = keys.room_id();
        let sid = me.sender_id();
        let start = start.map(|start| {
            cobblestone::seal(
                keys.history_key(),
                &Start::context(&room, &sid),
                start.encode().as_slice(),
                rng,
            )
        });
        let mut body = encode(introduction, me, start.as_deref())?;
        body.resize(envelope::body_len(body.len() + SIGNATURE)? - SIGNATURE, 0);
        let header = Header {
            kind: Kind::Hello,
            sid,
            epoch: Epoch(0),
            generation: Generation(introduction.revision),
        };
        envelope::sign(
            &envelope::bound(&room, &header.encode()),
            me.signing(),
            None,
            &mut body,
        );
        Ok(envelope::wrap(keys, header, &body, rng))
    }

    pub(crate) fn open(keys: &RoomKeys, outer: &Outer) -> Result<Self, OpenError> {
        let header = outer.header();
        if header.kind != Kind::Hello {
            return Err(OpenError::Authentication);
        }
        // The key that checks the signature stands in the text itself: reading before verifying cannot be avoided,
        // so the reader stops there.
        let mut front = Reader::new(outer.body());
        front.u8()?;
        let signing_bytes = front.array()?;
        let signing =
            VerifyingKey::from_bytes(&signing_bytes).map_err(|_| OpenError::Authentication)?;
        if sender_id(&signing_bytes) != header.sid {
            return Err(OpenError::Authentication);
        }
        let bound = outer.bound();
        let content = envelope::verify(&bound, &signing, None, outer.body())?;
        let Decoded {
            introduction,
            dh,
            start,
        } = decode(content)?;
        if introduction.revision != header.generation.0 || introduction.revision == 0 {
            return Err(OpenError::Authentication);
        }
        if let Some(voucher) = &introduction.voucher {
            voucher.verify(outer.room(), &signing_bytes, &dh)?;
        }
        let dh = contributory(dh)?;
        let start = start
            .map(|sealed| {
                cobblestone::open(
                    keys.history_key(),
                    &Start::context(outer.room(), &header.sid),
                    sealed,
                )
            })
            .transpose()?
            .map(|opened| Start::decode(&opened))
            .transpose()?;
        if start.is_some() != (introduction.mode == RoomMode::OpenHistory) {
            return Err(OpenError::Authentication);
        }
        let hash = Sha256::new()
            .chain_update(label::HELLO)
            .chain_update(&bound)
            .chain_update(outer.body());
        let digest = HelloDigest(
            *hash
                .finalize()
                .first_chunk()
                .expect("invariant: a SHA-256 digest has 32 bytes"),
        );
        Ok(Self {
            introduction,
            sid: header.sid,
            signing,
            dh,
            digest,
            start,
        })
    }
}

impl fmt::Debug for Hello {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hello")
            .field("sid", &self.sid)
            .field("introduction", &self.introduction)
            .finish_non_exhaustive()
    }
}

/// Refuses the points of low order: with them every secret of two would be zero. They give zero with any scalar, so a
/// constant one tells (RFC 7748, section 6.1).
fn contributory(dh: [u8; 32]) -> Result<PublicKey, OpenError> {
    let dh = PublicKey::from(dh);
    if StaticSecret::from([0x55; 32])
        .diffie_hellman(&dh)
        .was_contributory()
    {
        Ok(dh)
    } else {
        Err(OpenError::Authentication)
    }
}

fn put_tlv(writer: &mut Writer, kind: u8, value: &[u8]) -> Result<(), SealError> {
    let length = u16::try_from(value.len()).map_err(|_| SealError::TooLarge)?;
    writer.u8(kind).u16(length).put(value);
    Ok(())
}

fn encode(
    introduction: &Introduction,
    me: &Identity,
    start: Option<&[u8]>,
) -> Result<Vec<u8>, SealError> {
    let name = introduction.name.as_bytes();
    if name.len() > NAME_LIMIT {
        return Err(SealError::TooLarge);
    }
    let mut writer = Writer::with_capacity(256);
    writer
        .u8(if introduction.bot.is_some() { BOT } else { 0 })
        .put(&me.signing_public())
        .put(&me.dh_public())
        .u32(introduction.revision)
        .u64(millis(introduction.sent_at))
        .u8(introduction.mode as u8)
        .u16(u16::try_from(name.len()).map_err(|_| SealError::TooLarge)?)
        .put(name);
    if let Some(start) = start {
        put_tlv(&mut writer, tlv::START, start)?;
    }
    if let Some(voucher) = &introduction.voucher {
        put_tlv(
            &mut writer,
            tlv::IDENTITY,
            &[voucher.identity.as_slice(), &voucher.signature].concat(),
        )?;
    }
    if let Some(destination) = introduction
        .bot
        .as_ref()
        .filter(|destination| !destination.is_empty())
    {
        put_tlv(&mut writer, tlv::DESTINATION, destination.as_bytes())?;
    }
    if let Some(control) = &introduction.control_key {
        put_tlv(&mut writer, tlv::CONTROL, control)?;
    }
    if !introduction.seen.is_empty() {
        let digests: Vec<u8> = introduction
            .seen
            .iter()
            .flat_map(|digest| digest.0)
            .collect();
        put_tlv(&mut writer, tlv::SEEN, &digests)?;
    }
    Ok(writer.finish())
}

struct Decoded<'a> {
    introduction: Introduction,
    dh: [u8; 32],
    start: Option<&'a [u8]>,
}

fn decode(content: &[u8]) -> Result<Decoded<'_>, OpenError> {
    let mut reader = Reader::new(content);
    let flags = reader.u8()?;
    reader.take(32)?; // the signing key: read before the signature was checked
    let dh = reader.array()?;
    let revision = reader.u32()?;
    let sent_at = Duration::from_millis(reader.u64()?);
    let mode = match reader.u8()? {
        0 => RoomMode::ForwardSecret,
        1 => RoomMode::OpenHistory,
        _ => return Err(OpenError::Unsupported),
    };
    let name_len = usize::from(reader.u16()?);
    if name_len > NAME_LIMIT {
        return Err(OpenError::Authentication);
    }
    let name = utf8(reader.take(name_len)?)?;
    let is_bot = flags & BOT != 0;
    let mut introduction = Introduction {
        revision,
        sent_at,
        mode,
        name,
        bot: is_bot.then(String::new),
        voucher: None,
        control_key: None,
        seen: Vec::new(),
    };
    let mut start = None;
    let mut met = [false; 256];
    while reader.remaining() > 0 {
        let kind = reader.u8()?;
        if kind == tlv::END {
            envelope::zeros(reader.rest())?;
            break;
        }
        let length = usize::from(reader.u16()?);
        let value = reader.take(length)?;
        let met = met
            .get_mut(usize::from(kind))
            .expect("invariant: a byte indexes 256 entries");
        if core::mem::replace(met, true) {
            return Err(OpenError::Authentication);
        }
        let mut inside = Reader::new(value);
        match kind {
            tlv::START => start = Some(value),
            tlv::IDENTITY => {
                introduction.voucher = Some(Voucher {
                    identity: inside.array()?,
                    signature: inside.array()?,
                });
                inside.finish()?;
            }
            tlv::DESTINATION if is_bot => introduction.bot = Some(utf8(value)?),
            // A destination for what claims to be a person would be shown to nobody.
            tlv::DESTINATION => return Err(OpenError::Authentication),
            tlv::CONTROL => {
                introduction.control_key = Some(inside.array()?);
                inside.finish()?;
            }
            tlv::SEEN => {
                let (digests, odd) = value.as_chunks();
                if !odd.is_empty() {
                    return Err(OpenError::Authentication);
                }
                introduction.seen = digests.iter().copied().map(HelloDigest).collect();
            }
            _ => {}
        }
    }
    Ok(Decoded {
        introduction,
        dh,
        start,
    })
}

fn utf8(bytes: &[u8]) -> Result<String, OpenError> {
    core::str::from_utf8(bytes)
        .map(str::to_owned)
        .map_err(|_| OpenError::Authentication)
}
