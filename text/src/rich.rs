//! Formatted messages: Markdown, and the harmless part of HTML.
//!
//! ```text
//! typed text ─► source: pulldown-cmark's events, every piece of text cleaned of what cannot be seen
//!                  │      raw HTML in it is read tag by tag: allowed, or cut out with a label
//!                  ▼
//!               page:   an HTML text of allowed tags without attributes, balanced and of bounded depth
//!                  ▼
//!               ammonia: the second judge, which knows nothing of the first
//!                  ▼
//!               parse → draft: our own tree
//!                  ▼
//!               paint:  links and filters on the text as it will be read, across formatting ─► Rendered
//! ```
//!
//! What must not pass through an HTML text (code, links, labels) waits in a list of [`Object`]s; a private-use character
//! that nobody can type stands in its place.

mod address;
mod draft;
mod highlight;
mod languages;
mod page;
mod paint;
mod parse;
mod raw_html;
mod source;
mod spoiler;
mod verdict;

use crate::display::Depth;
use crate::filter::{FilterState, Filters};
use crate::tree::Rendered;

/// More quotes and lists than this within each other are no formatting, and nobody's layout should have to try.
const MOST_CONTAINERS: usize = 32;
/// A tree of more nodes was written to be one.
const MOST_NODES: usize = 24 * 1024;

/// Something that waits outside of the HTML text.
#[derive(Clone, Debug)]
enum Object {
    /// Invisible characters were here, spelled out.
    Cut(String),
    /// Markup was here that is not shown, spelled out.
    Filtered(String),
    /// A link with words.
    Link {
        /// Where it leads, as written.
        href: String,
        /// Its words, cleaned.
        words: String,
        /// How it was written.
        typed: String,
        /// It had attributes that are not shown.
        is_tainted: bool,
    },
    /// A block of program text, cleaned.
    Code {
        /// What its author calls the language.
        language: String,
        /// The text and what was cut out of it, in order.
        text: Vec<Piece>,
    },
}

/// Part of a block of program text.
#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Cut(String),
}

/// Turns a message with formatting into nodes that are safe to show under the reader's filters.
///
/// What [`render`](crate::render) promises holds here as well. Formatting itself is no special character: the special-character switch is about
/// what was cut out and, where strict, about characters. Code keeps its addresses under
/// [`Neutralise`](FilterState::Neutralise), since nothing in it can be clicked; [`Hide`](FilterState::Hide) counts them. A message that nests deeper
/// than people do is shown as it was typed.
pub fn render_formatted(text: &str, filters: &Filters) -> Rendered {
    if containers(text) > MOST_CONTAINERS {
        return crate::render(text, filters);
    }
    let depth = if filters.special == FilterState::Show {
        Depth::Safe
    } else {
        Depth::Full
    };
    let composed = normal::nfc(text);
    let page = source::read(&composed, depth);
    let draft = draft::draft(parse::parse(&page.html), &page.objects);
    paint::paint(&composed, page, draft, filters)
        .filter(|rendered| count(&rendered.nodes) <= MOST_NODES)
        .unwrap_or_else(|| crate::render(text, filters))
}

/// The most quote and list marks at the beginning of a line.
fn containers(text: &str) -> usize {
    let lines = text.split(['\n', '\r']);
    let marks = lines.map(|line| {
        let start = line
            .bytes()
            .take_while(|byte| byte.is_ascii_digit() || b" \t>-*+.)".contains(byte));
        start.filter(|byte| b">-*+.)".contains(byte)).count()
    });
    marks.max().unwrap_or_default()
}

fn count(nodes: &[crate::Node]) -> usize {
    nodes
        .iter()
        .map(|node| match node {
            crate::Node::Element { nodes, .. } => 1 + count(nodes),
            crate::Node::Code { runs, .. } => 1 + runs.len(),
            _ => 1,
        })
        .sum()
}
