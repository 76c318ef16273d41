//! What is said about files: an offer is a message, its withdrawal too; the answers go to whoever offers, in boxes.

use core::fmt;

use crypto::file::{FileKey, PIECE_LEN};
use crypto::wire::FileId;
use crypto::wire::codec::{Reader, Writer};
use zeroize::Zeroizing;

use super::{Malformed, SayError};

/// The longest file name that is sent, in characters.
pub const LONGEST_FILE_NAME: usize = 255;
/// The longest file name that is taken, in bytes: as many characters of four bytes.
const NAME_BYTES: usize = 4 * LONGEST_FILE_NAME;
/// The longest media type, in bytes.
const TYPE_BYTES: usize = 127;
/// The longest file: as many pieces as their numbers can count.
const MOST_BYTES: u64 = u32::MAX as u64 * PIECE_LEN as u64;

pub(super) const OFFER: u8 = 20;
const ACCEPT: u8 = 21;
const DENY: u8 = 22;
pub(super) const WITHDRAW: u8 = 23;
const DONE: u8 = 24;
const STOP: u8 = 25;

/// A file that somebody would like to send: everything that it takes to fetch, open and check it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOffer {
    /// Its name at the relay.
    pub file: FileId,
    /// What its pieces are sealed under.
    pub(crate) key: FileKey,
    /// SHA-256 of all its bytes.
    pub sha256: [u8; 32],
    /// How many bytes it has; at least one.
    pub size: u64,
    /// Its media type as the sender's system names it, or nothing. Never to be believed.
    pub media_type: String,
    /// Its name as the sender's system knows it. Hostile until shown through the crate `text`; never a path.
    pub name: String,
}

impl FileOffer {
    /// How many pieces it has.
    pub(crate) fn pieces(&self) -> u32 {
        // `check` keeps the size within what numbers of pieces can count.
        u32::try_from(self.size.div_ceil(PIECE_LEN as u64)).unwrap_or(u32::MAX)
    }

    /// Where piece `index` begins, and how many bytes of the file it holds.
    pub(crate) fn range(&self, index: u32) -> (u64, usize) {
        let offset = u64::from(index) * PIECE_LEN as u64;
        let left = self.size.saturating_sub(offset);
        (
            offset,
            usize::try_from(left).unwrap_or(usize::MAX).min(PIECE_LEN),
        )
    }

    pub(super) fn check(&self) -> Result<(), SayError> {
        if self.size == 0 || self.name.is_empty() {
            return Err(SayError::Empty);
        }
        if self.size > MOST_BYTES {
            return Err(SayError::FileTooLarge);
        }
        let lengths = [
            (self.name.len(), NAME_BYTES),
            (self.media_type.len(), TYPE_BYTES),
        ];
        match lengths.into_iter().find(|(bytes, limit)| bytes > limit) {
            Some((bytes, limit)) => Err(SayError::TooLong { bytes, limit }),
            None => Ok(()),
        }
    }

    pub(super) fn encode(&self) -> Zeroizing<Vec<u8>> {
        // One allocation of the final size: growing would leave copies of the key behind.
        let length = 1 + 16 + 32 + 32 + 8 + 1 + self.media_type.len() + self.name.len();
        let mut writer = Writer::with_capacity(length);
        let type_len = u8::try_from(self.media_type.len()).unwrap_or(u8::MAX);
        writer
            .u8(OFFER)
            .put(&self.file.0)
            .put(self.key.as_bytes())
            .put(&self.sha256)
            .u64(self.size)
            .u8(type_len)
            .put(self.media_type.as_bytes())
            .put(self.name.as_bytes());
        Zeroizing::new(writer.finish())
    }

    /// Reads what follows the kind.
    pub(super) fn decode(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let file = FileId(reader.array()?);
        let key = FileKey::from_bytes(*Zeroizing::new(reader.array()?));
        let sha256 = reader.array()?;
        let size = reader.u64()?;
        let type_len = usize::from(reader.u8()?);
        let media_type = text(reader.take(type_len)?)?;
        Ok(Self {
            file,
            key,
            sha256,
            size,
            media_type,
            name: text(reader.rest())?,
        })
    }
}

fn text(bytes: &[u8]) -> Result<String, Malformed> {
    let text = core::str::from_utf8(bytes).map_err(|_| Malformed)?;
    Ok(text.to_owned())
}

/// A receiver's answer to whoever offers a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileSignal {
    /// "Send it, from this piece on."
    Accept {
        /// The file.
        file: FileId,
        /// The first piece that is still missing.
        from: u32,
    },
    /// "No, thank you."
    Deny(FileId),
    /// All of it is here.
    Done {
        /// The file.
        file: FileId,
        /// It is what was offered.
        intact: bool,
    },
    /// "Enough of it", after accepting.
    Stop(FileId),
}

impl FileSignal {
    pub(crate) fn encode(self) -> Zeroizing<Vec<u8>> {
        let mut writer = Writer::default();
        match self {
            Self::Accept { file, from } => writer.u8(ACCEPT).put(&file.0).u32(from),
            Self::Deny(file) => writer.u8(DENY).put(&file.0),
            Self::Done { file, intact } => writer.u8(DONE).put(&file.0).u8(u8::from(intact)),
            Self::Stop(file) => writer.u8(STOP).put(&file.0),
        };
        Zeroizing::new(writer.finish())
    }

    /// Reads an answer: `Ok(None)` for anything else, which may be a body.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Option<Self>, Malformed> {
        let mut reader = Reader::new(bytes);
        let kind = reader.u8()?;
        if !matches!(kind, ACCEPT | DENY | DONE | STOP) {
            return Ok(None);
        }
        let file = FileId(reader.array()?);
        let signal = match kind {
            ACCEPT => Self::Accept {
                file,
                from: reader.u32()?,
            },
            DENY => Self::Deny(file),
            DONE => Self::Done {
                file,
                intact: reader.flag("intact")?,
            },
            _ => Self::Stop(file),
        };
        reader.finish()?;
        Ok(Some(signal))
    }
}

/// Bytes of a file. Not shown when debugging.
#[derive(Clone, PartialEq, Eq)]
pub struct FileBytes(pub Vec<u8>);

impl fmt::Debug for FileBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileBytes({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use crypto::wire::SenderId;
    use proptest::prelude::*;

    use super::super::Body;
    use super::*;

    const AUTHOR: SenderId = SenderId([9; 16]);

    fn offer(size: u64, media_type: &str, name: &str) -> FileOffer {
        FileOffer {
            file: FileId([1; 16]),
            key: FileKey::from_bytes([2; 32]),
            sha256: [3; 32],
            size,
            media_type: media_type.to_owned(),
            name: name.to_owned(),
        }
    }

    #[test]
    fn an_offer_has_these_bytes() {
        let body = Body::Offer(Box::new(offer(258, "a/b", "n")));
        let bytes = [
            &[20][..],
            &[1; 16],
            &[2; 32],
            &[3; 32],
            &[0, 0, 0, 0, 0, 0, 1, 2],
            &[3],
            b"a/b",
            b"n",
        ]
        .concat();
        assert_eq!(*body.encode(), bytes);
        assert_eq!(Body::decode(&bytes, AUTHOR), Ok(body));
        for cut in 0..bytes.len() {
            assert_eq!(Body::decode(&bytes[..cut], AUTHOR), Err(Malformed), "{cut}");
        }
    }

    #[test]
    fn an_offer_of_nothing_or_of_too_much_is_none() {
        let longest = "x".repeat(NAME_BYTES);
        for (broken, why) in [
            (offer(0, "", "n"), "no bytes"),
            (offer(1, "", ""), "no name"),
            (offer(1, "", &format!("{longest}x")), "long name"),
            (offer(1, &"t".repeat(128), "n"), "long type"),
            (offer(MOST_BYTES + 1, "", "n"), "large"),
        ] {
            let bytes = broken.encode();
            assert_eq!(Body::decode(&bytes, AUTHOR), Err(Malformed), "{why}");
        }
        for good in [offer(1, "", &longest), offer(MOST_BYTES, "", "n")] {
            assert!(Body::decode(&good.encode(), AUTHOR).is_ok());
        }
    }

    #[test]
    fn pieces_cover_the_file_and_no_more() {
        let piece = PIECE_LEN as u64;
        for (size, pieces, last) in [
            (1, 1, 1),
            (piece, 1, PIECE_LEN),
            (piece + 1, 2, 1),
            (10 * piece - 1, 10, PIECE_LEN - 1),
        ] {
            let offer = offer(size, "", "n");
            assert_eq!(offer.pieces(), pieces, "{size}");
            assert_eq!(offer.range(pieces - 1).1, last, "{size}");
            assert_eq!(offer.range(pieces).1, 0, "{size}");
        }
        assert_eq!(offer(MOST_BYTES, "", "n").pieces(), u32::MAX);
    }

    #[test]
    fn answers_have_these_bytes() {
        let file = FileId([1; 16]);
        for (signal, kind, rest) in [
            (
                FileSignal::Accept { file, from: 258 },
                21,
                &[0, 0, 1, 2][..],
            ),
            (FileSignal::Deny(file), 22, &[]),
            (FileSignal::Done { file, intact: true }, 24, &[1]),
            (FileSignal::Stop(file), 25, &[]),
        ] {
            let bytes = [&[kind][..], &[1; 16], rest].concat();
            assert_eq!(*signal.encode(), bytes);
            assert_eq!(FileSignal::decode(&bytes), Ok(Some(signal)));
            for cut in 0..bytes.len() {
                assert_eq!(FileSignal::decode(&bytes[..cut]), Err(Malformed));
            }
            let longer = [&bytes[..], &[0]].concat();
            assert_eq!(FileSignal::decode(&longer), Err(Malformed));
        }
        assert_eq!(FileSignal::decode(&[1, 0, b'x']), Ok(None));
    }

    proptest! {
        #[test]
        fn an_offer_comes_back_as_it_was(
            size in 1..=MOST_BYTES,
            media_type in "[a-z/+.-]{0,127}",
            name in "\\PC{1,255}",
        ) {
            let body = Body::Offer(Box::new(offer(size, &media_type, &name)));
            prop_assert_eq!(Body::decode(&body.encode(), AUTHOR), Ok(body));
        }

        #[test]
        fn no_bytes_make_decoding_panic(bytes in proptest::collection::vec(any::<u8>(), 0..128)) {
            let _ = FileSignal::decode(&bytes);
            let _ = Body::decode(&[&[20][..], &bytes].concat(), AUTHOR);
        }
    }
}
