//! What members say: for our relay sealed ahead with real keys, for everybody else as long as the text inside.

use std::time::Duration;

use anyhow::Result;
use crypto::envelope::Letter;
use crypto::identity::Identity;
use crypto::room::RoomKeys;
use crypto::seen::SeenDigest;
use crypto::sender::SenderKey;
use crypto::wire::RoomMode;
use getrandom::SysRng;
use rand_core::{Rng as _, UnwrapErr};

use crate::member::Dialect;

/// Bytes at the end of every message by which it is told from all others.
pub const TAIL: usize = 16;

/// See [`TAIL`].
pub type Tail = [u8; TAIL];

/// The system's generator.
pub fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

/// The last bytes of a message.
pub fn tail(message: &[u8]) -> Option<Tail> {
    message.last_chunk().copied()
}

/// The keys of a room. Stretching them from a name is not what is measured here.
pub fn room_keys(room: usize) -> RoomKeys {
    let mut root = [0x5a; 64];
    for (slot, byte) in root.iter_mut().zip(room.to_be_bytes()) {
        *slot = byte;
    }
    RoomKeys::from_bytes(&root)
}

/// `count` different messages for one room, each with `size` bytes of text.
///
/// # Errors
/// Where a text of that size cannot be sealed.
pub fn write(dialect: Dialect, room: usize, size: usize, count: usize) -> Result<Vec<Vec<u8>>> {
    let mut rng = rng();
    if dialect != Dialect::Roomkey {
        let message = |_| {
            // Letters only, so that it travels in a text message as well.
            let mut bytes = vec![0; size];
            rng.fill_bytes(&mut bytes);
            bytes.iter_mut().for_each(|byte| *byte = b'a' + *byte % 26);
            bytes
        };
        return Ok((0..count).map(message).collect());
    }
    let keys = room_keys(room);
    let me = Identity::generate(&mut rng);
    let mut sender = SenderKey::new(RoomMode::OpenHistory, Duration::ZERO, &mut rng);
    let mut content = vec![b'x'; size + 1];
    if let Some(kind) = content.first_mut() {
        *kind = 1;
    }
    let letter = Letter {
        sent_at: Duration::from_secs(1_800_000_000),
        seen: SeenDigest::default(),
        content: content.into(),
    };
    let mut envelopes = Vec::with_capacity(count);
    for _ in 0..count {
        if sender.needs_new_epoch(Duration::ZERO) {
            sender.start_epoch(Duration::ZERO, &mut rng)?;
        }
        let sealed = sender.seal_message(&keys, &me, &letter, &mut rng)?;
        envelopes.push(sealed.envelope);
    }
    Ok(envelopes)
}
