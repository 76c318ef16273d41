//! Transfers that are cut, stopped or taken back.

use super::*;

#[test]
fn a_transfer_goes_on_after_either_side_was_cut_off() {
    for cut in [0, 1] {
        let mut world = two();
        let bytes = content(20 * PIECE_LEN);
        let file = world.offer(0, None, "plan.bin", &bytes);
        world.settle();
        accept(&mut world, 1, file);
        until_bo_has(&mut world, file, 5 * PIECE_LEN);
        world.cut(cut);
        world.calm();
        assert!(has(&world, 1, file, &bytes), "member {cut} was cut off");
        // What was on the wire is sent again, and not everything.
        assert!(world.relay.puts < 30, "{}", world.relay.puts);
    }
}

#[test]
fn a_transfer_goes_on_after_the_relay_has_forgotten_everything() {
    let mut world = two();
    let bytes = content(20 * PIECE_LEN);
    let file = world.offer(0, None, "plan.bin", &bytes);
    world.settle();
    accept(&mut world, 1, file);
    until_bo_has(&mut world, file, 5 * PIECE_LEN);
    let before = world.relay.puts;
    world.relay.restart();
    world.cut(0);
    world.cut(1);
    world.calm();
    assert!(has(&world, 1, file, &bytes));
    assert!(
        world.relay.puts - before <= 15,
        "what Bo has is not sent again: {}",
        world.relay.puts - before
    );
}

#[test]
fn a_receiver_for_whom_nothing_comes_asks_again() {
    let mut world = two();
    let bytes = long();
    let file = world.offer(0, None, "plan.bin", &bytes);
    world.settle();
    // The relay drops the second piece without a word to anybody.
    let mut lost = false;
    world.relay.tamper = Some(Box::new(move |_, frame| match &frame {
        RelayToClient::File(FileAnswer::Piece { id, .. }) if id.index == 1 && !lost => {
            lost = true;
            Vec::new()
        }
        _ => vec![frame],
    }));
    accept(&mut world, 1, file);
    world.settle();
    assert!(!has(&world, 1, file, &bytes));
    world.pass(Duration::from_secs(60));
    assert!(has(&world, 1, file, &bytes));
}

#[test]
fn taking_an_offer_back_ends_it_for_everybody() {
    let (mut world, file, bytes) = under_way();
    world.act(0, |session, now, rng| session.stop_file(file, now, rng));
    world.settle();
    assert_eq!(trouble(&world, 1), [FileTrouble::Withdrawn]);
    assert_eq!(world.relay.pieces(), 0);
    accept(&mut world, 1, file);
    world.settle();
    assert!(!has(&world, 1, file, &bytes));
    assert_eq!(
        world.members[1].said().len(),
        1,
        "a withdrawal is no message"
    );
}

#[test]
fn a_receiver_that_stops_frees_the_relay_and_may_begin_anew() {
    let (mut world, file, bytes) = under_way();
    world.act(1, |session, now, rng| session.stop_file(file, now, rng));
    world.settle();
    assert_eq!(answers(&world, 0), [Answer::Accepted, Answer::Stopped]);
    assert_eq!(world.relay.pieces(), 0);
    world.members[1].got.clear();
    accept(&mut world, 1, file);
    world.settle();
    assert!(has(&world, 1, file, &bytes));
}

#[test]
fn a_sender_or_receiver_who_leaves_ends_it_honestly() {
    for leaver in [0, 1] {
        let (mut world, _, _) = under_way();
        world.leave(leaver);
        if leaver == 0 {
            assert_eq!(trouble(&world, 1), [FileTrouble::SenderLeft]);
        } else {
            assert_eq!(answers(&world, 0), [Answer::Accepted, Answer::Left]);
        }
        assert_eq!(world.relay.pieces(), 0);
    }
}

#[test]
fn a_reload_ends_transfers_and_says_so() {
    for reloader in [0, 1] {
        let (mut world, _, _) = under_way();
        world.reload(reloader);
        world.calm();
        if reloader == 0 {
            assert_eq!(trouble(&world, 1), [FileTrouble::Withdrawn]);
        } else {
            assert_eq!(answers(&world, 0), [Answer::Accepted, Answer::Stopped]);
        }
    }
}

#[test]
fn a_file_that_vanishes_or_changes_while_it_is_sent_is_withdrawn() {
    for change in ["gone", "shorter", "other bytes"] {
        let mut world = two();
        let bytes = content(20 * PIECE_LEN);
        let file = world.offer(0, None, "plan.bin", &bytes);
        world.settle();
        accept(&mut world, 1, file);
        until_bo_has(&mut world, file, 3 * PIECE_LEN);
        let disk = &mut world.members[0].disk;
        match change {
            "gone" => drop(disk.remove(&file)),
            "shorter" => disk.get_mut(&file).unwrap().truncate(4 * PIECE_LEN),
            _ => disk.get_mut(&file).unwrap()[20 * PIECE_LEN - 1] ^= 1,
        }
        world.settle();
        if change == "other bytes" {
            assert_eq!(trouble(&world, 1), [FileTrouble::Corrupt]);
            assert_eq!(answers(&world, 0), [Answer::Accepted, Answer::Corrupt]);
        } else {
            assert_eq!(trouble(&world, 0), [FileTrouble::Vanished], "{change}");
            assert_eq!(trouble(&world, 1), [FileTrouble::Withdrawn], "{change}");
        }
        assert!(!has(&world, 1, file, &bytes));
    }
}
