//! What formatting and links look like: the nodes that only the app's second part finds in a message.

use text::{Element, Node, Run, Token};
use yew::prelude::*;

use super::code_block::CodeBlock;
use super::filtered_mark::FilteredMark;
use super::formatted::draw;
use super::message_link::MessageLink;
use super::spoiler::Spoiler;
use crate::words::rich;

/// Draws a node that is more than words, and as much of what is in it as there is left.
pub fn draw_rich(node: &Node, left: &mut usize) -> Html {
    match node {
        Node::Link { shown, href, host } => html! {
            <MessageLink shown={shown.clone()} href={href.clone()} host={host.clone()} />
        },
        Node::Rule => html! { <hr class="rich-rule" /> },
        Node::Code { language, runs } => {
            let drawn = runs.len().min(*left);
            *left -= drawn;
            html! {
                <CodeBlock language={language.clone()} runs={runs.iter().take(drawn).map(run).collect::<Html>()} text={whole(runs)} />
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
        _ => Html::default(),
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
        Element::Spoiler => html! { <Spoiler>{ inside }</Spoiler> },
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
