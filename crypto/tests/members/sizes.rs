//! What the relay learns from lengths.

use crypto::hello::Introduction;
use crypto::wire::RoomMode;
use crypto::wire::envelope::{MAX_BUCKET, MIN_ENVELOPE, bucket, is_plausible, sealed_len};

use super::author::acquainted;

#[test]
fn yes_and_no_have_one_length() {
    let (mut author, _, peer) = acquainted(RoomMode::ForwardSecret);
    assert_eq!(author.say("yes").envelope.len(), MIN_ENVELOPE);
    assert_eq!(author.say("no!").envelope.len(), MIN_ENVELOPE);
    assert_eq!(author.whisper(&peer, "maybe").envelope.len(), MIN_ENVELOPE);
    assert_eq!(author.hello().envelope.len(), MIN_ENVELOPE);
    assert_eq!(author.announce(&[&peer]).envelope.len(), MIN_ENVELOPE);
}

#[test]
fn a_private_message_is_as_long_as_a_room_message() {
    let (mut author, _, peer) = acquainted(RoomMode::ForwardSecret);
    for length in (0..=700).chain([1_000, 4_000, 16_383, 16_384, 40_000]) {
        let text = "x".repeat(length);
        if author.chain.needs_new_epoch(std::time::Duration::ZERO) {
            author.next_epoch();
        }
        let (open, private) = (author.say(&text), author.whisper(&peer, &text));
        assert_eq!(
            open.envelope.len(),
            private.envelope.len(),
            "{length} bytes of text"
        );
        assert!(is_plausible(&open.envelope));
    }
}

#[test]
fn a_private_message_opens_at_every_length() {
    let (mut author, mut receiver, peer) = acquainted(RoomMode::ForwardSecret);
    for length in (230..=300).chain([0, 1, 16_384, 60_000]) {
        let text = "x".repeat(length);
        let expected = format!("at=1767323045678 {text}");
        assert_eq!(
            receiver.receive(&author.say(&text).envelope),
            format!("message {expected}")
        );
        assert_eq!(
            receiver.receive(&author.whisper(&peer, &text).envelope),
            format!("private {expected}")
        );
    }
}

#[test]
fn every_envelope_fills_its_bucket() {
    let (mut author, _, _) = acquainted(RoomMode::OpenHistory);
    for length in [0, 10, 100, 300, 512] {
        let introduction = Introduction {
            name: "n".repeat(length),
            ..author.introduction()
        };
        let sealed = author.hello_with(&introduction);
        assert!(is_plausible(&sealed.envelope), "a name of {length} bytes");
    }
}

#[test]
fn the_longest_text_fits_and_one_byte_more_changes_nothing() {
    let (mut author, mut receiver, peer) = acquainted(RoomMode::ForwardSecret);
    let longest = MAX_BUCKET - 24 - 32 - 16 - 84;
    let sealed = author.say(&"x".repeat(longest));
    assert_eq!(sealed.envelope.len(), sealed_len(bucket(MAX_BUCKET)));
    assert!(receiver.receive(&sealed.envelope).starts_with("message"));
    let before = author.chain.generation();
    assert_eq!(
        author.try_say(&"x".repeat(longest + 1)).unwrap_err(),
        crypto::envelope::SealError::TooLarge
    );
    assert_eq!(author.chain.generation(), before);
    assert!(
        receiver
            .receive(&author.whisper(&peer, &"x".repeat(longest)).envelope)
            .starts_with("private")
    );
}
