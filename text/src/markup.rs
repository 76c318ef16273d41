//! What an HTML parser would take for markup, and what of it is harmless.
//!
//! Nothing here is ever given to an HTML parser as HTML: a message ends in DOM text nodes. Markup is cut out because it
//! is noise at best and an attempt at worst. Two judges work together: html5ever's tokenizer says where a construct
//! ends and which attributes it has, ammonia with a short allow-list says what of a tag may stay. A `<` that merely
//! compares ("a < b", "if x<y", "Vec<String>", "I <3 you") is neither, and stays.

pub(crate) mod tokens;

use std::collections::BTreeMap;
use std::ops::Range;

use ammonia::Builder;

pub(crate) use tokens::{Construct, Kind};

/// Tags that may stay: formatting without addresses, handlers or styles.
pub(crate) const ALLOWED: [&str; 45] = [
    "b",
    "blockquote",
    "br",
    "caption",
    "code",
    "del",
    "details",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
    "abbr",
];

/// Elements that load, run, restyle or take over a page: never a comparison, whatever stands around them.
const ACTIVE: [&str; 44] = [
    "a", "animate", "applet", "area", "audio", "base", "body", "button", "canvas", "dialog",
    "embed", "fieldset", "form", "frame", "frameset", "head", "html", "iframe", "image", "img",
    "input", "isindex", "link", "marquee", "math", "meta", "noscript", "object", "option", "param",
    "picture", "portal", "script", "select", "set", "slot", "source", "style", "svg", "template",
    "textarea", "track", "video", "xml",
];

/// Elements whose content is program text or is not shown either.
pub(crate) const WITH_CONTENT: [&str; 6] =
    ["iframe", "noembed", "noframes", "script", "style", "xmp"];

/// A stretch of the text that is no plain text.
#[derive(Debug)]
pub(crate) struct Mark {
    pub(crate) range: Range<usize>,
    pub(crate) what: What,
}

/// What such a stretch is.
#[derive(Debug)]
pub(crate) enum What {
    /// An allowed tag without attributes, or a character reference: may be shown as typed.
    Harmless,
    /// Has to go. `rest` is what ammonia leaves of it, such as `<b>` of `<b onclick=…>`.
    Forbidden { rest: String },
    /// An HTML link up to its end tag, with the words between. Also forbidden, but says where it leads.
    Anchor {
        href: String,
        words: Range<usize>,
        tainted: bool,
    },
}

/// Everything found in a text.
#[derive(Debug, Default)]
pub(crate) struct Markup {
    /// In order, without overlap.
    pub(crate) marks: Vec<Mark>,
    /// Values of attributes that were cut out, with character references resolved: they may hide addresses.
    pub(crate) values: Vec<String>,
}

/// Finds all markup. Linear: every character is looked at by one construct only.
pub(crate) fn find(text: &str) -> Markup {
    let mut found = Markup::default();
    let mut judge = Judge::new();
    let mut closings = Closings::default();
    let mut at = 0;
    while let Some(next) = text[at..].find(['<', '&']).map(|offset| at + offset) {
        let end = if text[next..].starts_with('&') {
            match tokens::reference(&text[next..]) {
                Some(len) => {
                    found.marks.push(Mark {
                        range: next..next + len,
                        what: What::Harmless,
                    });
                    next + len
                }
                None => next + 1,
            }
        } else if is_markup(text, next) {
            let construct = tokens::construct(text, next);
            let end = closings.content_end(text, &construct);
            judge.add(&mut found, text, construct, end)
        } else {
            next + 1
        };
        at = end;
    }
    join_anchors(&mut found.marks);
    found
}

/// Whether the `<` at this place opens markup in a way that no innocent author would write.
pub(crate) fn is_markup(text: &str, at: usize) -> bool {
    let rest = &text[at + 1..];
    let mut chars = rest.chars();
    match (chars.next(), chars.next()) {
        (Some('/'), Some(next)) => return next.is_ascii_alphabetic(),
        (Some('!'), Some(next)) => return next == '-' || next == '[' || next.is_ascii_alphabetic(),
        (Some('?'), Some(next)) => return next.is_ascii_alphabetic() || next == '=',
        (Some(first), _) if first.is_ascii_alphabetic() => {}
        _ => return false,
    }
    let len = rest.find(['<', '>']).unwrap_or(rest.len());
    let (inner, after) = rest.split_at(len);
    let name = inner
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    if ACTIVE.contains(&name.as_str())
        || WITH_CONTENT.contains(&name.as_str())
        || has_attribute_of_note(inner)
    {
        return true;
    }
    let quoted = inner.contains(['"', '\'', '`']);
    if is_autolink(inner) {
        return false;
    }
    match after.chars().next() {
        // No tag ends here. With quotes it may go on behind this "<".
        Some('<') => quoted,
        None => false,
        Some(_) => {
            let glued = text[..at]
                .chars()
                .next_back()
                .is_some_and(|c| c.is_alphanumeric() || matches!(c, ')' | ']' | '_' | ':'));
            let plain = name.len() == inner.len() && ALLOWED.contains(&name.as_str());
            !glued || plain || quoted || inner.contains(['=', '/'])
        }
    }
}

/// `<https://example.org>` and `<anna@example.org>`: an address between brackets, as in mail.
fn is_autolink(inner: &str) -> bool {
    let lower = inner.to_ascii_lowercase();
    let web = [
        "http:", "https:", "hxxp:", "hxxps:", "ftp:", "mailto:", "www.",
    ]
    .iter()
    .any(|start| lower.starts_with(start));
    (web || inner.contains('@')) && !inner.contains(char::is_whitespace)
}

/// An attribute that runs, styles or loads: `on…=`, `style=`, `srcdoc=`, addresses.
fn has_attribute_of_note(inner: &str) -> bool {
    const NOTABLE: [&str; 13] = [
        "style",
        "srcdoc",
        "src",
        "href",
        "action",
        "formaction",
        "data",
        "background",
        "poster",
        "srcset",
        "xmlns",
        "content",
        "is",
    ];
    inner.match_indices('=').any(|(at, _)| {
        let before = inner[..at].trim_end();
        let from = before.len().saturating_sub(32);
        let from = (from..before.len())
            .find(|&from| before.is_char_boundary(from))
            .unwrap_or(before.len());
        let word = before[from..]
            .rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
            .next()
            .unwrap_or_default();
        let word = word.to_ascii_lowercase();
        (word.starts_with("on") && word.len() > 3) || NOTABLE.contains(&word.as_str())
    })
}

/// Asks ammonia, once for every name.
struct Judge {
    ammonia: Builder<'static>,
    known: BTreeMap<String, bool>,
}

impl Judge {
    fn new() -> Self {
        let mut ammonia = Builder::empty();
        ammonia
            .tags(ALLOWED.into())
            .generic_attributes([].into())
            .strip_comments(true);
        Self {
            ammonia,
            known: BTreeMap::new(),
        }
    }

    /// A tag of this name survives ammonia.
    fn allows(&mut self, name: &str) -> bool {
        // No allowed name is longer: nothing to ask, and nothing to remember.
        if name.len() > 10 {
            return false;
        }
        if let Some(&known) = self.known.get(name) {
            return known;
        }
        let inside_table = matches!(
            name,
            "caption" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr"
        );
        let context = if inside_table { "<table>" } else { "" };
        let cleaned = self
            .ammonia
            .clean(&format!("{context}<{name}>"))
            .to_string();
        let allowed = cleaned.contains(&format!("<{name}>"));
        self.known.insert(name.to_owned(), allowed);
        allowed
    }

    /// Notes a construct and returns where the text goes on.
    fn add(&mut self, found: &mut Markup, text: &str, construct: Construct, end: usize) -> usize {
        let range = construct.range.start..end;
        let what = match construct.kind {
            Kind::Start { name, attributes } if self.allows(&name) => {
                if attributes.is_empty() {
                    What::Harmless
                } else {
                    found
                        .values
                        .extend(attributes.into_iter().map(|(_, value)| value));
                    What::Forbidden {
                        rest: format!("<{name}>"),
                    }
                }
            }
            Kind::End { name } if name == "a" => What::Anchor {
                href: String::new(),
                words: end..end,
                tainted: false,
            },
            Kind::End { name } if self.allows(&name) => What::Harmless,
            Kind::Start { name, attributes } => {
                let href = attributes
                    .iter()
                    .find(|(key, _)| key == "href")
                    .map(|(_, value)| value.clone());
                let tainted = attributes
                    .iter()
                    .any(|(key, _)| !matches!(key.as_str(), "href" | "title" | "rel" | "target"));
                found
                    .values
                    .extend(attributes.into_iter().map(|(_, value)| value));
                match href.filter(|href| name == "a" && !href.is_empty()) {
                    Some(href) => What::Anchor {
                        href,
                        words: end..end,
                        tainted,
                    },
                    None => What::Forbidden {
                        rest: String::new(),
                    },
                }
            }
            Kind::End { .. } | Kind::Other => What::Forbidden {
                rest: String::new(),
            },
        };
        // The text inside a cut comment or script may hold addresses too; the link hunter reads it as it stands.
        debug_assert!(text.is_char_boundary(range.end));
        found.marks.push(Mark { range, what });
        end
    }
}

/// Makes one mark of `<a href=…>`, plain words and `</a>`; a lone end or start tag is just forbidden.
fn join_anchors(marks: &mut Vec<Mark>) {
    let mut joined: Vec<Mark> = Vec::with_capacity(marks.len());
    for mark in marks.drain(..) {
        let What::Anchor { href, .. } = &mark.what else {
            joined.push(mark);
            continue;
        };
        let closes = href.is_empty();
        if let Some(Mark {
            range,
            what: What::Anchor { words, href, .. },
        }) = joined.last_mut()
            && closes
            && words.start == words.end
            && !href.is_empty()
            && range.end < mark.range.start
        {
            *words = range.end..mark.range.start;
            range.end = mark.range.end;
            continue;
        }
        if closes {
            joined.push(Mark {
                range: mark.range,
                what: What::Forbidden {
                    rest: String::new(),
                },
            });
        } else {
            joined.push(mark);
        }
    }
    *marks = joined;
}

/// Remembers for which elements no end tag is left, so that nobody searches the rest of the text twice.
#[derive(Default)]
struct Closings {
    gone: Vec<&'static str>,
}

impl Closings {
    /// Where a construct ends together with the content that has to go with it.
    ///
    /// Without an end tag only the tag itself goes: "how does <script> work?" keeps its words, which are inert anyway.
    fn content_end(&mut self, text: &str, construct: &Construct) -> usize {
        let end = construct.range.end;
        let Kind::Start { name, .. } = &construct.kind else {
            return end;
        };
        let Some(&element) = WITH_CONTENT.iter().find(|&element| element == name) else {
            return end;
        };
        if self.gone.contains(&element) {
            return end;
        }
        let rest = &text.as_bytes()[end..];
        let closing = rest.windows(element.len() + 2).position(|window| {
            window.starts_with(b"</") && window[2..].eq_ignore_ascii_case(element.as_bytes())
        });
        match closing {
            Some(offset) => tokens::construct(text, end + offset).range.end,
            None => {
                self.gone.push(element);
                end
            }
        }
    }
}
