//! A ring that closes as work gets done.

use yew::prelude::*;

/// A ring that shows the share that is done, 0.0 to 1.0; `None` while nobody can tell. Small enough
/// for a line of text if asked. Its number belongs in the text beside it.
pub fn ring(share: Option<f64>, is_small: bool) -> Html {
    // In tenths of a percent, written as a whole number and a digit: code that writes floats is large.
    let done = share.unwrap_or(0.25).clamp(0.0, 1.0);
    let rest = ((1.0 - done) * 1_000.0 + 0.5) as u32;
    let class = classes!(
        "ring",
        is_small.then_some("ring-small"),
        share.is_none().then_some("spin"),
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
