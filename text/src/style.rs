//! Whether a text has anything in it that formatting could be made of.

use crate::suspicion::may_hold_markup;

/// Whether [`render_formatted`](crate::render_formatted) could show this text in another way than as plain text. Errs
/// towards yes. Who asks before sending keeps plain typing plain, and who asks before showing needs no parser for it.
pub fn may_be_formatted(text: &str) -> bool {
    text.contains(['*', '_', '~', '`', '[', '\\'])
        || may_hold_markup(text)
        || text.contains("||")
        || text.contains("\n\n")
        || text.lines().any(begins_block)
}

/// A line that begins a heading, quote, list, table, rule or block of program text.
fn begins_block(line: &str) -> bool {
    let rest = line.trim_start_matches(' ');
    if line.len() - rest.len() >= 4 || line.starts_with('\t') {
        return true;
    }
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = digits.len() < rest.len() && digits.starts_with(['.', ')']);
    is_numbered || rest.starts_with(['#', '>', '-', '+', '|', '=', ':'])
}

#[cfg(test)]
mod tests {
    use super::may_be_formatted;

    #[test]
    fn ordinary_sentences_are_plain() {
        for text in [
            "",
            "hello, how are you?",
            "two\nlines",
            "it's 5 > 3, 50% of #1 (e-mail: anna@example.org) \u{1F337}",
            "https://example.org/a-b?c=d",
            "2026 was a year",
            "I <3 you & R&D, a < b",
        ] {
            assert!(!may_be_formatted(text), "{text}");
        }
    }

    #[test]
    fn every_kind_of_formatting_is_noticed() {
        for text in [
            "**a**", "_a_", "~~a~~", "`a`", "||a||", "<b>a</b>", "&lt;", "[a](b)", "# a", "> a",
            "- a", "+ a", "1. a", "2) a", "    code", "a\n---", "a\n===", "a|b\n-|-", "a\n\nb",
            "\\#",
        ] {
            assert!(may_be_formatted(text), "{text}");
        }
    }
}
