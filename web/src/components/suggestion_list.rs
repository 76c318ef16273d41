//! What could be meant, above the text field.

use web_sys::Element;
use yew::prelude::*;

use super::tag::tag_badge;
use crate::talk::complete::Suggestion;
use crate::words::talk;

/// The id of the list, for the text field to refer to.
pub const LIST: &str = "suggestions";

/// The id of one of its rows.
pub fn row_id(index: usize) -> String {
    format!("suggestion-{index}")
}

/// What [`SuggestionList`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct SuggestionListProps {
    /// The suggestions.
    pub list: Vec<Suggestion>,
    /// The one that Enter takes.
    pub chosen: usize,
    /// One was pressed.
    pub onpick: Callback<usize>,
}

/// The list. The focus stays in the text field.
#[component]
pub fn SuggestionList(props: &SuggestionListProps) -> Html {
    let list = use_node_ref();
    {
        let list = list.clone();
        use_effect_with(props.chosen, move |chosen| {
            if let Some(list) = list.cast::<Element>() {
                reveal(&list, *chosen);
            }
        });
    }
    html! {
        <ul ref={list} class="suggestions" id={LIST} role="listbox" tabindex="0" aria-label={talk().suggestions}>
            { for props.list.iter().enumerate().map(|(index, suggestion)| {
                // Pressing must not take the focus away from the text field.
                let onmousedown = props.onpick.reform(move |event: MouseEvent| {
                    event.prevent_default();
                    index
                });
                let is_chosen = index == props.chosen;
                html! {
                    <li
                        key={suggestion.text.clone()}
                        id={row_id(index)}
                        role="option"
                        class={classes!("suggestion", is_chosen.then_some("is-chosen"))}
                        aria-selected={is_chosen.to_string()}
                        {onmousedown}
                    >
                        <bdi class="suggestion-name">{ &suggestion.shown }</bdi>
                        if let Some(tag) = &suggestion.tag {
                            { tag_badge(tag, false) }
                        }
                        <span class="small">{ suggestion.note }</span>
                        <span class="suggestion-about">{ suggestion.about }</span>
                    </li>
                }
            }) }
        </ul>
    }
}

/// Scrolls the list, and nothing around it, until a row is to be seen.
fn reveal(list: &Element, row: usize) {
    let found = list.query_selector(&format!("#{}", row_id(row)));
    let Some(row) = found.ok().flatten() else {
        return;
    };
    let (row, frame) = (
        row.get_bounding_client_rect(),
        list.get_bounding_client_rect(),
    );
    let above = (row.top() - frame.top()).min(0.0);
    let below = (row.bottom() - frame.bottom()).max(0.0);
    #[expect(clippy::cast_possible_truncation, reason = "a few hundred pixels")]
    let by = (above + below).round() as i32;
    if by != 0 {
        list.set_scroll_top(list.scroll_top() + by);
    }
}
