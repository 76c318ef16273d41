//! The tag beside a name: four characters, a colour and a shape from the member's key.

use yew::prelude::*;

use super::hue::hue_class;
use crate::state::Tag;
use crate::words::{fill, words};

/// A tag, loud if somebody else has the same name. The shape says the same as the colour, for those who do not see the colour.
pub fn tag_badge(tag: &Tag, is_loud: bool) -> Html {
    html! {
        <span
            class={classes!("tag", hue_class(tag.hue), is_loud.then_some("tag-loud"))}
            role="img"
            aria-label={fill(words().tag_label, &[("text", &tag.text)])}
        >
            { tag_shape(tag.shape) }
            { &tag.text }
        </span>
    }
}

/// Only the shape, 0 to 5, in the colour of the text around it.
pub fn tag_shape(shape: u8) -> Html {
    let path = match shape % 6 {
        0 => "M5 0.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9z",
        1 => "M1 1h8v8H1z",
        2 => "M5 0.5 9.7 9H0.3z",
        3 => "M5 0 10 5 5 10 0 5z",
        4 => "M2.7 0.8h4.6L9.8 5 7.3 9.2H2.7L0.2 5z",
        _ => "M3.4 0.5h3.2v2.9h2.9v3.2H6.6v2.9H3.4V6.6H0.5V3.4h2.9z",
    };
    html! {
        <svg class="tag-shape" viewBox="0 0 10 10" aria-hidden="true" focusable="false">
            <path d={path} />
        </svg>
    }
}
