//! The HTML text that goes to ammonia, written so that it is balanced whatever was typed.

use crate::display::{Depth, clean};
use crate::invisible::{Hazard, hazard};
use crate::links;
use crate::marks::is_mark;

use super::Object;

/// Formatting within formatting, at most.
const DEEPEST: usize = 20;
/// The characters that stand for objects: plane 15, of which nothing typed reaches a page.
const FIRST: u32 = 0xF_0000;
const LAST: u32 = 0xF_FFFD;
/// The tag of a spoiler, which HTML lacks.
pub(super) const SPOILER: &str = "x-spoiler";

/// The page so far.
pub(super) struct Page {
    pub(super) html: String,
    pub(super) objects: Vec<Object>,
    /// Values of attributes that were dropped: they may hide addresses.
    pub(super) values: Vec<String>,
    /// Objects that found no place because there were too many.
    pub(super) is_overfull: bool,
    open: Vec<(&'static str, By)>,
    /// So many elements of Markdown are left out for being too deep.
    skipped: usize,
    depth: Depth,
}

/// Who opened an element: only its own kind closes it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Markdown,
    Html,
}

/// The object behind a character of a page.
pub(super) fn object_at(c: char) -> Option<usize> {
    let index = u32::from(c).checked_sub(FIRST)?;
    (index <= LAST - FIRST)
        .then(|| usize::try_from(index).ok())
        .flatten()
}

impl Page {
    pub(super) fn new(depth: Depth) -> Self {
        Self {
            html: String::new(),
            objects: Vec::new(),
            values: Vec::new(),
            is_overfull: false,
            open: Vec::new(),
            skipped: 0,
            depth,
        }
    }

    /// Closes what is still open.
    pub(super) fn finish(mut self) -> Self {
        while let Some((tag, _)) = self.open.pop() {
            self.write_end(tag);
        }
        self
    }

    /// An element of Markdown begins; each has its [`close`](Self::close).
    pub(super) fn open(&mut self, tag: &'static str) {
        self.open_with(tag, None);
    }

    /// A numbered list begins.
    pub(super) fn open_numbered(&mut self, first: u64) {
        self.open_with("ol", u32::try_from(first).ok());
    }

    fn open_with(&mut self, tag: &'static str, first: Option<u32>) {
        if self.skipped > 0 || self.open.len() >= DEEPEST {
            self.skipped += 1;
            return;
        }
        self.open.push((tag, By::Markdown));
        match first {
            Some(first) => self.html.push_str(&format!("<{tag} start=\"{first}\">")),
            None => self.write_start(tag),
        }
    }

    /// The innermost element of Markdown ends, and with it whatever HTML was left open inside.
    pub(super) fn close(&mut self) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        while let Some((tag, by)) = self.open.pop() {
            self.write_end(tag);
            if by == By::Markdown {
                break;
            }
        }
    }

    /// A tag that somebody typed begins an element.
    pub(super) fn open_html(&mut self, tag: &'static str) {
        if matches!(tag, "br" | "hr" | "wbr") {
            self.write_start(tag);
            return;
        }
        while let Some(&(last, By::Html)) = self.open.last() {
            if !ends_before(last, tag) {
                break;
            }
            self.open.pop();
            self.write_end(last);
        }
        if self.skipped == 0 && self.open.len() < DEEPEST {
            self.open.push((tag, By::Html));
            self.write_start(tag);
        }
    }

    /// A tag that somebody typed ends an element, if one of its kind is open in this place.
    pub(super) fn close_html(&mut self, tag: &str) {
        let own = self.open.iter().rev().take_while(|(_, by)| *by == By::Html);
        let Some(above) = own.map(|(open, _)| *open).position(|open| open == tag) else {
            return;
        };
        for _ in 0..=above {
            if let Some((tag, _)) = self.open.pop() {
                self.write_end(tag);
            }
        }
    }

    /// White space counts here.
    pub(super) fn is_in_pre(&self) -> bool {
        self.open.iter().any(|(tag, _)| *tag == "pre")
    }

    /// Text that means itself.
    pub(super) fn text(&mut self, typed: &str) {
        let clean = clean(typed, self.depth);
        let mut cuts = clean.cuts.into_iter().peekable();
        let mut is_start = true;
        for (at, c) in clean.text.char_indices() {
            while let Some(cut) = cuts.next_if(|cut| cut.at <= at) {
                self.cut(cut.original);
            }
            // A mark without its letter would pile up on a letter of the element before.
            if is_start && (is_mark(c) || hazard(c) == Some(Hazard::Joiner)) {
                self.cut(format!("\\u{{{:04X}}}", u32::from(c)));
                continue;
            }
            is_start = false;
            self.write_char(c);
        }
        for cut in cuts {
            self.cut(cut.original);
        }
    }

    /// `[words](address)`. Where that is no address at all, it is program text or a mistake, and stays as it is.
    pub(super) fn markdown_link(&mut self, href: String, words: &str, typed: &str) {
        if links::resolve(&href).is_some() {
            self.link(href, words, typed, false);
        } else {
            self.text(typed);
        }
    }

    /// Words that lead somewhere.
    pub(super) fn link(&mut self, href: String, words: &str, typed: &str, is_tainted: bool) {
        let clean = clean(words, self.depth);
        let words: Vec<String> = clean
            .text
            .split_whitespace()
            .map(|word| word.chars().map(typeable).collect())
            .collect();
        self.object(Object::Link {
            href,
            words: words.join(" ").trim_start_matches(is_mark).to_owned(),
            typed: typed.to_owned(),
            is_tainted,
        });
        for cut in clean.cuts {
            self.cut(cut.original);
        }
    }

    pub(super) fn depth(&self) -> Depth {
        self.depth
    }

    /// Puts something in place that is no HTML.
    pub(super) fn object(&mut self, object: Object) {
        // Invisible characters in a row are one label.
        let last = self.html.chars().next_back().and_then(object_at);
        if let (Object::Cut(more), Some(Object::Cut(cut))) =
            (&object, last.and_then(|last| self.objects.get_mut(last)))
        {
            cut.push_str(more);
            return;
        }
        let place = u32::try_from(self.objects.len())
            .ok()
            .and_then(|index| FIRST.checked_add(index));
        match place
            .filter(|&place| place <= LAST)
            .and_then(char::from_u32)
        {
            Some(place) => {
                self.objects.push(object);
                self.html.push(place);
            }
            None => self.is_overfull = true,
        }
    }

    pub(super) fn new_line(&mut self) {
        self.html.push_str("<br>");
    }

    pub(super) fn rule(&mut self) {
        self.html.push_str("<hr>");
    }

    fn cut(&mut self, original: String) {
        if self.depth == Depth::Full {
            self.object(Object::Cut(original));
        }
    }

    fn write_char(&mut self, c: char) {
        match c {
            '<' => self.html.push_str("&lt;"),
            '>' => self.html.push_str("&gt;"),
            '&' => self.html.push_str("&amp;"),
            '\n' if !self.is_in_pre() => self.html.push(' '),
            c => self.html.push(typeable(c)),
        }
    }

    fn write_start(&mut self, tag: &str) {
        self.html.push('<');
        self.html.push_str(tag);
        self.html.push('>');
    }

    fn write_end(&mut self, tag: &str) {
        self.html.push_str("</");
        self.html.push_str(tag);
        self.html.push('>');
    }
}

/// Planes 15 and 16 are private: what a reader lets through of them must not be taken for an object.
pub(super) fn typeable(c: char) -> char {
    if u32::from(c) >= FIRST { '\u{FFFD}' } else { c }
}

/// HTML lets these end tags be left out.
fn ends_before(last: &str, next: &str) -> bool {
    match next {
        "li" => last == "li",
        "p" => last == "p",
        "td" | "th" => matches!(last, "td" | "th"),
        "tr" => matches!(last, "td" | "th" | "tr"),
        "tbody" | "thead" | "tfoot" => {
            matches!(last, "td" | "th" | "tr" | "tbody" | "thead" | "tfoot")
        }
        _ => false,
    }
}
