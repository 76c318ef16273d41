//! The room's name as single words, large enough to read out.

use yew::prelude::*;

use crate::words::words;

/// What [`BigWords`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct BigWordsProps {
    /// The room's name.
    pub name: AttrValue,
    /// Larger, to be read across a table.
    #[prop_or_default]
    pub large: bool,
}

/// One word after the other.
#[component]
pub fn BigWords(props: &BigWordsProps) -> Html {
    let class = classes!("big-words", props.large.then_some("big-words-large"));
    html! {
        <ol {class} aria-label={words().room_name}>
            { for props.name.split('-').enumerate().map(|(index, word)| html! { <li key={index} dir="auto">{ word }</li> }) }
        </ol>
    }
}
