//! Files at the relay: who gets which piece, when it is forgotten, and what nobody can make it hold.

use std::time::Duration;

use crypto::wire::frame::file::{PIECE_LEN, SEALED_PIECE};
use crypto::wire::{
    ClientToRelay, CloseCode, FileAnswer, FileId, FileRequest, Keep, MemberId, Opening, PieceId,
    Refusal, RelayToClient,
};

use crate::common::{TestRelay, forward_secret, room};
use crate::peer::{Joined, Peer};

const FILE: FileId = FileId([7; 16]);
const NOBODY: MemberId = MemberId([0; 16]);

fn entered(relay: &TestRelay) -> (Peer, Joined) {
    entered_as(relay, forward_secret())
}

fn entered_as(relay: &TestRelay, opening: Opening) -> (Peer, Joined) {
    let mut peer = relay.peer();
    let joined = peer.join(&room(1), opening, None);
    (peer, joined)
}

fn piece(owner: &Joined, index: u32) -> PieceId {
    PieceId {
        owner: owner.member,
        file: FILE,
        index,
    }
}

fn sealed(filling: u8) -> Vec<u8> {
    vec![filling; SEALED_PIECE]
}

fn request(request: FileRequest) -> ClientToRelay {
    ClientToRelay::File(request)
}

fn put_frame(index: u32, filling: u8) -> ClientToRelay {
    request(FileRequest::Put {
        file: FILE,
        index,
        piece: sealed(filling),
    })
}

/// The next frame about files.
fn answer(peer: &mut Peer) -> FileAnswer {
    loop {
        if let RelayToClient::File(answer) = peer.next() {
            return answer;
        }
    }
}

/// All frames about files up to now.
fn answers(peer: &mut Peer) -> Vec<FileAnswer> {
    let frames = peer.settle().into_iter();
    let files = frames.filter_map(|frame| match frame {
        RelayToClient::File(answer) => Some(answer),
        _ => None,
    });
    files.collect()
}

fn put(peer: &mut Peer, index: u32, filling: u8) {
    peer.send(&put_frame(index, filling));
    assert_eq!(answer(peer), FileAnswer::Taken { file: FILE, index });
}

fn get(peer: &mut Peer, id: PieceId) {
    peer.send(&request(FileRequest::Get(id)));
}

fn fetched(peer: &mut Peer) -> (PieceId, u8) {
    match answer(peer) {
        FileAnswer::Piece { id, piece } => (id, piece[0]),
        other => panic!("expected a piece, got {other:?}"),
    }
}

fn refusal(peer: &mut Peer) -> (Refusal, Duration) {
    match answer(peer) {
        FileAnswer::Refused {
            refusal,
            retry_after,
            ..
        } => (refusal, retry_after),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn a_piece_reaches_who_asks_for_it_before_or_after_it_came() {
    let relay = TestRelay::start();
    let (mut alice, a) = entered(&relay);
    let (mut bob, _) = entered(&relay);
    let (mut carol, _) = entered(&relay);
    get(&mut bob, piece(&a, 1));
    assert_eq!(answers(&mut bob), []);
    put(&mut alice, 0, 10);
    put(&mut alice, 1, 11);
    assert_eq!(fetched(&mut bob), (piece(&a, 1), 11));
    get(&mut carol, piece(&a, 1));
    get(&mut carol, piece(&a, 0));
    assert_eq!(fetched(&mut carol), (piece(&a, 1), 11));
    assert_eq!(fetched(&mut carol), (piece(&a, 0), 10));
    assert_eq!(answers(&mut bob), [], "who asked for nothing gets nothing");
}

#[test]
fn nobody_puts_or_drops_pieces_in_anothers_name() {
    let relay = TestRelay::start();
    let (mut alice, a) = entered(&relay);
    let (mut mallory, m) = entered(&relay);
    put(&mut mallory, 0, 66);
    put(&mut alice, 0, 10);
    mallory.send(&request(FileRequest::Drop { file: FILE }));
    mallory.settle();
    let (mut bob, _) = entered(&relay);
    get(&mut bob, piece(&a, 0));
    assert_eq!(fetched(&mut bob), (piece(&a, 0), 10));
    get(&mut bob, piece(&m, 0));
    assert_eq!(answers(&mut bob), []);
}

#[test]
fn a_piece_that_comes_again_does_not_replace_the_first() {
    let relay = TestRelay::start();
    let (mut alice, a) = entered(&relay);
    let (mut bob, _) = entered(&relay);
    put(&mut alice, 0, 10);
    put(&mut alice, 0, 99);
    get(&mut bob, piece(&a, 0));
    assert_eq!(fetched(&mut bob).1, 10);
}

#[test]
fn another_room_has_other_files() {
    let relay = TestRelay::start();
    let (mut alice, a) = entered(&relay);
    put(&mut alice, 0, 10);
    let mut elsewhere = relay.member(&room(2), forward_secret());
    get(&mut elsewhere, piece(&a, 0));
    assert_eq!(answers(&mut elsewhere), []);
}

#[test]
fn whoever_has_no_seat_has_no_files() {
    let relay = TestRelay::start();
    let mut peer = relay.peer();
    peer.send(&put_frame(0, 1));
    let FileAnswer::Refused { id, refusal, .. } = answer(&mut peer) else {
        panic!("expected a refusal")
    };
    assert_eq!((id.owner, refusal), (NOBODY, Refusal::NotJoined));
    get(&mut peer, id);
    assert_eq!(self::refusal(&mut peer).0, Refusal::NotJoined);
    peer.send(&request(FileRequest::Drop { file: FILE }));
    assert!(matches!(
        peer.next(),
        RelayToClient::Refused {
            refusal: Refusal::NotJoined,
            ..
        }
    ));
}

#[test]
fn a_piece_of_any_other_length_ends_the_connection() {
    for length in [0, SEALED_PIECE - 1, SEALED_PIECE + 1] {
        let relay = TestRelay::start();
        let (mut alice, _) = entered(&relay);
        let mut frame = put_frame(0, 1).encode();
        frame.resize(21 + length, 0);
        alice.send_bytes(&[frame]);
        assert_eq!(alice.ended(), Some(CloseCode::Frame), "{length}");
    }
}

#[test]
fn a_file_over_the_limit_is_refused_at_its_first_piece_too_many() {
    let relay = TestRelay::with(|config| config.limits.file_bytes = 2 * PIECE_LEN);
    let (mut alice, _) = entered(&relay);
    put(&mut alice, 0, 1);
    put(&mut alice, 1, 1);
    alice.send(&put_frame(2, 1));
    assert_eq!(refusal(&mut alice), (Refusal::TooLarge, Duration::ZERO));
    alice.send(&put_frame(u32::MAX, 1));
    assert_eq!(refusal(&mut alice).0, Refusal::TooLarge);
    assert_eq!(alice.say(Keep::Ring, 1), 1, "words go on");
}

#[test]
fn a_relay_without_files_says_so() {
    let relay = TestRelay::with(|config| config.limits.file_bytes = 0);
    let (mut alice, _) = entered(&relay);
    alice.send(&put_frame(0, 1));
    assert_eq!(refusal(&mut alice).0, Refusal::Unsupported);
}

#[test]
fn a_full_relay_says_when_to_come_back_and_has_room_once_a_file_is_dropped() {
    let relay = TestRelay::with(|config| config.limits.file_memory = 2 * (SEALED_PIECE + 37));
    let (mut alice, _) = entered(&relay);
    let mut elsewhere = relay.member(&room(2), forward_secret());
    put(&mut alice, 0, 1);
    put(&mut elsewhere, 0, 1);
    alice.send(&put_frame(1, 1));
    let (why, wait) = refusal(&mut alice);
    assert_eq!(why, Refusal::RelayFull);
    assert!(wait > Duration::ZERO);
    elsewhere.send(&request(FileRequest::Drop { file: FILE }));
    elsewhere.settle();
    put(&mut alice, 1, 1);
}

#[test]
fn a_room_holds_a_few_files_and_no_more() {
    let relay = TestRelay::with(|config| config.limits.file_bytes = PIECE_LEN);
    let (mut alice, _) = entered(&relay);
    for file in 0..4 {
        alice.send(&request(FileRequest::Put {
            file: FileId([file; 16]),
            index: 0,
            piece: sealed(1),
        }));
        assert!(matches!(answer(&mut alice), FileAnswer::Taken { .. }));
    }
    alice.send(&put_frame(0, 1));
    assert_eq!(refusal(&mut alice).0, Refusal::RelayFull);
    let mut elsewhere = relay.member(&room(2), forward_secret());
    put(&mut elsewhere, 0, 1);
}

#[test]
fn files_have_a_pace_of_their_own() {
    let relay = TestRelay::with(|config| {
        config.limits.file_byte_burst = 3.0 * (SEALED_PIECE + 37) as f64;
        config.limits.file_bytes_per_second = (SEALED_PIECE + 37) as f64;
        config.limits.byte_burst = 10_000.0;
        config.limits.frame_burst = 20.0;
    });
    let (mut alice, _) = entered(&relay);
    for index in 0..3 {
        put(&mut alice, index, 1);
    }
    alice.send(&put_frame(3, 1));
    let (why, wait) = refusal(&mut alice);
    assert_eq!((why, wait), (Refusal::TooFast, Duration::from_secs(1)));
    assert_eq!(alice.say(Keep::Ring, 1), 1, "words are counted apart");
    relay.clock.advance(wait);
    put(&mut alice, 3, 1);
}

#[test]
fn a_file_that_nobody_touches_is_forgotten_and_one_that_is_fetched_is_not() {
    let relay = TestRelay::with(|config| config.limits.file_time = Duration::from_secs(60));
    let (mut alice, a) = entered(&relay);
    let (mut bob, _) = entered(&relay);
    put(&mut alice, 0, 10);
    for _ in 0..10 {
        relay.advance(10);
        alice.settle();
        get(&mut bob, piece(&a, 0));
        assert_eq!(fetched(&mut bob).1, 10);
    }
    for _ in 0..7 {
        relay.advance(10);
        alice.settle();
        bob.settle();
    }
    relay.reaches("file_bytes", 0);
    get(&mut bob, piece(&a, 0));
    assert_eq!(answers(&mut bob), []);
}

#[test]
fn a_file_stays_while_its_sender_is_cut_off_and_goes_when_the_seat_does() {
    let relay = TestRelay::start();
    let (mut alice, a) = entered(&relay);
    let (mut bob, _) = entered(&relay);
    put(&mut alice, 0, 10);
    drop(alice);
    while bob.next() != (RelayToClient::Away { member: a.member }) {}
    get(&mut bob, piece(&a, 0));
    assert_eq!(fetched(&mut bob).1, 10);
    for _ in 0..11 {
        relay.advance(10);
        bob.settle();
    }
    relay.advance(20);
    bob.send(&ClientToRelay::Ping { echo: 0 });
    // The housekeeping has a thread of its own: it looks at the room when it comes to it.
    while bob.next() != (RelayToClient::Departed { member: a.member }) {}
    get(&mut bob, piece(&a, 0));
    assert_eq!(answers(&mut bob), []);
}

#[test]
fn leaving_takes_the_files_along() {
    let relay = TestRelay::start();
    let (mut alice, a) = entered(&relay);
    let (mut bob, _) = entered(&relay);
    put(&mut alice, 0, 10);
    alice.send(&ClientToRelay::Leave);
    alice.settle();
    get(&mut bob, piece(&a, 0));
    assert_eq!(answers(&mut bob), []);
}

#[test]
fn a_new_room_of_the_same_name_knows_nothing_of_the_old_ones_files() {
    let relay = TestRelay::with(|config| config.limits.room_grace = Duration::ZERO);
    let (mut alice, a) = entered(&relay);
    put(&mut alice, 0, 10);
    alice.send(&ClientToRelay::Leave);
    alice.settle();
    relay.advance(1);
    let (mut bob, _) = entered(&relay);
    get(&mut bob, piece(&a, 0));
    assert_eq!(answers(&mut bob), []);
}

#[test]
fn who_asks_and_does_not_read_still_has_room_for_words() {
    let relay = TestRelay::start();
    let (mut alice, a) = entered(&relay);
    let (mut bob, _) = entered(&relay);
    for index in 0..20 {
        put(&mut alice, index, 1);
    }
    // In one record, so that nothing is written in between.
    let gets: Vec<_> = (0..20)
        .map(|index| request(FileRequest::Get(piece(&a, index))).encode())
        .collect();
    bob.send_bytes(&gets);
    let mut pieces = 0;
    let mut put_off = 0;
    for _ in 0..20 {
        match answer(&mut bob) {
            FileAnswer::Piece { .. } => pieces += 1,
            FileAnswer::Refused {
                refusal: Refusal::TooFast,
                retry_after,
                ..
            } if retry_after > Duration::ZERO => put_off += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(pieces + put_off, 20);
    assert!(pieces >= 8, "a window of eight fits: {pieces}");
    assert!(put_off > 0);
    assert_eq!(alice.say_through(Keep::Ring, 1), 1);
    bob.settle();
}
