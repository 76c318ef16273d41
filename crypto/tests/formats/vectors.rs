//! The frozen vectors: what is written in `tests/vectors` holds, natively and in a browser.

use std::collections::HashMap;

use crypto::cobblestone;
use crypto::file::{FileId, FileKey};
use crypto::kdf::{Salt, SecondSecret, stretch};
use crypto::name::RoomName;
use crypto::room::{Exporter, RoomKeys};
use crypto::tunnel::{Handshake, Pin};
use crypto::wire::RoomId;
use crypto::wire::handshake::join_message;
use sha2::{Digest as _, Sha256};

use super::rng::Frozen;

/// One case of a file.
struct Case<'a> {
    name: &'a str,
    fields: HashMap<&'a str, &'a str>,
}

impl<'a> Case<'a> {
    fn text(&self, field: &str) -> &'a str {
        self.fields
            .get(field)
            .unwrap_or_else(|| panic!("{}: no {field}", self.name))
    }

    fn bytes(&self, field: &str) -> Vec<u8> {
        hex::decode(self.text(field)).unwrap()
    }

    fn array<const N: usize>(&self, field: &str) -> [u8; N] {
        self.bytes(field).try_into().unwrap()
    }

    fn typed(&self, field: &str) -> String {
        String::from_utf8(self.bytes(field)).unwrap()
    }

    /// Checks a failure against the case, and says whether the case is one.
    fn refuses<T, E: core::fmt::Debug>(&self, result: &Result<T, E>) -> bool {
        let expected = self.fields.get("refused");
        let found = result.as_ref().err().map(|error| format!("{error:?}"));
        assert_eq!(found.as_deref(), expected.copied(), "{}", self.name);
        expected.is_some()
    }
}

fn cases(file: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    for line in file
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            cases.push(Case {
                name,
                fields: HashMap::new(),
            });
        } else {
            let (field, value) = line.split_once(" =").unwrap();
            cases
                .last_mut()
                .unwrap()
                .fields
                .insert(field, value.trim_start());
        }
    }
    assert!(!cases.is_empty());
    cases
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn names_become_rooms_and_links_as_frozen() {
    for case in cases(include_str!("../vectors/names.txt")) {
        let parsed = RoomName::parse(&case.typed("typed"));
        if !case.refuses(&parsed) {
            let name = parsed.unwrap();
            assert_eq!(name.as_str(), case.typed("name"), "{}", case.name);
            assert_eq!(name.slug(), case.text("slug"), "{}", case.name);
            assert_eq!(
                RoomName::from_slug(case.text("slug")),
                Ok(name),
                "{}",
                case.name
            );
        }
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn rooms_stretch_as_frozen() {
    for case in cases(include_str!("../vectors/rooms.txt")) {
        let name = RoomName::parse(&case.typed("name")).unwrap();
        let second = SecondSecret::parse(&case.typed("second"));
        let keys = stretch(&name, second.as_ref(), &Salt(case.array("salt")));
        assert_eq!(*keys.to_bytes(), case.array("root"), "{}", case.name);
        assert_eq!(keys.room_id().0, case.array("address"), "{}", case.name);
        assert_eq!(keys.check(), case.array("check"), "{}", case.name);
        assert_eq!(
            format!("{} {}", keys.face().words.join(" "), keys.face().hue),
            case.text("face"),
            "{}",
            case.name
        );
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn joins_are_proved_as_frozen() {
    for case in cases(include_str!("../vectors/joins.txt")) {
        let keys = RoomKeys::from_bytes(&case.array("root"));
        let exporter = Exporter::new(case.array("exporter"));
        assert_eq!(
            join_message(exporter.as_bytes(), &keys.room_id()),
            case.bytes("message"),
            "{}",
            case.name
        );
        assert_eq!(keys.prove(&exporter), case.array("proof"), "{}", case.name);
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn chunked_encryption_opens_as_frozen() {
    for case in cases(include_str!("../vectors/cobblestone.txt")) {
        let opened = cobblestone::open(
            &case.array("key"),
            &case.bytes("context"),
            &case.bytes("sealed"),
        );
        if !case.refuses(&opened) {
            let length: usize = case.text("length").parse().unwrap();
            assert_eq!(*opened.unwrap(), vec![0x61; length], "{}", case.name);
            let again = cobblestone::seal(
                &case.array("key"),
                &case.bytes("context"),
                &vec![0x61; length],
                &mut Frozen::new(length as u64),
            );
            assert_eq!(again, case.bytes("sealed"), "{}", case.name);
        }
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn pieces_of_files_are_sealed_as_frozen() {
    for case in cases(include_str!("../vectors/files.txt")) {
        let number = |field| case.text(field).parse::<usize>().unwrap();
        let key = FileKey::from_bytes(case.array("key"));
        let (room, file) = (RoomId(case.array("room")), FileId(case.array("file")));
        let (index, content) = (
            u32::try_from(number("index")).unwrap(),
            vec![0x61; number("length")],
        );
        let mut rng = Frozen::new(number("seed") as u64);
        let sealed = key.seal(&room, &file, index, &content, &mut rng);
        assert_eq!(sealed[..56], case.bytes("prefix"), "{}", case.name);
        assert_eq!(
            Sha256::digest(&sealed)[..],
            case.bytes("sha256"),
            "{}",
            case.name
        );
        let opened = key.open(&room, &file, index, content.len(), &sealed);
        assert_eq!(*opened.unwrap(), content, "{}", case.name);
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn tunnels_stand_as_frozen() {
    let cases = cases(include_str!("../vectors/tunnel.txt"));
    let find = |name| cases.iter().find(|case| case.name == name).unwrap();
    let answer = |case: &Case<'_>, ticket| {
        let seed = case
            .fields
            .get("seed")
            .map_or(1, |seed| seed.parse().unwrap());
        Handshake::new(Pin::FirstUse, None, ticket)
            .answer(&case.bytes("server_hello"), &mut Frozen::new(seed))
    };
    let full = find("full");
    let (waiting, hello) = answer(full, None).unwrap();
    assert_eq!(hello, full.bytes("client_hello"));
    let mut tunnel = waiting.finish(&full.bytes("first_record")).unwrap();
    assert_eq!(*tunnel.exporter().as_bytes(), full.array("exporter"));
    let (plain, sealed) = full.text("up").split_once(' ').unwrap();
    assert_eq!(
        hex::encode(tunnel.seal(&hex::decode(plain).unwrap())),
        sealed
    );
    let (plain, sealed) = full.text("down").split_once(' ').unwrap();
    assert_eq!(
        hex::encode(tunnel.open(&hex::decode(sealed).unwrap()).unwrap()),
        plain
    );

    let resumed = find("resumed");
    let (waiting, hello) = answer(resumed, tunnel.ticket()).unwrap();
    assert_eq!(hello, resumed.bytes("client_hello"));
    let again = waiting.finish(&resumed.bytes("first_record")).unwrap();
    assert_eq!(*again.exporter().as_bytes(), resumed.array("exporter"));

    for case in cases
        .iter()
        .filter(|case| case.fields.contains_key("refused"))
    {
        if case.fields.contains_key("server_hello") {
            assert!(case.refuses(&answer(case, None)));
        } else {
            let (waiting, _) = answer(full, None).unwrap();
            assert!(case.refuses(&waiting.finish(&case.bytes("first_record"))));
        }
    }
}

#[test]
#[cfg(not(target_arch = "wasm32"))]
fn the_files_are_what_the_example_makes() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    for (name, text) in super::cases::all() {
        let frozen = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(frozen == text, "{name} differs from what this code makes");
    }
}
