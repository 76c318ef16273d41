//! Files on their way, and what else moves meanwhile.

use super::*;

#[test]
fn a_file_is_offered_accepted_and_received_whole() {
    for mode in BOTH {
        for length in [
            1,
            PIECE_LEN - 1,
            PIECE_LEN,
            PIECE_LEN + 1,
            9 * PIECE_LEN + 5,
        ] {
            let mut world = members(mode, &["Ann", "Bo"]);
            let bytes = content(length);
            let file = world.offer(0, None, "plan.bin", &bytes);
            world.settle();
            assert!(!has(&world, 1, file, &bytes), "nothing moves unasked");
            assert_eq!(world.relay.pieces(), 0);
            let said = world.members[1].said();
            let Body::Offer(offer) = &said.last().unwrap().body else {
                panic!("an offer is a message");
            };
            assert_eq!(
                (offer.name.as_str(), offer.size),
                ("plan.bin", length as u64)
            );
            accept(&mut world, 1, file);
            world.settle();
            assert!(has(&world, 1, file, &bytes), "{length} bytes");
            assert_eq!(answers(&world, 0), [Answer::Accepted, Answer::Received]);
            assert_eq!(
                world.relay.pieces(),
                0,
                "the relay forgets what nobody waits for"
            );
        }
    }
}

#[test]
fn several_members_fetch_one_upload_and_a_late_one_gets_it_too() {
    let mut world = members(RoomMode::OpenHistory, &["Ann", "Bo", "Cy", "Di"]);
    let bytes = long();
    let file = world.offer(0, None, "plan.bin", &bytes);
    world.settle();
    accept(&mut world, 1, file);
    accept(&mut world, 2, file);
    world.settle();
    assert!(has(&world, 1, file, &bytes) && has(&world, 2, file, &bytes));
    assert_eq!(world.relay.puts, 5, "five pieces, once");
    accept(&mut world, 3, file);
    world.settle();
    assert!(has(&world, 3, file, &bytes));
    assert_eq!(world.relay.puts, 10, "the relay had forgotten them");
}

#[test]
fn a_private_offer_is_for_one_alone() {
    let mut world = members(RoomMode::ForwardSecret, &["Ann", "Bo", "Cy"]);
    let bytes = long();
    let file = world.offer(0, Some(1), "for-bo.bin", &bytes);
    world.settle();
    assert_eq!(world.members[2].said().len(), 0);
    assert_eq!(world.members[1].said()[0].to, Some(world.sid(1)));
    // Somebody who guessed its name all the same.
    accept(&mut world, 2, file);
    world.settle();
    assert_eq!(answers(&world, 0), []);
    accept(&mut world, 1, file);
    world.settle();
    assert!(has(&world, 1, file, &bytes));
}

#[test]
fn a_denial_is_reported_and_can_be_taken_back() {
    let mut world = two();
    let bytes = long();
    let file = world.offer(0, None, "plan.bin", &bytes);
    world.settle();
    world.act(1, |session, now, rng| session.deny_file(file, now, rng));
    world.settle();
    assert_eq!(answers(&world, 0), [Answer::Denied]);
    assert_eq!(world.relay.puts, 0);
    accept(&mut world, 1, file);
    world.settle();
    assert!(has(&world, 1, file, &bytes));
}

#[test]
fn words_pass_files_on_the_way() {
    let mut world = two();
    let bytes = content(60 * PIECE_LEN);
    let file = world.offer(0, None, "plan.bin", &bytes);
    world.settle();
    accept(&mut world, 1, file);
    until_bo_has(&mut world, file, 20 * PIECE_LEN);
    world.say(0, "still here");
    let before = world.members[1].got[&file].len();
    for _ in 0..1_000 {
        for index in 0..2 {
            world.deliver_up(index);
            world.deliver_down(index);
        }
        if world.members[1].heard().contains(&"still here".to_owned()) {
            break;
        }
    }
    let meanwhile = world.members[1].got[&file].len() - before;
    assert!(meanwhile <= 24 * PIECE_LEN, "{meanwhile} bytes went first");
    world.settle();
    assert!(has(&world, 1, file, &bytes));
}

#[test]
fn no_more_than_a_window_is_held_at_once() {
    let mut world = two();
    let bytes = content(100 * PIECE_LEN);
    let file = world.offer(0, None, "plan.bin", &bytes);
    world.settle();
    accept(&mut world, 1, file);
    let (mut wanted, mut most) = (0_usize, 0_usize);
    for _ in 0..10_000 {
        world.deliver_up(0);
        let events = std::mem::take(&mut world.members[0].events);
        wanted += events
            .iter()
            .filter(|event| {
                matches!(
                    event,
                    Event::File {
                        news: FileNews::Wanted { .. },
                        ..
                    }
                )
            })
            .count();
        most = most.max(wanted - (world.relay.puts as usize).min(wanted));
        world.deliver_down(0);
        world.deliver_up(1);
        world.deliver_down(1);
    }
    assert!(has(&world, 1, file, &bytes));
    assert!(most <= 8, "{most} pieces at once");
}

#[test]
fn bytes_and_keys_of_files_are_not_shown_when_debugging() {
    let bytes = FileNews::Bytes(FileBytes(vec![0xAB; 9]));
    assert_eq!(format!("{bytes:?}"), "Bytes(FileBytes(9))");
    let mut world = two();
    world.offer(0, None, "n", &[1]);
    world.settle();
    let shown = format!("{:?}", world.members[1].said()[0].body);
    assert!(shown.contains("key: FileKey(…)"), "{shown}");
}
