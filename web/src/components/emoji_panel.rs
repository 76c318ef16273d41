//! Choosing an emoji: a few hundred, with search.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::sheet::{Place, Sheet};
use crate::talk::emoji;
use crate::words::talk;

/// What [`EmojiPanel`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct EmojiPanelProps {
    /// One was chosen.
    pub onpick: Callback<&'static str>,
    /// None was.
    pub onclose: Callback<()>,
}

/// The panel.
#[component]
pub fn EmojiPanel(props: &EmojiPanelProps) -> Html {
    let words = talk();
    let wanted = use_state_eq(String::new);
    let oninput = {
        let wanted = wanted.clone();
        Callback::from(move |event: InputEvent| {
            wanted.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let found: Vec<_> = if wanted.trim().is_empty() {
        emoji::all().collect()
    } else {
        emoji::search(&wanted).collect()
    };
    html! {
        <Sheet title={words.emoji} place={Place::Middle} onclose={props.onclose.clone()}>
            <div class="field-box">
                <input type="search" class="field-input" aria-label={words.emoji_search} placeholder={words.emoji_search} {oninput} />
            </div>
            <div class="emoji-grid" role="group" aria-label={words.emoji}>
                { for found.iter().map(|&(emoji, name)| html! {
                    <button type="button" class="emoji" key={name} title={name} aria-label={name} onclick={props.onpick.reform(move |_: MouseEvent| emoji)}>
                        { emoji }
                    </button>
                }) }
            </div>
            if found.is_empty() {
                <p class="small" role="status">{ words.nothing_found }</p>
            }
        </Sheet>
    }
}
