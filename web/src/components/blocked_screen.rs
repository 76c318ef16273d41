//! Going on would be wrong or pointless until something is decided.

use gloo_timers::callback::Interval;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::button::{Button, Weight};
use super::ending::{Ending, Tone};
use super::icon::Glyph;
use super::key_changed::KeyChangedProps;
use crate::handle::Handle;
use crate::later;
use crate::relay;
use crate::state::{Blocked, Page};
use crate::words::{fill, words};

/// A relay that does not answer is asked again after this long.
const AGAIN_MS: u32 = 5_000;

/// What [`BlockedScreen`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct BlockedScreenProps {
    /// What stands in the way.
    pub blocked: Blocked,
}

/// What stands in the way, and whose move it is.
#[component]
pub fn BlockedScreen(props: &BlockedScreenProps) -> Html {
    let words = words();
    let page = use_context::<Page>().unwrap_or_default();
    let handle = use_context::<Handle>();
    {
        let handle = handle.clone();
        let is_away = props.blocked == Blocked::Unreachable;
        use_effect_with(is_away, move |is_away| {
            let again = handle.filter(|_| *is_away).map(|handle| {
                Interval::new(AGAIN_MS, move || {
                    let handle = handle.clone();
                    spawn_local(async move {
                        if !matches!(relay::ask().await, Err(Blocked::Unreachable)) {
                            handle.reload();
                        }
                    });
                })
            });
            move || drop(again)
        });
    }
    let reload = Callback::from(move |_: MouseEvent| {
        if let Some(handle) = &handle {
            handle.reload();
        }
    });
    let (glyph, title, text, label) = match &props.blocked {
        Blocked::KeyChanged { expected, found } => {
            return later::key_changed(KeyChangedProps {
                expected: expected.clone().into(),
                found: found.clone().into(),
            });
        }
        Blocked::RelayTooOld => (
            Glyph::Relay,
            words.relay_old,
            words.relay_old_text.to_owned(),
            words.try_again,
        ),
        Blocked::RelayTooNew => (
            Glyph::Again,
            words.relay_new,
            words.relay_new_text.to_owned(),
            words.reload,
        ),
        Blocked::Unreachable => {
            let text = fill(words.unreachable_text, &[("host", &page.host)]);
            (Glyph::Offline, words.unreachable, text, words.try_again)
        }
    };
    html! {
        <Ending {glyph} tone={Tone::Calm} {title} {text}>
            <Button weight={Weight::Primary} onclick={reload}>{ label }</Button>
        </Ending>
    }
}
