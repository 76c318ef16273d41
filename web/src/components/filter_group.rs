//! One filter: Show, Neutralise or Hide.

use text::FilterState;
use yew::prelude::*;

use crate::words::{fill, words};

/// What [`FilterGroup`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct FilterGroupProps {
    /// The radio buttons' common name.
    pub name: AttrValue,
    /// What is filtered.
    pub label: AttrValue,
    /// What is chosen.
    pub state: FilterState,
    /// How many places it affects now.
    pub count: u32,
    /// Something else was chosen.
    pub onstate: Callback<FilterState>,
}

/// Three radio buttons in a row.
#[component]
pub fn FilterGroup(props: &FilterGroupProps) -> Html {
    let words = words();
    let segments = FilterState::ALL.map(|state| {
        let label = match state {
            FilterState::Show => words.show,
            FilterState::Neutralise => words.neutralise,
            FilterState::Hide => words.hide,
        };
        let onchange = props.onstate.reform(move |_: Event| state);
        html! {
            <label class="segment">
                <input type="radio" name={props.name.clone()} checked={state == props.state} {onchange} />
                <span>{ label }</span>
            </label>
        }
    });
    html! {
        <div class="filter" role="group" aria-label={props.label.clone()}>
            <span class="filter-name" aria-hidden="true">{ props.label.clone() }</span>
            <div class="segments">{ for segments }</div>
            <span class="filter-count">
                if props.count > 0 {
                    { fill(words.hidden_count, &[("n", &props.count.to_string())]) }
                }
            </span>
        </div>
    }
}
