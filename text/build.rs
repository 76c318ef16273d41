//! Tables in a form that is small to download: look-alikes, scripts, marks, and the endings of domains. They come from the crates
//! that follow the standards, which carry them as code several times the size.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs};

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_script::Script;
use unicode_security::confusable_detection::skeleton;
use unicode_security::mixed_script::AugmentedScriptSet;

/// The combining class of a sign that silences a vowel.
const VIRAMA: u8 = 9;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where"));
    fs::write(out.join("confusables.bin"), confusables()).expect("the directory is cargo's");
    fs::write(out.join("scripts.bin"), scripts()).expect("the directory is cargo's");
    fs::write(out.join("marks.bin"), marks()).expect("the directory is cargo's");
    fs::write(out.join("endings.txt"), endings()).expect("the directory is cargo's");
}

/// For every character that is not its own prototype: the distance to the one before, the length of the prototype
/// in bytes, and the prototype.
fn confusables() -> Vec<u8> {
    let mut table = Vec::new();
    let mut before = 0;
    for c in '\0'..=char::MAX {
        let prototype: String = skeleton(c.encode_utf8(&mut [0; 4])).collect();
        // Nobody looks up what has fallen apart before.
        let is_whole = [c].into_iter().nfd().eq([c]);
        if !is_whole || prototype.chars().eq([c]) {
            continue;
        }
        number(&mut table, u32::from(c) - before);
        before = u32::from(c);
        number(
            &mut table,
            u32::try_from(prototype.len()).expect("a few letters"),
        );
        table.extend(prototype.bytes());
    }
    table
}

/// For every run of characters that are marks in one way: the distance to its end from the end of the one before, and the way.
fn marks() -> Vec<u8> {
    let mut table = Vec::new();
    let (mut start, mut way) = (0, 0);
    for c in '\0'..=char::MAX {
        let class = canonical_combining_class(c);
        let next = u32::from(is_combining_mark(c))
            | u32::from(class != 0) << 1
            | u32::from(class == VIRAMA) << 2;
        if next != way {
            number(&mut table, u32::from(c) - start);
            number(&mut table, way);
            (start, way) = (u32::from(c), next);
        }
    }
    table
}

/// Every top-level domain in order, a line each.
fn endings() -> String {
    let mut endings: Vec<&str> = tld::TLD.iter().copied().collect();
    endings.sort_unstable();
    endings.join("\n")
}

/// How many sets of scripts there are, the sets, and for every run of characters with one set: its length and the
/// number of the set. A set is its size and its scripts; 255 for the set of all.
fn scripts() -> Vec<u8> {
    let mut known: BTreeMap<Vec<u8>, u32> = BTreeMap::new();
    let mut sets = Vec::new();
    let mut runs: Vec<(u32, u32)> = Vec::new();
    let mut ids: BTreeMap<&'static str, u8> = BTreeMap::new();
    // Surrogates are no characters: a gap in the numbers that the reader knows of.
    for c in '\0'..=char::MAX {
        let set = encoded(AugmentedScriptSet::for_char(c), &mut ids);
        let next = u32::try_from(known.len()).expect("a few hundred");
        let number = *known.entry(set.clone()).or_insert_with(|| {
            sets.extend(set);
            next
        });
        match runs.last_mut() {
            Some((length, last)) if *last == number => *length += 1,
            _ => runs.push((1, number)),
        }
    }
    let mut table = Vec::new();
    number(
        &mut table,
        u32::try_from(known.len()).expect("a few hundred"),
    );
    table.extend(sets);
    for (length, set) in runs {
        number(&mut table, length);
        number(&mut table, set);
    }
    table
}

fn encoded(set: AugmentedScriptSet, ids: &mut BTreeMap<&'static str, u8>) -> Vec<u8> {
    if set.is_all() {
        return vec![255];
    }
    let augmented = [(set.hanb, "Hanb"), (set.jpan, "Jpan"), (set.kore, "Kore")];
    let augmented = augmented
        .iter()
        .filter(|(is_in, _)| *is_in)
        .map(|(_, name)| *name);
    let names: Vec<&'static str> = set
        .base
        .iter()
        .map(Script::short_name)
        .chain(augmented)
        .collect();
    let mut encoded = vec![u8::try_from(names.len()).expect("a few scripts")];
    for name in names {
        let next = u8::try_from(ids.len()).expect("fewer than 256 scripts");
        encoded.push(*ids.entry(name).or_insert(next));
    }
    encoded
}

/// Seven bits at a time, the lowest first; the eighth says that more follow.
fn number(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(u8::try_from(value & 0x7F).expect("seven bits") | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).expect("seven bits"));
}
