//! The envelope format a second time, written from its description alone, with a knob for everything that can be wrong.
//! What it makes correctly must open; what it makes wrongly must not. It shares nothing with the code under test but
//! the outer layer's cipher, which has test vectors of its own.

use aes_gcm::aead::Payload;
use aes_gcm::{Aes256Gcm, KeyInit, aead::Aead};
use ed25519_dalek::{Signer, SigningKey};
use hkdf::hmac::{Hmac, Mac};
use sha2::{Digest, Sha256, Sha512};
use x25519_dalek::{PublicKey, StaticSecret};

use super::rng::Frozen;

/// What somebody who knows the room's name can compute.
pub(crate) struct Room {
    pub(crate) id: [u8; 32],
    key: [u8; 32],
    history: [u8; 32],
}

/// HKDF-Expand with SHA-512 for up to 64 bytes: one block.
fn expand(secret: &[u8], info: &[&[u8]]) -> [u8; 32] {
    let mut mac = <Hmac<Sha512> as KeyInit>::new_from_slice(secret).unwrap();
    info.iter().for_each(|part| mac.update(part));
    mac.update(&[1]);
    mac.finalize().into_bytes()[..32].try_into().unwrap()
}

fn extract(salt: &[u8], secret: &[u8]) -> Vec<u8> {
    let mut mac = <Hmac<Sha512> as KeyInit>::new_from_slice(salt).unwrap();
    mac.update(secret);
    mac.finalize().into_bytes().to_vec()
}

fn gcm(key: [u8; 32], aad: &[u8], text: &[u8]) -> Vec<u8> {
    Aes256Gcm::new(&key.into())
        .encrypt(&[0; 12].into(), Payload { msg: text, aad })
        .unwrap()
}

impl Room {
    pub(crate) fn new(root: &[u8; 64]) -> Self {
        Self {
            id: SigningKey::from_bytes(&expand(root, &[b"roomkey/1 room-auth"]))
                .verifying_key()
                .to_bytes(),
            key: expand(root, &[b"roomkey/1 room-key"]),
            history: expand(root, &[b"roomkey/1 history"]),
        }
    }

    /// header ‖ body under the outer layer.
    pub(crate) fn wrap(&self, header: &[u8], body: &[u8], rng: &mut Frozen) -> Vec<u8> {
        let context = [b"roomkey/1 env".as_slice(), &self.id].concat();
        crypto::cobblestone::seal(&self.key, &context, &[header, body].concat(), rng)
    }

    pub(crate) fn start(&self, sid: &[u8; 16], start: &[u8], rng: &mut Frozen) -> Vec<u8> {
        let context = [b"roomkey/1 start".as_slice(), &self.id, sid].concat();
        crypto::cobblestone::seal(&self.history, &context, start, rng)
    }
}

pub(crate) struct Forger {
    pub(crate) signing: SigningKey,
    pub(crate) dh: StaticSecret,
    pub(crate) rng: Frozen,
}

/// The parts of a hello's content, each of which may be wrong.
pub(crate) struct HelloParts {
    pub(crate) flags: u8,
    pub(crate) dh: [u8; 32],
    pub(crate) revision: u32,
    pub(crate) mode: u8,
    pub(crate) name: Vec<u8>,
    pub(crate) tlvs: Vec<(u8, Vec<u8>)>,
    /// Comes after the TLVs, before the zeros.
    pub(crate) tail: Vec<u8>,
}

impl Forger {
    pub(crate) fn new(seed: u8) -> Self {
        Self {
            signing: SigningKey::from_bytes(&[seed; 32]),
            dh: StaticSecret::from([seed + 1; 32]),
            rng: Frozen::new(u64::from(seed) << 8),
        }
    }

    pub(crate) fn sid(&self) -> [u8; 16] {
        let hash = Sha256::new()
            .chain_update(b"roomkey/1 sid")
            .chain_update(self.signing.verifying_key())
            .finalize();
        hash[..16].try_into().unwrap()
    }

    pub(crate) fn dh_public(&self) -> [u8; 32] {
        PublicKey::from(&self.dh).to_bytes()
    }

    pub(crate) fn header(&self, kind: u8, epoch: u16, generation: u32) -> Vec<u8> {
        [
            &[1, kind],
            self.sid().as_slice(),
            &epoch.to_be_bytes(),
            &generation.to_be_bytes(),
        ]
        .concat()
    }

    pub(crate) fn bound(room: &[u8; 32], header: &[u8]) -> Vec<u8> {
        [b"roomkey/1\0".as_slice(), room, header].concat()
    }

    pub(crate) fn signed(
        &self,
        room: &[u8; 32],
        header: &[u8],
        to: &[u8],
        text: Vec<u8>,
    ) -> Vec<u8> {
        let key = self.signing.verifying_key();
        let covered = [
            b"roomkey/1 sig\0".as_slice(),
            &Self::bound(room, header),
            key.as_bytes(),
            to,
            &text,
        ]
        .concat();
        [text, self.signing.sign(&covered).to_bytes().to_vec()].concat()
    }

    pub(crate) fn parts(&self) -> HelloParts {
        HelloParts {
            flags: 0,
            dh: self.dh_public(),
            revision: 1,
            mode: 0,
            name: b"Forger".to_vec(),
            tlvs: Vec::new(),
            tail: Vec::new(),
        }
    }

    /// A hello body of `length` bytes.
    pub(crate) fn hello_body(
        &self,
        room: &[u8; 32],
        header: &[u8],
        parts: &HelloParts,
        length: usize,
    ) -> Vec<u8> {
        let mut text = [
            &[parts.flags],
            self.signing.verifying_key().as_bytes().as_slice(),
            &parts.dh,
        ]
        .concat();
        text.extend(parts.revision.to_be_bytes());
        text.extend(1_767_323_045_678u64.to_be_bytes());
        text.push(parts.mode);
        text.extend(u16::try_from(parts.name.len()).unwrap().to_be_bytes());
        text.extend(&parts.name);
        for (kind, value) in &parts.tlvs {
            text.push(*kind);
            text.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
            text.extend(value);
        }
        text.extend(&parts.tail);
        text.resize(length - 64, 0);
        self.signed(room, header, &[], text)
    }

    pub(crate) fn hello(&mut self, room: &Room, parts: &HelloParts) -> Vec<u8> {
        let header = self.header(1, 0, parts.revision);
        let body = self.hello_body(&room.id, &header, parts, 360);
        room.wrap(&header, &body, &mut self.rng)
    }

    /// An unsigned letter that lacks 64 bytes of `length`.
    pub(crate) fn text(content: &[u8], length: usize) -> Vec<u8> {
        let mut text = u32::try_from(content.len()).unwrap().to_be_bytes().to_vec();
        text.extend(1_767_323_045_678u64.to_be_bytes());
        text.extend([7; 8]);
        text.extend(content);
        text.resize(length - 64, 0);
        text
    }

    /// The key of one generation of the chain that begins with `chain`.
    pub(crate) fn message_key(chain: [u8; 32], generation: u32) -> [u8; 32] {
        let chain = (0..generation).fold(chain, |chain, _| expand(&chain, &[b"roomkey/1 ck"]));
        expand(&chain, &[b"roomkey/1 mk"])
    }

    pub(crate) fn sealed(key: [u8; 32], room: &[u8; 32], header: &[u8], text: &[u8]) -> Vec<u8> {
        let mut body = expand(&key, &[b"roomkey/1 message commitment"]).to_vec();
        let seal = expand(&key, &[b"roomkey/1 message seal"]);
        body.extend(gcm(seal, &Self::bound(room, header), text));
        body
    }

    /// A correct message body.
    pub(crate) fn message_body(
        &self,
        room: &[u8; 32],
        header: &[u8],
        key: [u8; 32],
        content: &[u8],
    ) -> Vec<u8> {
        let text = self.signed(room, header, &[], Self::text(content, 312));
        Self::sealed(key, room, header, &text)
    }

    pub(crate) fn message(
        &mut self,
        room: &Room,
        chain: [u8; 32],
        generation: u32,
        content: &[u8],
    ) -> Vec<u8> {
        let header = self.header(2, 1, generation);
        let body = self.message_body(
            &room.id,
            &header,
            Self::message_key(chain, generation),
            content,
        );
        room.wrap(&header, &body, &mut self.rng)
    }

    /// One box for `to`, as salt ‖ 1 ‖ box, whose text is signed for `signed_to`.
    pub(crate) fn pairwise_body(
        &self,
        room: &Room,
        header: &[u8],
        to: (&[u8; 16], &[u8; 32]),
        signed_to: &[u8; 16],
        content: &[u8],
    ) -> Vec<u8> {
        let salt = [0x5A; 16];
        let secret = extract(
            &room.key,
            self.dh.diffie_hellman(&PublicKey::from(*to.1)).as_bytes(),
        );
        let (sid, dh) = (self.sid(), self.dh_public());
        let direction = expand(
            &secret,
            &[b"roomkey/1 pairwise", &room.id, &sid, &dh, to.0, to.1],
        );
        let key = expand(&direction, &[b"roomkey/1 box", &salt, header]);
        let text = self.signed(
            &room.id,
            header,
            signed_to,
            Self::text(content, 360 - 17 - 16),
        );
        [
            salt.as_slice(),
            &[1],
            &gcm(key, &Self::bound(&room.id, header), &text),
        ]
        .concat()
    }
}
