//! What happens by itself while a room is open, and draws nothing or little: timers that run out, telling what was
//! read, who is typing, and the keys that work everywhere.

use std::time::Duration;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTextAreaElement, InputEvent, InputEventInit, KeyboardEvent};
use yew::prelude::*;

use super::clock::wall;
use super::room_screen::Panel;
use crate::browser;
use crate::contexts::Dispatch;
use crate::handle::Handle;
use crate::shared::Shared;
use crate::state::{Action, EntryKind, Log, Page, People, Settings, Talk};
use crate::words::{fill, talk};

/// Wipes messages whose time is over.
#[component]
pub fn TimerKeeper() -> Html {
    let dispatch = use_context::<Dispatch>();
    let log = use_context::<Shared<Log>>().unwrap_or_default();
    use_effect_with(log.next_end(), move |next| {
        let timeout = next.zip(dispatch).map(|(next, dispatch)| {
            let wait = next.saturating_sub(wall()) + Duration::from_millis(20);
            // A browser's timers hold 31 bits; nobody's page is open for longer than that without a reload.
            let wait = u32::try_from(wait.as_millis())
                .map_or(i32::MAX as u32, |wait| wait.min(i32::MAX as u32));
            Timeout::new(wait, move || {
                dispatch.dispatch(Action::TimersPassed(wall()))
            })
        });
        move || drop(timeout)
    });
    Html::default()
}

/// Tells those who show the same how far this person has read.
#[component]
pub fn SeenKeeper() -> Html {
    let handle = use_context::<Handle>();
    let log = use_context::<Shared<Log>>().unwrap_or_default();
    let is_visible = use_context::<Page>().is_some_and(|page| page.visible);
    let shares = use_context::<Shared<Settings>>().is_some_and(|it| it.shares_signals);
    let newest = log.newest_from_others().filter(|_| is_visible && shares);
    let newest = newest.and_then(|entry| match &entry.kind {
        EntryKind::Said(said) => Some((said.id.clone(), said.to.is_some())),
        EntryKind::Notice(_) => None,
    });
    use_effect_with(newest, move |newest| {
        if let Some((handle, (id, private))) = handle.zip(newest.clone()) {
            handle.seen(id, private);
        }
    });
    Html::default()
}

/// Who is typing, as far as they show it.
#[component]
pub fn TypingLine() -> Html {
    let words = talk();
    let talking = use_context::<Shared<Talk>>().unwrap_or_default();
    let people = use_context::<Shared<People>>().unwrap_or_default();
    let typing = talking
        .typing
        .iter()
        .filter(|(id, _)| !talking.muted.contains(id));
    let names: Vec<(&str, bool)> = typing
        .filter_map(|(id, to_me)| Some((people.find(*id)?.name.as_str(), *to_me)))
        .collect();
    let text = match names.as_slice() {
        [] => String::new(),
        [(name, true)] => fill(words.typing_to_you, &[("name", name)]),
        [(name, false)] => fill(words.typing_one, &[("name", name)]),
        [(one, _), (other, _)] => fill(words.typing_two, &[("a", one), ("b", other)]),
        _ => words.typing_many.to_owned(),
    };
    html! { <p class="typing" dir="auto">{ text }</p> }
}

/// What [`KeyKeeper`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct KeyKeeperProps {
    /// A key asks for something to be opened.
    pub onpanel: Callback<Panel>,
}

/// The keys that work wherever the focus is, except where text is written.
#[component]
pub fn KeyKeeper(props: &KeyKeeperProps) -> Html {
    let dispatch = use_context::<Dispatch>();
    let onpanel = props.onpanel.clone();
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            EventListener::new_with_options(
                &window,
                "keydown",
                gloo_events::EventListenerOptions::enable_prevent_default(),
                move |event| {
                    let event = event.unchecked_ref::<KeyboardEvent>();
                    let asks = event.ctrl_key() != event.meta_key() && !event.alt_key();
                    if asks && event.key() == "k" && !within(event, "dialog") {
                        event.prevent_default();
                        return list_commands();
                    }
                    if event.ctrl_key() || event.meta_key() || event.alt_key() || writes(event) {
                        return;
                    }
                    match event.key().as_str() {
                        "/" => {
                            event.prevent_default();
                            if let Some(dispatch) = &dispatch {
                                dispatch.dispatch(Action::FocusComposer);
                            }
                        }
                        "?" => onpanel.emit(Panel::Help),
                        _ => {}
                    }
                },
            )
        });
        move || drop(listener)
    });
    Html::default()
}

/// Whether the key goes into a text field, or a dialog is open in front of everything.
fn writes(event: &KeyboardEvent) -> bool {
    within(event, "input, textarea, select, dialog")
}

fn within(event: &KeyboardEvent, what: &str) -> bool {
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest(what).is_ok_and(|found| found.is_some()))
}

/// Puts a slash where the next message is written, which lists the commands. Words that stand there stay.
fn list_commands() {
    let field = browser::document().query_selector("textarea.composer-text");
    let Some(field) = field.ok().flatten() else {
        return;
    };
    let field: HtmlTextAreaElement = field.unchecked_into();
    let _ = field.focus();
    if field.value().is_empty() {
        field.set_value("/");
        let typed = InputEventInit::new();
        typed.set_bubbles(true);
        if let Ok(typed) = InputEvent::new_with_event_init_dict("input", &typed) {
            let _ = field.dispatch_event(&typed);
        }
    }
}
