//! Frames from a client to the relay.

use super::file::{self, FileRequest};
use super::opening::Opening;
use super::order::Order;
use crate::wire::codec::{DecodeError, Reader, Writer};
use crate::wire::id::{LocalId, MemberId, ResumeToken, RoomId, Seq};
use alloc::vec::Vec;

const LOOK: u8 = 0x01;
const JOIN: u8 = 0x02;
const PUBLISH: u8 = 0x03;
const LEAVE: u8 = 0x04;
const PING: u8 = 0x05;
const CONTROL: u8 = 0x06;
const PURGE: u8 = 0x07;

/// How long the relay holds an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Keep {
    /// Only in the short buffer that resuming members are served from.
    Transient = 0,
    /// Also in the room's history ring.
    Ring = 1,
    /// A hello. The newest one of every present member stays; an older one, or that of somebody who left, stays for
    /// as long as the ring holds an envelope that the same seat published after it.
    Anchor = 2,
}

/// How a client takes its seat back: `member(16) ‖ token(16) ‖ last seq seen(8)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resume {
    /// The seat.
    pub member: MemberId,
    /// The proof that it is this client's seat.
    pub token: ResumeToken,
    /// The last envelope that the client has seen.
    pub last: Seq,
}

/// What a client says to the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientToRelay {
    /// Asks how full a room is, before entering: `0x01 ‖ room(32) ‖ proof(64)`.
    Look {
        /// The room's address.
        room: RoomId,
        /// The signature of [`join_message`](crate::wire::handshake::join_message) under that address.
        proof: [u8; 64],
    },
    /// Takes a seat: `0x02 ‖ room(32) ‖ proof(64) ‖ opening(73) ‖ resume flag(1) ‖ resume(40)`. Without resumption the
    /// flag and the 40 bytes are zero, so that both kinds of join have one length.
    Join {
        /// The room's address.
        room: RoomId,
        /// The signature of [`join_message`](crate::wire::handshake::join_message) under that address.
        proof: [u8; 64],
        /// What the room is to be like, should it not exist yet.
        opening: Opening,
        /// The seat to take back.
        resume: Option<Resume>,
    },
    /// Sends an envelope to everybody else: `0x03 ‖ local(4) ‖ keep(1) ‖ envelope`.
    Publish {
        /// The client's number for it, repeated in the relay's answer.
        local: LocalId,
        /// How long the relay holds it.
        keep: Keep,
        /// The sealed envelope.
        envelope: Vec<u8>,
    },
    /// Gives the seat up: `0x04`.
    Leave,
    /// Asks for a sign of life: `0x05 ‖ echo(4)`.
    Ping {
        /// Comes back in the pong.
        echo: u32,
    },
    /// Orders something about the room: `0x06 ‖ local(4) ‖ signer(32) ‖ order(33) ‖ signature(64)`.
    Control {
        /// The client's number for it, from the same count as its publications.
        local: LocalId,
        /// The control key that signed.
        signer: [u8; 32],
        /// What the relay is to do.
        order: Order,
        /// The signature of [`control_message`](crate::wire::control_message) by that key.
        signature: [u8; 64],
    },
    /// Ends the room for everybody and erases what the relay holds of it: `0x07 ‖ local(4) ‖ secret(32) ‖ notice`.
    Purge {
        /// The client's number for it, from the same count as its publications.
        local: LocalId,
        /// Its SHA-256 is what the room was opened with, or was given since.
        secret: [u8; 32],
        /// A sealed envelope that tells the others who did it and when.
        notice: Vec<u8>,
    },
    /// Something about files.
    File(FileRequest),
}

/// A publish frame whose envelope still lies in the record it came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishView<'a> {
    /// The client's number for it.
    pub local: LocalId,
    /// How long the relay holds it.
    pub keep: Keep,
    /// The sealed envelope.
    pub envelope: &'a [u8],
}

impl Keep {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match reader.u8()? {
            0 => Ok(Self::Transient),
            1 => Ok(Self::Ring),
            2 => Ok(Self::Anchor),
            _ => Err(DecodeError::Invalid("keep class")),
        }
    }
}

impl Resume {
    fn decode_optional(reader: &mut Reader<'_>) -> Result<Option<Self>, DecodeError> {
        if reader.flag("resume flag")? {
            return Ok(Some(Self {
                member: MemberId(reader.array()?),
                token: ResumeToken(reader.array()?),
                last: Seq(reader.u64()?),
            }));
        }
        // One way to say "no resumption", so that a frame has one encoding.
        if reader.array::<40>()? == [0; 40] {
            Ok(None)
        } else {
            Err(DecodeError::Invalid("resume padding"))
        }
    }

    fn encode_optional(resume: Option<&Self>, writer: &mut Writer) {
        match resume {
            Some(resume) => writer
                .u8(1)
                .put(&resume.member.0)
                .put(&resume.token.0)
                .u64(resume.last.0),
            None => writer.put(&[0; 41]),
        };
    }
}

fn local_id(reader: &mut Reader<'_>) -> Result<LocalId, DecodeError> {
    match reader.u32()? {
        u32::MAX => Err(DecodeError::Invalid("local id")),
        local => Ok(LocalId(local)),
    }
}

fn decode_publish<'a>(reader: &mut Reader<'a>) -> Result<PublishView<'a>, DecodeError> {
    Ok(PublishView {
        local: local_id(reader)?,
        keep: Keep::decode(reader)?,
        envelope: reader.rest(),
    })
}

/// Reads a publish frame without copying its envelope. `None` where the frame is another one or broken;
/// [`ClientToRelay::decode`] says which.
pub fn publish_view(frame: &[u8]) -> Option<PublishView<'_>> {
    let mut reader = Reader::new(frame);
    (reader.u8() == Ok(PUBLISH))
        .then(|| decode_publish(&mut reader).ok())
        .flatten()
}

impl ClientToRelay {
    /// The frame's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        match self {
            Self::Look { room, proof } => {
                writer.u8(LOOK).put(&room.0).put(proof);
            }
            Self::Join {
                room,
                proof,
                opening,
                resume,
            } => {
                writer.u8(JOIN).put(&room.0).put(proof);
                opening.encode(&mut writer);
                Resume::encode_optional(resume.as_ref(), &mut writer);
            }
            Self::Publish {
                local,
                keep,
                envelope,
            } => {
                writer
                    .u8(PUBLISH)
                    .u32(local.0)
                    .u8(*keep as u8)
                    .put(envelope);
            }
            Self::Leave => {
                writer.u8(LEAVE);
            }
            Self::Ping { echo } => {
                writer.u8(PING).u32(*echo);
            }
            Self::Control {
                local,
                signer,
                order,
                signature,
            } => {
                writer.u8(CONTROL).u32(local.0).put(signer);
                order.encode(&mut writer);
                writer.put(signature);
            }
            Self::Purge {
                local,
                secret,
                notice,
            } => {
                writer.u8(PURGE).u32(local.0).put(secret).put(notice);
            }
            Self::File(request) => request.encode(&mut writer),
        }
        writer.finish()
    }

    /// Reads one frame and insists on its end.
    ///
    /// # Errors
    /// Any [`DecodeError`].
    pub fn decode(frame: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(frame);
        let decoded = match reader.u8()? {
            LOOK => Self::Look {
                room: RoomId(reader.array()?),
                proof: reader.array()?,
            },
            JOIN => Self::Join {
                room: RoomId(reader.array()?),
                proof: reader.array()?,
                opening: Opening::decode(&mut reader)?,
                resume: Resume::decode_optional(&mut reader)?,
            },
            PUBLISH => {
                let view = decode_publish(&mut reader)?;
                Self::Publish {
                    local: view.local,
                    keep: view.keep,
                    envelope: view.envelope.to_vec(),
                }
            }
            LEAVE => Self::Leave,
            PING => Self::Ping {
                echo: reader.u32()?,
            },
            CONTROL => Self::Control {
                local: local_id(&mut reader)?,
                signer: reader.array()?,
                order: Order::decode(&mut reader)?,
                signature: reader.array()?,
            },
            PURGE => Self::Purge {
                local: local_id(&mut reader)?,
                secret: reader.array()?,
                notice: reader.rest().to_vec(),
            },
            kind @ (file::PUT | file::GET | file::DROP) => {
                Self::File(FileRequest::decode(kind, &mut reader)?)
            }
            kind => return Err(DecodeError::UnknownKind(kind)),
        };
        reader.finish()?;
        Ok(decoded)
    }
}
