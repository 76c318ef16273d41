//! Whether a switch on [`Hide`](FilterState::Hide) takes the whole message away.

use crate::display::{Depth, clean, escape_invisible};
use crate::filter::{FilterState, Filters};
use crate::links::{self, Found};
use crate::tree::{BlockedBy, Node, Rendered};

use super::draft::Draft;
use super::page::{Page, object_at};
use super::{Object, Piece};

/// So many causes are named when a message is blocked.
const NAMED: usize = 8;

/// What stands for a message that is hidden.
pub(super) fn verdict(
    typed: &str,
    page: &Page,
    draft: &[Draft],
    found: &[Found],
    filters: &Filters,
) -> Option<Rendered> {
    if filters.links == FilterState::Hide {
        let hosts = hosts(typed, page, found);
        if !hosts.is_empty() {
            let count = count(hosts.len());
            return Some(blocked(
                BlockedBy::Links {
                    hosts: named(hosts),
                },
                count,
                0,
            ));
        }
    }
    if filters.special == FilterState::Hide {
        let specials = specials(page, draft, filters.strict);
        if !specials.is_empty() {
            let count = count(specials.len());
            let found = named(specials);
            return Some(blocked(BlockedBy::Special { found }, 0, count));
        }
    }
    None
}

fn blocked(what: BlockedBy, hidden_links: u32, filtered_special: u32) -> Rendered {
    Rendered {
        nodes: vec![Node::Blocked { what }],
        hidden_links,
        filtered_special,
    }
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// Different ones, the first few.
fn named(all: Vec<String>) -> Vec<String> {
    let mut seen = Vec::new();
    for one in all {
        let one = one_line(&one);
        if seen.len() < NAMED && !seen.contains(&one) {
            seen.push(one);
        }
    }
    seen
}

/// Safe to show on one line, wherever it came from.
pub(super) fn one_line(text: &str) -> String {
    escape_invisible(text).replace('\n', "\u{21B5}")
}

/// Where the message leads, as it was typed and as it is read.
fn hosts(typed: &str, page: &Page, found: &[Found]) -> Vec<String> {
    let name = |found: &Found| found.target.name().to_owned();
    let mut hosts: Vec<String> = found.iter().map(name).collect();
    hosts.extend(
        links::find(&clean(typed, Depth::Full).text)
            .iter()
            .map(name),
    );
    for value in &page.values {
        let value: String = value
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
            .collect();
        hosts.extend(links::find(&crate::canonical(&value)).iter().map(name));
    }
    for object in &page.objects {
        if let Object::Link { href, .. } = object {
            // A relative address leads somewhere too.
            let target = links::resolve(href);
            hosts.push(target.map_or_else(|| href.clone(), |it| it.name().to_owned()));
        }
    }
    hosts
}

/// What the special-character switch is about, as it was typed.
fn specials(page: &Page, draft: &[Draft], is_strict: bool) -> Vec<String> {
    let mut found = Vec::new();
    for object in &page.objects {
        match object {
            Object::Cut(original) | Object::Filtered(original) => found.push(original.clone()),
            Object::Link {
                typed, is_tainted, ..
            } if *is_tainted => found.push(typed.clone()),
            Object::Link { .. } => {}
            Object::Code { text, .. } => {
                found.extend(text.iter().filter_map(|piece| match piece {
                    Piece::Cut(original) => Some(original.clone()),
                    Piece::Text(_) => None,
                }))
            }
        }
    }
    if is_strict {
        let mut words = String::new();
        read(draft, &mut words);
        let runs = words
            .split(|c: char| is_classic(c) || c == '\n' || object_at(c).is_some())
            .filter(|run| !run.is_empty());
        found.extend(runs.map(str::to_owned));
    }
    found
}

/// What the strict set keeps.
pub(super) fn is_classic(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | ',' | '!' | '?')
}

/// All the text there is, code too.
fn read(draft: &[Draft], out: &mut String) {
    for node in draft {
        match node {
            Draft::Text(text) => out.push_str(text),
            Draft::Break | Draft::Rule => out.push('\n'),
            Draft::Element(_, nodes) => read(nodes, out),
            Draft::Code(_, pieces) => out.extend(pieces.iter().map(|piece| match piece {
                Piece::Text(text) => text.as_str(),
                Piece::Cut(_) => "\n",
            })),
        }
        out.push('\n');
    }
}
