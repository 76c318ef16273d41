//! Files: each one is sealed under its own random key, so that the key, which travels in a message, is all that opens
//! it, and forgetting the message forgets the file.

use core::fmt;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::cobblestone::{Opener, PREFIX, Sealer};
use crate::error::OpenError;
use crate::key::label;
use crate::wire::RoomId;

/// The name of a file at the relay: random, 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub [u8; 16]);

/// The key of one file. Wiped on drop.
#[derive(Clone)]
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

    /// Starts sealing the file. The returned bytes go in front of its first chunk.
    pub fn seal(
        &self,
        room: &RoomId,
        file: &FileId,
        rng: &mut impl CryptoRng,
    ) -> (Sealer, [u8; PREFIX]) {
        Sealer::start(&self.0, &context(room, file), rng)
    }

    /// Starts opening the file, whose first bytes are `prefix`.
    ///
    /// # Errors
    /// [`OpenError::Authentication`] where this is another file, of another room, or under another key.
    pub fn open(
        &self,
        room: &RoomId,
        file: &FileId,
        prefix: &[u8; PREFIX],
    ) -> Result<Opener, OpenError> {
        Opener::start(&self.0, &context(room, file), prefix)
    }
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileKey(…)")
    }
}

fn context(room: &RoomId, file: &FileId) -> Vec<u8> {
    [label::FILE, &room.0, &file.0].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cobblestone::{self, SEALED_CHUNK};
    use crate::tests::Rng;
    use crate::wire::envelope::CHUNK;

    const ROOM: RoomId = RoomId([1; 32]);
    const FILE: FileId = FileId([2; 16]);

    fn sealed(plaintext: &[u8]) -> (FileKey, Vec<u8>) {
        let mut rng = Rng::seeded(1);
        let key = FileKey::random(&mut rng);
        let (mut sealer, prefix) = key.seal(&ROOM, &FILE, &mut rng);
        let mut sealed = prefix.to_vec();
        let (full, rest) = plaintext.as_chunks::<CHUNK>();
        for chunk in full {
            sealed.extend(sealer.push(chunk));
        }
        sealed.extend(sealer.finish(rest).unwrap());
        (key, sealed)
    }

    #[test]
    fn chunks_open_in_any_order_and_the_last_one_says_so() {
        let plaintext: Vec<u8> = (0..CHUNK * 2 + 5).map(|i| (i % 251) as u8).collect();
        let (key, sealed) = sealed(&plaintext);
        let (prefix, body) = sealed.split_first_chunk().unwrap();
        let opener = key.open(&ROOM, &FILE, prefix).unwrap();
        let chunks: Vec<_> = body.chunks(SEALED_CHUNK).collect();
        for index in [2, 0, 1] {
            let opened = opener.open(index as u64, chunks[index]).unwrap();
            assert_eq!(
                opened.plaintext.as_slice(),
                plaintext.chunks(CHUNK).nth(index).unwrap()
            );
            assert_eq!(opened.is_last, index == 2);
        }
        assert!(
            opener.open(1, chunks[0]).is_err(),
            "chunks cannot change places"
        );
        assert!(opener.open(1 << 38, chunks[0]).is_err());
    }

    #[test]
    fn a_file_of_whole_chunks_ends_with_an_empty_one() {
        let (key, sealed) = sealed(&vec![0; CHUNK]);
        assert_eq!(sealed.len(), PREFIX + SEALED_CHUNK + 16);
        let opener = key
            .open(&ROOM, &FILE, sealed.first_chunk().unwrap())
            .unwrap();
        assert!(
            opener
                .open(1, &sealed[PREFIX + SEALED_CHUNK..])
                .unwrap()
                .is_last
        );
    }

    #[test]
    fn streaming_and_whole_messages_are_one_format() {
        let plaintext = vec![3; CHUNK + 1];
        let (key, sealed) = sealed(&plaintext);
        let opened = cobblestone::open(key.as_bytes(), &context(&ROOM, &FILE), &sealed).unwrap();
        assert_eq!(*opened, plaintext);
    }

    #[test]
    fn a_file_belongs_to_its_room_and_its_id() {
        let (key, sealed) = sealed(b"text");
        let prefix = sealed.first_chunk().unwrap();
        assert!(key.open(&RoomId([9; 32]), &FILE, prefix).is_err());
        assert!(key.open(&ROOM, &FileId([9; 16]), prefix).is_err());
    }

    #[test]
    fn a_last_chunk_must_be_short() {
        let mut rng = Rng::seeded(1);
        let (sealer, _) = FileKey::random(&mut rng).seal(&ROOM, &FILE, &mut rng);
        assert!(sealer.finish(&[0; CHUNK]).is_none());
    }
}
