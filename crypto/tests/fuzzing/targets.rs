//! What is fuzzed: one function per way in. The fuzzer calls them with what it makes up, and an ordinary test with the
//! committed corpus. None of them may panic, and what a decoder accepts it must write the same way again.

use std::time::Duration;

use crypto::cobblestone;
use crypto::envelope::Outer;
use crypto::identity::Identity;
use crypto::kdf::SecondSecret;
use crypto::name::RoomName;
use crypto::peer::PeerKey;
use crypto::room::RoomKeys;
use crypto::seen::Seen;
use crypto::strength::estimate;
use crypto::tunnel::{Fingerprint, Handshake, Pin};
use crypto::wire::handshake::{ClientHello, Finished, ServerHello};
use crypto::wire::record::{pack, split};
use crypto::wire::{ClientToRelay, CloseCode, RelayToClient, publish_view};

use super::rng::Frozen;

/// A target's name and what it does with bytes.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// Every target.
pub(crate) const ALL: [Target; 7] = [
    ("wire", wire),
    ("handshake", handshake),
    ("names", names),
    ("cobblestone", sealed),
    ("envelope", envelope),
    ("inside", inside),
    ("frozen", frozen),
];

/// Frames, records and close codes.
pub(crate) fn wire(bytes: &[u8]) {
    if let Ok(frame) = ClientToRelay::decode(bytes) {
        assert_eq!(frame.encode(), bytes);
        assert_eq!(
            publish_view(bytes).is_some(),
            matches!(frame, ClientToRelay::Publish { .. })
        );
    }
    if let Ok(frame) = RelayToClient::decode(bytes) {
        assert_eq!(frame.encode(), bytes);
    }
    if let Ok(frames) = split(bytes).collect::<Result<Vec<_>, _>>() {
        assert_eq!(pack(frames), bytes);
    }
    if let Ok(code) = bytes.try_into() {
        let code = u16::from_be_bytes(code);
        assert_eq!(CloseCode::from_u16(code).as_u16(), code);
    }
}

/// The tunnel's messages, and the client's whole answer to them.
pub(crate) fn handshake(bytes: &[u8]) {
    if let Ok(hello) = ServerHello::decode(bytes) {
        assert_eq!(hello.encode(), bytes);
    }
    if let Ok(hello) = ClientHello::decode(bytes) {
        assert_eq!(hello.encode(), bytes);
    }
    if let Ok(finished) = Finished::decode(bytes) {
        assert_eq!(finished.encode(), bytes);
    }
    let (hello, record) = bytes.split_at(bytes.len().min(506));
    if let Ok((waiting, _)) =
        Handshake::new(Pin::FirstUse, None, None).answer(hello, &mut Frozen::new(99))
    {
        assert!(waiting.finish(record).is_err());
    }
}

/// What people type and what links carry.
pub(crate) fn names(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(name) = RoomName::parse(text) {
        assert_eq!(
            RoomName::parse(name.as_str()).as_ref(),
            Ok(&name),
            "the canonical form is stable"
        );
        assert_eq!(RoomName::from_slug(&name.slug()).as_ref(), Ok(&name));
    }
    if let Ok(name) = RoomName::from_slug(text) {
        assert_eq!(RoomName::from_slug(&name.slug()), Ok(name));
    }
    assert!(estimate(text).bits >= 0.0);
    let _ = SecondSecret::parse(text);
    if let Ok(fingerprint) = text.parse::<Fingerprint>() {
        assert_eq!(fingerprint.to_string(), text.to_ascii_lowercase());
    }
}

/// Chunked encryption, of which nobody forges any.
pub(crate) fn sealed(bytes: &[u8]) {
    assert!(cobblestone::open(&[1; 32], b"context", bytes).is_err());
}

/// Envelopes as the relay could make them up.
pub(crate) fn envelope(bytes: &[u8]) {
    if let Ok(outer) = Outer::open(&keys(), bytes) {
        let _ = outer.open_hello(&keys());
    }
}

/// Envelopes as somebody who knows the room's name could make them up: anything, sealed as it must be.
pub(crate) fn inside(bytes: &[u8]) {
    let mut plaintext = bytes.to_vec();
    plaintext.resize(crypto::wire::envelope::bucket(bytes.len().min(60_000)), 0);
    let mut room_key = [0; 32];
    let root =
        hkdf::Hkdf::<sha2::Sha512>::from_prk(&ROOT).expect("invariant: the root is long enough");
    root.expand(b"roomkey/1 room-key", &mut room_key)
        .expect("invariant: 32 bytes are not too many");
    let context = [b"roomkey/1 env", &keys().room_id().0[..]].concat();
    let envelope = cobblestone::seal(&room_key, &context, &plaintext, &mut Frozen::new(1));
    if let Ok(outer) = Outer::open(&keys(), &envelope) {
        let _ = outer.open_hello(&keys());
        let mut peer = peer();
        assert!(peer.open(&outer, Duration::ZERO).is_err() || bytes.len() > 24);
    }
}

/// What a tab keeps while it reloads.
pub(crate) fn frozen(bytes: &[u8]) {
    let _ = PeerKey::thaw(bytes, Duration::ZERO);
    let _ = Seen::thaw(bytes);
    let _ = keys().open_tab(bytes);
}

const ROOT: [u8; 64] = [0x11; 64];

fn keys() -> RoomKeys {
    RoomKeys::from_bytes(&ROOT)
}

/// Somebody whose hello was heard.
fn peer() -> PeerKey {
    use crypto::hello::Introduction;
    use crypto::sender::SenderKey;
    use crypto::wire::RoomMode;

    let (me, them) = (
        Identity::generate(&mut Frozen::new(2)),
        Identity::generate(&mut Frozen::new(3)),
    );
    let sender = SenderKey::new(RoomMode::ForwardSecret, Duration::ZERO, &mut Frozen::new(4));
    let introduction = Introduction {
        revision: 1,
        sent_at: Duration::ZERO,
        mode: RoomMode::ForwardSecret,
        name: "x".to_owned(),
        bot: None,
        voucher: None,
        control_key: None,
        own_control: None,
        charter: Vec::new(),
    };
    let hello = sender
        .seal_hello(&keys(), &them, &introduction, &mut Frozen::new(5))
        .expect("invariant: a short hello fits");
    let outer = Outer::open(&keys(), &hello.envelope).expect("invariant: it was just sealed");
    let hello = outer
        .open_hello(&keys())
        .expect("invariant: it was just signed");
    PeerKey::meet(&keys(), &me, &hello).expect("invariant: fresh keys contribute")
}
