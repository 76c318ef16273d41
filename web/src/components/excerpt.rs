//! The beginning of a message in one line, cleaned like the message itself.

use text::Filters;

use crate::cleaner::Cleaner;
use crate::state::Wording;
use crate::words::talk;

/// The most characters of an excerpt.
const SHOWN: usize = 140;

/// The first words, or what stands for those that are gone.
pub fn excerpt(wording: Option<&Wording>, cleaner: &Cleaner, filters: &Filters) -> String {
    let Some(wording) = wording else {
        return talk().quote_gone.to_owned();
    };
    let rendered = cleaner.draw(wording, filters);
    let plain = rendered.map_or_else(String::new, |rendered| rendered.plain());
    let mut letters = plain
        .split_whitespace()
        .flat_map(|word| word.chars().chain([' ']));
    let mut shown: String = letters.by_ref().take(SHOWN).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}
