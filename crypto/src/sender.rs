//! My side of a conversation: the chain that my messages are sealed with, and when it must be replaced. A
//! [`SenderKey`] can only seal; what others send is opened by a [`crate::peer::PeerKey`] for each of them.

use core::fmt;
use core::time::Duration;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::chain::ChainKey;
use crate::direct::{BoxContent, Pairwise};
use crate::envelope::{self, Header, Kind, Letter, SealError, Sealed};
use crate::error::OpenError;
use crate::hello::{Hello, Introduction, Start};
use crate::identity::Identity;
use crate::lone::LoneKey;
use crate::peer::PeerKey;
use crate::room::RoomKeys;
use crate::seen::SeenDigest;
use crate::wire::codec::Reader;
use crate::wire::{Epoch, Generation, RoomMode};

/// An epoch ends after this long, even if nobody leaves.
pub const EPOCH_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// Messages per epoch in a forward-secret room.
pub const EPOCH_MESSAGES: u32 = 1_000;
/// Messages per epoch in an open-history room. A newcomer starts from the epoch's announced beginning, so the whole
/// epoch must fit into a receiver's window ([`crate::peer::WINDOW`]).
pub const OPEN_EPOCH_MESSAGES: u32 = 250;
/// How far the numbers jump when a tab's saved state is taken up again: the saved state may be older than the last
/// envelope that this session sent.
const THAW_EPOCHS: u16 = 16;
const THAW_PAIRWISE: u32 = 4_096;
/// The pairwise number jumps by up to 2²⁰ more, drawn at random: two tabs that took up one state by accident do not then
/// send under the same numbers, of which receivers would drop the second.
const THAW_SPREAD: u32 = (1 << 20) - 1;

/// Seals what this session says. Holds the current chain only; the past is gone from it.
pub struct SenderKey {
    mode: RoomMode,
    epoch: Epoch,
    generation: Generation,
    chain: ChainKey,
    started: Duration,
    member_left: bool,
    /// The next pairwise envelope's number.
    pairwise: u32,
}

impl SenderKey {
    /// Bytes of a frozen sender key.
    pub const FROZEN: usize = 7;

    /// The first epoch of a new identity. `now` is a monotonic time with any origin, the same in all later calls.
    pub fn new(mode: RoomMode, now: Duration, rng: &mut impl CryptoRng) -> Self {
        Self {
            mode,
            epoch: Epoch(1),
            generation: Generation(0),
            chain: ChainKey::random(rng),
            started: now,
            member_left: false,
            pairwise: 0,
        }
    }

    /// The epoch of the next message.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The generation of the next message.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// Somebody left, was removed or timed out: what comes next must not be readable by them. Without effect in an
    /// open-history room, where whoever knew the name can read the ring anyway.
    pub fn member_left(&mut self) {
        self.member_left = self.mode == RoomMode::ForwardSecret;
    }

    /// Whether [`SenderKey::start_epoch`] must come before the next own message: somebody left, the epoch is 24 hours
    /// old, or it has sealed its 1,000 messages (250 in an open-history room).
    pub fn needs_new_epoch(&self, now: Duration) -> bool {
        self.member_left
            || now.saturating_sub(self.started) >= EPOCH_LIFETIME
            || self.generation.0 >= self.limit()
    }

    /// Begins the next epoch with a fresh chain. Afterwards nobody can read this session's messages until it has
    /// announced the chain: [`SenderKey::announce`] in a forward-secret room, a new hello in an open-history room.
    ///
    /// # Errors
    /// [`SealError::IdentitySpent`] after epoch 65,535.
    pub fn start_epoch(
        &mut self,
        now: Duration,
        rng: &mut impl CryptoRng,
    ) -> Result<(), SealError> {
        self.epoch = Epoch(
            self.epoch
                .0
                .checked_add(1)
                .ok_or(SealError::IdentitySpent)?,
        );
        self.generation = Generation(0);
        self.chain = ChainKey::random(rng);
        self.started = now;
        self.member_left = false;
        Ok(())
    }

    /// Seals a hello. In an open-history room it carries the chain from here on.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] where the introduction does not fit.
    pub fn seal_hello(
        &self,
        keys: &RoomKeys,
        me: &Identity,
        introduction: &Introduction,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, SealError> {
        self.seal_hello_with(keys, me, introduction, None, rng)
    }

    /// Seals a hello that also carries the key of one earlier message, which an open-history room's newcomers would not
    /// have from the chain. In a forward-secret room it carries none: see [`SenderKey::hand_over`].
    ///
    /// # Errors
    /// As [`SenderKey::seal_hello`].
    pub fn seal_hello_with(
        &self,
        keys: &RoomKeys,
        me: &Identity,
        introduction: &Introduction,
        lone: Option<&LoneKey>,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, SealError> {
        let is_open = self.mode == RoomMode::OpenHistory;
        let start = is_open.then(|| self.start());
        let lone = lone.filter(|_| is_open);
        Hello::seal(keys, me, introduction, start.as_ref(), lone, rng)
    }

    /// Seals a message to everybody who has this epoch's chain, and steps the chain.
    ///
    /// # Errors
    /// [`SealError::TooLarge`], or [`SealError::EpochSpent`] where [`SenderKey::start_epoch`] was due by count. Nothing
    /// changes in either case.
    pub fn seal_message(
        &mut self,
        keys: &RoomKeys,
        me: &Identity,
        letter: &Letter,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, SealError> {
        if self.generation.0 >= self.limit() {
            return Err(SealError::EpochSpent);
        }
        let body_len = envelope::message_body_len(letter.content.len())?;
        let header = Header {
            kind: Kind::Message,
            sid: me.sender_id(),
            epoch: self.epoch,
            generation: self.generation,
        };
        let bound = envelope::bound(&keys.room_id(), &header.encode());
        let text = letter.encode(
            body_len - envelope::MESSAGE_FRONT,
            &bound,
            me.signing(),
            None,
        )?;
        let (message_key, next) = self.chain.trial_copy().step();
        self.chain = next;
        self.generation = Generation(self.generation.0 + 1);
        let key = LoneKey {
            epoch: header.epoch,
            generation: header.generation,
            key: message_key.trial_copy(),
        };
        let body = message_key.seal(&bound, &text);
        Ok(Sealed {
            key: Some(key),
            ..envelope::wrap(keys, header, &body, rng)
        })
    }

    /// Seals this epoch's chain, from here on, to each of these peers, in one envelope. Forward-secret rooms only.
    ///
    /// # Errors
    /// [`SealError::Recipients`] for nobody, more than 255, or the same peer twice; [`SealError::TooLarge`];
    /// [`SealError::IdentitySpent`].
    pub fn announce(
        &mut self,
        keys: &RoomKeys,
        me: &Identity,
        to: &[&PeerKey],
        sent_at: Duration,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, SealError> {
        let start = self.start();
        let boxes = to
            .iter()
            .map(|peer| (peer.channel(), BoxContent::ChainKey(&start)))
            .collect();
        self.seal_pairwise(keys, me, sent_at, SeenDigest::default(), boxes, rng)
    }

    /// Seals the key of one message to each of these peers, who may not have its chain. Forward-secret rooms only.
    ///
    /// # Errors
    /// As [`SenderKey::announce`].
    pub fn hand_over(
        &mut self,
        keys: &RoomKeys,
        me: &Identity,
        lone: &LoneKey,
        to: &[&PeerKey],
        sent_at: Duration,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, SealError> {
        let boxes = to
            .iter()
            .map(|peer| (peer.channel(), BoxContent::LoneKey(lone)))
            .collect();
        self.seal_pairwise(keys, me, sent_at, SeenDigest::default(), boxes, rng)
    }

    /// Seals a letter to one peer alone. Outside it has the size of a room message of the same length.
    ///
    /// # Errors
    /// [`SealError::TooLarge`] or [`SealError::IdentitySpent`].
    pub fn seal_private(
        &mut self,
        keys: &RoomKeys,
        me: &Identity,
        to: &PeerKey,
        letter: &Letter,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, SealError> {
        self.seal_private_to_each(keys, me, &[to], letter, rng)
    }

    /// Seals one letter to each of these peers and nobody else, without telling one of the other.
    ///
    /// # Errors
    /// [`SealError::Recipients`] for nobody, more than 255, or the same peer twice; [`SealError::TooLarge`];
    /// [`SealError::IdentitySpent`].
    pub fn seal_private_to_each(
        &mut self,
        keys: &RoomKeys,
        me: &Identity,
        to: &[&PeerKey],
        letter: &Letter,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, SealError> {
        let boxes = to
            .iter()
            .map(|peer| (peer.channel(), BoxContent::Private(&letter.content)))
            .collect();
        self.seal_pairwise(keys, me, letter.sent_at, letter.seen, boxes, rng)
    }

    fn seal_pairwise(
        &mut self,
        keys: &RoomKeys,
        me: &Identity,
        sent_at: Duration,
        seen: SeenDigest,
        boxes: Vec<(&crate::direct::Channel, BoxContent<'_>)>,
        rng: &mut impl CryptoRng,
    ) -> Result<Sealed, SealError> {
        let next = self
            .pairwise
            .checked_add(1)
            .ok_or(SealError::IdentitySpent)?;
        let header = Header {
            kind: Kind::Pairwise,
            sid: me.sender_id(),
            epoch: Epoch(0),
            generation: Generation(self.pairwise),
        };
        let sealed = Pairwise {
            header,
            sent_at,
            seen,
            boxes,
        }
        .seal(keys, me, rng)?;
        self.pairwise = next;
        Ok(sealed)
    }

    fn start(&self) -> Start {
        Start {
            epoch: self.epoch,
            generation: self.generation,
            chain: self.chain.trial_copy(),
        }
    }

    fn limit(&self) -> u32 {
        match self.mode {
            RoomMode::ForwardSecret => EPOCH_MESSAGES,
            RoomMode::OpenHistory => OPEN_EPOCH_MESSAGES,
        }
    }

    /// What must survive a reload of the tab: numbers only. The chain itself is never saved.
    pub fn freeze(&self) -> Zeroizing<[u8; Self::FROZEN]> {
        let mut bytes = Zeroizing::new([0; Self::FROZEN]);
        let (mode, rest) = bytes.split_at_mut(1);
        let (epoch, pairwise) = rest.split_at_mut(2);
        mode.copy_from_slice(&[self.mode as u8]);
        epoch.copy_from_slice(&self.epoch.0.to_be_bytes());
        pairwise.copy_from_slice(&self.pairwise.to_be_bytes());
        bytes
    }

    /// Goes on with the same identity in a fresh epoch, which must be announced before the next message. Numbers jump,
    /// so that nothing sent after the state was saved is used again.
    ///
    /// # Errors
    /// [`OpenError::Authentication`] for bytes that [`SenderKey::freeze`] did not make, or when the identity is used
    /// up: then start with a new one.
    pub fn thaw(
        bytes: &[u8; Self::FROZEN],
        now: Duration,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, OpenError> {
        let mut reader = Reader::new(bytes);
        let mode = if reader.flag("mode")? {
            RoomMode::OpenHistory
        } else {
            RoomMode::ForwardSecret
        };
        let epoch = reader
            .u16()?
            .checked_add(THAW_EPOCHS)
            .ok_or(OpenError::Authentication)?;
        let pairwise = reader
            .u32()?
            .checked_add(THAW_PAIRWISE + (rng.next_u32() & THAW_SPREAD))
            .ok_or(OpenError::Authentication)?;
        reader.finish()?;
        Ok(Self {
            epoch: Epoch(epoch),
            pairwise,
            ..Self::new(mode, now, rng)
        })
    }
}

impl fmt::Debug for SenderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SenderKey")
            .field("epoch", &self.epoch)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}
