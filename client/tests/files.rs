//! Files between members: over wires that break, past a relay that forgets and senders that lie.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use std::time::Duration;

use client::{Answer, Body, Event, FileBytes, FileNews, FileRef, FileTrouble, NewFile, SayError};
use crypto::file::{PIECE_LEN, SEALED_PIECE};
use crypto::wire::{FileAnswer, RelayToClient, RoomMode};
use proptest::prelude::*;
use support::world::World;

const BOTH: [RoomMode; 2] = [RoomMode::ForwardSecret, RoomMode::OpenHistory];

fn members(mode: RoomMode, names: &[&str]) -> World {
    let mut world = World::new(mode, 35);
    for name in names {
        world.join(name);
    }
    world
}

fn two() -> World {
    members(RoomMode::ForwardSecret, &["Ann", "Bo"])
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 31 % 251) as u8).collect()
}

/// Four pieces and a bit.
fn long() -> Vec<u8> {
    content(4 * PIECE_LEN + 77)
}

fn accept(world: &mut World, index: usize, file: FileRef) {
    world.act(index, |session, now, rng| {
        session.accept_file(file, now, rng);
    });
}

fn news(world: &World, index: usize) -> Vec<FileNews> {
    let events = world.members[index].events.iter();
    let news = events.filter_map(|event| match event {
        Event::File { news, .. } => Some(news.clone()),
        _ => None,
    });
    news.filter(|news| {
        !matches!(
            news,
            FileNews::Wanted { .. } | FileNews::Bytes(_) | FileNews::Progress { .. }
        )
    })
    .collect()
}

fn answers(world: &World, index: usize) -> Vec<Answer> {
    let news = news(world, index).into_iter();
    news.filter_map(|news| match news {
        FileNews::Answer { answer, .. } => Some(answer),
        _ => None,
    })
    .collect()
}

fn trouble(world: &World, index: usize) -> Vec<FileTrouble> {
    let news = news(world, index).into_iter();
    news.filter_map(|news| match news {
        FileNews::Failed(why) => Some(why),
        _ => None,
    })
    .collect()
}

fn has(world: &World, index: usize, file: FileRef, bytes: &[u8]) -> bool {
    let is_said = news(world, index).iter().any(
        |news| matches!(news, FileNews::Received { bytes: n, .. } if *n == bytes.len() as u64),
    );
    is_said && world.members[index].got.get(&file).map(Vec::as_slice) == Some(bytes)
}

/// Carries messages one by one until Bo has that many bytes.
fn until_bo_has(world: &mut World, file: FileRef, bytes: usize) {
    for _ in 0..10_000 {
        for index in 0..world.members.len() {
            world.deliver_up(index);
            world.deliver_down(index);
        }
        if world.members[1]
            .got
            .get(&file)
            .is_some_and(|got| got.len() >= bytes)
        {
            return;
        }
    }
    panic!("the bytes never come");
}

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
    let mut world = two();
    let bytes = content(20 * PIECE_LEN);
    let file = world.offer(0, None, "plan.bin", &bytes);
    world.settle();
    accept(&mut world, 1, file);
    until_bo_has(&mut world, file, 3 * PIECE_LEN);
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
    let mut world = two();
    let bytes = content(20 * PIECE_LEN);
    let file = world.offer(0, None, "plan.bin", &bytes);
    world.settle();
    accept(&mut world, 1, file);
    until_bo_has(&mut world, file, 3 * PIECE_LEN);
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
        let mut world = two();
        let file = world.offer(0, None, "plan.bin", &content(20 * PIECE_LEN));
        world.settle();
        accept(&mut world, 1, file);
        until_bo_has(&mut world, file, 3 * PIECE_LEN);
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
        let mut world = two();
        let file = world.offer(0, None, "plan.bin", &content(20 * PIECE_LEN));
        world.settle();
        accept(&mut world, 1, file);
        until_bo_has(&mut world, file, 3 * PIECE_LEN);
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
