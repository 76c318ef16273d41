//! Looking for something in what is loaded.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::clock::hour;
use super::excerpt::excerpt;
use super::log_rows::at;
use super::sheet::{Place, Sheet};
use crate::cleaner::Cleaner;
use crate::contexts::Dispatch;
use crate::shared::Shared;
use crate::state::{Action, EntryKind, Log, Settings};
use crate::talk::find::find;
use crate::words::{count, talk};

/// What [`SearchSheet`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct SearchSheetProps {
    /// What to look for at first.
    pub wanted: AttrValue,
    /// It asks to be closed.
    pub onclose: Callback<()>,
}

/// The sheet: a field, and the lines that were found.
#[component]
pub fn SearchSheet(props: &SearchSheetProps) -> Html {
    let words = talk();
    let dispatch = use_context::<Dispatch>();
    let log = use_context::<Shared<Log>>().unwrap_or_default();
    let cleaner = use_context::<Cleaner>().unwrap_or_default();
    let filters = use_context::<Shared<Settings>>()
        .unwrap_or_default()
        .filters;
    let wanted = {
        let first = props.wanted.to_string();
        use_state_eq(move || first)
    };
    let oninput = {
        let wanted = wanted.clone();
        Callback::from(move |event: InputEvent| {
            wanted.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let found = find(&log, &wanted);
    let rows = found.iter().filter_map(|line| {
        let line = *line;
        let entry = &log.entries()[log.entries().partition_point(|entry| entry.id < line)];
        let EntryKind::Said(said) = &entry.kind else {
            return None;
        };
        let onclick = {
            let (dispatch, onclose) = (dispatch.clone(), props.onclose.clone());
            Callback::from(move |_: MouseEvent| {
                onclose.emit(());
                if let Some(dispatch) = &dispatch {
                    dispatch.dispatch(Action::GoTo(line));
                }
            })
        };
        Some(html! {
            <li key={line.0}>
                <button type="button" class="found" {onclick}>
                    <span class="found-head"><bdi class="name">{ &said.name }</bdi><time class="message-time">{ hour(at(entry)) }</time></span>
                    <bdi class="found-text">{ excerpt(said.what.wording(), &cleaner, &filters) }</bdi>
                </button>
            </li>
        })
    });
    html! {
        <Sheet title={words.search} place={Place::Side} onclose={props.onclose.clone()}>
            <div class="field-box">
                <input type="search" class="field-input" aria-label={words.search_for} placeholder={words.search_for} value={(*wanted).clone()} {oninput} />
            </div>
            <p class="small" role="status">{ if wanted.trim().is_empty() { words.search_note.to_owned() } else { count(found.len(), words.found_one, words.found_many) } }</p>
            <ul class="found-list">{ for rows }</ul>
        </Sheet>
    }
}
