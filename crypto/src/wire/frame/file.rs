//! Frames about files. A file crosses the relay in pieces, each of which is a sealed message of one length, so that
//! what the relay learns of a file is how many pieces it has.
//!
//! ```text
//!  sender ──put──▶ relay ◀──get── receiver        a get for a piece that has not come yet waits for it
//!         ◀─taken─       ──piece─▶
//! ```

use super::refusal::Refusal;
use crate::wire::codec::{DecodeError, Reader, Writer};
use crate::wire::envelope::sealed_len;
use crate::wire::id::{FileId, MemberId};
use alloc::vec::Vec;
use core::time::Duration;

pub(super) const PUT: u8 = 0x09;
pub(super) const GET: u8 = 0x0A;
pub(super) const DROP: u8 = 0x0B;
pub(super) const TAKEN: u8 = 0x91;
pub(super) const PIECE: u8 = 0x92;
pub(super) const REFUSED: u8 = 0x93;

/// Bytes of a file in one piece; the last one is filled up with zeros before it is sealed.
pub const PIECE_LEN: usize = 60 * 1024;
/// Bytes of a sealed piece: all of them have this length.
pub const SEALED_PIECE: usize = sealed_len(PIECE_LEN);
/// Bytes of a piece frame in front of the sealed piece.
pub const PIECE_HEAD: usize = 1 + 16 + 16 + 4;

/// Where a piece is: the seat that put it there, the file, and its place in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PieceId {
    /// The sender's seat. Nobody can put pieces under somebody else's.
    pub owner: MemberId,
    /// The file.
    pub file: FileId,
    /// The place, from 0.
    pub index: u32,
}

/// What a client says to the relay about files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileRequest {
    /// Leaves a piece of an own file at the relay: `0x09 ‖ file(16) ‖ index(4) ‖ sealed piece`.
    Put {
        /// The file.
        file: FileId,
        /// The piece's place, from 0.
        index: u32,
        /// The sealed piece.
        piece: Vec<u8>,
    },
    /// Asks for a piece, now or as soon as it comes: `0x0A ‖ owner(16) ‖ file(16) ‖ index(4)`.
    Get(PieceId),
    /// The relay may forget this own file: `0x0B ‖ file(16)`.
    Drop {
        /// The file.
        file: FileId,
    },
}

/// What the relay says about files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileAnswer {
    /// The relay has this piece of an own file: `0x91 ‖ file(16) ‖ index(4)`.
    Taken {
        /// The file.
        file: FileId,
        /// The piece's place.
        index: u32,
    },
    /// A piece that was asked for: `0x92 ‖ owner(16) ‖ file(16) ‖ index(4) ‖ sealed piece`.
    Piece {
        /// Which one.
        id: PieceId,
        /// The sealed piece.
        piece: Vec<u8>,
    },
    /// No: `0x93 ‖ owner(16) ‖ file(16) ‖ index(4) ‖ refusal(1) ‖ retry after, milliseconds(4)`. An answer to a put
    /// names the own seat.
    Refused {
        /// Which piece.
        id: PieceId,
        /// Why.
        refusal: Refusal,
        /// How long to wait before trying again; zero where trying again is pointless.
        retry_after: Duration,
    },
}

/// A put whose piece still lies in the record it came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PutView<'a> {
    /// The file.
    pub file: FileId,
    /// The piece's place, from 0.
    pub index: u32,
    /// The sealed piece.
    pub piece: &'a [u8],
}

impl PieceId {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            owner: MemberId(reader.array()?),
            file: FileId(reader.array()?),
            index: reader.u32()?,
        })
    }

    fn encode(&self, writer: &mut Writer) {
        writer.put(&self.owner.0).put(&self.file.0).u32(self.index);
    }

    /// The part of a piece frame in front of the sealed piece, so that the relay copies a piece only once.
    pub fn head(&self) -> [u8; PIECE_HEAD] {
        let mut bytes = [PIECE]
            .into_iter()
            .chain(self.owner.0)
            .chain(self.file.0)
            .chain(self.index.to_be_bytes());
        core::array::from_fn(|_| bytes.next().unwrap_or_default())
    }
}

/// Only pieces of the one length are pieces.
fn sealed_piece<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], DecodeError> {
    reader.take(SEALED_PIECE)
}

fn decode_put<'a>(reader: &mut Reader<'a>) -> Result<PutView<'a>, DecodeError> {
    Ok(PutView {
        file: FileId(reader.array()?),
        index: reader.u32()?,
        piece: sealed_piece(reader)?,
    })
}

/// Reads a put without copying its piece. `None` where the frame is another one or broken; decoding it as a
/// [`ClientToRelay`](super::ClientToRelay) says which.
pub fn put_view(frame: &[u8]) -> Option<PutView<'_>> {
    let mut reader = Reader::new(frame);
    if reader.u8() != Ok(PUT) {
        return None;
    }
    let view = decode_put(&mut reader).ok()?;
    reader.finish().is_ok().then_some(view)
}

impl FileRequest {
    /// The frame's name in the protocol.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Put { .. } => "PutPiece",
            Self::Get(_) => "GetPiece",
            Self::Drop { .. } => "DropFile",
        }
    }

    pub(super) fn encode(&self, writer: &mut Writer) {
        match self {
            Self::Put { file, index, piece } => {
                writer.u8(PUT).put(&file.0).u32(*index).put(piece);
            }
            Self::Get(id) => id.encode(writer.u8(GET)),
            Self::Drop { file } => {
                writer.u8(DROP).put(&file.0);
            }
        }
    }

    /// Reads what follows the kind.
    pub(super) fn decode(kind: u8, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match kind {
            PUT => {
                let view = decode_put(reader)?;
                Ok(Self::Put {
                    file: view.file,
                    index: view.index,
                    piece: view.piece.to_vec(),
                })
            }
            GET => PieceId::decode(reader).map(Self::Get),
            DROP => Ok(Self::Drop {
                file: FileId(reader.array()?),
            }),
            kind => Err(DecodeError::UnknownKind(kind)),
        }
    }
}

impl FileAnswer {
    /// The frame's name in the protocol.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Taken { .. } => "PieceTaken",
            Self::Piece { .. } => "Piece",
            Self::Refused { .. } => "PieceRefused",
        }
    }

    pub(super) fn encode(&self, writer: &mut Writer) {
        match self {
            Self::Taken { file, index } => {
                writer.u8(TAKEN).put(&file.0).u32(*index);
            }
            Self::Piece { id, piece } => {
                writer.put(&id.head()).put(piece);
            }
            Self::Refused {
                id,
                refusal,
                retry_after,
            } => {
                id.encode(writer.u8(REFUSED));
                let wait = u32::try_from(retry_after.as_millis()).unwrap_or(u32::MAX);
                writer.u8(refusal.as_u8()).u32(wait);
            }
        }
    }

    /// Reads what follows the kind.
    pub(super) fn decode(kind: u8, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match kind {
            TAKEN => Ok(Self::Taken {
                file: FileId(reader.array()?),
                index: reader.u32()?,
            }),
            PIECE => Ok(Self::Piece {
                id: PieceId::decode(reader)?,
                piece: sealed_piece(reader)?.to_vec(),
            }),
            REFUSED => Ok(Self::Refused {
                id: PieceId::decode(reader)?,
                refusal: Refusal::from_u8(reader.u8()?),
                retry_after: Duration::from_millis(u64::from(reader.u32()?)),
            }),
            kind => Err(DecodeError::UnknownKind(kind)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ClientToRelay, RelayToClient};
    use super::*;
    use crate::wire::record::{MAX_FRAME, MAX_RECORD};
    use alloc::vec;

    const ID: PieceId = PieceId {
        owner: MemberId([1; 16]),
        file: FileId([2; 16]),
        index: 3,
    };

    #[test]
    fn four_piece_frames_fit_into_a_record() {
        const { assert!(PIECE_HEAD + SEALED_PIECE <= MAX_FRAME) };
        const { assert!(4 * (4 + PIECE_HEAD + SEALED_PIECE) <= MAX_RECORD) };
    }

    #[test]
    fn a_put_is_its_head_and_a_piece_of_the_one_length() {
        let put = ClientToRelay::File(FileRequest::Put {
            file: ID.file,
            index: ID.index,
            piece: vec![7; SEALED_PIECE],
        });
        let bytes = put.encode();
        assert_eq!(bytes.len(), 21 + SEALED_PIECE);
        assert_eq!(
            bytes[..21],
            [&[9][..], &[2; 16], &[0, 0, 0, 3]].concat()[..]
        );
        assert_eq!(ClientToRelay::decode(&bytes), Ok(put));
        let view = PutView {
            file: ID.file,
            index: ID.index,
            piece: &[7; SEALED_PIECE],
        };
        assert_eq!(put_view(&bytes), Some(view));
        for cut in [0, 1, 16, 17, 20, 21, bytes.len() - 1] {
            assert_eq!(
                ClientToRelay::decode(&bytes[..cut]),
                Err(DecodeError::Truncated)
            );
            assert_eq!(put_view(&bytes[..cut]), None);
        }
        let longer = [&bytes[..], &[0]].concat();
        assert_eq!(ClientToRelay::decode(&longer), Err(DecodeError::Trailing));
        assert_eq!(put_view(&longer), None);
        assert_eq!(put_view(&ClientToRelay::Leave.encode()), None);
    }

    #[test]
    fn a_piece_is_its_head_and_a_piece_of_the_one_length() {
        let frame = RelayToClient::File(FileAnswer::Piece {
            id: ID,
            piece: vec![7; SEALED_PIECE],
        });
        let bytes = frame.encode();
        let head = [&[0x92][..], &[1; 16], &[2; 16], &[0, 0, 0, 3]].concat();
        assert_eq!(ID.head()[..], head);
        assert_eq!(bytes, [&head[..], &[7; SEALED_PIECE]].concat());
        assert_eq!(RelayToClient::decode(&bytes), Ok(frame));
        for cut in [36, 37, bytes.len() - 1] {
            assert_eq!(
                RelayToClient::decode(&bytes[..cut]),
                Err(DecodeError::Truncated)
            );
        }
        let longer = [&bytes[..], &[0]].concat();
        assert_eq!(RelayToClient::decode(&longer), Err(DecodeError::Trailing));
    }
}
