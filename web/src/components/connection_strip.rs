//! A thin line while the relay cannot be reached. Never a dialog: what was said stays readable.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::clock::use_now;
use super::icon::{Glyph, icon};
use crate::handle::Handle;
use crate::state::{Page, Status};
use crate::words::{count, fill, words};

/// The strip; nothing while online.
#[component]
pub fn ConnectionStrip() -> Html {
    let words = words();
    let handle = use_context::<Handle>();
    let page = use_context::<Page>().unwrap_or_default();
    let status = use_context::<Status>().unwrap_or(Status::Online);
    let now = use_now(matches!(status, Status::Waiting { .. }));
    let wake = Callback::from(move |_: MouseEvent| {
        if let Some(handle) = &handle {
            handle.wake();
        }
    });
    let (text, queued) = match &status {
        Status::Online => (String::new(), 0),
        Status::Connecting { queued, .. } => (words.strip_reconnecting.to_owned(), *queued),
        Status::Waiting { queued, .. } if !page.online => (words.strip_offline.to_owned(), *queued),
        Status::Waiting { until, queued } => {
            let seconds = until.saturating_sub(now).as_secs().saturating_add(1);
            (
                fill(words.strip_waiting, &[("n", &seconds.to_string())]),
                *queued,
            )
        }
    };
    let is_lost = !status.is_online();
    html! {
        <>
            // Said once and at once; the seconds that tick are only for the eye.
            <p class="only-spoken" role="alert">{ if is_lost { words.strip_reconnecting } else { "" } }</p>
            if is_lost {
                <div class="strip">
                    { icon(Glyph::Offline) }
                    <span class="strip-text">{ text }</span>
                    if queued > 0 {
                        <span>{ count(queued, words.queued_one, words.queued_many) }</span>
                    }
                    if matches!(status, Status::Waiting { .. }) {
                        <Button weight={Weight::Link} onclick={wake}>{ words.try_now }</Button>
                    }
                </div>
            }
        </>
    }
}
