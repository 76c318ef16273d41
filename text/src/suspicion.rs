//! Whether the HTML parser, or the hunt for links, has to look at a text at all. Most messages can do without both, and both
//! are large, so what stands here must pull in neither.

/// The longest name of a character reference has 31 letters.
const LONGEST_REFERENCE: usize = 33;

/// Whether `markup::find` could find anything. Errs towards yes: "a<b" is none, but only the parser knows.
pub(crate) fn may_hold_markup(text: &str) -> bool {
    text.match_indices(['<', '&'])
        .filter_map(|(at, _)| text.get(at..))
        .any(|rest| opens_tag(rest) || reference(rest).is_some())
}

/// A `<` before a letter, or before what begins an end tag, a comment, a declaration or an instruction.
fn opens_tag(text: &str) -> bool {
    text.strip_prefix('<').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
    })
}

/// The beginning of a text if it is written like a character reference: `&`, a name or number, `;`.
pub(crate) fn reference(text: &str) -> Option<&str> {
    let name = text.strip_prefix('&')?;
    let len = name
        .bytes()
        .take(LONGEST_REFERENCE - 1)
        .position(|byte| byte == b';')?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'#';
    let named = len > 0 && name.bytes().take(len).all(is_name);
    named.then(|| text.get(..len + 2)).flatten()
}

/// Whether `links::find` could find anything. Errs towards yes: "12:30" is no address, but only the hunter knows.
///
/// Whatever it finds is held together by a dot or a colon, as it is or in one of the disguises that the hunter undoes.
pub(crate) fn may_hold_address(text: &str) -> bool {
    if !text.is_ascii() && normal::nfkc(text) != text {
        return true;
    }
    text.char_indices().any(|(at, c)| {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        joins(c, text.get(..at).unwrap_or_default(), rest)
    })
}

/// Whether this character, between these texts, may be what holds an address together.
fn joins(c: char, before: &str, after: &str) -> bool {
    let next = after.chars().next();
    let goes_on = next.is_some_and(|next| !next.is_whitespace());
    match c {
        // Of several dots the last one decides.
        '.' => goes_on && !next.is_some_and(ends_sentence),
        ':' | '\u{2236}' | '\u{A789}' | '\u{2D0}' => {
            let is_in_word = before.ends_with(|last: char| !last.is_whitespace());
            is_in_word && (goes_on || names_program(before))
        }
        // `[.]`, `( dot )`, `{punkt}`, `[:]`.
        '[' | '(' | '{' => after
            .trim_start_matches(' ')
            .starts_with(['.', ':', 'd', 'D', 'p', 'P']),
        // `%2e`, `%3a`; `\u002e`.
        '%' => after.starts_with(['2', '3']),
        '\\' => goes_on,
        '&' => after.contains(';'),
        '\u{3002}' | '\u{FF61}' | '\u{A4F8}' | '\u{A60E}' | '\u{B7}' | '\u{2022}' | '\u{2219}'
        | '\u{22C5}' => next.is_some_and(|next| next.is_ascii_alphanumeric()),
        _ => false,
    }
}

fn ends_sentence(c: char) -> bool {
    matches!(
        c,
        '.' | ',' | ';' | '!' | '?' | ')' | ']' | '}' | '"' | '\'' | '\u{2019}' | '\u{201D}'
    )
}

/// `javascript: …` is an address even with a blank behind its colon.
fn names_program(text: &str) -> bool {
    ["script", "mocha"].iter().any(|name| {
        let at = text.len().saturating_sub(name.len());
        text.get(at..)
            .is_some_and(|end| end.eq_ignore_ascii_case(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_needs_no_parser() {
        for innocent in [
            "",
            "I <3 you",
            "a < b && c > d",
            "R&D, salt & pepper; tea",
            "-> <- <",
            "&",
            "&;",
            "Tom&Jerry",
        ] {
            assert!(!may_hold_markup(innocent), "{innocent}");
        }
    }

    #[test]
    fn every_way_to_begin_markup_needs_it() {
        for suspect in [
            "<b>",
            "x</b",
            "<!--",
            "<?php",
            "<![CDATA[",
            "&lt;",
            "&#60;",
            "&#x3C;",
            "a&amp;b",
            "x<y",
        ] {
            assert!(may_hold_markup(suspect), "{suspect}");
        }
    }

    #[test]
    fn a_reference_ends_with_its_semicolon() {
        assert_eq!(reference("&amp;b;"), Some("&amp;"));
        assert_eq!(reference("&a b;"), None);
        assert_eq!(
            reference(&format!("&{};", "a".repeat(31))).map(str::len),
            Some(33)
        );
        assert_eq!(reference(&format!("&{};", "a".repeat(32))), None);
    }

    #[test]
    fn what_people_say_holds_no_address() {
        for innocent in [
            "",
            "Hello, how are you? Fine. And you...",
            "One thing: the other (or both).",
            "He said \"no.\" And :-) or :D",
            "100%, and/or a [box]",
            "Ça va. Größe «genau»!",
            "\u{4F60}\u{597D}\u{3002}\u{518D}\u{89C1}\u{3002}",
        ] {
            assert!(!may_hold_address(innocent), "{innocent}");
        }
    }

    #[test]
    fn every_way_to_write_an_address_is_looked_at() {
        for suspect in [
            "example.org",
            "a@b.example",
            "hxxp://example[.]org",
            "example ( dot ) org",
            "example{punkt}org",
            "example%2eorg",
            "example\\u002eorg",
            "example&#46;org",
            "example\u{3002}org",
            "example\u{B7}org",
            "\u{FF45}\u{FF58}\u{FF0E}\u{FF4F}\u{FF52}\u{FF47}",
            "http\u{2236}//x",
            "JavaScript: alert",
            "tel:5",
            "[::1]",
        ] {
            assert!(may_hold_address(suspect), "{suspect}");
        }
    }
}
