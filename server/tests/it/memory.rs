//! What is left in the relay's memory: nothing that grows, and after a purge nothing at all.

use std::fs;
use std::io::Read as _;
use std::net::{SocketAddr, TcpListener};
use std::process::Child;

use crypto::room::RoomKeys;
use crypto::wire::envelope::MIN_ENVELOPE;
use crypto::wire::frame::file::SEALED_PIECE;
use crypto::wire::{
    ClientToRelay, CloseCode, FileId, FileRequest, Keep, Lifetime, LocalId, Opening, PieceId,
    RelayToClient,
};
use rand_core::Rng as _;
use std::time::Duration;

use crate::common::{TestRelay, forward_secret, metric, open_history, rng, room, without_rates};
use crate::control::digest_of;
use crate::peer::Peer;
use crate::program::{program, start, stop};

const ROOMS: u32 = 10_000;

/// One of as many rooms as a test wants.
fn one_of_many(number: u32) -> RoomKeys {
    let mut root = [0; 64];
    root[..4].copy_from_slice(&number.to_be_bytes());
    RoomKeys::from_bytes(&root)
}

/// Opens rooms, says something in each and leaves it again.
fn open_and_fill(peer: &mut Peer, rooms: std::ops::Range<u32>, opening: Opening) {
    for number in rooms {
        let keys = one_of_many(number);
        let join = peer.join_frame(&keys, opening, None).encode();
        let publish = |local, keep| {
            ClientToRelay::Publish {
                local: LocalId(local),
                keep,
                envelope: vec![1; MIN_ENVELOPE],
            }
            .encode()
        };
        let leave = ClientToRelay::Leave.encode();
        peer.send_bytes(&[
            join,
            publish(1, Keep::Anchor),
            publish(2, Keep::Ring),
            publish(3, Keep::Transient),
            leave,
        ]);
        while !matches!(
            peer.next(),
            RelayToClient::Accepted {
                local: LocalId(3),
                ..
            }
        ) {}
    }
}

#[test]
fn ten_thousand_rooms_leave_nothing_behind() {
    let relay = TestRelay::with(|config| {
        without_rates(config);
        config.limits.max_rooms = ROOMS as usize;
    });
    let mut peer = relay.peer();
    let hour = Opening {
        lifetime: Lifetime::For(Duration::from_secs(3600)),
        ..open_history()
    };
    // Half of them end when they are empty, half when their time is over.
    open_and_fill(&mut peer, 0..ROOMS / 2, forward_secret());
    open_and_fill(&mut peer, ROOMS / 2..ROOMS, hour);
    assert_eq!(relay.count("open_rooms"), u64::from(ROOMS));
    assert_eq!(relay.count("open_seats"), 0);
    let envelope = MIN_ENVELOPE as u64;
    assert!(relay.count("kept_bytes") > u64::from(ROOMS) * 3 * envelope);

    for _ in 0..60 {
        relay.advance(10);
        peer.settle();
    }
    // Sweeping happens beside the connections, so time goes on until it has.
    while relay.count("open_rooms") > u64::from(ROOMS / 2) {
        relay.advance(1);
        peer.settle();
    }
    assert_eq!(relay.count("tombstones"), 0);
    for _ in 0..300 {
        relay.advance(10);
        peer.settle();
    }
    while relay.count("open_rooms") > 0 {
        relay.advance(1);
        peer.settle();
    }
    assert_eq!(relay.count("kept_bytes"), 0);
    assert_eq!(relay.count("waiting_bytes"), 0);
    // What ended with its lifetime says so for ten minutes.
    assert_eq!(relay.count("tombstones"), u64::from(ROOMS / 2));
    drop(peer);
    while relay.count("tombstones") > 0 {
        relay.advance(60);
    }
    relay.is_back_to_nothing();
}

/// A port for counters, taken and given back at once: the program does not tell which one it got.
fn free_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

/// The resident set of a process, in bytes.
fn resident(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib * 1024
}

#[cfg(target_os = "linux")]
#[test]
fn the_process_does_not_grow_with_the_rooms_that_have_been() {
    const MIB: u64 = 1 << 20;
    let folder = tempfile::tempdir().unwrap();
    let counters = free_port();
    let mut command = program(folder.path());
    command.args(["--listen", "127.0.0.1:0", "--room-grace", "0"]);
    command.args(["--frames-per-second", "1000000"]);
    command.args(["--kib-per-second", "10000000"]);
    command.args(["--metrics-listen", &counters.to_string()]);
    let (child, address, _) = start(command);
    let mut peer = Peer::connect(address, None);
    // The first rounds fill the allocator's pools; after that nothing may be added, however many rooms come and go.
    let mut after_round = |round: u32| {
        open_and_fill(
            &mut peer,
            round * 2_500..(round + 1) * 2_500,
            open_history(),
        );
        let held = resident(&child);
        while metric(counters, "open_rooms") > 0 {
            // The relay's own clock sweeps them away within a second.
            peer.settle();
        }
        assert_eq!(metric(counters, "kept_bytes"), 0);
        (held, resident(&child))
    };
    let empty = resident(&child);
    let before = after_round(0);
    after_round(1);
    after_round(2);
    let after = after_round(3);
    println!("empty {empty}, full and empty again {before:?}, four rounds later {after:?}");
    assert!(
        after.0 <= before.0 + before.0 / 2 + 8 * MIB && after.1 <= before.0 + 8 * MIB,
        "grew from {before:?} to {after:?}"
    );
    drop(peer);
    stop(child);
}

/// How often each needle occurs in the writable memory of a process.
#[cfg(target_os = "linux")]
fn occurrences(child: &Child, needles: &[&[u8]]) -> Vec<usize> {
    use std::os::unix::fs::FileExt as _;
    let maps = fs::read_to_string(format!("/proc/{}/maps", child.id())).unwrap();
    let memory = fs::File::open(format!("/proc/{}/mem", child.id())).unwrap();
    let mut found = vec![0; needles.len()];
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (range, rights) = (fields.next().unwrap(), fields.next().unwrap());
        if !rights.starts_with("rw") {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let [start, end] = [start, end].map(|place| u64::from_str_radix(place, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
        // Guard pages refuse to be read; they hold nothing.
        let Ok(read) = memory.read_at(&mut bytes, start) else {
            continue;
        };
        for (needle, count) in needles.iter().zip(&mut found) {
            *count += memchr::memmem::find_iter(&bytes[..read], needle).count();
        }
    }
    found
}

/// An envelope that cannot be mistaken for anything else, and a piece of it to look for.
fn planted() -> (Vec<u8>, Vec<u8>) {
    let mut envelope = vec![0; MIN_ENVELOPE];
    rng().fill_bytes(&mut envelope);
    let needle = envelope[100..132].to_vec();
    (envelope, needle)
}

#[cfg(target_os = "linux")]
#[test]
fn after_a_purge_the_process_holds_none_of_what_was_said() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path());
    command.args(["--listen", "127.0.0.1:0"]);
    let (child, address, _) = start(command);
    let opening = Opening {
        purge_digest: Some(digest_of(&[9; 32])),
        ..open_history()
    };
    let mut alice = Peer::connect(address, None);
    let a = alice.join(&room(1), opening, None);
    // Bob listens, Carol does not read what she gets, Dave's connection is gone, Eve reads the history.
    let mut bob = Peer::connect(address, None);
    bob.join(&room(1), opening, None);
    let mut carol = Peer::connect(address, None);
    carol.join(&room(1), opening, None);
    let mut dave = Peer::connect(address, None);
    dave.join(&room(1), opening, None);
    drop(dave);
    let mut needles = Vec::new();
    for (local, keep) in [Keep::Anchor, Keep::Ring, Keep::Transient]
        .into_iter()
        .cycle()
        .take(9)
        .enumerate()
    {
        let (envelope, needle) = planted();
        needles.push(needle);
        let from = if local % 2 == 0 { &mut alice } else { &mut bob };
        from.send(&ClientToRelay::Publish {
            local: LocalId(u32::try_from(local).unwrap()),
            keep,
            envelope,
        });
        from.settle();
    }
    // A piece of a file, which somebody fetches and somebody else has been waiting for.
    let mut piece = vec![0; SEALED_PIECE];
    rng().fill_bytes(&mut piece);
    needles.push(piece[50_000..50_032].to_vec());
    let (file, index) = (FileId([3; 16]), 0);
    let put = FileRequest::Put { file, index, piece };
    alice.send(&ClientToRelay::File(put));
    let owner = a.member;
    let get = FileRequest::Get(PieceId { owner, file, index });
    bob.send(&ClientToRelay::File(get));
    alice.settle();
    bob.settle();

    let mut eve = Peer::connect(address, None);
    eve.join(&room(1), opening, None);
    alice.settle();
    bob.settle();
    let (notice, needle) = planted();
    needles.push(needle);
    let needles: Vec<&[u8]> = needles.iter().map(Vec::as_slice).collect();
    let held = occurrences(&child, &needles);
    // The search finds what is there: all but the notice, which nobody has sent yet.
    let (last, rest) = held.split_last().unwrap();
    assert!(
        rest.iter().all(|count| *count > 0) && *last == 0,
        "{held:?}"
    );

    alice.send(&ClientToRelay::Purge {
        local: LocalId(1000),
        secret: [9; 32],
        notice: notice.clone(),
    });
    assert_eq!(alice.ended(), Some(CloseCode::Purged));
    let heard = bob.until_purged();
    assert_eq!(heard, notice);
    assert_eq!(eve.until_purged(), notice);
    assert_eq!(carol.until_purged(), notice);
    // Everybody has hung up, so the relay is done with them.
    for peer in [&mut alice, &mut bob, &mut eve, &mut carol] {
        peer.socket.stream.read_to_end(&mut Vec::new()).ok();
    }
    let left = occurrences(&child, &needles);
    // The sealed notice waits for those who were out of reach, once; it says who purged and nothing that was said.
    let (last, rest) = left.split_last().unwrap();
    assert_eq!((*last, rest), (1, vec![0; rest.len()].as_slice()));
    stop(child);
}

#[cfg(target_os = "linux")]
#[test]
fn a_room_that_everybody_has_left_leaves_none_of_what_was_said_either() {
    let folder = tempfile::tempdir().unwrap();
    let counters = free_port();
    let mut command = program(folder.path());
    command.args(["--listen", "127.0.0.1:0", "--room-grace", "0"]);
    command.args(["--metrics-listen", &counters.to_string()]);
    let (child, address, _) = start(command);
    let mut alice = Peer::connect(address, None);
    alice.join(&room(1), open_history(), None);
    let mut needles = Vec::new();
    for local in 0..5 {
        let (envelope, needle) = planted();
        needles.push(needle);
        alice.send(&ClientToRelay::Publish {
            local: LocalId(local),
            keep: Keep::Ring,
            envelope,
        });
    }
    alice.settle();
    let needles: Vec<&[u8]> = needles.iter().map(Vec::as_slice).collect();
    assert!(occurrences(&child, &needles).iter().all(|count| *count > 0));
    alice.send(&ClientToRelay::Leave);
    while metric(counters, "open_rooms") > 0 {
        std::thread::yield_now();
    }
    assert_eq!(occurrences(&child, &needles), vec![0; needles.len()]);
    stop(child);
}
