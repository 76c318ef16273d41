//! The smallest member that can speak.

use std::time::Duration;

use crypto::control::{Command, ControlKey, Notice, Statement};
use crypto::envelope::{Letter, SealError, Sealed};
use crypto::hello::Introduction;
use crypto::identity::Identity;
use crypto::peer::PeerKey;
use crypto::room::RoomKeys;
use crypto::seen::SeenDigest;
use crypto::sender::SenderKey;
use crypto::wire::RoomMode;

use super::receiver::Receiver;
use super::rng::Frozen;

/// 2026-01-02 03:04:05.678 UTC.
pub(crate) const SENT_AT: Duration = Duration::from_millis(1_767_323_045_678);

pub(crate) struct Author {
    pub(crate) keys: RoomKeys,
    pub(crate) me: Identity,
    pub(crate) chain: SenderKey,
    pub(crate) mode: RoomMode,
    pub(crate) revision: u32,
    pub(crate) rng: Frozen,
}

impl Author {
    pub(crate) fn new(keys: &RoomKeys, mode: RoomMode, seed: u64) -> Self {
        let mut rng = Frozen::new(seed);
        let me = Identity::generate(&mut rng);
        let chain = SenderKey::new(mode, Duration::ZERO, &mut rng);
        Self {
            keys: keys.clone(),
            me,
            chain,
            mode,
            revision: 0,
            rng,
        }
    }

    pub(crate) fn introduction(&mut self) -> Introduction {
        self.revision += 1;
        Introduction {
            revision: self.revision,
            sent_at: SENT_AT,
            mode: self.mode,
            name: "Quiet Otter".to_owned(),
            bot: None,
            voucher: None,
            control_key: None,
            own_control: None,
            charter: Vec::new(),
        }
    }

    pub(crate) fn control(&self) -> ControlKey {
        ControlKey::of(&self.me, &self.keys.room_id())
    }

    pub(crate) fn state(&self, number: u32, command: Command) -> Statement {
        self.control().state(number, SENT_AT, command).unwrap()
    }

    pub(crate) fn notice(&mut self, notice: &Notice) -> Sealed {
        notice.seal(&self.keys, &self.me, &mut self.rng).unwrap()
    }

    pub(crate) fn hello(&mut self) -> Sealed {
        let introduction = self.introduction();
        self.hello_with(&introduction)
    }

    pub(crate) fn hello_with(&mut self, introduction: &Introduction) -> Sealed {
        self.chain
            .seal_hello(&self.keys, &self.me, introduction, &mut self.rng)
            .unwrap()
    }

    pub(crate) fn say(&mut self, text: &str) -> Sealed {
        self.try_say(text).unwrap()
    }

    pub(crate) fn try_say(&mut self, text: &str) -> Result<Sealed, SealError> {
        self.chain
            .seal_message(&self.keys, &self.me, &letter(text), &mut self.rng)
    }

    pub(crate) fn whisper(&mut self, to: &PeerKey, text: &str) -> Sealed {
        self.chain
            .seal_private(&self.keys, &self.me, to, &letter(text), &mut self.rng)
            .unwrap()
    }

    pub(crate) fn announce(&mut self, to: &[&PeerKey]) -> Sealed {
        self.chain
            .announce(&self.keys, &self.me, to, SENT_AT, &mut self.rng)
            .unwrap()
    }

    /// Hands over what opens this message alone.
    pub(crate) fn hand_over(&mut self, said: &Sealed, to: &[&PeerKey]) -> Sealed {
        let key = said.key.as_ref().unwrap();
        self.chain
            .hand_over(&self.keys, &self.me, key, to, SENT_AT, &mut self.rng)
            .unwrap()
    }

    /// A hello that carries what opens this message alone.
    pub(crate) fn hello_for(&mut self, said: &Sealed) -> Sealed {
        let introduction = self.introduction();
        let key = said.key.as_ref();
        self.chain
            .seal_hello_with(&self.keys, &self.me, &introduction, key, &mut self.rng)
            .unwrap()
    }

    pub(crate) fn next_epoch(&mut self) {
        self.chain
            .start_epoch(Duration::ZERO, &mut self.rng)
            .unwrap();
    }

    /// How this author sees a receiver.
    pub(crate) fn knows(&self, receiver: &mut Receiver, seed: u64) -> PeerKey {
        let mut other = Self::new(&receiver.keys, self.mode, seed);
        other.me = Identity::thaw(&receiver.me.freeze());
        let outer = crypto::envelope::Outer::open(&self.keys, &other.hello().envelope).unwrap();
        PeerKey::meet(&self.keys, &self.me, &outer.open_hello(&self.keys).unwrap()).unwrap()
    }
}

pub(crate) fn letter(text: &str) -> Letter {
    Letter {
        sent_at: SENT_AT,
        seen: SeenDigest([7; 8]),
        content: text.as_bytes().to_vec().into(),
    }
}

pub(crate) fn room(byte: u8) -> RoomKeys {
    RoomKeys::from_bytes(&[byte; 64])
}

/// A receiver that has met the author and, in a forward-secret room, been given its chain.
pub(crate) fn acquainted(mode: RoomMode) -> (Author, Receiver, PeerKey) {
    let keys = room(1);
    let mut author = Author::new(&keys, mode, 1);
    let mut receiver = Receiver::new(keys, Identity::generate(&mut Frozen::new(2)));
    let peer = author.knows(&mut receiver, 3);
    receiver.try_receive(&author.hello().envelope).unwrap();
    if mode == RoomMode::ForwardSecret {
        receiver
            .try_receive(&author.announce(&[&peer]).envelope)
            .unwrap();
    }
    (author, receiver, peer)
}
