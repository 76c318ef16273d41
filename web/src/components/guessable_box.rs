//! What it means that anyone could guess the name, and the quickest way out.

use yew::prelude::*;

use super::button::Button;
use super::icon::{Glyph, Icon};
use crate::words::words;

/// What [`GuessableBox`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct GuessableBoxProps {
    /// Random words should be added.
    pub onadd: Callback<MouseEvent>,
}

/// The warning under the meter.
#[component]
pub fn GuessableBox(props: &GuessableBoxProps) -> Html {
    let words = words();
    html! {
        <div class="warning-box" role="status">
            <Icon glyph={Glyph::Warning} />
            <p>{ words.guessable_warning }</p>
            <Button class="button-small" onclick={props.onadd.clone()}>{ words.add_words }</Button>
        </div>
    }
}
