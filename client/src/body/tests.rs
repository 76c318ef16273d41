use std::time::Duration;

use crypto::wire::{Epoch, Generation, SenderId};
use proptest::prelude::*;

use super::*;

const ME: SenderId = SenderId([7; 16]);
const SOMEBODY: SenderId = SenderId([9; 16]);

fn id(sid: SenderId) -> MessageId {
    MessageId {
        sid,
        epoch: Epoch(0x0102),
        generation: Generation(0x0304_0506),
    }
}

fn decode(bytes: &[u8]) -> Result<Body, Malformed> {
    Body::decode(bytes, ME)
}

#[test]
fn every_kind_has_these_bytes() {
    let message = [[7; 16].as_slice(), &[1, 2, 3, 4, 5, 6]].concat();
    let text = || Text {
        style: Style::Markdown,
        text: "hi".into(),
    };
    let with = |front: &[u8], rest: &[u8]| [front, message.as_slice(), rest].concat();
    let cases = [
        (Body::text("hi"), vec![1, 0, b'h', b'i']),
        (Body::Text(text()), vec![1, 1, b'h', b'i']),
        (
            Body::Reply {
                to: id(ME),
                text: text(),
            },
            with(&[2], &[1, b'h', b'i']),
        ),
        (
            Body::Reaction {
                to: id(ME),
                on: true,
                emoji: "+".into(),
            },
            with(&[3], &[1, b'+']),
        ),
        (
            Body::Edit {
                of: id(ME),
                text: text(),
            },
            with(&[4], &[1, b'h', b'i']),
        ),
        (Body::Delete { of: id(ME) }, with(&[5], &[])),
        (Body::Action(text()), vec![8, 1, b'h', b'i']),
        (Body::Topic("t".into()), vec![9, b't']),
        (Body::Topic(String::new()), vec![9]),
        (
            Body::Timed {
                stays: Duration::from_secs(60),
                text: text(),
            },
            vec![10, 0, 0, 0, 60, 1, b'h', b'i'],
        ),
    ];
    for (body, bytes) in cases {
        assert_eq!(body.encode().as_slice(), bytes, "{body:?}");
        assert_eq!(decode(&bytes), Ok(body));
    }
    let signals = [
        (Signal::Still, vec![6, 0]),
        (Signal::Typing, vec![6, 1]),
        (Signal::TypingToYou, vec![6, 2]),
        (Signal::Shares, vec![6, 3]),
        (Signal::SharesToo, vec![6, 4]),
        (Signal::Hides, vec![6, 5]),
        (Signal::Seen(id(ME)), with(&[7], &[])),
    ];
    for (signal, bytes) in signals {
        assert_eq!(signal.encode().as_slice(), bytes);
        assert_eq!(Signal::decode(&bytes), Ok(Some(signal)));
        // Said to everybody they would tell those who keep theirs to themselves.
        assert_eq!(decode(&bytes), Ok(Body::Unknown { kind: bytes[0] }));
    }
}

#[test]
fn what_a_newer_version_wrote_is_said_to_be_unknown() {
    assert_eq!(decode(&[99, 1, 2, 3]), Ok(Body::Unknown { kind: 99 }));
    assert_eq!(decode(&[1, 7, b'x']), Ok(Body::Unknown { kind: 1 }));
    assert_eq!(Signal::decode(&[1, 0, b'x']), Ok(None));
}

#[test]
fn nobody_changes_or_takes_back_what_somebody_else_said() {
    let edit = Body::Edit {
        of: id(SOMEBODY),
        text: Text::from("I never said that"),
    };
    let delete = Body::Delete { of: id(SOMEBODY) };
    for body in [edit, delete] {
        assert_eq!(body.check(ME), Err(SayError::NotYours));
        assert_eq!(decode(&body.encode()), Err(Malformed));
        assert_eq!(Body::decode(&body.encode(), SOMEBODY).as_ref(), Ok(&body));
    }
}

#[test]
fn broken_bytes_are_no_body() {
    let too_long = [&[1, 0][..], &vec![b'a'; LONGEST_TEXT + 1]].concat();
    let long_topic = [&[9][..], &vec![b'a'; LONGEST_TOPIC + 1]].concat();
    let reaction = |rest: &[u8]| [&[3][..], &[7; 22], rest].concat();
    let long_emoji = reaction(&[1_u8; 1 + LONGEST_REACTION + 1]);
    for bytes in [
        &[][..],
        &[1],
        &[1, 0],
        &[1, 0, 0xff],
        &[1, 0, b' '],
        &[2, 1, 2, 3],
        &[5; 24],
        &[9, 0xff],
        &[10, 0, 0, 0, 9, 0, b'x'],
        &[10, 0, 1, 0x51, 0x81, 0, b'x'],
        &reaction(&[1]),
        &reaction(&[2, b'+']),
        &long_emoji,
        &too_long,
        &long_topic,
    ] {
        assert_eq!(decode(bytes), Err(Malformed), "{bytes:?}");
    }
    for bytes in [&[6][..], &[6, 6], &[6, 0, 0], &[7, 1], &[7; 24]] {
        assert_eq!(Signal::decode(bytes), Err(Malformed));
    }
}

#[test]
fn the_longest_text_fits_and_one_byte_more_does_not() {
    assert_eq!(Body::text("a".repeat(LONGEST_TEXT)).check(ME), Ok(()));
    assert_eq!(
        Body::text("a".repeat(LONGEST_TEXT + 1)).check(ME),
        Err(SayError::TooLong {
            bytes: LONGEST_TEXT + 1,
            limit: LONGEST_TEXT
        })
    );
    assert_eq!(Body::text(" \n\t").check(ME), Err(SayError::Empty));
}

fn text() -> impl Strategy<Value = Text> {
    let style = prop_oneof![Just(Style::Plain), Just(Style::Markdown)];
    (style, "\\PC{0,200}x").prop_map(|(style, text)| Text { style, text })
}

fn any_body() -> impl Strategy<Value = Body> {
    let message =
        (any::<[u8; 16]>(), any::<u16>(), any::<u32>()).prop_map(|(sid, epoch, step)| MessageId {
            sid: SenderId(sid),
            epoch: Epoch(epoch),
            generation: Generation(step),
        });
    prop_oneof![
        text().prop_map(Body::Text),
        (message, text()).prop_map(|(to, text)| Body::Reply { to, text }),
        text().prop_map(|text| Body::Edit { of: id(ME), text }),
        text().prop_map(Body::Action),
        "\\PC{0,100}".prop_map(Body::Topic),
        (10..=86_400_u64, text()).prop_map(|(seconds, text)| Body::Timed {
            stays: Duration::from_secs(seconds),
            text
        }),
        (any::<bool>(), "[a-z]{1,64}").prop_map(|(on, emoji)| Body::Reaction {
            to: id(SOMEBODY),
            on,
            emoji
        }),
    ]
}

proptest! {
    #[test]
    fn whatever_can_be_said_comes_back_as_it_was(body in any_body()) {
        prop_assert_eq!(body.check(ME), Ok(()));
        prop_assert_eq!(decode(&body.encode()), Ok(body));
    }

    #[test]
    fn no_bytes_make_decoding_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let _ = decode(&bytes);
        let _ = Signal::decode(&bytes);
    }
}
