//! The frozen vector files: what was true of an envelope when it was frozen stays true, natively and in wasm.

use crypto::identity::Identity;
use crypto::room::RoomKeys;

use super::receiver::Receiver;

const FILES: [(&str, &str); 4] = [
    (
        "members_hello.txt",
        include_str!("../vectors/members_hello.txt"),
    ),
    (
        "members_message.txt",
        include_str!("../vectors/members_message.txt"),
    ),
    (
        "members_pairwise.txt",
        include_str!("../vectors/members_pairwise.txt"),
    ),
    (
        "members_control.txt",
        include_str!("../vectors/members_control.txt"),
    ),
];

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn every_frozen_envelope_is_taken_or_refused_as_it_was() {
    for (file, text) in FILES {
        let (mut root, mut identity, mut common, mut own) = (None, None, Vec::new(), Vec::new());
        let (mut case, mut envelope, mut cases) = ("", Vec::new(), 0);
        for line in text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            if let Some(name) = line.strip_prefix('[') {
                case = name.trim_end_matches(']');
                own.clear();
                continue;
            }
            let (key, value) = line.split_once(" =").unwrap();
            let value = value.trim_start();
            let bytes = || hex::decode(value).unwrap();
            match key {
                "root" => root = Some(RoomKeys::from_bytes(&bytes().try_into().unwrap())),
                "receiver" => identity = Some(bytes().try_into().unwrap()),
                "before" if case.is_empty() => common.push(bytes()),
                "before" => own.push(bytes()),
                "envelope" => envelope = bytes(),
                "result" => {
                    let me = Identity::thaw(identity.as_ref().unwrap());
                    let mut receiver = Receiver::new(root.clone().unwrap(), me);
                    for envelope in common.iter().chain(&own) {
                        let verdict = receiver.receive(envelope);
                        assert!(
                            !verdict.starts_with("refused"),
                            "{file}: {case}: before: {verdict}"
                        );
                    }
                    let before = receiver.state();
                    assert_eq!(receiver.receive(&envelope), value, "{file}: {case}");
                    assert_eq!(
                        case.starts_with("accepted: ") || case.starts_with("for others: "),
                        !value.starts_with("refused"),
                        "{file}: {case}: the name must say what happens"
                    );
                    if !case.starts_with("accepted: ") {
                        assert_eq!(
                            receiver.state(),
                            before,
                            "{file}: {case}: nothing may change"
                        );
                    }
                    cases += 1;
                }
                other => panic!("{file}: {other}"),
            }
        }
        assert!(cases >= 30, "{file}: {cases} cases");
    }
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn what_is_sealed_today_is_what_was_frozen() {
    for ((name, made), (file, frozen)) in super::cases::all().into_iter().zip(FILES) {
        assert_eq!(name, file);
        for (made, frozen) in made.lines().zip(frozen.lines()) {
            assert_eq!(made, frozen, "{file}");
        }
        assert_eq!(made.len(), frozen.len(), "{file}");
    }
}
