//! Marks that are drawn onto the letter before them, from the compact table that `build.rs` writes.

use std::sync::LazyLock;

use crate::lookalikes::Table;

/// In which ways a character is a mark, a bit each.
fn ways(c: char) -> u32 {
    /// The first character behind each run, and the ways of the run.
    static ENDS: LazyLock<Vec<(u32, u32)>> = LazyLock::new(|| {
        let mut rest = Table(include_bytes!(concat!(env!("OUT_DIR"), "/marks.bin")));
        let mut ends = Vec::new();
        let mut end = 0;
        while !rest.0.is_empty() {
            end += rest.number();
            ends.push((end, rest.number()));
        }
        ends
    });
    // None of the many characters that everybody types.
    if c < '\u{300}' {
        return 0;
    }
    let at = ENDS.partition_point(|(end, _)| *end <= u32::from(c));
    ENDS.get(at).map_or(0, |(_, ways)| *ways)
}

/// A mark of any kind. Spacing vowel signs count too: nothing needs four of them.
pub(crate) fn is_mark(c: char) -> bool {
    ways(c) & 1 != 0
}

/// A mark that is put above or below others, and not one that takes a place of its own.
pub(crate) fn stacks(c: char) -> bool {
    ways(c) & 2 != 0
}

/// A sign that silences the vowel of the letter before it.
pub(crate) fn is_virama(c: char) -> bool {
    ways(c) & 4 != 0
}

#[cfg(test)]
mod tests {
    use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

    use super::*;

    #[test]
    fn every_character_is_the_mark_that_unicode_says() {
        for c in '\0'..=char::MAX {
            let class = canonical_combining_class(c);
            assert_eq!(is_mark(c), is_combining_mark(c), "{c:?}");
            assert_eq!(stacks(c), class != 0, "{c:?}");
            assert_eq!(is_virama(c), class == 9, "{c:?}");
        }
    }
}
