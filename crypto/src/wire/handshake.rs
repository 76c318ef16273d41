//! The layout of the tunnel's handshake and of its key schedule, shared by both halves. No arithmetic happens here:
//! the client half lives in `tunnel`, the relay computes with a library of its own.
//!
//! ```text
//! relay  → ServerHello = 0x01 ‖ version ‖ es_pub(32) ‖ random(32) ‖ relay_salt(16) ‖ spki_len(2) ‖ SPKI (DER, RSA-3072)
//! client → ClientHello = 0x02 ‖ version ‖ ec_pub(32) ‖ random(32) ‖ oaep(384)
//!          or resumed    0x03 ‖ version ‖ ec_pub(32) ‖ random(32) ‖ ticket_len(2) ‖ ticket
//! relay  → first record = fin(32) ‖ ticket_len(2) ‖ ticket
//! ```

use super::VERSION;
use super::codec::{DecodeError, Reader, Writer};
use super::id::RoomId;
use alloc::vec::Vec;

/// The label of the whole tunnel: the transcript's first bytes and the OAEP label.
pub const LABEL: &str = "roomkey-tunnel/1";
/// Bytes of an RSA-3072 ciphertext.
pub const OAEP: usize = 384;
/// Bytes of the secret inside it.
pub const PRE_MASTER: usize = 32;
/// The longest ticket.
pub const MAX_TICKET: usize = 128;
/// The longest SPKI that a client reads; an RSA-3072 key takes 422 bytes.
pub const MAX_SPKI: usize = 512;
/// The longest message that a relay reads before its handshake is done.
pub const MAX_CLIENT_HELLO: usize = 600;
/// A direction's key is replaced after this many records,
pub const REKEY_RECORDS: u64 = 1 << 20;
/// or once this many plaintext bytes have gone through it.
pub const REKEY_BYTES: u64 = 1 << 30;

const SERVER: u8 = 0x01;
const CLIENT_FULL: u8 = 0x02;
const CLIENT_RESUMED: u8 = 0x03;

/// `info` arguments of the HKDF-SHA-512-Expand calls of the tunnel. The first five expand the handshake's PRK, the last
/// three a direction's traffic secret.
pub mod info {
    /// Traffic secret from client to relay, 32 bytes.
    pub const CLIENT_TO_RELAY: &str = "roomkey-tunnel/1 c2s";
    /// Traffic secret from relay to client, 32 bytes.
    pub const RELAY_TO_CLIENT: &str = "roomkey-tunnel/1 s2c";
    /// What the relay repeats in its first record, 32 bytes.
    pub const FINISHED: &str = "roomkey-tunnel/1 fin";
    /// What a join proof signs, 32 bytes.
    pub const EXPORTER: &str = "roomkey-tunnel/1 exporter";
    /// The secret behind the ticket, 32 bytes.
    pub const RESUMPTION: &str = "roomkey-tunnel/1 resumption";
    /// AES-256-GCM key of a direction, 32 bytes.
    pub const KEY: &str = "roomkey-tunnel/1 key";
    /// Its static nonce part, 12 bytes.
    pub const IV: &str = "roomkey-tunnel/1 iv";
    /// The next traffic secret, 32 bytes.
    pub const REKEY: &str = "roomkey-tunnel/1 rekey";
}

/// The relay's first message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerHello {
    /// Its X25519 public key for this connection.
    pub share: [u8; 32],
    /// Random bytes.
    pub random: [u8; 32],
    /// The salt of this relay's room names.
    pub salt: [u8; 16],
    /// Its RSA public key as SubjectPublicKeyInfo, DER.
    pub spki: Vec<u8>,
}

/// The client's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "one lives per handshake, for a moment"
)]
pub enum ClientHello {
    /// A new tunnel.
    Full {
        /// The client's X25519 public key for this connection.
        share: [u8; 32],
        /// Random bytes.
        random: [u8; 32],
        /// The pre-master secret under the relay's key: RSA-OAEP with SHA-256, MGF1 with SHA-256, label [`LABEL`].
        oaep: [u8; OAEP],
    },
    /// A tunnel that builds on an earlier one.
    Resumed {
        /// The client's X25519 public key for this connection.
        share: [u8; 32],
        /// Random bytes.
        random: [u8; 32],
        /// What the relay gave out; 1 to [`MAX_TICKET`] bytes.
        ticket: Vec<u8>,
    },
}

/// The plaintext of the relay's first record.
#[derive(Clone, PartialEq, Eq)]
pub struct Finished {
    /// Proves that the relay holds the RSA key, or the ticket's secret. Compare in constant time.
    pub fin: [u8; 32],
    /// For the next connection; empty where the relay gives none.
    pub ticket: Vec<u8>,
}

impl core::fmt::Debug for Finished {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Finished(…)")
    }
}

fn version(reader: &mut Reader<'_>) -> Result<(), DecodeError> {
    match reader.u8()? {
        VERSION => Ok(()),
        theirs => Err(DecodeError::Version(theirs)),
    }
}

fn prefixed<'a>(
    reader: &mut Reader<'a>,
    max: usize,
    field: &'static str,
) -> Result<&'a [u8], DecodeError> {
    let length = usize::from(reader.u16()?);
    if length > max {
        Err(DecodeError::Invalid(field))
    } else {
        reader.take(length)
    }
}

fn put_prefixed(writer: &mut Writer, bytes: &[u8]) {
    // Longer values are refused by every reader, so the clamp only keeps the writer total.
    writer
        .u16(u16::try_from(bytes.len()).unwrap_or(u16::MAX))
        .put(bytes);
}

impl ServerHello {
    /// The message's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::with_capacity(84 + self.spki.len());
        writer
            .u8(SERVER)
            .u8(VERSION)
            .put(&self.share)
            .put(&self.random)
            .put(&self.salt);
        put_prefixed(&mut writer, &self.spki);
        writer.finish()
    }

    /// Reads a whole message.
    ///
    /// # Errors
    /// Any [`DecodeError`]; [`DecodeError::Version`] before anything else is looked at.
    pub fn decode(message: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(message);
        match reader.u8()? {
            SERVER => version(&mut reader)?,
            kind => return Err(DecodeError::UnknownKind(kind)),
        }
        let hello = Self {
            share: reader.array()?,
            random: reader.array()?,
            salt: reader.array()?,
            spki: prefixed(&mut reader, MAX_SPKI, "key length")?.to_vec(),
        };
        reader.finish()?;
        Ok(hello)
    }
}

impl ClientHello {
    /// The message's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::with_capacity(66 + OAEP);
        match self {
            Self::Full {
                share,
                random,
                oaep,
            } => {
                writer
                    .u8(CLIENT_FULL)
                    .u8(VERSION)
                    .put(share)
                    .put(random)
                    .put(oaep);
            }
            Self::Resumed {
                share,
                random,
                ticket,
            } => {
                writer.u8(CLIENT_RESUMED).u8(VERSION).put(share).put(random);
                put_prefixed(&mut writer, ticket);
            }
        }
        writer.finish()
    }

    /// Reads a whole message.
    ///
    /// # Errors
    /// Any [`DecodeError`]; [`DecodeError::Version`] before anything else is looked at.
    pub fn decode(message: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(message);
        let kind = reader.u8()?;
        if !matches!(kind, CLIENT_FULL | CLIENT_RESUMED) {
            return Err(DecodeError::UnknownKind(kind));
        }
        version(&mut reader)?;
        let (share, random) = (reader.array()?, reader.array()?);
        let hello = if kind == CLIENT_FULL {
            Self::Full {
                share,
                random,
                oaep: reader.array()?,
            }
        } else {
            let ticket = prefixed(&mut reader, MAX_TICKET, "ticket length")?.to_vec();
            if ticket.is_empty() {
                return Err(DecodeError::Invalid("ticket length"));
            }
            Self::Resumed {
                share,
                random,
                ticket,
            }
        };
        reader.finish()?;
        Ok(hello)
    }
}

impl Finished {
    /// The plaintext's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::with_capacity(34 + self.ticket.len());
        writer.put(&self.fin);
        put_prefixed(&mut writer, &self.ticket);
        writer.finish()
    }

    /// Reads the plaintext of the first record.
    ///
    /// # Errors
    /// Any [`DecodeError`].
    pub fn decode(plaintext: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(plaintext);
        let fin = reader.array()?;
        let ticket = prefixed(&mut reader, MAX_TICKET, "ticket length")?.to_vec();
        reader.finish()?;
        Ok(Self { fin, ticket })
    }
}

/// What both sides hash with SHA-512 into the salt of the key schedule:
/// `LABEL ‖ length(4) ‖ ServerHello ‖ length(4) ‖ ClientHello`, both as they went over the wire.
pub fn transcript(server_hello: &[u8], client_hello: &[u8]) -> Vec<u8> {
    let mut writer =
        Writer::with_capacity(LABEL.len() + 8 + server_hello.len() + client_hello.len());
    writer.put(LABEL.as_bytes());
    for message in [server_hello, client_hello] {
        writer
            .u32(u32::try_from(message.len()).unwrap_or(u32::MAX))
            .put(message);
    }
    writer.finish()
}

/// The nonce of a record: the direction's IV with the record's number XORed into its last eight bytes.
pub fn record_nonce(iv: &[u8; 12], number: u64) -> [u8; 12] {
    let mut nonce = *iv;
    for (byte, number) in nonce.iter_mut().rev().zip(number.to_le_bytes()) {
        *byte ^= number;
    }
    nonce
}

/// What the room's key signs to look at a room or to enter it: `"roomkey/1 join" ‖ 0x00 ‖ exporter(32) ‖ room(32)`.
pub fn join_message(exporter: &[u8; 32], room: &RoomId) -> Vec<u8> {
    let mut writer = Writer::with_capacity(79);
    writer.put(b"roomkey/1 join\0").put(exporter).put(&room.0);
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn server_hello() -> ServerHello {
        ServerHello {
            share: [1; 32],
            random: [2; 32],
            salt: [3; 16],
            spki: vec![4; 422],
        }
    }

    fn client_hellos() -> [ClientHello; 2] {
        [
            ClientHello::Full {
                share: [1; 32],
                random: [2; 32],
                oaep: [3; OAEP],
            },
            ClientHello::Resumed {
                share: [1; 32],
                random: [2; 32],
                ticket: vec![4; 64],
            },
        ]
    }

    #[test]
    fn messages_survive_the_round_trip() {
        assert_eq!(
            ServerHello::decode(&server_hello().encode()),
            Ok(server_hello())
        );
        for hello in client_hellos() {
            assert!(hello.encode().len() <= MAX_CLIENT_HELLO);
            assert_eq!(ClientHello::decode(&hello.encode()), Ok(hello));
        }
        let finished = Finished {
            fin: [9; 32],
            ticket: vec![],
        };
        assert_eq!(Finished::decode(&finished.encode()), Ok(finished));
    }

    #[test]
    fn another_version_is_told_apart_from_a_broken_message() {
        let mut bytes = server_hello().encode();
        bytes[1] = 2;
        bytes.truncate(2);
        assert_eq!(ServerHello::decode(&bytes), Err(DecodeError::Version(2)));
        assert_eq!(ClientHello::decode(&[2, 7]), Err(DecodeError::Version(7)));
        assert_eq!(
            ClientHello::decode(&[9, 7]),
            Err(DecodeError::UnknownKind(9))
        );
    }

    #[test]
    fn every_cut_and_every_extra_byte_is_refused() {
        let mut bytes = server_hello().encode();
        for cut in 0..bytes.len() {
            assert!(ServerHello::decode(&bytes[..cut]).is_err());
        }
        bytes.push(0);
        assert_eq!(ServerHello::decode(&bytes), Err(DecodeError::Trailing));
        for hello in client_hellos() {
            let mut bytes = hello.encode();
            for cut in 0..bytes.len() {
                assert!(ClientHello::decode(&bytes[..cut]).is_err());
            }
            bytes.push(0);
            assert_eq!(ClientHello::decode(&bytes), Err(DecodeError::Trailing));
        }
    }

    #[test]
    fn lengths_beyond_the_limits_are_refused() {
        let hello = ServerHello {
            spki: vec![0; MAX_SPKI + 1],
            ..server_hello()
        };
        assert_eq!(
            ServerHello::decode(&hello.encode()),
            Err(DecodeError::Invalid("key length"))
        );
        for length in [0, MAX_TICKET + 1] {
            let hello = ClientHello::Resumed {
                share: [0; 32],
                random: [0; 32],
                ticket: vec![0; length],
            };
            assert_eq!(
                ClientHello::decode(&hello.encode()),
                Err(DecodeError::Invalid("ticket length"))
            );
        }
    }

    #[test]
    fn record_numbers_change_the_last_eight_bytes_of_the_nonce() {
        assert_eq!(
            record_nonce(&[0; 12], 0x0102_0304_0506_0708),
            [0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]
        );
        assert_eq!(record_nonce(&[0xFF; 12], 1)[10..], [0xFF, 0xFE]);
    }

    #[test]
    fn join_message_has_a_fixed_layout() {
        let message = join_message(&[1; 32], &RoomId([2; 32]));
        assert_eq!(message.len(), 79);
        assert_eq!(&message[..15], b"roomkey/1 join\0");
        assert_eq!(message[15..47], [1; 32]);
        assert_eq!(message[47..], [2; 32]);
    }
}
