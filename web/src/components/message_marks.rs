//! Small marks under a message: edited, how long it stays, read by how many.

use yew::prelude::*;

use super::clock::{rough, use_now};
use super::excerpt::excerpt;
use super::icon::{Glyph, icon};
use super::tag::tag_badge;
use crate::cleaner::Cleaner;
use crate::contexts::Dispatch;
use crate::shared::Shared;
use crate::state::{Action, Delivery, EntryId, Page, People, Said, Settings, Talk};
use crate::words::{count, fill, talk};

/// What [`EditedMark`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct EditedMarkProps {
    /// The message.
    pub said: Said,
}

/// "edited"; pressed, it shows what the message said before.
#[component]
pub fn EditedMark(props: &EditedMarkProps) -> Html {
    let words = talk();
    let is_open = use_state_eq(|| false);
    let cleaner = use_context::<Cleaner>().unwrap_or_default();
    let filters = use_context::<Shared<Settings>>()
        .unwrap_or_default()
        .filters;
    let onclick = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let before = props.said.marks.before.iter().filter(|_| *is_open);
    html! {
        <>
            <button type="button" class="mark-button" aria-expanded={is_open.to_string()} {onclick}>{ words.edited }</button>
            if *is_open {
                <ol class="edits" aria-label={words.edited_before}>
                    { for before.map(|wording| html! {
                        <li dir="auto">{ excerpt(Some(wording), &cleaner, &filters) }</li>
                    }) }
                </ol>
            }
        </>
    }
}

/// What [`TimerMark`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct TimerMarkProps {
    /// The line.
    pub line: EntryId,
    /// The message.
    pub said: Said,
}

/// How long the message stays. Being drawn in a page that is in front counts as being read.
#[component]
pub fn TimerMark(props: &TimerMarkProps) -> Html {
    let dispatch = use_context::<Dispatch>();
    let is_visible = use_context::<Page>().is_some_and(|page| page.visible);
    let timer = props.said.marks.timer;
    let ends = timer.and_then(|timer| timer.ends);
    let now = use_now(ends.is_some());
    let is_here = matches!(props.said.delivery, Delivery::Received | Delivery::Relayed);
    {
        let line = props.line;
        let begins = timer.is_some() && ends.is_none() && is_visible && is_here;
        use_effect_with(begins, move |begins| {
            if let Some(dispatch) = dispatch.filter(|_| *begins) {
                let at = super::clock::wall();
                dispatch.dispatch(Action::TimerStarted { line, at });
            }
        });
    }
    let Some(timer) = timer else {
        return Html::default();
    };
    let left = ends.map_or(timer.stays, |ends| ends.saturating_sub(now));
    html! {
        <span class="mark-timer">{ icon(Glyph::Clock) }{ fill(talk().goes_in, &[("t", &rough(left))]) }</span>
    }
}

/// What [`SeenMark`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct SeenMarkProps {
    /// The line of an own message.
    pub line: EntryId,
}

/// By how many it was read, as far as they show it; pressed, by whom.
#[component]
pub fn SeenMark(props: &SeenMarkProps) -> Html {
    let talking = use_context::<Shared<Talk>>().unwrap_or_default();
    let people = use_context::<Shared<People>>().unwrap_or_default();
    let shares = use_context::<Shared<Settings>>().is_some_and(|it| it.shares_signals);
    let is_open = use_state_eq(|| false);
    let readers: Vec<_> = talking.seen_by(props.line).collect();
    if readers.is_empty() || !shares {
        return Html::default();
    }
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    html! {
        <>
            <button type="button" class="mark-button mark-seen" aria-expanded={is_open.to_string()} onclick={toggle}>
                { icon(Glyph::Eye) }{ count(readers.len(), talk().seen_one, talk().seen_many) }
            </button>
            if *is_open {
                <ul class="seen-list" aria-label={talk().seen_list}>
                    { for readers.iter().map(|id| match people.find(*id) {
                        Some(person) => html! { <li key={id.key()}><bdi>{ &person.name }</bdi>{ " " }{ tag_badge(&person.tag, person.twin) }</li> },
                        None => html! { <li key={id.key()}>{ talk().somebody_gone }</li> },
                    }) }
                </ul>
            }
        </>
    }
}
