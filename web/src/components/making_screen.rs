//! Between the button and the room: the key is made, the relay is asked.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::clock::use_now;
use super::face::face_view;
use super::focus::use_focus;
use super::page::Page;
use super::ring::ring;
use crate::handle::Handle;
use crate::state::{Making, Step};
use crate::words::{Words, fill, life, words};

/// After so many tries it is no hiccup: the page comes through, and the live connection does not.
const BLOCKED_AFTER: u32 = 3;

/// What [`MakingScreen`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct MakingScreenProps {
    /// The screen's data.
    pub making: Making,
}

/// A ring, what is happening now, and a way out.
#[component]
pub fn MakingScreen(props: &MakingScreenProps) -> Html {
    let words = words();
    let making = &props.making;
    let handle = use_context::<Handle>();
    let heading = use_node_ref();
    use_focus(&heading);
    let is_waiting = matches!(making.step, Step::Waiting { .. });
    let now = use_now(is_waiting);
    let cancel = {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                handle.cancel();
            }
        })
    };
    let wake = Callback::from(move |_: MouseEvent| {
        if let Some(handle) = &handle {
            handle.wake();
        }
    });
    let page = use_context::<crate::state::Page>().unwrap_or_default();
    let (title, mut note) = say(words, making, now.as_secs());
    if let Step::Waiting { attempt, .. } = making.step {
        let cause = match (page.online, attempt) {
            (false, _) => life().waiting_offline,
            (true, 0..BLOCKED_AFTER) => "",
            _ => life().waiting_blocked,
        };
        if !cause.is_empty() {
            note = format!("{note}. {cause}");
        }
    }
    let share = match &making.step {
        Step::Key(progress) => Some(progress.share()),
        _ => None,
    };
    html! {
        <Page>
            <div class="invited card">
                <div class="invited-top">
                    <div class="invited-face">
                        if let Some(face) = &making.face {
                            { face_view(face, true) }
                        } else {
                            { ring(share, false) }
                        }
                    </div>
                    <h1 ref={heading} tabindex="-1" class="making-title">{ title }</h1>
                    <p class="invited-name" dir="auto">{ &making.masked }</p>
                    <p class="soft making-note">{ note }</p>
                </div>
                if let Some(share) = share {
                    <progress class="only-spoken" max="100" value={percent(share)} aria-label={words.making_title} />
                } else if making.face.is_some() && !is_waiting {
                    <div class="making-line">{ ring(None, true) }</div>
                }
                <div class="invited-actions">
                    if is_waiting {
                        <Button weight={Weight::Primary} class="button-wide" onclick={wake}>{ words.try_now }</Button>
                    }
                    <Button class="button-wide" onclick={cancel}>{ words.cancel }</Button>
                </div>
            </div>
        </Page>
    }
}

/// Whole numbers: writing floats takes ten kilobytes of code.
fn percent(share: f64) -> String {
    ((share * 100.0 + 0.5) as u32).to_string()
}

fn say(words: &Words, making: &Making, now: u64) -> (String, String) {
    let plain = |title: &str| (title.to_owned(), String::new());
    if making.resuming && !matches!(making.step, Step::Waiting { .. }) {
        return plain(words.resuming_title);
    }
    match &making.step {
        Step::Key(_) => (words.making_title.to_owned(), words.making_note.to_owned()),
        Step::Reaching { attempt: 0 | 1 } => plain(words.reaching_title),
        Step::Reaching { attempt } => {
            plain(&fill(words.reaching_again, &[("n", &attempt.to_string())]))
        }
        Step::Waiting { until, .. } => {
            let seconds = until.as_secs().saturating_sub(now);
            (
                words.waiting_title.to_owned(),
                fill(words.waiting_note, &[("n", &seconds.to_string())]),
            )
        }
        Step::Looking => plain(words.looking_title),
        Step::Door(_) | Step::Entering => plain(life().entering),
    }
}
