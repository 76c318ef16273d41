//! A ring that closes as work gets done.

use yew::prelude::*;

/// What [`Ring`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct RingProps {
    /// The share that is done, 0.0 to 1.0; `None` while nobody can tell.
    pub share: Option<f64>,
    /// Small enough for a line of text.
    #[prop_or_default]
    pub small: bool,
}

/// A ring. Its number belongs in the text beside it.
#[component]
pub fn Ring(props: &RingProps) -> Html {
    // In tenths of a percent, written as a whole number and a digit: code that writes floats is large.
    let share = props.share.unwrap_or(0.25).clamp(0.0, 1.0);
    let rest = ((1.0 - share) * 1_000.0 + 0.5) as u32;
    let class = classes!(
        "ring",
        props.small.then_some("ring-small"),
        props.share.is_none().then_some("spin"),
    );
    html! {
        <svg {class} viewBox="0 0 36 36" aria-hidden="true" focusable="false">
            <circle class="ring-track" cx="18" cy="18" r="15.9155" />
            <circle
                class="ring-fill"
                cx="18"
                cy="18"
                r="15.9155"
                stroke-dasharray="100"
                stroke-dashoffset={format!("{}.{}", rest / 10, rest % 10)}
            />
        </svg>
    }
}
