//! The text as a link hunter reads it: lower case, look-alike punctuation and the usual disguises undone.

use std::ops::Range;

/// Disguised characters that come in brackets: `[.]`, `(dot)`, `{at}`, `[://]`.
const BRACKETED: [(&str, &str); 9] = [
    ("://", "://"),
    (".", "."),
    ("dot", "."),
    ("d0t", "."),
    ("punkt", "."),
    ("at", "@"),
    ("@", "@"),
    (":", ":"),
    ("/", "/"),
];

/// Character references and percent escapes of the characters that hold an address together.
const ESCAPED: [(&str, &str); 22] = [
    ("&#46;", "."),
    ("&#046;", "."),
    ("&#x2e;", "."),
    ("&period;", "."),
    ("%2e", "."),
    ("\\.", "."),
    ("\\u002e", "."),
    ("&#58;", ":"),
    ("&#058;", ":"),
    ("&#x3a;", ":"),
    ("&colon;", ":"),
    ("%3a", ":"),
    ("&#47;", "/"),
    ("&#047;", "/"),
    ("&#x2f;", "/"),
    ("&sol;", "/"),
    ("%2f", "/"),
    ("&tab;", ""),
    ("&newline;", ""),
    ("&#9;", ""),
    ("&#10;", ""),
    ("&#x0a;", ""),
];

const LONGEST: usize = 16;

/// Normalised characters, each with the bytes of the text it came from.
pub(super) struct View {
    pub(super) chars: Vec<char>,
    spans: Vec<Range<usize>>,
    /// No character of the text has another compatible form, so that none has to be asked for.
    is_normal: bool,
}

impl View {
    pub(super) fn new(text: &str) -> Self {
        let mut view = Self {
            chars: Vec::with_capacity(text.len()),
            spans: Vec::with_capacity(text.len()),
            is_normal: normal::nfkc(text) == text,
        };
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            at = match disguise(text, at) {
                Some((plain, end)) => {
                    view.push(plain.chars(), at..end);
                    end
                }
                None => {
                    view.push_char(text, c, at);
                    at + c.len_utf8()
                }
            };
        }
        view
    }

    /// The bytes of the text behind a range of characters.
    pub(super) fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        match (
            self.spans.get(range.start),
            range
                .end
                .checked_sub(1)
                .and_then(|last| self.spans.get(last)),
        ) {
            (Some(first), Some(last)) if !range.is_empty() => first.start..last.end,
            _ => 0..0,
        }
    }

    pub(super) fn string(&self, range: Range<usize>) -> String {
        self.chars
            .get(range)
            .map_or_else(String::new, |chars| chars.iter().collect())
    }

    pub(super) fn at(&self, index: usize) -> Option<char> {
        self.chars.get(index).copied()
    }

    pub(super) fn before(&self, index: usize) -> Option<char> {
        index.checked_sub(1).and_then(|previous| self.at(previous))
    }

    fn push(&mut self, chars: impl Iterator<Item = char>, span: Range<usize>) {
        for c in chars {
            self.chars.push(c);
            self.spans.push(span.clone());
        }
    }

    fn push_char(&mut self, text: &str, c: char, at: usize) {
        let span = at..at + c.len_utf8();
        if c.is_ascii() {
            self.push(std::iter::once(c.to_ascii_lowercase()), span);
            return;
        }
        match c {
            // Sentences end in these too: they are dots only next to an ASCII label.
            '\u{3002}' | '\u{FF61}' => {
                let ascii =
                    |neighbour: Option<char>| neighbour.is_some_and(|c| c.is_ascii_alphanumeric());
                let dotted =
                    ascii(text[..at].chars().next_back()) && ascii(text[span.end..].chars().next());
                self.push(std::iter::once(if dotted { '.' } else { '\u{3002}' }), span);
            }
            '\u{A4F8}' | '\u{A60E}' | '\u{B7}' | '\u{2022}' | '\u{2219}' | '\u{22C5}' => {
                let inside = text[..at]
                    .chars()
                    .next_back()
                    .is_some_and(char::is_alphanumeric)
                    && text[span.end..]
                        .chars()
                        .next()
                        .is_some_and(|c| c.is_ascii_alphanumeric());
                // A middle dot between letters is Catalan when it stands between two l.
                let catalan =
                    text[..at].ends_with(['l', 'L']) && text[span.end..].starts_with(['l', 'L']);
                self.push(
                    std::iter::once(if inside && !catalan { '.' } else { c }),
                    span,
                );
            }
            '\u{2044}' | '\u{2215}' | '\u{29F8}' | '\u{2571}' => {
                self.push(std::iter::once('/'), span)
            }
            '\u{2236}' | '\u{A789}' | '\u{2D0}' => self.push(std::iter::once(':'), span),
            _ if self.is_normal => self.push(c.to_lowercase(), span),
            _ => {
                let plain = normal::nfkc(c.encode_utf8(&mut [0; 4]));
                self.push(plain.chars().flat_map(char::to_lowercase), span);
            }
        }
    }
}

/// Something at `at` that stands for other characters, and where it ends.
fn disguise(text: &str, at: usize) -> Option<(&'static str, usize)> {
    let rest = &text[at..];
    match rest.as_bytes().first()? {
        b'&' | b'%' | b'\\' => ESCAPED
            .iter()
            .find(|(from, _)| starts_with(rest, from))
            .map(|&(from, to)| (to, at + from.len())),
        b'[' | b'(' | b'{' => bracketed(rest).map(|(to, len)| (to, at + len)),
        // Blanks belong to a bracketed dot that glues two words: "example [dot] com".
        b' ' => {
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            let after_word = text[..at]
                .chars()
                .next_back()
                .is_some_and(char::is_alphanumeric);
            let (to, len) = bracketed(rest.get(blanks..)?).filter(|_| blanks <= 2 && after_word)?;
            Some((to, at + blanks + len))
        }
        _ => None,
    }
}

fn bracketed(rest: &str) -> Option<(&'static str, usize)> {
    let close = match rest.as_bytes().first()? {
        b'[' => ']',
        b'(' => ')',
        b'{' => '}',
        _ => return None,
    };
    let end = rest
        .bytes()
        .take(LONGEST)
        .position(|byte| byte == close as u8)?;
    let inner = rest.get(1..end)?.trim_matches(' ').to_ascii_lowercase();
    let &(_, to) = BRACKETED.iter().find(|(from, _)| *from == inner)?;
    let after = rest.get(end + 1..)?;
    let blanks = after.len() - after.trim_start_matches(' ').len();
    let glued = blanks <= 2 && after[blanks..].starts_with(char::is_alphanumeric);
    // A blank after the bracket is swallowed only together with the word behind it.
    Some((to, end + 1 + if glued { blanks } else { 0 }))
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.as_bytes()
        .get(..prefix.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
}
