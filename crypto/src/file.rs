//! Files: each one is sealed under its own random key, so that the key, which travels in a message, is all that opens
//! it, and forgetting the message forgets the file.
//!
//! ```text
//! piece i = Cobblestone-256(file key, context "roomkey/1 file" ‖ room(32) ‖ file id(16) ‖ i(4), 61,440 bytes)
//! ```
//!
//! Every piece is a message of its own, with its own salt: any of them can be opened alone, none can take another's
//! place, and sealing one again after the file has changed on the disk repeats no nonce.

use core::fmt;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::cobblestone;
use crate::error::OpenError;
use crate::key::label;
pub use crate::wire::FileId;
use crate::wire::RoomId;
pub use crate::wire::frame::file::{PIECE_LEN, SEALED_PIECE};

/// The key of one file. Wiped on drop.
#[derive(Clone, PartialEq, Eq)]
pub struct FileKey(Zeroizing<[u8; 32]>);

impl FileKey {
    /// A new key.
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(bytes.as_mut_slice());
        Self(bytes)
    }

    /// The key that came in a message.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key, to put it into a message.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals piece `index` of the file: at most [`PIECE_LEN`] bytes, filled up with zeros.
    ///
    /// # Panics
    /// Where there are more bytes than a piece holds.
    pub fn seal(
        &self,
        room: &RoomId,
        file: &FileId,
        index: u32,
        content: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Vec<u8> {
        assert!(
            content.len() <= PIECE_LEN,
            "invariant: a piece is {PIECE_LEN} bytes at most"
        );
        let context = context(room, file, index);
        if content.len() == PIECE_LEN {
            return cobblestone::seal(&self.0, &context, content, rng);
        }
        let mut padded = Zeroizing::new(Vec::with_capacity(PIECE_LEN));
        padded.extend_from_slice(content);
        padded.resize(PIECE_LEN, 0);
        cobblestone::seal(&self.0, &context, &padded, rng)
    }

    /// Opens piece `index`, which holds `length` bytes of the file.
    ///
    /// # Errors
    /// [`OpenError::Authentication`] where this is anything but that piece of that file in that room, or where zeros
    /// do not follow its bytes.
    pub fn open(
        &self,
        room: &RoomId,
        file: &FileId,
        index: u32,
        length: usize,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let mut content = cobblestone::open(&self.0, &context(room, file, index), sealed)?;
        let padding = content.get(length..).ok_or(OpenError::Authentication)?;
        if content.len() != PIECE_LEN || padding.iter().any(|byte| *byte != 0) {
            return Err(OpenError::Authentication);
        }
        content.truncate(length);
        Ok(content)
    }
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileKey(…)")
    }
}

fn context(room: &RoomId, file: &FileId, index: u32) -> Vec<u8> {
    [label::FILE, &room.0, &file.0, &index.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Rng;

    const ROOM: RoomId = RoomId([1; 32]);
    const FILE: FileId = FileId([2; 16]);

    fn sealed(index: u32, content: &[u8]) -> (FileKey, Vec<u8>) {
        let mut rng = Rng::seeded(1);
        let key = FileKey::random(&mut rng);
        let piece = key.seal(&ROOM, &FILE, index, content, &mut rng);
        (key, piece)
    }

    #[test]
    fn every_piece_has_one_length_and_opens_to_its_bytes() {
        for length in [0, 1, PIECE_LEN - 1, PIECE_LEN] {
            let content: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
            let (key, piece) = sealed(7, &content);
            assert_eq!(piece.len(), SEALED_PIECE);
            assert_eq!(
                *key.open(&ROOM, &FILE, 7, length, &piece).unwrap(),
                content,
                "{length}"
            );
        }
    }

    #[test]
    fn a_piece_belongs_to_its_room_its_file_and_its_place() {
        let (key, piece) = sealed(7, b"text");
        let open = |room, file, index, length| key.open(room, file, index, length, &piece).is_ok();
        assert!(open(&ROOM, &FILE, 7, 4));
        assert!(!open(&RoomId([9; 32]), &FILE, 7, 4));
        assert!(!open(&ROOM, &FileId([9; 16]), 7, 4));
        assert!(!open(&ROOM, &FILE, 8, 4));
        let other = FileKey::from_bytes([3; 32]);
        assert!(other.open(&ROOM, &FILE, 7, 4, &piece).is_err());
    }

    #[test]
    fn what_follows_the_last_bytes_must_be_zeros() {
        let (key, piece) = sealed(0, b"longer than it was said to be");
        assert!(key.open(&ROOM, &FILE, 0, 4, &piece).is_err());
        assert!(key.open(&ROOM, &FILE, 0, PIECE_LEN + 1, &piece).is_err());
    }

    #[test]
    fn a_changed_or_cut_piece_does_not_open() {
        let (key, piece) = sealed(0, &[5; PIECE_LEN]);
        for at in [0, 30, 60, 20_000, SEALED_PIECE - 1] {
            let mut changed = piece.clone();
            changed[at] ^= 1;
            assert!(key.open(&ROOM, &FILE, 0, PIECE_LEN, &changed).is_err());
        }
        assert!(
            key.open(&ROOM, &FILE, 0, PIECE_LEN, &piece[..SEALED_PIECE - 1])
                .is_err()
        );
        let short = cobblestone::seal(
            key.as_bytes(),
            &context(&ROOM, &FILE, 0),
            b"short",
            &mut Rng::seeded(2),
        );
        assert!(key.open(&ROOM, &FILE, 0, 5, &short).is_err());
    }
}
