//! What a message says: the safe tree of `text`, turned into nodes of the page. There is no other
//! way for a member's words onto the screen.

use text::{BLOCKED, BlockedBy, FilterState, Filters, Node, Rendered};
use yew::prelude::*;

use super::button::{Button, Weight};
use super::formatted::{FIRST, STEP, draw, is_high};
use crate::cleaner::Cleaner;
use crate::contexts::Dispatch;
use crate::shared::Shared;
use crate::state::{Action, EntryId, What};
use crate::words::{rich, talk, words};

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
        What::Text(text) | What::Action(text) => text,
        What::Deleted => return html! { <span class="shield-note">{ talk().deleted }</span> },
        What::Expired => return html! { <span class="shield-note">{ talk().expired }</span> },
        What::File(_) => return Html::default(),
        What::Newer => return html! { <span class="shield-note">{ words().needs_newer }</span> },
    };
    let filters = if props.is_revealed {
        unfiltered()
    } else {
        props.filters
    };
    let Some(rendered) = cleaner.draw(text, &filters) else {
        return html! { <span class="message-soon" aria-hidden="true">{ "…" }</span> };
    };
    if let [Node::Blocked { what }] = rendered.nodes.as_slice() {
        let id = props.id;
        let reveal = Callback::from(move |_: MouseEvent| {
            if let Some(dispatch) = &dispatch {
                dispatch.dispatch(Action::Reveal(id));
            }
        });
        return blocked(what, reveal);
    }
    html! { <FoldingText rendered={Shared::from(rendered)} /> }
}

/// What [`FoldingText`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct FoldingTextProps {
    /// What to show.
    pub rendered: Shared<Rendered>,
}

/// A message that starts folded where it would take more than its share of the screen. What is folded away is not drawn
/// either, beyond a first part; every press draws a bounded part more.
#[component]
pub fn FoldingText(props: &FoldingTextProps) -> Html {
    let presses = use_state_eq(|| 0_usize);
    let more = {
        let presses = presses.clone();
        Callback::from(move |_: MouseEvent| presses.set(*presses + 1))
    };
    let less = {
        let presses = presses.clone();
        Callback::from(move |_: MouseEvent| presses.set(0))
    };
    let mut left = FIRST + *presses * STEP;
    let drawn = draw(&props.rendered.nodes, &mut left);
    let is_cut = left == 0;
    if !is_cut && !is_high(&props.rendered) {
        return drawn;
    }
    let is_folded = *presses == 0;
    let words = rich();
    html! {
        <>
            <div class={classes!("fold", is_folded.then_some("is-folded"))}>{ drawn }</div>
            <div class="fold-actions">
                if is_folded || is_cut {
                    <Button weight={Weight::Link} onclick={more}>{ words.show_more }</Button>
                }
                if !is_folded {
                    <Button weight={Weight::Link} onclick={less}>{ words.show_less }</Button>
                }
            </div>
        </>
    }
}

fn unfiltered() -> Filters {
    Filters {
        links: FilterState::Show,
        special: FilterState::Show,
        strict: false,
    }
}

fn blocked(what: &BlockedBy, reveal: Callback<MouseEvent>) -> Html {
    html! {
        <span class="blocked">
            <strong>{ BLOCKED }</strong>
            <span class="small">{ blocked_by(what) }</span>
            <Button weight={Weight::Link} onclick={reveal}>{ words().reveal_once }</Button>
        </span>
    }
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
