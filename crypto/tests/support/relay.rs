//! The relay's half of the tunnel for tests: written against `docs/protocol.md` with other crates than the client's
//! half uses (`hkdf` for the key schedule, the private side of `rsa`), so that the two check each other.

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use crypto::wire::handshake::{ClientHello, ServerHello};
use hkdf::Hkdf;
use rsa::{BoxedUint, Oaep, RsaPrivateKey};
use sha2::{Digest, Sha256, Sha512};

/// The public half of the test key, DER.
pub(crate) fn spki() -> Vec<u8> {
    field("spki ")
}

fn field(name: &str) -> Vec<u8> {
    let line = include_str!("../vectors/relay_key.txt")
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .unwrap();
    hex::decode(line).unwrap()
}

/// A relay before anybody has answered.
pub(crate) struct Relay {
    share: [u8; 32],
    hello: Vec<u8>,
}

impl Relay {
    pub(crate) fn new(share: [u8; 32], random: [u8; 32], salt: [u8; 16]) -> Self {
        let public = x25519_dalek::x25519(share, x25519_dalek::X25519_BASEPOINT_BYTES);
        let hello = ServerHello {
            share: public,
            random,
            salt,
            spki: spki(),
        }
        .encode();
        Self { share, hello }
    }

    pub(crate) fn hello(&self) -> &[u8] {
        &self.hello
    }

    /// Answers a client. `resumption` is the secret behind the ticket that it may show.
    pub(crate) fn accept(&self, client_hello: &[u8], resumption: Option<[u8; 32]>) -> RelayTunnel {
        let (share, secret) = match ClientHello::decode(client_hello).unwrap() {
            ClientHello::Full { share, oaep, .. } => (share, decrypt(&oaep)),
            ClientHello::Resumed { share, .. } => (share, resumption.unwrap().to_vec()),
        };
        let mut hash = Sha512::new();
        hash.update(b"roomkey-tunnel/1");
        for message in [&self.hello, client_hello] {
            hash.update((message.len() as u32).to_be_bytes());
            hash.update(message);
        }
        let shared = x25519_dalek::x25519(self.share, share);
        RelayTunnel::new(Hkdf::new(
            Some(&hash.finalize()),
            &[&secret[..], &shared].concat(),
        ))
    }
}

fn decrypt(oaep: &[u8]) -> Vec<u8> {
    let prime = |name| BoxedUint::from_be_slice(&field(name), 1536).unwrap();
    let key =
        RsaPrivateKey::from_p_q(prime("p "), prime("q "), BoxedUint::from(65_537u32)).unwrap();
    key.decrypt(
        Oaep::<Sha256>::new_with_label(&b"roomkey-tunnel/1"[..]),
        oaep,
    )
    .unwrap()
}

/// A relay that has answered.
pub(crate) struct RelayTunnel {
    schedule: Hkdf<Sha512>,
    to_client: [u8; 32],
    from_client: [u8; 32],
    pub(crate) sent: u64,
    pub(crate) received: u64,
}

impl RelayTunnel {
    fn new(schedule: Hkdf<Sha512>) -> Self {
        let (to_client, from_client) = (secret(&schedule, "s2c"), secret(&schedule, "c2s"));
        Self {
            schedule,
            to_client,
            from_client,
            sent: 0,
            received: 0,
        }
    }

    pub(crate) fn first_record(&mut self, ticket: &[u8]) -> Vec<u8> {
        let fin = secret(&self.schedule, "fin");
        self.seal(&[&fin[..], &(ticket.len() as u16).to_be_bytes(), ticket].concat())
    }

    pub(crate) fn exporter(&self) -> [u8; 32] {
        secret(&self.schedule, "exporter")
    }

    pub(crate) fn resumption(&self) -> [u8; 32] {
        secret(&self.schedule, "resumption")
    }

    pub(crate) fn seal(&mut self, plaintext: &[u8]) -> Vec<u8> {
        let (cipher, nonce) = record_keys(&self.to_client, self.sent);
        self.sent += 1;
        cipher.encrypt(&Nonce::from(nonce), plaintext).unwrap()
    }

    pub(crate) fn open(&mut self, record: &[u8]) -> Option<Vec<u8>> {
        let (cipher, nonce) = record_keys(&self.from_client, self.received);
        self.received += 1;
        cipher.decrypt(&Nonce::from(nonce), record).ok()
    }

    /// Moves the direction from the client to its next key.
    pub(crate) fn rekey_receiving(&mut self) {
        self.from_client = secret(
            &Hkdf::from_prk(&padded(&self.from_client)).unwrap(),
            "rekey",
        );
        self.received = 0;
    }

    /// Moves the direction to the client to its next key.
    pub(crate) fn rekey_sending(&mut self) {
        self.to_client = secret(&Hkdf::from_prk(&padded(&self.to_client)).unwrap(), "rekey");
        self.sent = 0;
    }
}

fn secret(schedule: &Hkdf<Sha512>, label: &str) -> [u8; 32] {
    let mut secret = [0; 32];
    schedule
        .expand(format!("roomkey-tunnel/1 {label}").as_bytes(), &mut secret)
        .unwrap();
    secret
}

/// The `hkdf` crate wants a key of a hash's length; HMAC fills a shorter one with zeros anyway.
fn padded(secret: &[u8; 32]) -> [u8; 64] {
    let mut padded = [0; 64];
    padded[..32].copy_from_slice(secret);
    padded
}

fn record_keys(secret: &[u8; 32], number: u64) -> (Aes256Gcm, [u8; 12]) {
    let schedule = Hkdf::<Sha512>::from_prk(&padded(secret)).unwrap();
    let (mut key, mut nonce) = ([0; 32], [0; 12]);
    schedule.expand(b"roomkey-tunnel/1 key", &mut key).unwrap();
    schedule.expand(b"roomkey-tunnel/1 iv", &mut nonce).unwrap();
    for (byte, number) in nonce[4..].iter_mut().zip(number.to_be_bytes()) {
        *byte ^= number;
    }
    (Aes256Gcm::new(&key.into()), nonce)
}
