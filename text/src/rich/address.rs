//! Bare addresses keep their asterisks, underscores and tildes.
//!
//! Markdown would read `https://example.org/*a*/b` as an address around something in italics, and the link would lead
//! elsewhere. So its characters are moved out of reach while it reads.

/// They move to plane 16, of which a page takes nothing that was typed.
const AWAY: u32 = 0x10_0000;
const STARTS: [&str; 3] = ["http://", "https://", "www."];

/// Moves Markdown's characters away inside of bare addresses.
pub(super) fn shield(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')) {
        let Some(start) = start(word) else {
            out.extend(word.chars().map(super::page::typeable));
            continue;
        };
        let (before, address) = word.split_at(start);
        out.extend(before.chars().map(super::page::typeable));
        // Marks at the end belong to the sentence: **https://example.org**
        let end = address
            .rfind(|c: char| c.is_alphanumeric() || matches!(c, '/' | '=' | '%' | '-'))
            .map_or(0, |last| {
                last + address[last..].chars().next().map_or(0, char::len_utf8)
            });
        let (address, after) = address.split_at(end);
        for c in address.chars() {
            out.push(match c {
                '*' | '_' | '~' | '|' => away(c),
                c => super::page::typeable(c),
            });
        }
        out.extend(after.chars().map(super::page::typeable));
    }
    out
}

/// Moves them back.
pub(super) fn unshield(text: &str) -> String {
    text.chars()
        .map(|c| {
            u32::from(c)
                .checked_sub(AWAY)
                .filter(|&code| code < 0x80)
                .and_then(char::from_u32)
                .unwrap_or(c)
        })
        .collect()
}

fn away(c: char) -> char {
    char::from_u32(AWAY + u32::from(c)).unwrap_or(c)
}

fn start(word: &str) -> Option<usize> {
    let bytes = word.as_bytes();
    (0..bytes.len()).find(|&at| {
        STARTS.iter().any(|start| {
            bytes
                .get(at..at + start.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_marks_inside_of_an_address_move() {
        let text = "**https://example.org/*a*_b** and *this*";
        let shielded = shield(text);
        assert!(shielded.starts_with("**https://example.org/"));
        assert!(shielded.ends_with("b** and *this*"));
        assert!(!shielded.contains("/*a"));
        assert_eq!(unshield(&shielded), text);
    }

    #[test]
    fn what_was_typed_of_the_place_they_move_to_is_gone() {
        assert_eq!(shield("\u{10002A}a\u{F0000}"), "\u{FFFD}a\u{FFFD}");
    }
}
