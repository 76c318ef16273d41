//! Which characters a room's name may hold.

use std::sync::LazyLock;

/// General category Zs.
pub(crate) fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{A0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}'
    )
}

/// Characters that only choose between the text and the emoji look of the one before.
pub(super) fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}')
}

/// Characters that two people cannot see and so cannot agree on: controls, direction marks, zero-width and other
/// invisible ones, private use, code points that are no characters, and characters that browsers may disagree on.
pub(crate) fn is_refused(c: char) -> bool {
    c.is_control()
        || !is_known(c)
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFD}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
            | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' | '\u{FDD0}'..='\u{FDEF}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Whether everybody brings the character into the same form.
///
/// In a browser the forms are the browser's, and an old one leaves alone what it does not know. That does no harm where
/// there is nothing to do: with pictographs, and with most letters and symbols that came lately. Refused are code
/// points that Unicode 18 does not assign, and characters younger than Unicode 13 that have another form or combine.
fn is_known(c: char) -> bool {
    /// Lengths of runs, of known and unknown characters in turn, seven bits at a time with the lowest first; the
    /// eighth bit says that more follow. A test computes it from the Unicode tables.
    const RUNS: &[u8] = include_bytes!("known.bin");
    /// Where each run begins. Every second one is of unknown characters.
    static STARTS: LazyLock<Vec<u32>> = LazyLock::new(|| {
        let (mut starts, mut at, mut length, mut shift) = (Vec::new(), 0, 0, 0);
        for byte in RUNS {
            length |= u32::from(byte & 0x7F) << shift;
            shift += 7;
            if *byte < 0x80 {
                starts.push(at);
                at += length;
                (length, shift) = (0, 0);
            }
        }
        starts
    });
    let run = STARTS.partition_point(|start| *start <= u32::from(c));
    run % 2 == 1
}

#[cfg(not(target_arch = "wasm32"))]
#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use regex_syntax::hir::{Class, HirKind};
    use unicode_normalization::UnicodeNormalization as _;
    use unicode_normalization::char::canonical_combining_class;
    use unicode_properties::UnicodeGeneralCategory as _;

    use super::*;

    /// Characters of Unicode 13, which every browser knows that runs WebAssembly with SIMD.
    fn old() -> BTreeSet<char> {
        let parsed = regex_syntax::parse(r"\p{Age=13.0}").unwrap();
        let HirKind::Class(Class::Unicode(class)) = parsed.kind() else {
            panic!("a property is a class")
        };
        class
            .ranges()
            .iter()
            .flat_map(|range| range.start()..=range.end())
            .collect()
    }

    /// Characters that are part of another one's form.
    fn parts() -> BTreeSet<char> {
        let all = '\0'..=char::MAX;
        let forms = all.map(|c| (c, [c].into_iter().nfkd().collect::<Vec<_>>()));
        forms
            .filter(|(c, form)| *form != [*c])
            .flat_map(|(_, form)| form)
            .collect()
    }

    fn computed() -> Vec<u8> {
        let (old, parts) = (old(), parts());
        let known = |c: char| {
            let is_inert = [c].into_iter().nfkd().eq([c])
                && canonical_combining_class(c) == 0
                && !parts.contains(&c);
            let is_assigned =
                c.general_category() != unicode_properties::GeneralCategory::Unassigned;
            matches!(c, '\u{1F000}'..='\u{1FAFF}') || is_assigned && (old.contains(&c) || is_inert)
        };
        let (mut runs, mut length, mut is_known) = (Vec::new(), 0_u32, true);
        for c in 0..=u32::from(char::MAX) {
            // Surrogates belong to the run before them.
            let now = char::from_u32(c).map_or(is_known, known);
            if now != is_known {
                runs.push(length);
                (length, is_known) = (0, now);
            }
            length += 1;
        }
        runs.push(length);
        let mut bytes = Vec::new();
        for mut length in runs {
            while length >= 0x80 {
                bytes.push((length & 0x7F) as u8 | 0x80);
                length >>= 7;
            }
            bytes.push(length as u8);
        }
        bytes
    }

    #[test]
    fn the_table_of_known_characters_is_what_the_unicode_tables_say() {
        let computed = computed();
        if include_bytes!("known.bin") != computed.as_slice() {
            let fresh = concat!(env!("CARGO_MANIFEST_DIR"), "/src/name/known.bin.new");
            std::fs::write(fresh, computed).unwrap();
            panic!("the tables have changed: look at {fresh}");
        }
    }

    #[test]
    fn old_letters_and_new_pictographs_are_known_and_new_marks_are_not() {
        for c in [
            'a',
            'é',
            'ﬁ',
            '中',
            '가',
            '\u{301}',
            '🦊',
            '🫠',
            '\u{1FAFF}',
        ] {
            assert!(is_known(c), "{c:?}");
        }
        // Unassigned; a modifier letter of Unicode 14; a mark and a letter with a decomposition of Unicode 16.
        for c in ['\u{378}', '\u{10781}', '\u{10D69}', '\u{105C9}'] {
            assert!(!is_known(c), "{c:?}");
        }
    }
}
