//! Says new messages of others aloud, once each, for those who listen instead of look.

use yew::prelude::*;

use crate::cleaner::Cleaner;
use crate::shared::Shared;
use crate::state::{EntryKind, Log, Settings, What};
use crate::words::{fill, words};

/// No more of one message than this many characters is said.
const SAID: usize = 240;

/// A polite live region that holds the newest message from somebody else.
#[component]
pub fn Announcer() -> Html {
    let log = use_context::<Shared<Log>>().unwrap_or_default();
    let cleaner = use_context::<Cleaner>().unwrap_or_default();
    let filters = use_context::<Shared<Settings>>()
        .unwrap_or_default()
        .filters;
    let said = log
        .newest_from_others()
        .and_then(|entry| match &entry.kind {
            EntryKind::Said(said) if !said.replayed => match &said.what {
                What::Text(text) => {
                    let text: String = cleaner
                        .draw(text, &filters)?
                        .plain()
                        .chars()
                        .take(SAID)
                        .collect();
                    Some(fill(
                        words().announce,
                        &[("name", &said.name), ("text", &text)],
                    ))
                }
                What::File(file) => Some(fill(
                    words().announce,
                    &[("name", &said.name), ("text", &file.name.shown)],
                )),
                What::Newer => None,
            },
            _ => None,
        });
    html! { <div class="only-spoken" aria-live="polite">{ said.unwrap_or_default() }</div> }
}
