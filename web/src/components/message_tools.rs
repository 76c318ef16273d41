//! The way to what can be done with a message.

use yew::prelude::*;

use super::icon::Glyph;
use super::icon_button::IconButton;
use super::message_menu::MessageMenuProps;
use crate::later;
use crate::state::{EntryId, Said};
use crate::words::{fill, talk};

/// What [`MessageTools`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct MessageToolsProps {
    /// The line.
    pub line: EntryId,
    /// The message.
    pub said: Said,
}

/// One quiet button that unfolds the rest.
#[component]
pub fn MessageTools(props: &MessageToolsProps) -> Html {
    let words = talk();
    let is_open = use_state_eq(|| false);
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let onclose = {
        let is_open = is_open.clone();
        Callback::from(move |()| is_open.set(false))
    };
    let (line, said) = (props.line, props.said.clone());
    let label = fill(words.more_about, &[("name", &said.name)]);
    html! {
        <div class={classes!("message-tools", is_open.then_some("is-open"))}>
            <IconButton glyph={Glyph::More} class="message-more" {label} expanded={Some(*is_open)} onclick={toggle} />
            if *is_open {
                { later::menu(MessageMenuProps { line, said, onclose }) }
            }
        </div>
    }
}
