//! A message as nodes of the page. There is no other way for a member's words onto the screen.
//!
//! Nothing here depends on how large a message is: so many nodes are drawn, and more only when the reader asks.

use text::{Element, Node, Rendered, Run, Token};
use yew::prelude::*;

use super::code_block::CodeBlockProps;
use super::filtered_mark::FilteredMark;
use super::message_link::MessageLink;
use super::spoiler::SpoilerProps;
use crate::later;
use crate::words::rich;

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
        Node::Link { shown, href, host } => html! {
            <MessageLink shown={shown.clone()} href={href.clone()} host={host.clone()} />
        },
        Node::Neutral { host } => html! { <bdi class="host">{ host }</bdi> },
        Node::Filtered { label, original } => {
            html! { <FilteredMark label={*label} original={original.clone()} /> }
        }
        // Only ever alone, where the reader may reveal it.
        Node::Blocked { .. } => html! { text::BLOCKED },
        Node::Rule => html! { <hr class="rich-rule" /> },
        Node::Code { language, runs } => {
            let drawn = runs.len().min(*left);
            *left -= drawn;
            html! {
                { later::code(CodeBlockProps { language: language.clone().into(), runs: runs.iter().take(drawn).map(run).collect(), text: whole(runs).into() }) }
            }
        }
        Node::Element {
            element: Element::Details,
            nodes,
        } => details(nodes, left),
        Node::Element { element, nodes } => {
            let inside = draw(nodes, left);
            element_around(*element, inside)
        }
    }
}

fn element_around(element: Element, inside: Html) -> Html {
    match element {
        Element::Bold => html! { <strong>{ inside }</strong> },
        Element::Italic => html! { <em>{ inside }</em> },
        Element::Underline => html! { <u>{ inside }</u> },
        Element::Strike => html! { <s>{ inside }</s> },
        Element::Code => html! { <code class="rich-code">{ inside }</code> },
        Element::Key => html! { <kbd class="rich-key">{ inside }</kbd> },
        Element::Mark => html! { <mark class="rich-mark">{ inside }</mark> },
        Element::Small => html! { <small>{ inside }</small> },
        Element::Sub => html! { <sub class="rich-low">{ inside }</sub> },
        Element::Sup => html! { <sup class="rich-high">{ inside }</sup> },
        Element::Quotation => html! { <q>{ inside }</q> },
        Element::Spoiler => later::spoiler(SpoilerProps { children: inside }),
        Element::Paragraph | Element::Summary | Element::Details => {
            html! { <div class="rich-p">{ inside }</div> }
        }
        // Its looks, but not its role: whoever goes through a page by its headings looks for the app's, and a member must not
        // be able to disturb their order.
        Element::Heading(level) => {
            let class = classes!("rich-heading", (level > 2).then_some("is-small"));
            html! { <div {class}><strong>{ inside }</strong></div> }
        }
        Element::Quote => html! { <blockquote class="rich-quote">{ inside }</blockquote> },
        Element::List(None) => html! { <ul class="rich-list">{ inside }</ul> },
        Element::List(Some(first)) => {
            html! { <ol class="rich-list is-numbered" start={first.to_string()}>{ inside }</ol> }
        }
        Element::Item => html! { <li>{ inside }</li> },
        Element::Table => html! {
            <div class="rich-wide" tabindex="0" role="region" aria-label={rich().table}>
                <table class="rich-table"><tbody>{ inside }</tbody></table>
            </div>
        },
        Element::Row => html! { <tr>{ inside }</tr> },
        Element::Cell { head: true } => html! { <th>{ inside }</th> },
        Element::Cell { head: false } => html! { <td>{ inside }</td> },
    }
}

fn details(nodes: &[Node], left: &mut usize) -> Html {
    let (summary, rest) = match nodes {
        [
            Node::Element {
                element: Element::Summary,
                nodes,
            },
            rest @ ..,
        ] => (draw(nodes, left), rest),
        rest => (html! { rich().details }, rest),
    };
    html! {
        <details class="rich-details">
            <summary>{ summary }</summary>
            <div class="rich-p">{ draw(rest, left) }</div>
        </details>
    }
}

fn run(run: &Run) -> Html {
    let class = match run.token {
        Token::Plain => return html! { { &run.text } },
        Token::Comment => "tok-comment",
        Token::Text => "tok-text",
        Token::Number => "tok-number",
        Token::Keyword => "tok-word",
        Token::Filtered => {
            return html! { <FilteredMark label={text::FILTERED} original={run.text.clone()} /> };
        }
    };
    html! { <span {class}>{ &run.text }</span> }
}

fn whole(runs: &[Run]) -> String {
    let kept = runs.iter().filter(|run| run.token != Token::Filtered);
    kept.map(|run| run.text.as_str()).collect()
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
