//! Between two members: a secret of the two, and the pairwise envelopes that carry boxes under it.
//!
//! ```text
//! PS   = Extract(salt = room key, ikm = X25519(mine, theirs))
//! D    = Expand(PS, "roomkey/1 pairwise" ‖ room ‖ sid_from ‖ dh_from ‖ sid_to ‖ dh_to)        one per direction
//! BK   = Expand(D, "roomkey/1 box" ‖ salt(16) ‖ header(24))                                   one per box
//! body = salt(16) ‖ count(1) ‖ count × box ‖ zeros
//! box  = AES-256-GCM(BK, nonce 0, aad = C, content kind(1) ‖ …)        all boxes of a body have one length
//! ```
//!
//! Nobody is named: a receiver tries its key on every box. Everybody but the recipient, the relay included, learns
//! that a box is there and not for whom or what kind it is.

use core::time::Duration;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::envelope::{
    self, HEADER, Header, Kind, Letter, Outer, SealError, Sealed, TAG, letter_len,
};
use crate::error::OpenError;
use crate::hello::{Hello, Start};
use crate::identity::Identity;
use crate::key::{self, label};
use crate::lone::LoneKey;
use crate::room::RoomKeys;
use crate::seal;
use crate::seen::SeenDigest;
use crate::wire::codec::{Reader, Writer};
use crate::wire::{DecodeError, SenderId};

const SALT: usize = 16;
/// Bytes before the first box.
const FRONT: usize = SALT + 1;
/// Content kinds of a box.
const CHAIN_KEY: u8 = 1;
const PRIVATE: u8 = 2;
const LONE_KEY: u8 = 3;

/// The two directions between this session and one other. Wiped on drop.
pub(crate) struct Channel {
    outbound: Zeroizing<[u8; 32]>,
    inbound: Zeroizing<[u8; 32]>,
    mine: SenderId,
    theirs: SenderId,
    their_dh: [u8; 32],
}

impl Channel {
    /// The channel to whoever said this hello. Both hellos are part of it: their keys and ids go into the derivation.
    pub(crate) fn between(
        keys: &RoomKeys,
        me: &Identity,
        hello: &Hello,
    ) -> Result<Self, OpenError> {
        let shared = me.dh().diffie_hellman(hello.dh());
        if !shared.was_contributory() {
            return Err(OpenError::Authentication);
        }
        let secret = key::extract(keys.room_key(), shared.as_bytes());
        let (mine, theirs) = (me.sender_id(), hello.sender_id());
        let (my_dh, their_dh) = (me.dh_public(), hello.dh().to_bytes());
        let room = keys.room_id();
        let direction = |from: &SenderId, from_dh: &[u8; 32], to: &SenderId, to_dh: &[u8; 32]| {
            key::expand(
                secret.as_slice(),
                &[label::PAIRWISE, &room.0, &from.0, from_dh, &to.0, to_dh],
            )
        };
        Ok(Self {
            outbound: direction(&mine, &my_dh, &theirs, &their_dh),
            inbound: direction(&theirs, &their_dh, &mine, &my_dh),
            mine,
            theirs,
            their_dh,
        })
    }

    pub(crate) fn theirs(&self) -> SenderId {
        self.theirs
    }

    pub(crate) fn their_dh(&self) -> &[u8; 32] {
        &self.their_dh
    }

    /// This session's own id, the recipient of everything inbound.
    pub(crate) fn mine(&self) -> SenderId {
        self.mine
    }

    pub(crate) fn freeze(&self, writer: &mut Writer) {
        writer
            .put(self.outbound.as_slice())
            .put(self.inbound.as_slice());
        writer
            .put(&self.mine.0)
            .put(&self.theirs.0)
            .put(&self.their_dh);
    }

    pub(crate) fn thaw(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            outbound: Zeroizing::new(reader.array()?),
            inbound: Zeroizing::new(reader.array()?),
            mine: SenderId(reader.array()?),
            theirs: SenderId(reader.array()?),
            their_dh: reader.array()?,
        })
    }

    /// Finds the box for this session in a pairwise body, or `None` where all boxes are for others.
    pub(crate) fn find(&self, outer: &Outer) -> Result<Option<Zeroizing<Vec<u8>>>, OpenError> {
        let (salt, rest) = outer
            .body()
            .split_first_chunk::<SALT>()
            .ok_or(OpenError::Authentication)?;
        let (count, rest) = rest.split_first().ok_or(OpenError::Authentication)?;
        let count = usize::from(*count);
        let length = rest
            .len()
            .checked_div(count)
            .ok_or(OpenError::Authentication)?;
        let (boxes, padding) = rest
            .split_at_checked(count * length)
            .ok_or(OpenError::Authentication)?;
        if length < TAG {
            return Err(OpenError::Authentication);
        }
        envelope::zeros(padding)?;
        let key = box_key(&self.inbound, salt, outer.received());
        let bound = outer.bound();
        Ok(boxes
            .chunks_exact(length)
            .find_map(|sealed| seal::open_once(&key, &bound, sealed).ok()))
    }
}

fn box_key(direction: &[u8; 32], salt: &[u8; SALT], header: &[u8; HEADER]) -> Zeroizing<[u8; 32]> {
    key::expand(direction.as_slice(), &[label::BOX, salt, header])
}

/// What goes to one recipient of a pairwise envelope.
pub(crate) enum BoxContent<'a> {
    /// Where the sender's chain is now.
    ChainKey(&'a Start),
    /// What opens one message.
    LoneKey(&'a LoneKey),
    /// A body for this person alone.
    Private(&'a [u8]),
}

impl BoxContent<'_> {
    fn encode(&self) -> Vec<u8> {
        match self {
            Self::ChainKey(start) => [[CHAIN_KEY].as_slice(), start.encode().as_slice()].concat(),
            Self::LoneKey(lone) => [[LONE_KEY].as_slice(), lone.encode().as_slice()].concat(),
            Self::Private(content) => [[PRIVATE].as_slice(), content].concat(),
        }
    }
}

/// A decoded and verified box.
pub(crate) enum BoxOpened {
    ChainKey(Start),
    LoneKey(LoneKey),
    Private(Letter),
}

impl BoxOpened {
    pub(crate) fn decode(mut letter: Letter) -> Result<Self, OpenError> {
        match letter.content.first() {
            Some(&CHAIN_KEY) => {
                let start = Zeroizing::new(letter.content.split_off(1));
                Ok(Self::ChainKey(Start::decode(&start)?))
            }
            Some(&LONE_KEY) => {
                let lone = Zeroizing::new(letter.content.split_off(1));
                Ok(Self::LoneKey(LoneKey::decode(&lone)?))
            }
            Some(&PRIVATE) => {
                letter.content.remove(0);
                Ok(Self::Private(letter))
            }
            _ => Err(OpenError::Unsupported),
        }
    }
}

/// One box for each channel, all of one length, in one envelope.
pub(crate) struct Pairwise<'a> {
    pub(crate) header: Header,
    pub(crate) sent_at: Duration,
    pub(crate) seen: SeenDigest,
    pub(crate) boxes: Vec<(&'a Channel, BoxContent<'a>)>,
}

impl Pairwise<'_> {
    pub(crate) fn seal(
        self,
        keys: &RoomKeys,
        me: &Identity,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, SealError> {
        debug_assert_eq!(
            self.header.kind,
            Kind::Pairwise,
            "the caller numbers pairwise envelopes"
        );
        let count = u8::try_from(self.boxes.len()).map_err(|_| SealError::Recipients)?;
        let mut recipients: Vec<_> = self
            .boxes
            .iter()
            .map(|(channel, _)| channel.theirs())
            .collect();
        recipients.sort_unstable();
        // Two boxes to one person would share a key and a nonce.
        if count == 0
            || recipients
                .windows(2)
                .any(|pair| pair.first() == pair.last())
        {
            return Err(SealError::Recipients);
        }
        let contents: Vec<_> = self
            .boxes
            .iter()
            .map(|(_, content)| Zeroizing::new(content.encode()))
            .collect();
        let longest = contents
            .iter()
            .map(|content| content.len())
            .max()
            .unwrap_or(0);
        let count_len = usize::from(count);
        let needed = count_len
            .checked_mul(letter_len(longest) + TAG)
            .ok_or(SealError::TooLarge)?;
        let body_len = envelope::body_len(FRONT + needed + envelope::PAIRWISE_RESERVE)?;
        let box_len = (body_len - FRONT) / count_len;

        let header = self.header.encode();
        let bound = envelope::bound(&keys.room_id(), &header);
        let mut salt = [0; SALT];
        rng.fill_bytes(&mut salt);
        let mut body = Vec::with_capacity(body_len);
        body.extend_from_slice(&salt);
        body.push(count);
        for ((channel, _), content) in self.boxes.iter().zip(contents) {
            let letter = Letter {
                sent_at: self.sent_at,
                seen: self.seen,
                content,
            };
            let text = letter.encode(box_len - TAG, &bound, me.signing(), Some(&channel.theirs()));
            let key = box_key(&channel.outbound, &salt, &header);
            body.extend_from_slice(&seal::seal_once(&key, &bound, &text?));
        }
        body.resize(body_len, 0);
        Ok(envelope::wrap(keys, self.header, &body, rng))
    }
}
