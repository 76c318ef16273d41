//! Says new messages of others aloud, once each, for those who listen instead of look.

use yew::prelude::*;

use super::notice_row::closes_soon;
use crate::cleaner::Cleaner;
use crate::shared::Shared;
use crate::state::{EntryKind, Log, Notice, Settings, Talk, What};
use crate::words::{fill, talk, words};

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
    let muted = use_context::<Shared<Talk>>().unwrap_or_default();
    let said = log
        .newest_from_others()
        .and_then(|entry| match &entry.kind {
            EntryKind::Said(said) if !said.replayed && !muted.muted.contains(&said.from) => {
                let text: String = match &said.what {
                    What::File(file) => file.name.shown.clone(),
                    what => {
                        let rendered = cleaner.draw(what.wording()?, &filters)?;
                        rendered.plain().chars().take(SAID).collect()
                    }
                };
                let sentence = if said.to.is_some() {
                    talk().announce_private
                } else {
                    words().announce
                };
                Some(fill(sentence, &[("name", &said.name), ("text", &text)]))
            }
            _ => None,
        });
    // Of what happens, only what presses is said aloud.
    let closing = log.entries().last().and_then(|entry| match entry.kind {
        EntryKind::Notice(Notice::ClosesSoon { minutes }) => Some(closes_soon(minutes).to_owned()),
        _ => None,
    });
    html! { <div class="only-spoken" aria-live="polite">{ closing.or(said).unwrap_or_default() }</div> }
}
