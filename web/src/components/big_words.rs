//! The room's name as single words, large enough to read out.

use yew::prelude::*;

use crate::words::words;

/// One word after the other; large, to be read across a table.
pub fn big_words(name: &str, is_large: bool) -> Html {
    let class = classes!("big-words", is_large.then_some("big-words-large"));
    html! {
        <ol {class} aria-label={words().room_name}>
            { for name.split('-').enumerate().map(|(index, word)| html! { <li key={index} dir="auto">{ word.to_owned() }</li> }) }
        </ol>
    }
}
