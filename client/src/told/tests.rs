#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crypto::envelope::Kind;
use proptest::prelude::*;

use super::*;

const SID: SenderId = SenderId([7; 16]);

/// The `number`th thing that somebody says, private or not.
fn header(number: u32, is_private: bool) -> Header {
    Header {
        kind: if is_private {
            Kind::Pairwise
        } else {
            Kind::Message
        },
        sid: SID,
        // A new epoch now and then.
        epoch: Epoch(if is_private {
            0
        } else {
            1 + (number / 10) as u16
        }),
        generation: Generation(if is_private { number } else { number % 10 }),
    }
}

fn at(number: u32) -> Duration {
    Duration::from_millis(1_000 + u64::from(number))
}

fn id(number: u32) -> MessageId {
    let header = header(number, false);
    MessageId {
        sid: SID,
        epoch: header.epoch,
        generation: header.generation,
    }
}

fn note(told: &mut Told, number: u32, body: &Body) -> Option<Late> {
    told.note(
        SID,
        Line::new(&header(number, false), at(number), body),
        true,
    )
}

fn words() -> Body {
    Body::text("words")
}

proptest! {
    #[test]
    fn in_whatever_order_things_come_the_screen_shows_them_as_their_author_said_them(
        (kinds, order) in prop::collection::vec(any::<bool>(), 1..80).prop_flat_map(|kinds| {
            let order = (0..kinds.len()).collect::<Vec<_>>();
            (Just(kinds), Just(order).prop_shuffle())
        }),
        reload_at in any::<prop::sample::Index>(),
    ) {
        let mut told = Told::default();
        let mut screen: Vec<(usize, MessageId)> = Vec::new();
        for (step, number) in order.iter().enumerate() {
            if step == reload_at.index(order.len()) {
                let mut writer = Writer::with_capacity(64);
                told.freeze(&mut writer);
                told = Told::thaw(&mut Reader::new(&writer.finish())).unwrap();
            }
            let header = header(*number as u32, kinds[*number]);
            let line = Line::new(&header, at(*number as u32), &words());
            let id = line.id(SID);
            let place = match told.note(SID, line, true) {
                Some(late) => screen.iter().position(|(_, id)| *id == late.before).unwrap(),
                None => screen.len(),
            };
            screen.insert(place, (*number, id));
        }
        prop_assert!(screen.is_sorted_by_key(|(number, _)| *number));
    }

    #[test]
    fn nobody_goes_back_in_a_room_that_is_settled(order in Just((0..40_u32).collect::<Vec<_>>()).prop_shuffle()) {
        let mut told = Told::default();
        for number in order {
            let line = Line::new(&header(number, false), at(number), &words());
            prop_assert_eq!(told.note(SID, line, false), None);
        }
    }
}

#[test]
fn a_change_that_comes_late_does_not_undo_a_newer_one() {
    let edit = |text: &str| Body::Edit {
        of: id(0),
        text: text.into(),
    };
    let react = |on, emoji: &str| Body::Reaction {
        to: id(0),
        on,
        emoji: emoji.to_owned(),
    };
    let topic = |text: &str| Body::Topic(text.to_owned());
    let delete = Body::Delete { of: id(0) };
    let pairs = [
        (edit("old"), edit("new"), Since::Overtaken),
        (edit("old"), delete, Since::Overtaken),
        (react(true, "👍"), react(false, "👍"), Since::Overtaken),
        (react(true, "👍"), react(true, "🎉"), Since::Nothing),
        (react(true, "👍"), edit("new"), Since::Nothing),
        (topic("old"), topic("new"), Since::Overtaken),
        (topic("old"), words(), Since::Nothing),
        (words(), words(), Since::Nothing),
    ];
    for (older, newer, since) in pairs {
        let mut told = Told::default();
        assert_eq!(note(&mut told, 0, &words()), None);
        assert_eq!(note(&mut told, 2, &newer), None);
        let late = note(&mut told, 1, &older).unwrap();
        assert_eq!(
            (late.before, late.since),
            (id(2), since),
            "{older:?} {newer:?}"
        );
    }
}

#[test]
fn words_that_come_after_their_change_come_changed() {
    let edit = |text: &str| Body::Edit {
        of: id(0),
        text: text.into(),
    };
    let changes = [
        (vec![edit("one"), edit("two")], Since::Edited("two".into())),
        (
            vec![edit("one"), Body::Delete { of: id(0) }],
            Since::TakenBack,
        ),
        (vec![Body::Delete { of: id(5) }], Since::Nothing),
    ];
    for (changes, since) in changes {
        for reload in [false, true] {
            let mut told = Told::default();
            for (number, change) in changes.iter().enumerate() {
                note(&mut told, number as u32 + 1, change);
            }
            if reload {
                let mut writer = Writer::with_capacity(64);
                told.freeze(&mut writer);
                told = Told::thaw(&mut Reader::new(&writer.finish())).unwrap();
            }
            assert_eq!(note(&mut told, 0, &words()).unwrap().since, since);
        }
    }
}

#[test]
fn no_author_fills_the_memory() {
    let mut told = Told::default();
    for number in 0..3_000 {
        let of = id(50_000 + number);
        let text = "long ".repeat(3_000).into();
        note(&mut told, number, &Body::Edit { of, text });
    }
    assert_eq!(told.0.len(), MOST);
    let wordings = told.0.iter().filter(|line| line.wording.is_some());
    assert_eq!(wordings.count(), MOST_WORDINGS);
}
