//! The hello: how a member introduces itself. Signed by the session's key and sealed under the room's key alone, so
//! that whoever holds the name can read it and nobody can change it.
//!
//! ```text
//! body    = content ‖ zeros ‖ signature(64)
//! content = flags(1) ‖ signing(32) ‖ dh(32) ‖ revision(4) ‖ sent_at(8) ‖ mode(1) ‖ name_len(2) ‖ name ‖ TLVs
//! TLV     = type(1) ‖ length(2) ‖ value          type 0 begins the zeros; unknown types are skipped; none may repeat
//! flags   : bit 0 bot                            other bits are sent as 0 and ignored
//! ```

mod content;

use core::fmt;
use core::time::Duration;

use ed25519_dalek::VerifyingKey;
use rand_core::CryptoRng;
use x25519_dalek::{PublicKey, StaticSecret};

use crate::chain::ChainKey;
use crate::cobblestone;
use crate::control::Statement;
use crate::envelope::{self, Header, Kind, Outer, SIGNATURE, SealError, Sealed};
use crate::error::OpenError;
use crate::identity::{Identity, Voucher, sender_id};
use crate::key::label;
use crate::lone::LoneKey;
use crate::room::RoomKeys;
use crate::wire::codec::Reader;
use crate::wire::{Epoch, Generation, RoomId, RoomMode, SenderId};

/// Bytes of `epoch ‖ generation ‖ CK`.
const START: usize = 2 + 4 + 32;

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
    /// The opener's control key, as far as the member knows.
    pub control_key: Option<[u8; 32]>,
    /// The member's own control key, with which it governs if it is let.
    pub own_control: Option<[u8; 32]>,
    /// The room's rules in force, for those who come later. Unproven.
    pub charter: Vec<Statement>,
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
    start: Option<Start>,
    lone: Option<LoneKey>,
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
}

/// What the room's history key seals for everybody who knows the name.
fn context(label: &[u8], room: &RoomId, sid: &SenderId) -> Vec<u8> {
    [label, &room.0, &sid.0].concat()
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

    pub(crate) fn signing(&self) -> &VerifyingKey {
        &self.signing
    }

    pub(crate) fn dh(&self) -> &PublicKey {
        &self.dh
    }

    pub(crate) fn start(&self) -> Option<&Start> {
        self.start.as_ref()
    }

    /// What opens one earlier message.
    pub(crate) fn lone(&self) -> Option<&LoneKey> {
        self.lone.as_ref()
    }

    /// Seals `introduction` for this room. `start` is there in an open-history room and only there; so is `lone`, where
    /// there is one.
    pub(crate) fn seal(
        keys: &RoomKeys,
        me: &Identity,
        introduction: &Introduction,
        start: Option<&Start>,
        lone: Option<&LoneKey>,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, SealError> {
        let room = keys.room_id();
        let sid = me.sender_id();
        let mut for_all = |label, secret: &[u8]| {
            let context = context(label, &room, &sid);
            cobblestone::seal(keys.history_key(), &context, secret, rng)
        };
        let start = start.map(|start| for_all(label::START, start.encode().as_slice()));
        let lone = lone.map(|lone| for_all(label::LONE, lone.encode().as_slice()));
        let mut body = content::encode(introduction, me, start.as_deref(), lone.as_deref())?;
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
        let text = envelope::verify(&bound, &signing, None, outer.body())?;
        let content::Decoded {
            introduction,
            dh,
            start,
            lone,
        } = content::decode(text)?;
        if introduction.revision != header.generation.0 || introduction.revision == 0 {
            return Err(OpenError::Authentication);
        }
        if let Some(voucher) = &introduction.voucher {
            voucher.verify(outer.room(), &signing_bytes, &dh)?;
        }
        let dh = contributory(dh)?;
        let for_all = |label, sealed: &[u8]| {
            let context = context(label, outer.room(), &header.sid);
            cobblestone::open(keys.history_key(), &context, sealed)
        };
        let start = start.map(|sealed| for_all(label::START, sealed));
        let start = start
            .transpose()?
            .map(|opened| Start::decode(&opened))
            .transpose()?;
        let lone = lone.map(|sealed| for_all(label::LONE, sealed));
        let lone = lone
            .transpose()?
            .map(|opened| LoneKey::decode(&opened))
            .transpose()?;
        let is_open = introduction.mode == RoomMode::OpenHistory;
        if start.is_some() != is_open || (lone.is_some() && !is_open) {
            return Err(OpenError::Authentication);
        }
        Ok(Self {
            introduction,
            sid: header.sid,
            signing,
            dh,
            start,
            lone,
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
