//! What `Debug` shows of every type that holds a secret: nothing of it. A log line must not open a room.

use core::fmt::Debug;

use crypto::file::FileKey;
use crypto::kdf::{Salt, SecondSecret, Stretch};
use crypto::name::RoomName;
use crypto::room::{Exporter, RoomKeys};
use crypto::tunnel::{Handshake, Pin};
use crypto::wire::handshake::Finished;
use crypto::wire::{ClientToRelay, LocalId, MemberId, Resume, ResumeToken, RoomId, Seq};

use super::relay::Relay;
use super::rng::Frozen;

fn shows(value: &impl Debug, expected: &str) {
    assert_eq!(format!("{value:?}"), expected);
}

#[test]
fn no_secret_is_shown() {
    let mut rng = Frozen::new(1);
    let (name, room) = (RoomName::parse("blue otter").unwrap(), RoomId([0xAB; 32]));
    shows(&name, "RoomName(…)");
    shows(&SecondSecret::parse("tea").unwrap(), "SecondSecret(…)");
    shows(
        &Stretch::new(&name, None, &Salt([1; 16])),
        "Stretch(1 of 600000)",
    );
    shows(&RoomKeys::from_bytes(&[1; 64]), "RoomKeys(…)");
    shows(&Exporter::new([1; 32]), "Exporter(…)");
    shows(&room, "RoomId(…)");
    shows(&ResumeToken([0xAB; 16]), "ResumeToken(…)");
    shows(
        &Finished {
            fin: [1; 32],
            ticket: vec![1],
        },
        "Finished(…)",
    );

    let key = FileKey::random(&mut rng);
    shows(&key, "FileKey(…)");

    let relay = Relay::new([1; 32], [2; 32], [3; 16]);
    let handshake = Handshake::new(Pin::FirstUse, None, None);
    shows(
        &handshake,
        "Handshake { pin: FirstUse, expected_salt: None, ticket: None }",
    );
    let (waiting, answer) = handshake.answer(relay.hello(), &mut rng).unwrap();
    shows(&waiting, "AwaitFinished(…)");
    let tunnel = waiting
        .finish(&relay.accept(&answer, None).first_record(b"ticket"))
        .unwrap();
    shows(&tunnel.ticket().unwrap(), "Ticket(…)");
    shows(&tunnel, &format!("Tunnel({})", tunnel.fingerprint()));
}

#[test]
fn a_join_shows_neither_room_nor_token() {
    let join = ClientToRelay::decode(
        &ClientToRelay::Join {
            room: RoomId([0xAB; 32]),
            proof: [0; 64],
            opening: crypto::wire::Opening {
                mode: crypto::wire::RoomMode::ForwardSecret,
                history: 0,
                lifetime: crypto::wire::Lifetime::UntilEmpty,
                max_members: 8,
                control_key: None,
                purge_digest: None,
            },
            resume: Some(Resume {
                member: MemberId([0xCD; 16]),
                token: ResumeToken([0xEF; 16]),
                last: Seq(1),
            }),
        }
        .encode(),
    );
    let shown = format!("{join:?}");
    for secret in ["171", "abab", "239", "efef"] {
        assert!(!shown.to_lowercase().contains(secret), "{shown}");
    }
    shows(&LocalId(3), "LocalId(3)");
}
