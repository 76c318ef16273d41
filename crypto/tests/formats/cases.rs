//! Makes the vector files of what is not between members: names, rooms, the tunnel, and chunked encryption. Runs from
//! the example `format_vectors`; the same on every run.

use std::fmt::Write as _;

use crypto::cobblestone;
use crypto::file::{FileId, FileKey};
use crypto::kdf::{Salt, SecondSecret, stretch};
use crypto::name::RoomName;
use crypto::room::{Exporter, RoomKeys};
use crypto::tunnel::{Handshake, Pin};
use crypto::wire::RoomId;
use crypto::wire::handshake::join_message;
use sha2::{Digest as _, Sha256};

use super::relay::Relay;
use super::rng::Frozen;

const MADE_BY: &str = "# Made by: cargo run -p roomkey-crypto --example format_vectors\n";

/// Every file: its name and its text.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    vec![
        ("frames.txt", super::frames::sheet()),
        ("names.txt", names()),
        ("rooms.txt", rooms()),
        ("joins.txt", joins()),
        ("cobblestone.txt", cobblestones()),
        ("files.txt", files()),
        ("tunnel.txt", tunnel()),
    ]
}

fn names() -> String {
    let mut text = format!(
        "# What people type, the room it names, and the last part of its link. Typed text is UTF-8 in hex.\n{MADE_BY}"
    );
    let long = "é".repeat(129);
    for (case, typed) in [
        ("plain", "blue-otter"),
        ("capitals and odd spaces", " Blue \u{3000} OTTER "),
        ("full-width letters", "ＢＬＵＥ－otter"),
        ("composed and decomposed", "Cafe\u{301}"),
        ("ligature", "ﬁlm"),
        ("emoji with a variation selector", "❤\u{FE0F} 🦊"),
        ("final sigma", "ΌΣΟΣ"),
        ("dotted capital i", "İstanbul"),
        ("sharp s", "STRAẞE"),
        ("cyrillic", "Привет Мир"),
        ("han", "日本 語"),
        ("hangul from jamo", "\u{1112}\u{1161}\u{11AB}"),
        ("tilde first", "~x"),
        ("reserved characters", "a/b?c#d"),
        ("empty", ""),
        ("only spaces", " \u{A0} "),
        ("line feed", "a\nb"),
        ("zero-width space", "a\u{200B}b"),
        ("right-to-left override", "\u{202E}abc"),
        ("private use", "\u{E000}"),
        ("too long", &long),
    ] {
        writeln!(text, "\n[{case}]\ntyped = {}", hex::encode(typed)).unwrap();
        match RoomName::parse(typed) {
            Ok(name) => writeln!(
                text,
                "name = {}\nslug = {}",
                hex::encode(name.as_str()),
                name.slug()
            )
            .unwrap(),
            Err(error) => writeln!(text, "refused = {error:?}").unwrap(),
        }
    }
    text
}

fn rooms() -> String {
    let mut text = format!(
        "# A room's name, an optional second secret and a relay's salt, and all that follows from them.\n{MADE_BY}"
    );
    let salts = [Salt([0; 16]), Salt(core::array::from_fn(|at| at as u8))];
    for (case, name, second, salt) in [
        ("a name", "blue-otter", None, salts[1]),
        (
            "the same name at another relay",
            "blue-otter",
            None,
            salts[0],
        ),
        (
            "with a second secret",
            "blue-otter",
            Some("Tea at 5"),
            salts[1],
        ),
        ("beyond ASCII", "日本-🦊", None, salts[1]),
    ] {
        let parsed = RoomName::parse(name).unwrap();
        let secret = second.map(|second| SecondSecret::parse(second).unwrap());
        let keys = stretch(&parsed, secret.as_ref(), &salt);
        let face = keys.face();
        writeln!(
            text,
            "\n[{case}]\nname = {}\nsecond = {}\nsalt = {}\nroot = {}\naddress = {}\ncheck = {}\nface = {} {}",
            hex::encode(name),
            hex::encode(second.unwrap_or_default()),
            hex::encode(salt.0),
            hex::encode(keys.to_bytes().as_slice()),
            hex::encode(keys.room_id().0),
            hex::encode(keys.check()),
            face.words.join(" "),
            face.hue
        )
        .unwrap();
    }
    text
}

fn joins() -> String {
    let mut text = format!("# Join proofs.\n{MADE_BY}");
    for byte in [1, 2] {
        let (keys, exporter) = (
            RoomKeys::from_bytes(&[byte; 64]),
            Exporter::new([byte ^ 0xF0; 32]),
        );
        writeln!(
            text,
            "\n[room {byte}]\nroot = {}\nexporter = {}\nmessage = {}\nproof = {}",
            hex::encode(keys.to_bytes().as_slice()),
            hex::encode(exporter.as_bytes()),
            hex::encode(join_message(exporter.as_bytes(), &keys.room_id())),
            hex::encode(keys.prove(&exporter))
        )
        .unwrap();
    }
    text
}

fn cobblestones() -> String {
    let mut text =
        format!("# Cobblestone-256. The plaintext is `length` times the byte 0x61.\n{MADE_BY}");
    let key = [0x42; 32];
    let sealed = |length: usize| {
        cobblestone::seal(
            &key,
            b"context",
            &vec![0x61; length],
            &mut Frozen::new(length as u64),
        )
    };
    let mut case = |name: &str, key: &[u8], context: &[u8], sealed: &[u8], result: &str| {
        writeln!(
            text,
            "\n[{name}]\nkey = {}\ncontext = {}\nsealed = {}\n{result}",
            hex::encode(key),
            hex::encode(context),
            hex::encode(sealed)
        )
        .unwrap();
    };
    for length in [0, 1, 384] {
        case(
            &format!("{length} bytes"),
            &key,
            b"context",
            &sealed(length),
            &format!("length = {length}"),
        );
    }
    let good = sealed(384);
    let changed = |at: usize| {
        let mut changed = good.clone();
        changed[at] ^= 1;
        changed
    };
    let refused = "refused = Authentication";
    case("another key", &[0x43; 32], b"context", &good, refused);
    case("another context", &key, b"Context", &good, refused);
    case("a changed salt", &key, b"context", &changed(0), refused);
    case(
        "a changed commitment",
        &key,
        b"context",
        &changed(24),
        refused,
    );
    case(
        "a changed ciphertext",
        &key,
        b"context",
        &changed(56),
        refused,
    );
    case(
        "a changed tag",
        &key,
        b"context",
        &changed(good.len() - 1),
        refused,
    );
    case(
        "cut by one byte",
        &key,
        b"context",
        &good[..good.len() - 1],
        refused,
    );
    case(
        "cut after the commitment",
        &key,
        b"context",
        &good[..56],
        refused,
    );
    case(
        "one byte more",
        &key,
        b"context",
        &[&good[..], &[0]].concat(),
        refused,
    );
    case("nothing", &key, b"context", &[], refused);
    text
}

/// Pieces are long, so their digests stand for them.
fn files() -> String {
    let mut text = format!(
        "# Sealed pieces of files, as their SHA-256. The content is `length` times the byte 0x61; `seed` draws the salt.\n{MADE_BY}"
    );
    let (key, room, file) = ([0x42; 32], [0x52; 32], [0x62; 16]);
    for (seed, index, length) in [(1_u64, 0_u32, 1_usize), (2, 1, 61_440), (3, 426, 40_960)] {
        let sealed = FileKey::from_bytes(key).seal(
            &RoomId(room),
            &FileId(file),
            index,
            &vec![0x61; length],
            &mut Frozen::new(seed),
        );
        writeln!(
            text,
            "\n[piece {index}, {length} bytes]\nkey = {}\nroom = {}\nfile = {}\nindex = {index}\nlength = {length}\nseed = {seed}\nprefix = {}\nsha256 = {}",
            hex::encode(key),
            hex::encode(room),
            hex::encode(file),
            hex::encode(&sealed[..56]),
            hex::encode(Sha256::digest(&sealed)),
        )
        .unwrap();
    }
    text
}

fn tunnel() -> String {
    let mut text = format!(
        "# Tunnels. The client draws from SHA-512 in counter mode: block n is SHA-512(seed(8) ‖ n(8)); in this order: X25519\n\
         # secret(32), random(32), and for a full handshake pre-master secret(32) and OAEP seed(32).\n{MADE_BY}"
    );
    let salt = [3; 16];
    let relay = Relay::new([1; 32], [2; 32], salt);
    let (waiting, answer) = Handshake::new(Pin::FirstUse, None, None)
        .answer(relay.hello(), &mut Frozen::new(1))
        .unwrap();
    let mut theirs = relay.accept(&answer, None);
    let first = theirs.first_record(b"ticket");
    let mut ours = waiting.finish(&first).unwrap();
    writeln!(
        text,
        "\n[full]\nseed = 1\nserver_hello = {}\nclient_hello = {}\nfirst_record = {}\nexporter = {}\nresumption = {}\n\
         up = {} {}\ndown = {} {}",
        hex::encode(relay.hello()),
        hex::encode(&answer),
        hex::encode(&first),
        hex::encode(theirs.exporter()),
        hex::encode(theirs.resumption()),
        hex::encode("to the relay"),
        hex::encode(ours.seal(b"to the relay")),
        hex::encode("to the client"),
        hex::encode(theirs.seal(b"to the client")),
    )
    .unwrap();
    let again = Relay::new([4; 32], [5; 32], salt);
    let handshake = Handshake::new(Pin::FirstUse, None, ours.ticket());
    let (waiting, answer) = handshake
        .answer(again.hello(), &mut Frozen::new(2))
        .unwrap();
    let mut resumed = again.accept(&answer, Some(theirs.resumption()));
    let first_again = resumed.first_record(b"");
    waiting.finish(&first_again).unwrap();
    writeln!(
        text,
        "\n[resumed]\nseed = 2\nserver_hello = {}\nclient_hello = {}\nfirst_record = {}\nexporter = {}",
        hex::encode(again.hello()),
        hex::encode(&answer),
        hex::encode(&first_again),
        hex::encode(resumed.exporter())
    )
    .unwrap();
    refused_hellos(&mut text, relay.hello());
    for (name, change) in [
        ("a changed first record", 0),
        ("a changed tag", first.len() - 1),
    ] {
        let mut changed = first.clone();
        changed[change] ^= 1;
        writeln!(
            text,
            "\n[{name}]\nfirst_record = {}\nrefused = Authentication",
            hex::encode(changed)
        )
        .unwrap();
    }
    text
}

fn refused_hellos(text: &mut String, hello: &[u8]) {
    let changed = |at: usize, byte: u8| {
        let mut changed = hello.to_vec();
        changed[at] = byte;
        changed
    };
    let mut low_order = hello.to_vec();
    low_order[2..34].fill(0);
    for (name, hello) in [
        ("another kind", changed(0, 2)),
        ("a newer version", changed(1, 2)),
        ("a share of low order", low_order),
        ("a key with the exponent 65539", changed(hello.len() - 1, 3)),
        ("a key of 3071 bits", changed(117, 0x7F)),
        ("a key that is even", changed(117 + 383, 0)),
        ("cut by one byte", hello[..hello.len() - 1].to_vec()),
        ("one byte more", [hello, &[0]].concat()),
        ("nothing", Vec::new()),
    ] {
        let error = Handshake::new(Pin::FirstUse, None, None)
            .answer(&hello, &mut Frozen::new(1))
            .unwrap_err();
        writeln!(
            text,
            "\n[{name}]\nserver_hello = {}\nrefused = {error:?}",
            hex::encode(hello)
        )
        .unwrap();
    }
}
