//! What is not taken, and not offered.

use super::*;

#[test]
fn a_digest_that_lies_is_found_out_before_anything_is_offered_to_save() {
    let mut world = two();
    let bytes = long();
    let new = NewFile {
        name: "plan.bin".to_owned(),
        media_type: String::new(),
        size: bytes.len() as u64,
        sha256: [7; 32],
    };
    let file = world.act(0, |session, now, rng| {
        session.offer_file(None, new, now, rng).unwrap()
    });
    world.members[0].disk.insert(file, bytes.clone());
    world.settle();
    accept(&mut world, 1, file);
    world.settle();
    assert_eq!(trouble(&world, 1), [FileTrouble::Corrupt]);
    assert_eq!(answers(&world, 0), [Answer::Accepted, Answer::Corrupt]);
    assert!(!has(&world, 1, file, &bytes));
}

#[test]
fn a_piece_that_the_relay_changes_is_not_taken() {
    let mut world = two();
    let bytes = long();
    let file = world.offer(0, None, "plan.bin", &bytes);
    world.settle();
    world.relay.tamper = Some(Box::new(|_, frame| match frame {
        RelayToClient::File(FileAnswer::Piece { id, mut piece }) => {
            piece[SEALED_PIECE / 2] ^= u8::from(id.index == 2);
            vec![RelayToClient::File(FileAnswer::Piece { id, piece })]
        }
        frame => vec![frame],
    }));
    accept(&mut world, 1, file);
    world.settle();
    assert_eq!(trouble(&world, 1), [FileTrouble::Corrupt]);
    let got = world.members[1].got.get(&file).map_or(0, Vec::len);
    assert!(
        got <= 2 * PIECE_LEN,
        "nothing behind the forgery is handed on"
    );
}

#[test]
fn a_file_over_the_relays_limit_is_taken_back_with_a_reason() {
    let mut world = two();
    world.relay.most_pieces = 3;
    let file = world.offer(0, None, "plan.bin", &long());
    world.settle();
    accept(&mut world, 1, file);
    world.settle();
    assert_eq!(trouble(&world, 0), [FileTrouble::TooLarge]);
    assert_eq!(trouble(&world, 1), [FileTrouble::Withdrawn]);
    assert_eq!(world.relay.pieces(), 0);
}

#[test]
fn files_without_bytes_or_name_cannot_be_offered() {
    let mut world = two();
    let new = |name: &str, size| NewFile {
        name: name.to_owned(),
        media_type: String::new(),
        size,
        sha256: [0; 32],
    };
    for (file, why) in [
        (new("n", 0), SayError::Empty),
        (new("", 1), SayError::Empty),
    ] {
        let offered = world.act(0, |session, now, rng| {
            session.offer_file(None, file, now, rng)
        });
        assert_eq!(offered, Err(why));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_breaks_on_the_way_the_file_arrives_whole(
        steps in proptest::collection::vec((0_usize..2, 0_u8..12, 1_usize..40), 1..12),
        pieces in 1_usize..12,
    ) {
        let mut world = two();
        let bytes = content(pieces * PIECE_LEN - 13);
        let file = world.offer(0, None, "plan.bin", &bytes);
        world.settle();
        accept(&mut world, 1, file);
        for (member, what, times) in steps {
            match what {
                0 => world.cut(member),
                1 => world.vanish(member),
                2 => {
                    world.relay.restart();
                    world.cut(0);
                    world.cut(1);
                }
                _ => for _ in 0..times {
                    world.deliver_up(member);
                    world.deliver_down(1 - member);
                },
            }
        }
        world.calm();
        world.pass(Duration::from_secs(60));
        prop_assert!(has(&world, 1, file, &bytes), "{:?} {:?}", news(&world, 0), news(&world, 1));
    }
}
