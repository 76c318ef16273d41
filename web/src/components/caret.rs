//! The caret of a text area: browsers count it in UTF-16 units, Rust in bytes.

use web_sys::HtmlTextAreaElement;

use crate::editing::{byte_of, units_of};

/// The text up to the caret.
pub fn before_caret(area: &HtmlTextAreaElement) -> String {
    let text = area.value();
    let caret = area.selection_end().ok().flatten().unwrap_or_default();
    let at = byte_of(&text, caret);
    text[..at].to_owned()
}

/// Puts `text` where the bytes `start` up to the caret stand, and the caret behind it. Returns the whole text.
pub fn replace_before_caret(area: &HtmlTextAreaElement, start: usize, text: &str) -> String {
    let old = area.value();
    let end = before_caret(area).len();
    let whole = format!("{}{text}{}", &old[..start.min(end)], &old[end..]);
    area.set_value(&whole);
    let caret = units_of(&whole, start.min(end) + text.len());
    let _ = area.set_selection_range(caret, caret);
    whole
}
