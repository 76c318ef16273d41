//! `[FILTERED!]`, and what stood there after a press.

use yew::prelude::*;

use crate::words::words;

/// What [`FilteredMark`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct FilteredMarkProps {
    /// The label.
    pub label: AttrValue,
    /// What was cut out, spelled out so that it is harmless.
    pub original: AttrValue,
}

/// A mark that opens.
#[component]
pub fn FilteredMark(props: &FilteredMarkProps) -> Html {
    let is_open = use_state_eq(|| false);
    let onclick = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let title = if *is_open {
        words().filtered_hide
    } else {
        words().filtered_show
    };
    html! {
        <button type="button" class="filtered" aria-expanded={is_open.to_string()} {title} {onclick}>
            { props.label.clone() }
            if *is_open {
                <bdi class="filtered-original">{ " " }{ props.original.clone() }</bdi>
            }
        </button>
    }
}
