//! A button that must be held: for what cannot be taken back.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::icon::{Glyph, icon};

/// How long, in milliseconds. The same as the fill in `hold.css`.
const HELD_MS: u32 = 1_200;

/// What [`HoldButton`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct HoldButtonProps {
    /// The words on it.
    pub label: AttrValue,
    /// The words once it was pressed without a pointer: a second press then counts.
    pub again: AttrValue,
    /// It was held long enough.
    pub onheld: Callback<()>,
}

/// The button. A keyboard or an assistive device cannot hold, so it presses twice.
#[component]
pub fn HoldButton(props: &HoldButtonProps) -> Html {
    let timer = use_mut_ref(|| None::<Timeout>);
    let is_held = use_state_eq(|| false);
    let is_armed = use_state_eq(|| false);
    let start = {
        let (timer, is_held, onheld) = (timer.clone(), is_held.clone(), props.onheld.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            let (onheld, done) = (onheld.clone(), is_held.clone());
            *timer.borrow_mut() = Some(Timeout::new(HELD_MS, move || {
                done.set(false);
                onheld.emit(());
            }));
            is_held.set(true);
        })
    };
    let stop = {
        let (timer, is_held) = (timer.clone(), is_held.clone());
        Callback::from(move |_: PointerEvent| {
            timer.borrow_mut().take();
            is_held.set(false);
        })
    };
    let onclick = {
        let (is_armed, onheld) = (is_armed.clone(), props.onheld.clone());
        Callback::from(move |event: MouseEvent| {
            if event.detail() != 0 {
                return;
            }
            if *is_armed {
                onheld.emit(());
            }
            is_armed.set(!*is_armed);
        })
    };
    html! {
        <button
            type="button"
            class={classes!("button", "button-danger", "hold", is_held.then_some("is-held"))}
            onpointerdown={start}
            onpointerup={stop.clone()}
            onpointerleave={stop.clone()}
            onpointercancel={stop}
            {onclick}
        >
            { icon(Glyph::Close) }
            <span class="button-text">{ if *is_armed { props.again.clone() } else { props.label.clone() } }</span>
        </button>
    }
}
