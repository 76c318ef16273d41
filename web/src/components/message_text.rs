//! What a message says: the safe tree of `text`, turned into nodes of the page. There is no other
//! way for a member's words onto the screen.

use text::{BLOCKED, BlockedBy, FilterState, Filters, Host, Node};
use yew::prelude::*;

use super::button::{Button, Weight};
use super::filtered_mark::FilteredMark;
use crate::cleaner::Cleaner;
use crate::contexts::Dispatch;
use crate::state::{Action, EntryId, What};
use crate::words::{fill, words};

/// What [`MessageText`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct MessageTextProps {
    /// The line it belongs to.
    pub id: EntryId,
    /// The content.
    pub what: What,
    /// The filters.
    pub filters: Filters,
    /// The reader asked to see it without filters.
    pub is_revealed: bool,
}

/// The content of one message.
#[component]
pub fn MessageText(props: &MessageTextProps) -> Html {
    let cleaner = use_context::<Cleaner>().unwrap_or_default();
    let dispatch = use_context::<Dispatch>();
    let text = match &props.what {
        What::Text(text) => text,
        What::Newer => return html! { <span class="shield-note">{ words().needs_newer }</span> },
    };
    let filters = if props.is_revealed {
        unfiltered()
    } else {
        props.filters
    };
    let Some(rendered) = cleaner.render(&text.text, &filters) else {
        return html! { <span class="message-soon" aria-hidden="true">{ "…" }</span> };
    };
    let id = props.id;
    let reveal = Callback::from(move |_: MouseEvent| {
        if let Some(dispatch) = &dispatch {
            dispatch.dispatch(Action::Reveal(id));
        }
    });
    html! { <>{ for rendered.nodes.iter().map(|node| draw(node, &reveal)) }</> }
}

fn unfiltered() -> Filters {
    Filters {
        links: FilterState::Show,
        special: FilterState::Show,
        strict: false,
    }
}

fn draw(node: &Node, reveal: &Callback<MouseEvent>) -> Html {
    match node {
        Node::Text(text) => html! { { text } },
        Node::LineBreak => html! { <br /> },
        Node::Link { shown, href, host } => html! {
            <>
                <a href={href.clone()} target="_blank" rel="noopener noreferrer nofollow">{ shown }</a>
                { warning(host) }
            </>
        },
        Node::Neutral { host } => html! { <bdi class="host">{ host }</bdi> },
        Node::Filtered { label, original } => {
            html! { <FilteredMark label={*label} original={original.clone()} /> }
        }
        Node::Blocked { what } => html! {
            <span class="blocked">
                <strong>{ BLOCKED }</strong>
                <span class="small">{ blocked_by(what) }</span>
                <Button weight={Weight::Link} onclick={reveal.clone()}>{ words().reveal_once }</Button>
            </span>
        },
    }
}

fn warning(host: &Host) -> Html {
    let words = words();
    let mut parts = Vec::new();
    if host.mismatch {
        parts.push(fill(words.link_mismatch, &[("host", &host.punycode)]));
    }
    if host.confusable {
        parts.push(format!("{}: {}", words.link_confusable, host.punycode));
    }
    if parts.is_empty() {
        return Html::default();
    }
    html! { <bdi class="link-warning">{ " (" }{ parts.join(", ") }{ ")" }</bdi> }
}

fn blocked_by(what: &BlockedBy) -> String {
    let words = words();
    let (sentence, list) = match what {
        BlockedBy::Links { hosts } => (words.blocked_links, hosts),
        BlockedBy::Special { found } => (words.blocked_special, found),
    };
    if list.is_empty() {
        return sentence.to_owned();
    }
    format!("{sentence} ({})", list.join(", "))
}
