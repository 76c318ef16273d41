//! One spelling for what looks the same, and nothing in it that cannot be seen.

use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation as _;

use crate::invisible::{Hazard, hazard};
use crate::lookalikes;
use crate::marks::{is_mark, is_virama, stacks};

/// Shown for a member whose name has nothing to show.
pub const NAMELESS: &str = "(no name)";

/// Accents and points that may sit on one letter; the next one makes it Zalgo.
const STACK: usize = 3;
/// Marks of any kind in a row, counted because Burmese and Tibetan rightly use more than [`STACK`] vowel signs.
const MARKS: usize = 8;
const NAME_GRAPHEMES: usize = 32;
const NAME_BYTES: usize = 512;
const LINE_GRAPHEMES: usize = 200;
const LINE_BYTES: usize = 1_024;
const TAB: &str = "    ";

/// How much [`clean`] takes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// What would mislead: controls, bidirectional controls, zero-width characters.
    #[cfg_attr(
        not(feature = "markup"),
        expect(dead_code, reason = "only messages are ever shown at this depth")
    )]
    Safe,
    /// Private-use characters and piled-up marks too.
    Full,
}

/// Cleaned text and a note of what is gone.
#[derive(Debug, Default)]
pub(crate) struct Clean {
    /// Lines end in `\n`; a tab has become four spaces.
    pub(crate) text: String,
    /// Ascending by `at`; neighbours are merged.
    pub(crate) cuts: Vec<Cut>,
}

/// Characters that were taken out.
#[derive(Debug)]
pub(crate) struct Cut {
    /// Byte offset in the cleaned text where they stood.
    pub(crate) at: usize,
    /// They themselves, spelled out.
    pub(crate) original: String,
}

/// The form in which text of any length may be shown: NFC, `\n` line ends, no control, bidirectional, zero-width or
/// private-use character, no noncharacter, at most three accents on a letter.
///
/// Joiners stay where they do something: inside emoji sequences, after a virama, between Arabic letters.
/// Applying it twice changes nothing.
pub fn canonical(raw: &str) -> String {
    normal::nfc(&clean(&normal::nfc(raw), Depth::Full).text)
}

/// Spells out what cannot be seen as `\u{200B}`; everything else, line ends included, stays as it is.
pub fn escape_invisible(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.chars() {
        match hazard(c) {
            Some(_) if c != '\n' => escape(&mut out, c),
            _ => out.push(c),
        }
    }
    out
}

/// A name for one line: [`canonical`], runs of white space joined to one space, at most 32 grapheme clusters and 512
/// bytes. Never empty; see [`NAMELESS`].
pub fn display_name(raw: &str) -> String {
    one_line(raw, NAME_GRAPHEMES, NAME_BYTES)
}

/// A few words for one line, such as a room's topic or what a bot says of itself: like [`display_name`], but at most 200
/// grapheme clusters and 1,024 bytes.
pub fn display_line(raw: &str) -> String {
    one_line(raw, LINE_GRAPHEMES, LINE_BYTES)
}

fn one_line(raw: &str, most: usize, bytes: usize) -> String {
    let text = canonical(raw);
    let text = text.trim_start_matches(|c: char| is_mark(c) || c.is_whitespace());
    let mut name = String::new();
    let words = text
        .split(|c: char| c.is_whitespace() || c == '\u{2800}')
        .filter(|word| !word.is_empty());
    for word in words {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word);
    }
    let mut end = 0;
    for (at, grapheme) in name.grapheme_indices(true).take(most) {
        if at + grapheme.len() > bytes {
            break;
        }
        end = at + grapheme.len();
    }
    name.truncate(end);
    // What the cut left may end in a space, or in a joiner that has lost its partner.
    let name = canonical(name.trim_end());
    if name.is_empty() {
        NAMELESS.to_owned()
    } else {
        name
    }
}

/// What a name looks like at a glance: two names with the same skeleton can be taken for each other.
///
/// The skeleton of UTS 39 on the [`display_name`], without regard to case, spaces and joiners. `I`, `i`, `l`, `1` and
/// `|` count as one letter, so that "Ivan", "ivan" and "lvan" are twins. Only good for comparing, never for showing.
pub fn skeleton(name: &str) -> String {
    let visible: String = display_name(name)
        .chars()
        .filter(|&c| !c.is_whitespace() && hazard(c).is_none())
        .collect();
    let folded = lookalikes::skeleton(&visible).to_lowercase();
    lookalikes::skeleton(&folded)
        .chars()
        .map(|c| if c == 'i' { 'l' } else { c })
        .filter(|&c| hazard(c).is_none())
        .collect()
}

/// Removes what the depth says. The text should be NFC already.
pub(crate) fn clean(raw: &str, depth: Depth) -> Clean {
    let mut cleaner = Cleaner {
        out: Clean::default(),
        stack: 0,
        marks: 0,
        depth,
    };
    let mut rest = raw.chars();
    let mut previous = '\0';
    while let Some(c) = rest.next() {
        match hazard(c) {
            None if is_mark(c) => cleaner.mark(c),
            None => cleaner.visible(c),
            Some(Hazard::Space) => cleaner.space(c, previous),
            Some(Hazard::Quiet) => {}
            Some(Hazard::Invisible) => cleaner.cut(c),
            Some(Hazard::Private) if depth == Depth::Full => cleaner.cut(c),
            Some(Hazard::Private) => cleaner.visible(c),
            Some(Hazard::Joiner) => cleaner.joiner(c, rest.as_str()),
        }
        previous = c;
    }
    cleaner.out
}

struct Cleaner {
    out: Clean,
    stack: usize,
    marks: usize,
    depth: Depth,
}

impl Cleaner {
    fn visible(&mut self, c: char) {
        self.stack = 0;
        self.marks = 0;
        self.out.text.push(c);
    }

    fn mark(&mut self, c: char) {
        // Class 0 marks are vowel signs and the like that take their own place.
        let stacks = stacks(c);
        let too_many = self.marks >= MARKS || (stacks && self.stack >= STACK);
        if too_many && self.depth == Depth::Full {
            self.cut(c);
            return;
        }
        self.marks += 1;
        self.stack += usize::from(stacks);
        self.out.text.push(c);
    }

    fn space(&mut self, c: char, previous: char) {
        self.stack = 0;
        self.marks = 0;
        match c {
            '\t' => self.out.text.push_str(TAB),
            '\n' if previous == '\r' => {}
            _ => self.out.text.push('\n'),
        }
    }

    fn joiner(&mut self, c: char, rest: &str) {
        let next = rest.chars().next();
        match c {
            '\u{200D}' if next.is_some_and(|next| joins(&self.out.text, next)) => {
                self.out.text.push(c)
            }
            '\u{200C}' if next.is_some_and(|next| parts(&self.out.text, next)) => {
                self.out.text.push(c)
            }
            '\u{200C}' | '\u{200D}' => self.cut(c),
            '\u{FE0E}' | '\u{FE0F}' if takes_selector(&self.out.text, next) => {
                self.out.text.push(c)
            }
            '\u{FE0E}' | '\u{FE0F}' => {}
            '\u{E0100}'..='\u{E01EF}'
                if self.out.text.chars().next_back().is_some_and(is_ideograph) =>
            {
                self.out.text.push(c);
            }
            _ if in_flag(&self.out.text, c, rest) => self.out.text.push(c),
            _ => self.cut(c),
        }
    }

    fn cut(&mut self, c: char) {
        let at = self.out.text.len();
        match self.out.cuts.last_mut() {
            Some(last) if last.at == at => escape(&mut last.original, c),
            _ => {
                let mut original = String::new();
                escape(&mut original, c);
                self.out.cuts.push(Cut { at, original });
            }
        }
    }
}

fn escape(out: &mut String, c: char) {
    write!(out, "\\u{{{:04X}}}", u32::from(c)).expect("writing to a string cannot fail");
}

/// The last few characters: enough context for every rule here, and bounded, so that cleaning stays linear.
fn tail(text: &str) -> &str {
    let start = text
        .char_indices()
        .rev()
        .take(6)
        .last()
        .map_or(text.len(), |(at, _)| at);
    &text[start..]
}

/// A zero-width joiner is needed where Unicode's grapheme rules glue it to both sides: emoji (GB11), conjuncts (GB9c).
fn joins(before: &str, next: char) -> bool {
    if is_mark(next) || hazard(next).is_some() {
        return false;
    }
    let probe = format!("{}\u{200D}{next}", tail(before));
    let glued = probe
        .graphemes(true)
        .next_back()
        .is_some_and(|last| last.len() > next.len_utf8());
    glued || (after_virama(before) && next.is_alphabetic())
}

/// A zero-width non-joiner is needed after a virama and between Arabic letters (RFC 5892, appendix A.1, simplified).
fn parts(before: &str, next: char) -> bool {
    let letter = before.chars().rev().find(|&c| !is_mark(c));
    next.is_alphabetic()
        && (after_virama(before) || (letter.is_some_and(is_arabic) && is_arabic(next)))
}

fn after_virama(before: &str) -> bool {
    before.chars().next_back().is_some_and(is_virama)
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{64A}' | '\u{66E}'..='\u{6D5}' | '\u{6EE}'..='\u{6FF}' | '\u{710}'..='\u{77F}')
        || matches!(c, '\u{7CA}'..='\u{7EA}' | '\u{840}'..='\u{858}' | '\u{860}'..='\u{8C9}')
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// A presentation selector belongs after an emoji or into a keycap.
fn takes_selector(before: &str, next: Option<char>) -> bool {
    match before.chars().next_back() {
        Some('0'..='9' | '#' | '*') => next == Some('\u{20E3}'),
        // GB11 again: only pictographs are glued to a pictograph by a joiner.
        Some(last) if !last.is_ascii() && hazard(last).is_none() => {
            format!("{last}\u{200D}\u{2B50}").graphemes(true).count() == 1
        }
        _ => false,
    }
}

/// Tag characters spell the region of a flag: 🏴, up to six of them, and a closing one (UTS 51, ED-14a).
fn in_flag(before: &str, tag: char, rest: &str) -> bool {
    const CLOSE: char = '\u{E007F}';
    let is_tag = |c: char| matches!(c, '\u{E0030}'..='\u{E0039}' | '\u{E0061}'..='\u{E007A}');
    let seen = before
        .chars()
        .rev()
        .take(7)
        .take_while(|&c| is_tag(c))
        .count();
    let flag = before.chars().rev().nth(seen) == Some('\u{1F3F4}');
    if tag == CLOSE {
        return flag && (1..=6).contains(&seen);
    }
    let ahead = rest.chars().take(7).take_while(|&c| is_tag(c)).count();
    flag && is_tag(tag) && seen + 1 + ahead <= 6 && rest.chars().nth(ahead) == Some(CLOSE)
}
