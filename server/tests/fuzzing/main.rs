//! Replays the fuzzer's corpus, and small changes to all of it, in an ordinary test.

mod targets;

use std::path::Path;

#[test]
fn the_corpus_breaks_nothing() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, target) in targets::ALL {
        let mut seeds = 0;
        for entry in std::fs::read_dir(corpus.join(name)).unwrap() {
            let seed = std::fs::read(entry.unwrap().path()).unwrap();
            seeds += 1;
            for piece in [0, 1, 6, 255] {
                let mut cut = seed.clone();
                cut[1] = piece;
                target(&cut);
            }
            for at in (0..seed.len()).step_by(seed.len() / 64 + 1) {
                let mut changed = seed.clone();
                changed[at] ^= 0x41;
                target(&changed);
                target(&seed[..at]);
            }
        }
        assert!(seeds > 0, "{name} has no corpus");
    }
}

#[test]
fn every_target_has_a_program_and_the_other_way_round() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for (name, _) in targets::ALL {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), targets::ALL.len());
}
