//! What happens to a message, in plain words and as a drawing.

use yew::prelude::*;

use super::diagram::Diagram;
use super::icon::{Glyph, Icon};
use crate::state::Mode;
use crate::words::{fill, words};

/// What [`Explanation`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct ExplanationProps {
    /// The room's mode, inside a room.
    #[prop_or_default]
    pub mode: Option<Mode>,
}

/// The drawing and three or four sentences.
#[component]
pub fn Explanation(props: &ExplanationProps) -> Html {
    let words = words();
    let mode = match props.mode {
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
            <Diagram />
            <ul>
                { for plain.into_iter().chain(mode).map(|line| point(Glyph::Check, line)) }
            </ul>
        </section>
    }
}

/// What nobody can promise.
#[component]
pub fn Limits() -> Html {
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
        <li><Icon {glyph} /><span>{ line }</span></li>
    }
}
