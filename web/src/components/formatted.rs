//! A message as nodes of the page. There is no other way for a member's words onto the screen.
//!
//! Nothing here depends on how large a message is: so many nodes are drawn, and more only when the reader asks.

use text::{Element, Node, Rendered};
use yew::prelude::*;

use super::filtered_mark::FilteredMark;
use crate::later;

/// Nodes drawn at first.
pub const FIRST: usize = 400;
/// Nodes drawn more with every press.
pub const STEP: usize = 1_600;
/// A message that is higher than about so many lines starts folded.
const LINES: usize = 24;
/// Characters that are taken for a line: a bubble on a desk.
const LINE: usize = 72;
/// A run of text longer than this is cut before it is drawn: no message is longer.
const LONGEST: usize = 64 * 1024;

/// Draws as many nodes as there are left. Returns whether that was all.
pub fn draw(nodes: &[Node], left: &mut usize) -> Html {
    let mut out: Vec<Html> = Vec::new();
    // Neighbouring texts and line breaks are one text: the style sheet keeps its line ends.
    let mut text = String::new();
    for node in nodes {
        if *left == 0 {
            break;
        }
        match node {
            Node::Text(more) => text.push_str(more),
            Node::LineBreak => text.push('\n'),
            other => {
                flush(&mut text, &mut out, left);
                *left = left.saturating_sub(1);
                out.push(draw_one(other, left));
            }
        }
    }
    flush(&mut text, &mut out, left);
    out.into_iter().collect()
}

fn flush(text: &mut String, out: &mut Vec<Html>, left: &mut usize) {
    if !text.is_empty() {
        *left = left.saturating_sub(1);
        let end = text.floor_char_boundary(LONGEST);
        text.truncate(end);
        out.push(html! { { std::mem::take(text) } });
    }
}

fn draw_one(node: &Node, left: &mut usize) -> Html {
    match node {
        Node::Text(text) => html! { { text } },
        Node::LineBreak => html! { <br /> },
        Node::Neutral { host } => html! { <bdi class="host">{ host }</bdi> },
        Node::Filtered { label, original } => {
            html! { <FilteredMark label={*label} original={original.clone()} /> }
        }
        // Only ever alone, where the reader may reveal it.
        Node::Blocked { .. } => html! { text::BLOCKED },
        // What only the second part finds, it draws.
        Node::Link { .. } | Node::Rule | Node::Code { .. } | Node::Element { .. } => {
            later::arrived().map_or_else(Html::default, |parts| (parts.draw_rich)(node, left))
        }
    }
}

/// Whether a message is so high that it starts folded.
pub fn is_high(rendered: &Rendered) -> bool {
    lines(&rendered.nodes) > LINES
}

/// About how many lines the nodes take.
fn lines(nodes: &[Node]) -> usize {
    let mut height = Height::default();
    height.add(nodes);
    height.end();
    height.lines
}

#[derive(Default)]
struct Height {
    lines: usize,
    /// Characters on a line that is not full.
    chars: usize,
}

impl Height {
    fn add(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Text(text) => self.chars += text.chars().count(),
                Node::Link { shown, .. } => self.chars += shown.chars().count(),
                Node::Neutral { host } => self.chars += host.chars().count(),
                Node::Filtered { .. } => self.chars += text::FILTERED.len(),
                Node::Blocked { .. } | Node::LineBreak | Node::Rule => {
                    self.chars += 1;
                    self.end();
                }
                Node::Code { runs, .. } => {
                    self.end();
                    let ends = runs.iter().map(|run| run.text.matches('\n').count());
                    self.lines += 2 + ends.sum::<usize>();
                }
                Node::Element {
                    element: Element::Row,
                    nodes,
                } => {
                    self.end();
                    // Cells stand side by side.
                    let cells = nodes.iter().map(|cell| lines(std::slice::from_ref(cell)));
                    self.lines += cells.max().unwrap_or_default().max(1);
                }
                Node::Element { element, nodes } => {
                    if element.is_block() {
                        self.end();
                    }
                    self.add(nodes);
                    if element.is_block() {
                        self.end();
                    }
                }
            }
        }
    }

    fn end(&mut self) {
        self.lines += self.chars.div_ceil(LINE);
        self.chars = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Node {
        Node::Text(text.to_owned())
    }

    fn element(element: Element, nodes: Vec<Node>) -> Node {
        Node::Element { element, nodes }
    }

    #[test]
    fn short_messages_stay_open_and_high_ones_start_folded() {
        let bold = || element(Element::Bold, vec![text("ab ")]);
        let words = std::iter::repeat_with(bold).take(200).collect::<Vec<_>>();
        assert_eq!(lines(&words), 600_usize.div_ceil(LINE));
        let broken: Vec<Node> = (0..30).flat_map(|_| [text("a"), Node::LineBreak]).collect();
        assert_eq!(lines(&broken), 30);
        let row = || {
            let cell = || element(Element::Cell { head: false }, vec![text("a")]);
            element(Element::Row, vec![cell(), cell()])
        };
        let table = element(
            Element::Table,
            std::iter::repeat_with(row).take(10).collect(),
        );
        assert_eq!(lines(&[table]), 10);
        let high = Rendered {
            nodes: vec![text(&"a".repeat(16 * 1024))],
            ..Rendered::default()
        };
        assert!(is_high(&high));
    }

    #[test]
    fn no_message_draws_more_nodes_than_it_may() {
        let deep = (0..60).fold(text("a"), |node, _| element(Element::Quote, vec![node]));
        for nodes in [
            vec![text("a"); 10_000],
            vec![element(Element::Item, vec![text("a")]); 10_000],
            vec![Node::Rule; 10_000],
            vec![deep; 1_000],
        ] {
            let mut left = FIRST;
            let _ = draw(&nodes, &mut left);
            assert!(left <= FIRST);
        }
        let mut left = FIRST;
        let _ = draw(
            &vec![element(Element::Item, vec![text("a")]); 10_000],
            &mut left,
        );
        assert_eq!(left, 0);
    }
}
