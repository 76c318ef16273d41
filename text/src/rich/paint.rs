//! Links and filters, on the text as it will be read.

use std::ops::Range;

use crate::filter::{FilterState, Filters};
use crate::links::{self, Found, Target};
use crate::tree::{Element, FILTERED, Node, Rendered, Run, Token, push_text, unjoin};

use super::draft::Draft;
use super::page::{Page, object_at};
use super::verdict::{self, is_classic, one_line};
use super::{Object, Piece, highlight};

/// Draws a message, or `None` where it has more in it than can be drawn.
pub(super) fn paint(
    typed: &str,
    page: Page,
    draft: Vec<Draft>,
    filters: &Filters,
) -> Option<Rendered> {
    if page.is_overfull {
        return None;
    }
    let mut flat = String::new();
    flatten(&draft, &page.objects, &mut flat);
    let found = links::find(&flat);
    if let Some(blocked) = verdict::verdict(typed, &page, &draft, &found, filters) {
        return Some(blocked);
    }
    let is_special = filters.special != FilterState::Show;
    let is_strict = is_special && filters.strict;
    let mut painter = Painter {
        flat: &flat,
        at: 0,
        found: found.into_iter().peekable(),
        link_end: 0,
        objects: &page.objects,
        links: filters.links,
        is_special,
        is_strict,
        hidden_links: 0,
        filtered_special: 0,
    };
    let mut nodes = painter.all(draft);
    unjoin(&mut nodes);
    Some(Rendered {
        nodes,
        hidden_links: painter.hidden_links,
        filtered_special: painter.filtered_special,
    })
}

/// The text in which addresses are looked for: formatting and invisible characters are no border, blocks, code, links and
/// labels are.
fn flatten(draft: &[Draft], objects: &[Object], out: &mut String) {
    for node in draft {
        match node {
            Draft::Text(text) => out.extend(text.chars().filter_map(|c| {
                let Some(object) = object_at(c) else {
                    return Some(c);
                };
                objects.get(object).is_some_and(parts).then_some('\n')
            })),
            Draft::Break | Draft::Rule | Draft::Code(..) | Draft::Element(Element::Code, _) => {
                out.push('\n');
            }
            Draft::Element(element, nodes) if element.is_block() => {
                out.push('\n');
                flatten(nodes, objects, out);
                out.push('\n');
            }
            Draft::Element(_, nodes) => flatten(nodes, objects, out),
        }
    }
}

/// The words on both sides of it are not read as one.
fn parts(object: &Object) -> bool {
    !matches!(object, Object::Cut(_))
}

/// Draws nodes in reading order, with a finger on the flat text.
struct Painter<'a> {
    flat: &'a str,
    at: usize,
    found: std::iter::Peekable<std::vec::IntoIter<Found>>,
    /// Up to here the flat text belongs to a link that is drawn already.
    link_end: usize,
    objects: &'a [Object],
    links: FilterState,
    is_special: bool,
    is_strict: bool,
    hidden_links: u32,
    filtered_special: u32,
}

impl Painter<'_> {
    fn all(&mut self, draft: Vec<Draft>) -> Vec<Node> {
        let mut out = Vec::new();
        for node in draft {
            match node {
                Draft::Text(text) => self.text(&text, &mut out),
                Draft::Break => {
                    self.at += 1;
                    out.push(Node::LineBreak);
                }
                Draft::Rule => {
                    self.at += 1;
                    out.push(Node::Rule);
                }
                Draft::Code(language, pieces) => {
                    self.at += 1;
                    out.push(self.code(language, pieces));
                }
                Draft::Element(Element::Code, nodes) => {
                    self.at += 1;
                    let mut inside = Vec::new();
                    self.inline_code(nodes, &mut inside);
                    out.push(Node::Element {
                        element: Element::Code,
                        nodes: inside,
                    });
                }
                Draft::Element(element, nodes) => {
                    self.at += usize::from(element.is_block());
                    let nodes = self.all(nodes);
                    self.at += usize::from(element.is_block());
                    out.push(Node::Element { element, nodes });
                }
            }
        }
        out
    }

    fn text(&mut self, text: &str, out: &mut Vec<Node>) {
        let mut rest = text;
        loop {
            let end = rest.find(|c| object_at(c).is_some()).unwrap_or(rest.len());
            let (plain, after) = rest.split_at(end);
            let from = self.at;
            self.at += plain.len();
            self.stretch(from..self.at, out);
            let mut chars = after.chars();
            let Some(object) = chars.next().and_then(object_at) else {
                return;
            };
            if let Some(object) = self.objects.get(object) {
                self.at += usize::from(parts(object));
                self.object(object, out);
            }
            rest = chars.as_str();
        }
    }

    /// A stretch of the flat text: plain, or part of a link.
    fn stretch(&mut self, range: Range<usize>, out: &mut Vec<Node>) {
        let mut at = range.start.max(self.link_end.min(range.end));
        while let Some(found) = self.found.next_if(|found| found.range.start < range.end) {
            self.plain(at..found.range.start.max(at), out);
            at = found.range.start.max(at);
            let Found {
                range: all,
                shown,
                target,
            } = found;
            match target {
                Target::Inert { .. } if self.links == FilterState::Show => continue,
                Target::Inert { name } => self.neutral(&name, out),
                Target::Open { href, host } => {
                    self.open_link(shown.replace('\n', " "), href, host, out);
                }
            }
            self.link_end = all.end;
            at = all.end.clamp(at, range.end);
        }
        self.plain(at..range.end, out);
    }

    fn open_link(&mut self, shown: String, href: String, host: crate::Host, out: &mut Vec<Node>) {
        if self.links != FilterState::Show {
            self.neutral(&host.unicode, out);
        } else if self.is_strict {
            self.words(&shown, out);
        } else {
            out.push(Node::Link { shown, href, host });
        }
    }

    fn neutral(&mut self, name: &str, out: &mut Vec<Node>) {
        self.hidden_links += 1;
        out.push(Node::Neutral {
            host: one_line(&crate::canonical(name)),
        });
    }

    fn object(&mut self, object: &Object, out: &mut Vec<Node>) {
        match object {
            Object::Cut(original) => {
                if self.is_special {
                    self.filtered(original.clone(), out);
                }
            }
            Object::Filtered(original) => self.filtered(one_line(original), out),
            Object::Code { text, .. } => self.pieces(text, out),
            Object::Link {
                href,
                words,
                typed,
                is_tainted,
            } => match links::resolve(href) {
                Some(Target::Open { href, mut host }) => {
                    let shown = if words.is_empty() {
                        host.unicode.clone()
                    } else {
                        words.clone()
                    };
                    host.mismatch |= links::misleads(&shown, &host);
                    self.open_link(shown, href, host, out);
                    if *is_tainted {
                        self.filtered(one_line(typed), out);
                    }
                }
                Some(Target::Inert { name }) if self.links != FilterState::Show => {
                    self.neutral(&name, out);
                }
                _ => {
                    self.filtered(one_line(typed), out);
                    self.words(words, out);
                }
            },
        }
    }

    fn filtered(&mut self, original: String, out: &mut Vec<Node>) {
        self.filtered_special += 1;
        out.push(Node::Filtered {
            label: FILTERED,
            original,
        });
    }

    fn plain(&mut self, range: Range<usize>, out: &mut Vec<Node>) {
        let flat = self.flat;
        self.words(flat.get(range).unwrap_or_default(), out);
    }

    fn words(&mut self, text: &str, out: &mut Vec<Node>) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let is_kept = |c| !self.is_strict || is_classic(c) || c == '\n';
            let kept = is_kept(first);
            let len = rest.find(|c| is_kept(c) != kept).unwrap_or(rest.len());
            let (run, after) = rest.split_at(len);
            if kept {
                push_text(out, run);
            } else {
                self.filtered(one_line(run), out);
            }
            rest = after;
        }
    }

    /// Code among words: what is in it is shown as it stands, without links.
    fn inline_code(&mut self, nodes: Vec<Draft>, out: &mut Vec<Node>) {
        for node in nodes {
            match node {
                Draft::Text(text) => {
                    let mut rest = text.as_str();
                    while let Some(first) = rest.chars().next() {
                        if let Some(object) = object_at(first) {
                            let objects = self.objects;
                            if let Some(object) = objects.get(object) {
                                self.object(object, out);
                            }
                            rest = rest.get(first.len_utf8()..).unwrap_or_default();
                            continue;
                        }
                        let len = rest.find(|c| object_at(c).is_some()).unwrap_or(rest.len());
                        let (run, after) = rest.split_at(len);
                        self.words(run, out);
                        rest = after;
                    }
                }
                Draft::Break => out.push(Node::LineBreak),
                Draft::Rule => {}
                Draft::Element(_, nodes) => self.inline_code(nodes, out),
                Draft::Code(_, pieces) => self.pieces(&pieces, out),
            }
        }
    }

    fn pieces(&mut self, pieces: &[Piece], out: &mut Vec<Node>) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.words(text, out),
                Piece::Cut(original) => self.filtered(one_line(original), out),
            }
        }
    }

    fn code(&mut self, language: String, pieces: Vec<Piece>) -> Node {
        let mut runs = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) if self.is_strict => {
                    let mut nodes = Vec::new();
                    self.words(&text, &mut nodes);
                    runs.extend(nodes.into_iter().map(|node| match node {
                        Node::Filtered { original, .. } => run(Token::Filtered, original),
                        Node::Text(text) => run(Token::Plain, text),
                        _ => run(Token::Plain, String::new()),
                    }));
                }
                Piece::Text(text) => {
                    runs.extend(highlight::highlight(&language, &text));
                }
                Piece::Cut(original) => {
                    self.filtered_special += 1;
                    runs.push(run(Token::Filtered, one_line(&original)));
                }
            }
        }
        Node::Code { language, runs }
    }
}

fn run(token: Token, text: String) -> Run {
    Run { token, text }
}
