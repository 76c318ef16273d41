//! Two members of an open-history room, to measure what one message costs.

use std::time::Duration;

use crypto::envelope::{Letter, Outer};
use crypto::hello::Introduction;
use crypto::identity::Identity;
use crypto::peer::{Opened, PeerKey};
use crypto::room::RoomKeys;
use crypto::seen::SeenDigest;
use crypto::sender::SenderKey;
use crypto::wire::RoomMode;
use rand_core::CryptoRng;

pub(crate) struct Pair {
    keys: RoomKeys,
    author: Identity,
    chain: SenderKey,
    peer: PeerKey,
}

impl Pair {
    pub(crate) fn new(rng: &mut impl CryptoRng) -> Self {
        let (keys, mode) = (RoomKeys::from_bytes(&[1; 64]), RoomMode::OpenHistory);
        let (author, reader) = (Identity::generate(rng), Identity::generate(rng));
        let chain = SenderKey::new(mode, Duration::ZERO, rng);
        let introduction = Introduction {
            revision: 1,
            sent_at: Duration::ZERO,
            mode,
            name: "Quiet Otter".to_owned(),
            bot: None,
            voucher: None,
            control_key: None,
            own_control: None,
            charter: Vec::new(),
        };
        let hello = chain
            .seal_hello(&keys, &author, &introduction, rng)
            .expect("invariant: a short hello fits");
        let outer = Outer::open(&keys, &hello.envelope).expect("invariant: it was just sealed");
        let hello = outer
            .open_hello(&keys)
            .expect("invariant: it was just signed");
        let peer = PeerKey::meet(&keys, &reader, &hello).expect("invariant: fresh keys contribute");
        Self {
            keys,
            author,
            chain,
            peer,
        }
    }

    /// One message of `length` bytes, sealed by one and opened by the other.
    pub(crate) fn pass(&mut self, length: usize, rng: &mut impl CryptoRng) {
        let letter = Letter {
            sent_at: Duration::ZERO,
            seen: SeenDigest::default(),
            content: vec![0x5A; length].into(),
        };
        if self.chain.generation().0 >= 240 {
            *self = Self::new(rng);
        }
        let sealed = self
            .chain
            .seal_message(&self.keys, &self.author, &letter, rng)
            .expect("invariant: the epoch is young");
        let outer =
            Outer::open(&self.keys, &sealed.envelope).expect("invariant: it was just sealed");
        let opened = self
            .peer
            .open(&outer, Duration::ZERO)
            .expect("invariant: the chain is known");
        assert_eq!(opened, Opened::Message(letter));
    }
}
