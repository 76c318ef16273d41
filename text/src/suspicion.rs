//! Whether the HTML parser has to look at a text at all. It is most of the download and most messages can do without it,
//! so what stands here must not pull it in.

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
}
