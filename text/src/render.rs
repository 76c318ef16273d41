//! A message, from hostile text to a list of nodes.

use std::ops::Range;

use crate::display::{Clean, Depth, clean, escape_invisible};
use crate::filter::{FilterState, Filters};
use crate::links::{self, Found, Target};
use crate::markup::{self, Mark, Markup, What};
use crate::suspicion::{may_hold_address, may_hold_markup};
use crate::tree::{BlockedBy, FILTERED, Host, Node, Rendered, push_text, unjoin};

/// So many causes are named when a message is blocked.
const NAMED: usize = 8;

/// Turns a message into nodes that are safe to show under the reader's filters.
///
/// Tags outside the allow-list, tags with attributes, comments and scripts are cut out in every state. Takes time linear in the length of
/// the text. Never panics, whatever the text.
pub fn render(text: &str, filters: &Filters) -> Rendered {
    let clean = cleaned(text, filters);
    let markup = markup::find(&clean.text);
    draw(&clean, markup, filters)
}

/// What [`render`] makes of a text in which no HTML parser could see markup, which is nearly everything that people
/// write. `None` for the rest. A program that calls this alone links no parser.
pub fn render_plain(text: &str, filters: &Filters) -> Option<Rendered> {
    let clean = cleaned(text, filters);
    // Judged as it will be seen: taking a character out may join what was apart.
    if may_hold_markup(&clean.text) {
        return None;
    }
    Some(draw(&clean, Markup::default(), filters))
}

/// What [`render_plain`] makes of a text in which there can be no address either. `None` for the rest. A program that calls
/// this alone brings nothing that knows links, hosts or domains.
pub fn render_words(text: &str, filters: &Filters) -> Option<Rendered> {
    let clean = cleaned(text, filters);
    if may_hold_markup(&clean.text) || may_hold_address(&clean.text) {
        return None;
    }
    let blocked = blocked_by_special(&clean, &Markup::default(), filters);
    Some(blocked.unwrap_or_else(|| Painter::new(filters, &clean).paint_words()))
}

fn cleaned(text: &str, filters: &Filters) -> Clean {
    let depth = if filters.special == FilterState::Show {
        Depth::Safe
    } else {
        Depth::Full
    };
    clean(&normal::nfc(text), depth)
}

fn draw(clean: &Clean, markup: Markup, filters: &Filters) -> Rendered {
    let links = links::find(&clean.text);
    if let Some(blocked) = blocked_by_links(clean, &markup, &links, filters) {
        return blocked;
    }
    if let Some(blocked) = blocked_by_special(clean, &markup, filters) {
        return blocked;
    }
    Painter::new(filters, clean).paint(markup, links)
}

fn blocked_by_links(
    clean: &Clean,
    markup: &Markup,
    links: &[Found],
    filters: &Filters,
) -> Option<Rendered> {
    if filters.links != FilterState::Hide {
        return None;
    }
    let mut hosts: Vec<String> = links
        .iter()
        .map(|found| found.target.name().to_owned())
        .collect();
    for value in &markup.values {
        let value: String = value
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
            .collect();
        let value = crate::canonical(&value);
        hosts.extend(
            links::find(&value)
                .iter()
                .map(|found| found.target.name().to_owned()),
        );
    }
    for mark in &markup.marks {
        // A relative address leads somewhere too.
        if let (What::Anchor { href, .. }, true) = (&mark.what, hosts.is_empty()) {
            hosts.push(escape_invisible(href));
        }
    }
    if hosts.is_empty() {
        return None;
    }
    let count = count(hosts.len());
    let mut seen = Vec::new();
    for host in hosts {
        let host = one_line(&host);
        if seen.len() < NAMED && !seen.contains(&host) {
            seen.push(host);
        }
    }
    debug_assert!(!clean.text.is_empty());
    Some(Rendered {
        nodes: vec![Node::Blocked {
            what: BlockedBy::Links { hosts: seen },
        }],
        hidden_links: count,
        filtered_special: 0,
    })
}

fn blocked_by_special(clean: &Clean, markup: &Markup, filters: &Filters) -> Option<Rendered> {
    if filters.special != FilterState::Hide {
        return None;
    }
    let mut found: Vec<String> = clean.cuts.iter().map(|cut| cut.original.clone()).collect();
    found.extend(
        markup
            .marks
            .iter()
            .filter_map(|mark| clean.text.get(mark.range.clone()))
            .map(str::to_owned),
    );
    if filters.strict {
        let runs = clean
            .text
            .split(|c: char| is_classic(c) || c == '\n')
            .filter(|run| !run.is_empty());
        found.extend(runs.map(str::to_owned));
    }
    if found.is_empty() {
        return None;
    }
    let filtered_special = count(found.len());
    let found = found
        .iter()
        .take(NAMED)
        .map(|text| one_line(text))
        .collect();
    Some(Rendered {
        nodes: vec![Node::Blocked {
            what: BlockedBy::Special { found },
        }],
        hidden_links: 0,
        filtered_special,
    })
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// Safe to show on one line, wherever it came from.
fn one_line(text: &str) -> String {
    escape_invisible(text).replace('\n', "\u{21B5}")
}

/// What the strict set keeps.
fn is_classic(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | ',' | '!' | '?')
}

/// What stands at one stretch of the text.
enum Item {
    Link(Found),
    Mark(What),
    Cut(String),
}

/// Draws nodes from left to right.
struct Painter<'a> {
    text: &'a str,
    cuts: Vec<(usize, String)>,
    links: FilterState,
    /// The special-character switch is on.
    special: bool,
    strict: bool,
    out: Rendered,
}

impl<'a> Painter<'a> {
    fn new(filters: &Filters, clean: &'a Clean) -> Self {
        let special = filters.special != FilterState::Show;
        let cuts = if special {
            clean
                .cuts
                .iter()
                .map(|cut| (cut.at, cut.original.clone()))
                .collect()
        } else {
            Vec::new()
        };
        Self {
            text: &clean.text,
            cuts,
            links: filters.links,
            special,
            strict: special && filters.strict,
            out: Rendered::default(),
        }
    }

    fn paint(mut self, markup: Markup, links: Vec<Found>) -> Rendered {
        let mut items: Vec<(Range<usize>, Item)> = Vec::new();
        items.extend(
            markup
                .marks
                .into_iter()
                .map(|Mark { range, what }| (range, Item::Mark(what))),
        );
        items.extend(
            links
                .into_iter()
                .map(|found| (found.range.clone(), Item::Link(found))),
        );
        items.extend(
            std::mem::take(&mut self.cuts)
                .into_iter()
                .map(|(at, original)| (at..at, Item::Cut(original))),
        );
        // At the same place a construct goes before the address inside it.
        items.sort_by_key(|(range, item)| (range.start, matches!(item, Item::Link(_)), range.end));
        let mut at = 0;
        for (range, item) in items {
            match item {
                Item::Cut(original) => {
                    self.plain(at..range.start);
                    at = at.max(range.start);
                    self.filtered(original);
                }
                _ if range.start < at => {}
                Item::Mark(what) => {
                    self.plain(at..range.start);
                    at = range.end;
                    self.mark(range, what);
                }
                Item::Link(found) => {
                    self.plain(at..range.start);
                    at = range.end;
                    self.link(found);
                }
            }
        }
        self.plain(at..self.text.len());
        unjoin(&mut self.out.nodes);
        self.out
    }

    /// The same where there is neither markup nor a link. Nothing here may lead to what draws those.
    fn paint_words(mut self) -> Rendered {
        let mut at = 0;
        for (cut, original) in std::mem::take(&mut self.cuts) {
            self.plain(at..cut);
            at = cut;
            self.filtered(original);
        }
        self.plain(at..self.text.len());
        unjoin(&mut self.out.nodes);
        self.out
    }

    fn mark(&mut self, range: Range<usize>, what: What) {
        let typed = self.text.get(range.clone()).unwrap_or_default().to_owned();
        match what {
            What::Harmless if !self.special => self.push_text(&typed),
            What::Harmless => self.filtered(one_line(&typed)),
            What::Forbidden { rest } => {
                if !self.special {
                    self.push_text(&rest);
                }
                self.filtered(one_line(&typed));
            }
            What::Anchor {
                href,
                words,
                tainted,
            } => self.anchor(&typed, &href, words, tainted),
        }
    }

    fn anchor(&mut self, typed: &str, href: &str, words: Range<usize>, tainted: bool) {
        let shown = self
            .text
            .get(words)
            .unwrap_or_default()
            .trim()
            .replace('\n', " ");
        match links::resolve(href) {
            Some(Target::Open { href, mut host }) => {
                let shown = if shown.is_empty() {
                    host.unicode.clone()
                } else {
                    shown
                };
                host.mismatch |= links::misleads(&shown, &host);
                self.open_link(shown, href, host);
                if tainted {
                    self.filtered(one_line(typed));
                }
            }
            _ => {
                self.filtered(one_line(typed));
                if !shown.is_empty() {
                    self.push_text(&shown);
                }
            }
        }
    }

    fn link(&mut self, found: Found) {
        match found.target {
            Target::Open { href, host } => {
                self.open_link(found.shown.replace('\n', " "), href, host)
            }
            Target::Inert { name } if self.links != FilterState::Show => self.neutral(&name),
            Target::Inert { .. } => self.plain(found.range),
        }
    }

    fn open_link(&mut self, shown: String, href: String, host: Host) {
        if self.links != FilterState::Show {
            self.neutral(&host.unicode);
        } else if self.strict {
            self.plain_text(&shown);
        } else {
            self.out.nodes.push(Node::Link { shown, href, host });
        }
    }

    fn neutral(&mut self, name: &str) {
        self.out.hidden_links += 1;
        self.out.nodes.push(Node::Neutral {
            host: one_line(&crate::canonical(name)),
        });
    }

    fn filtered(&mut self, original: String) {
        if let (Some(Node::Filtered { original: last, .. }), true) =
            (self.out.nodes.last_mut(), original.starts_with("\\u{"))
        {
            last.push_str(&original);
            return;
        }
        self.out.filtered_special += 1;
        self.out.nodes.push(Node::Filtered {
            label: FILTERED,
            original,
        });
    }

    fn plain(&mut self, range: Range<usize>) {
        let text = self.text;
        if let Some(part) = text.get(range) {
            self.plain_text(part);
        }
    }

    fn plain_text(&mut self, part: &str) {
        if !self.strict {
            self.push_text(part);
            return;
        }
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let kept = is_classic(first) || first == '\n';
            let len = rest
                .find(|c: char| (is_classic(c) || c == '\n') != kept)
                .unwrap_or(rest.len());
            let (run, after) = rest.split_at(len);
            if kept {
                self.push_text(run);
            } else {
                self.filtered(one_line(run));
            }
            rest = after;
        }
    }

    fn push_text(&mut self, text: &str) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.out.nodes.push(Node::LineBreak);
            }
            push_text(&mut self.out.nodes, line);
        }
    }
}
