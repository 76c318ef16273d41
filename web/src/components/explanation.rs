//! What happens to a message, in plain words and as a drawing.

use yew::prelude::*;

use super::diagram::diagram;
use super::icon::{Glyph, icon};
use crate::state::Mode;
use crate::words::{fill, words};

/// The drawing and three or four sentences.
pub fn explanation(mode: Option<Mode>) -> Html {
    let words = words();
    let mode = match mode {
        Some(Mode::ForwardSecret) => Some(words.explain_secret.to_owned()),
        Some(Mode::OpenHistory { last }) => {
            Some(fill(words.explain_open, &[("n", &last.to_string())]))
        }
        None => None,
    };
    let plain = [words.explain_1, words.explain_2, words.explain_3].map(str::to_owned);
    html! {
        <section>
            <h3>{ words.explain_title }</h3>
            { diagram() }
            <ul>
                { for plain.into_iter().chain(mode).map(|line| point(Glyph::Check, line)) }
            </ul>
        </section>
    }
}

/// What nobody can promise.
pub fn limits() -> Html {
    let words = words();
    let limits = [
        words.limit_people,
        words.limit_name,
        words.limit_traffic,
        words.limit_device,
        words.limit_app,
    ];
    html! {
        <section class="limits">
            <h3>{ words.limits_title }</h3>
            <ul>{ for limits.into_iter().map(|line| point(Glyph::Info, line.to_owned())) }</ul>
        </section>
    }
}

/// One line of a list with its mark.
pub fn point(glyph: Glyph, line: String) -> Html {
    html! {
        <li>{ icon(glyph) }<span>{ line }</span></li>
    }
}
