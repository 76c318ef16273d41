//! From HTML to our own tree: what the elements mean, and no white space that means nothing.

use crate::tree::Element;

use super::page::object_at;
use super::parse::Raw;
use super::{Object, Piece};

/// A message before links and filters.
#[derive(Debug)]
pub(super) enum Draft {
    /// Text to read, with characters that stand for objects.
    Text(String),
    Break,
    Rule,
    Element(Element, Vec<Draft>),
    Code(String, Vec<Piece>),
}

/// Turns HTML into a draft.
pub(super) fn draft(nodes: Vec<Raw>, objects: &[Object]) -> Vec<Draft> {
    let mut drafter = Drafter { objects };
    let mut out = drafter.all(nodes, Place::Flow);
    tidy(&mut out);
    out
}

/// What an element may have in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Anything.
    Flow,
    /// Entries only.
    List,
    /// Rows only.
    Table,
    /// Cells only.
    Row,
}

struct Drafter<'a> {
    objects: &'a [Object],
}

impl Drafter<'_> {
    fn all(&mut self, nodes: Vec<Raw>, place: Place) -> Vec<Draft> {
        let mut out = Vec::new();
        for node in nodes {
            self.one(node, place, &mut out);
        }
        out
    }

    fn one(&mut self, node: Raw, place: Place, out: &mut Vec<Draft>) {
        let (name, first, nodes) = match node {
            Raw::Text(text) => {
                if place == Place::Flow || !text.trim().is_empty() {
                    self.text(text, place, out);
                }
                return;
            }
            Raw::Element { name, first, nodes } => (name, first, nodes),
        };
        let element = match name.as_str() {
            "br" => return out.push(Draft::Break),
            "hr" => return out.push(Draft::Rule),
            "pre" => return self.pre(nodes, out),
            "wbr" => return,
            // Transparent: what is in it counts, and it stands where they stand.
            "tbody" | "thead" | "tfoot" | "abbr" => return out.extend(self.all(nodes, place)),
            "b" | "strong" => Element::Bold,
            "i" | "em" | "var" => Element::Italic,
            "u" | "ins" => Element::Underline,
            "s" | "strike" | "del" => Element::Strike,
            "code" | "samp" | "tt" => Element::Code,
            "kbd" => Element::Key,
            "mark" => Element::Mark,
            "small" => Element::Small,
            "sub" => Element::Sub,
            "sup" => Element::Sup,
            "q" => Element::Quotation,
            super::page::SPOILER => Element::Spoiler,
            "h1" => Element::Heading(1),
            "h2" => Element::Heading(2),
            "h3" => Element::Heading(3),
            "h4" => Element::Heading(4),
            "h5" => Element::Heading(5),
            "h6" => Element::Heading(6),
            "blockquote" => Element::Quote,
            "ul" => Element::List(None),
            "ol" => Element::List(Some(first.unwrap_or(1))),
            "li" => Element::Item,
            "details" => Element::Details,
            "summary" => Element::Summary,
            "table" => Element::Table,
            "tr" => Element::Row,
            "td" => Element::Cell { head: false },
            "th" => Element::Cell { head: true },
            _ => Element::Paragraph,
        };
        let inner = match element {
            Element::List(_) => Place::List,
            Element::Table => Place::Table,
            Element::Row => Place::Row,
            _ => Place::Flow,
        };
        let mut nodes = self.all(nodes, inner);
        if element == Element::Details {
            summary_first(&mut nodes);
        }
        if nodes.is_empty() && !matches!(element, Element::Cell { .. } | Element::Item) {
            return;
        }
        self.put(element, nodes, place, out);
    }

    /// Puts an element where it may stand, with what has to be around it there.
    fn put(&self, element: Element, nodes: Vec<Draft>, place: Place, out: &mut Vec<Draft>) {
        let fits = match element {
            Element::Item => place == Place::List,
            Element::Row => place == Place::Table,
            Element::Cell { .. } => place == Place::Row,
            _ => place == Place::Flow,
        };
        if fits {
            return out.push(Draft::Element(element, nodes));
        }
        match (place, element) {
            // Without a list, a table or a row around it, only what it says is left.
            (Place::Flow, _) => out.push(Draft::Element(Element::Paragraph, nodes)),
            (Place::List, _) => wrap(out, Element::Item, Draft::Element(element, nodes)),
            (Place::Table, _) => {
                let cell = Draft::Element(
                    Element::Cell { head: false },
                    vec![Draft::Element(element, nodes)],
                );
                out.push(Draft::Element(Element::Row, vec![cell]));
            }
            (Place::Row, _) => wrap(
                out,
                Element::Cell { head: false },
                Draft::Element(element, nodes),
            ),
        }
    }

    fn text(&self, text: String, place: Place, out: &mut Vec<Draft>) {
        let text = Draft::Text(text);
        match place {
            Place::Flow => out.push(text),
            Place::List => wrap(out, Element::Item, text),
            Place::Row => wrap(out, Element::Cell { head: false }, text),
            Place::Table => {
                let cell = Draft::Element(Element::Cell { head: false }, vec![text]);
                out.push(Draft::Element(Element::Row, vec![cell]));
            }
        }
    }

    /// A block of program text: of Markdown it is an object, of HTML the text of everything in it.
    fn pre(&self, nodes: Vec<Raw>, out: &mut Vec<Draft>) {
        let mut text = String::new();
        collect(&nodes, &mut text);
        let mut pieces = vec![Piece::Text(String::new())];
        let mut language = String::new();
        for c in text.chars() {
            let object = object_at(c).and_then(|index| self.objects.get(index));
            match (object, pieces.last_mut()) {
                (
                    Some(Object::Code {
                        language: name,
                        text,
                    }),
                    _,
                ) => {
                    language.clone_from(name);
                    pieces.extend(text.iter().cloned());
                }
                (Some(Object::Cut(cut) | Object::Filtered(cut)), _) => {
                    pieces.push(Piece::Cut(cut.clone()));
                }
                (Some(Object::Link { words, .. }), _) => pieces.push(Piece::Text(words.clone())),
                (None, Some(Piece::Text(last))) => last.push(c),
                (None, _) => pieces.push(Piece::Text(c.to_string())),
            }
        }
        pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        if !pieces.is_empty() {
            out.push(Draft::Code(language, pieces));
        }
    }
}

fn collect(nodes: &[Raw], out: &mut String) {
    for node in nodes {
        match node {
            Raw::Text(text) => out.push_str(text),
            Raw::Element { name, .. } if name == "br" => out.push('\n'),
            Raw::Element { nodes, .. } => collect(nodes, out),
        }
    }
}

fn wrap(out: &mut Vec<Draft>, element: Element, node: Draft) {
    out.push(Draft::Element(element, vec![node]));
}

/// The summary comes first, and there is one.
fn summary_first(nodes: &mut Vec<Draft>) {
    let is_summary = |node: &Draft| matches!(node, Draft::Element(Element::Summary, _));
    if let Some(place) = nodes.iter().position(is_summary) {
        let summary = nodes.remove(place);
        nodes.insert(0, summary);
    }
    for node in nodes.iter_mut().skip(1) {
        if let Draft::Element(element @ Element::Summary, _) = node {
            *element = Element::Paragraph;
        }
    }
}

/// Takes away white space and empty lines at the edges of blocks. A message of one paragraph needs none around it.
fn tidy(nodes: &mut Vec<Draft>) {
    trim(nodes);
    if let [Draft::Element(Element::Paragraph, _)] = nodes.as_slice()
        && let Some(Draft::Element(_, only)) = nodes.pop()
    {
        *nodes = only;
    }
}

fn trim(nodes: &mut Vec<Draft>) {
    let is_blank = |node: &Draft| match node {
        Draft::Text(text) => text.trim().is_empty(),
        Draft::Break => true,
        _ => false,
    };
    let has_blocks = nodes.iter().any(is_block);
    if has_blocks {
        let mut was_block = true;
        let mut kept: Vec<Draft> = Vec::with_capacity(nodes.len());
        for node in nodes.drain(..) {
            let is_block = is_block(&node);
            if is_block {
                while kept.last().is_some_and(is_blank) {
                    kept.pop();
                }
            }
            if !(was_block && is_blank(&node)) {
                was_block = is_block;
                kept.push(node);
            }
        }
        while kept.last().is_some_and(is_blank) {
            kept.pop();
        }
        *nodes = kept;
    }
    for node in nodes {
        if let Draft::Element(element, inner) = node {
            if element.is_block()
                && let [Draft::Text(first), ..] = inner.as_mut_slice()
            {
                *first = first.trim_start().to_owned();
            }
            trim(inner);
        }
    }
}

fn is_block(node: &Draft) -> bool {
    match node {
        Draft::Element(element, _) => element.is_block(),
        Draft::Rule | Draft::Code(..) => true,
        Draft::Text(_) | Draft::Break => false,
    }
}
