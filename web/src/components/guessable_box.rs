//! What it means that anyone could guess the name, and the quickest way out.

use yew::prelude::*;

use super::button::Button;
use super::icon::{Glyph, icon};
use crate::words::words;

/// The warning under the meter. `onadd` asks for random words.
pub fn guessable_box(onadd: Callback<MouseEvent>) -> Html {
    let words = words();
    html! {
        <div class="warning-box" role="status">
            { icon(Glyph::Warning) }
            <p>{ words.guessable_warning }</p>
            <Button class="button-small" onclick={onadd}>{ words.add_words }</Button>
        </div>
    }
}
