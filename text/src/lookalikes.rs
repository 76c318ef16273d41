//! Look-alikes and scripts (UTS 39), from the compact tables that `build.rs` writes.

use std::sync::LazyLock;

/// The skeleton of UTS 39: two texts with the same one can be taken for each other.
pub(crate) fn skeleton(text: &str) -> String {
    let mut prototypes = String::with_capacity(text.len());
    for c in normal::nfd(text).chars() {
        match prototype(c) {
            Some(prototype) => prototypes.push_str(prototype),
            None => prototypes.push(c),
        }
    }
    normal::nfd(&prototypes)
}

/// Whether one script has all characters of a text, where Chinese, Japanese and Korean each write with several.
pub(crate) fn is_single_script(text: &str) -> bool {
    let scripts = text
        .chars()
        .fold([u64::MAX; 4], |all, c| intersection(all, scripts_of(c)));
    scripts != [0; 4]
}

/// A bit for each script.
type Scripts = [u64; 4];

fn intersection(one: Scripts, other: Scripts) -> Scripts {
    let mut both = one;
    for (both, other) in both.iter_mut().zip(other) {
        *both &= other;
    }
    both
}

fn prototype(c: char) -> Option<&'static str> {
    /// Characters in order, and where their prototypes are in the table.
    static ENTRIES: LazyLock<Vec<(u32, &'static str)>> = LazyLock::new(|| {
        let mut rest = Table(include_bytes!(concat!(env!("OUT_DIR"), "/confusables.bin")));
        let mut entries = Vec::new();
        let mut c = 0;
        while !rest.0.is_empty() {
            c += rest.number();
            let length = rest.number();
            let bytes = rest.take(length as usize);
            entries.push((c, core::str::from_utf8(bytes).unwrap_or_default()));
        }
        entries
    });
    let at = ENTRIES
        .binary_search_by_key(&u32::from(c), |(c, _)| *c)
        .ok()?;
    ENTRIES.get(at).map(|(_, prototype)| *prototype)
}

fn scripts_of(c: char) -> Scripts {
    struct Runs {
        sets: Vec<Scripts>,
        /// The first character of each run, and its set.
        starts: Vec<(u32, u32)>,
    }
    static RUNS: LazyLock<Runs> = LazyLock::new(|| {
        let mut rest = Table(include_bytes!(concat!(env!("OUT_DIR"), "/scripts.bin")));
        let count = rest.number();
        let sets = (0..count).map(|_| rest.set()).collect();
        let mut starts = Vec::new();
        let mut at = 0;
        while !rest.0.is_empty() {
            let length = rest.number();
            starts.push((at, rest.number()));
            at += length;
        }
        Runs { sets, starts }
    });
    // Surrogates are no characters, and the table does not count them.
    let c = u32::from(c);
    let place = if c > 0xD7FF { c - 0x800 } else { c };
    let run = RUNS.starts.partition_point(|(start, _)| *start <= place);
    let set = RUNS
        .starts
        .get(run.wrapping_sub(1))
        .map_or(0, |(_, set)| *set);
    RUNS.sets.get(set as usize).copied().unwrap_or_default()
}

/// Reads what `build.rs` wrote.
pub(crate) struct Table(pub(crate) &'static [u8]);

impl Table {
    fn take(&mut self, length: usize) -> &'static [u8] {
        let (taken, rest) = self.0.split_at_checked(length).unwrap_or_default();
        self.0 = rest;
        taken
    }

    fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or_default()
    }

    pub(crate) fn number(&mut self) -> u32 {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            number |= u32::from(byte & 0x7F) << shift;
            shift += 7;
            if byte < 0x80 || shift > 28 {
                return number;
            }
        }
    }

    fn set(&mut self) -> Scripts {
        let size = self.byte();
        if size == 255 {
            return [u64::MAX; 4];
        }
        let mut set = [0; 4];
        for _ in 0..size {
            let script = self.byte();
            if let Some(word) = set.get_mut(usize::from(script / 64)) {
                *word |= 1 << (script % 64);
            }
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_security::MixedScript as _;

    #[test]
    fn every_character_has_the_skeleton_that_the_standard_gives_it() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            let expected: String = unicode_security::skeleton(&text).collect();
            assert_eq!(skeleton(&text), expected, "{c:?}");
        }
    }

    #[test]
    fn every_character_has_the_scripts_that_the_standard_gives_it() {
        // Behind these there are Chinese characters and nothing else that has a script.
        for c in '\0'..='\u{1FFFF}' {
            for probe in ["a", "中", "1", "\u{301}"] {
                let text = format!("{probe}{c}");
                assert_eq!(
                    is_single_script(&text),
                    text.as_str().is_single_script(),
                    "{text:?}"
                );
            }
        }
    }
}
