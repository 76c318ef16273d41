//! Words that stay covered until the reader asks.

use yew::prelude::*;

use super::icon::{Glyph, icon};
use crate::words::rich;

/// What [`Spoiler`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct SpoilerProps {
    /// What is covered. Not on the page while it is.
    pub children: Html,
}

/// A button, and what it uncovers.
#[component]
pub fn Spoiler(props: &SpoilerProps) -> Html {
    let is_open = use_state_eq(|| false);
    let onclick = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let words = rich();
    let label = if *is_open {
        words.spoiler_hide
    } else {
        words.spoiler_show
    };
    html! {
        <span class={classes!("spoiler", is_open.then_some("is-open"))}>
            <button type="button" class="spoiler-cover" aria-expanded={is_open.to_string()} title={label} {onclick}>
                { icon(if *is_open { Glyph::EyeOff } else { Glyph::Eye }) }
                <span class={is_open.then_some("only-spoken")}>{ words.spoiler }</span>
            </button>
            if *is_open {
                { props.children.clone() }
            }
        </span>
    }
}
