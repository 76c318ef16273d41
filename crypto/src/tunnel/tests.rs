//! The client's half against a relay's half that was written separately.

use super::*;
use crate::tests::Rng;

#[path = "../../tests/support/relay.rs"]
mod relay;
use relay::{Relay, RelayTunnel};

const SALT: Salt = Salt([3; 16]);

fn relay() -> Relay {
    Relay::new([1; 32], [2; 32], SALT.0)
}

fn connect(ticket: &[u8]) -> (Tunnel, RelayTunnel) {
    let relay = relay();
    let (waiting, answer) = Handshake::new(Pin::FirstUse, Some(SALT), None)
        .answer(relay.hello(), &mut Rng::seeded(1))
        .unwrap();
    let mut theirs = relay.accept(&answer, None);
    let ours = waiting.finish(&theirs.first_record(ticket)).unwrap();
    (ours, theirs)
}

#[test]
fn both_halves_agree_on_records_and_exporter() {
    let (mut ours, mut theirs) = connect(b"");
    assert_eq!(*ours.exporter().as_bytes(), theirs.exporter());
    for text in [&b""[..], b"one", &[7; 1000]] {
        assert_eq!(theirs.open(&ours.seal(text)).unwrap(), text);
        assert_eq!(ours.open(&theirs.seal(text)).unwrap(), text);
    }
    assert!(ours.ticket().is_none());
}

#[test]
fn a_ticket_resumes_without_rsa_and_with_fresh_keys() {
    let (first, their_first) = connect(b"ticket");
    let relay = Relay::new([4; 32], [5; 32], SALT.0);
    let handshake = Handshake::new(Pin::Known(first.fingerprint()), Some(SALT), first.ticket());
    let (waiting, answer) = handshake
        .answer(relay.hello(), &mut Rng::seeded(2))
        .unwrap();
    assert_eq!(answer.len(), 66 + 2 + 6);
    let mut theirs = relay.accept(&answer, Some(their_first.resumption()));
    let mut ours = waiting.finish(&theirs.first_record(b"next")).unwrap();
    assert_ne!(ours.exporter().as_bytes(), first.exporter().as_bytes());
    assert_eq!(theirs.open(&ours.seal(b"hello")).unwrap(), b"hello");
    assert!(ours.ticket().is_some());
}

#[test]
fn a_relay_that_forgot_the_ticket_cannot_finish() {
    let (first, _) = connect(b"ticket");
    let relay = relay();
    let handshake = Handshake::new(Pin::FirstUse, None, first.ticket());
    let (waiting, answer) = handshake
        .answer(relay.hello(), &mut Rng::seeded(2))
        .unwrap();
    let mut theirs = relay.accept(&answer, Some([9; 32]));
    assert_eq!(
        waiting.finish(&theirs.first_record(b"")).unwrap_err(),
        TunnelError::Authentication
    );
}

#[test]
fn a_pinned_key_lets_no_other_key_through() {
    let expected = Fingerprint::of_spki(b"another key");
    let found = Fingerprint::of_spki(&relay::spki());
    let handshake = Handshake::new(Pin::Known(expected), None, None);
    let error = handshake
        .answer(relay().hello(), &mut Rng::seeded(1))
        .unwrap_err();
    assert_eq!(error, TunnelError::KeyChanged { expected, found });
}

#[test]
fn another_salt_than_the_page_named_stops_the_handshake() {
    let handshake = Handshake::new(Pin::FirstUse, Some(Salt([9; 16])), None);
    assert_eq!(
        handshake
            .answer(relay().hello(), &mut Rng::seeded(1))
            .unwrap_err(),
        TunnelError::SaltChanged
    );
}

fn answer_error(change: impl FnOnce(&mut Vec<u8>)) -> TunnelError {
    let mut hello = relay().hello().to_vec();
    change(&mut hello);
    Handshake::new(Pin::FirstUse, None, None)
        .answer(&hello, &mut Rng::seeded(1))
        .unwrap_err()
}

#[test]
fn a_key_that_is_not_rsa_3072_with_the_usual_exponent_is_refused() {
    let refused = TunnelError::Malformed(DecodeError::Invalid("relay key"));
    assert_eq!(
        answer_error(|hello| *hello.last_mut().unwrap() = 3),
        refused,
        "another exponent"
    );
    assert_eq!(
        answer_error(|hello| hello[84 + 33] &= 0x7F),
        refused,
        "a short modulus"
    );
    assert_eq!(
        answer_error(|hello| hello[84 + 33 + 383] &= 0xFE),
        refused,
        "an even modulus"
    );
    assert_eq!(
        answer_error(|hello| hello[84 + 10] ^= 1),
        refused,
        "another algorithm"
    );
}

#[test]
fn a_share_of_low_order_is_refused() {
    let error = answer_error(|hello| hello[2..34].fill(0));
    assert_eq!(
        error,
        TunnelError::Malformed(DecodeError::Invalid("key share"))
    );
}

#[test]
fn a_newer_relay_is_told_apart() {
    assert_eq!(
        answer_error(|hello| hello[1] = 2),
        TunnelError::Version { theirs: 2 }
    );
    assert_eq!(
        TunnelError::Version { theirs: 2 }.close_code(true),
        CloseCode::Version
    );
}

#[test]
fn nobody_in_between_can_change_the_handshake() {
    for index in [5, 40, 70, 100, 300] {
        let relay = relay();
        let (waiting, mut answer) = Handshake::new(Pin::FirstUse, None, None)
            .answer(relay.hello(), &mut Rng::seeded(1))
            .unwrap();
        if index < 66 {
            answer[index] ^= 1;
            let mut theirs = relay.accept(&answer, None);
            assert_eq!(
                waiting.finish(&theirs.first_record(b"")).unwrap_err(),
                TunnelError::Authentication
            );
        } else {
            // A changed hello from the relay: what the client computes then differs from what the relay does.
            let mut hello = relay.hello().to_vec();
            hello[40] ^= 1;
            let (waiting, answer) = Handshake::new(Pin::FirstUse, None, None)
                .answer(&hello, &mut Rng::seeded(1))
                .unwrap();
            let mut theirs = relay.accept(&answer, None);
            assert_eq!(
                waiting.finish(&theirs.first_record(b"")).unwrap_err(),
                TunnelError::Authentication
            );
        }
    }
}

#[test]
fn a_first_record_without_the_right_proof_is_refused() {
    let relay = relay();
    let (waiting, answer) = Handshake::new(Pin::FirstUse, None, None)
        .answer(relay.hello(), &mut Rng::seeded(1))
        .unwrap();
    let mut theirs = relay.accept(&answer, None);
    assert_eq!(
        waiting.finish(&theirs.seal(&[0; 34])).unwrap_err(),
        TunnelError::Authentication
    );
}

#[test]
fn replayed_reordered_and_changed_records_end_the_tunnel() {
    let (mut ours, mut theirs) = connect(b"");
    let first = theirs.seal(b"first");
    let second = theirs.seal(b"second");
    assert_eq!(ours.open(&first).unwrap(), b"first");
    assert_eq!(ours.open(&first), Err(TunnelError::Authentication));
    assert_eq!(
        ours.open(&second),
        Err(TunnelError::Authentication),
        "a broken tunnel stays broken"
    );
}

#[test]
fn a_direction_changes_its_key_after_a_million_records() {
    let (mut ours, mut theirs) = connect(b"");
    let mut last = Vec::new();
    for _ in 0..REKEY_RECORDS {
        last = ours.seal(b"");
    }
    theirs.received = REKEY_RECORDS - 1;
    assert!(theirs.open(&last).is_some());
    theirs.rekey_receiving();
    assert_eq!(theirs.open(&ours.seal(b"new key")).unwrap(), b"new key");
}

#[test]
fn a_direction_changes_its_key_after_a_gibibyte() {
    let (mut ours, mut theirs) = connect(b"");
    ours.incoming.bytes = REKEY_BYTES - 3;
    assert_eq!(ours.open(&theirs.seal(b"two")).unwrap(), b"two");
    theirs.rekey_sending();
    assert_eq!(ours.open(&theirs.seal(b"new key")).unwrap(), b"new key");
}

#[test]
fn debug_shows_no_secret() {
    let (ours, _) = connect(b"ticket");
    assert_eq!(format!("{:?}", ours.ticket().unwrap()), "Ticket(…)");
    assert_eq!(format!("{:?}", ours.exporter()), "Exporter(…)");
    assert_eq!(
        format!("{ours:?}"),
        format!("Tunnel({})", ours.fingerprint())
    );
}
