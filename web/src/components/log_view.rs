//! The conversation.

use yew::prelude::*;

use super::empty_room::EmptyRoom;
use super::jump_button::{JumpButton, news};
use super::log_rows::rows;
use super::log_scroll::{LogScroll, use_steady};
use super::log_window::LogWindow;
use super::swipe::use_swipe;
use crate::contexts::Dispatch;
use crate::shared::Shared;
use crate::state::{About, Action, EntryKind, Log, People, RoomCard, Settings, Talk};
use crate::words::words;

/// What [`LogView`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct LogViewProps {
    /// The person wants to invite somebody.
    pub oninvite: Callback<()>,
}

/// The log: a window onto the lines, which follows the end only while the reader is there.
#[component]
pub fn LogView(props: &LogViewProps) -> Html {
    let words = words();
    let dispatch = use_context::<Dispatch>();
    let log = use_context::<Shared<Log>>().unwrap_or_default();
    let people = use_context::<Shared<People>>().unwrap_or_default();
    let settings = use_context::<Shared<Settings>>().unwrap_or_default();
    let card = use_context::<Shared<RoomCard>>();
    let talking = use_context::<Shared<Talk>>().unwrap_or_default();
    let length = log.entries().len();
    let scroll = (*use_memo((), |()| LogScroll::at_end())).clone();
    // `None` follows the end; `Some` stays where the reader went, with the length they last saw and
    // how far the log had moved up by then.
    let place = use_state_eq(|| None::<(LogWindow, usize, usize)>);
    let (window, seen) = place.map_or_else(
        || (LogWindow::latest(length), length),
        |(window, seen, shifted)| {
            let gone = log.shifted() - shifted;
            (
                window.moved_up(gone).within(length),
                seen.saturating_sub(gone),
            )
        },
    );
    let shifted = log.shifted();
    use_steady(&scroll);

    let read_to_end = {
        let dispatch = dispatch.clone();
        let has_line = log.first_unread().is_some();
        move || {
            if let Some(dispatch) = dispatch.as_ref().filter(|_| has_line) {
                dispatch.dispatch(Action::ReadToEnd);
            }
        }
    };
    let jump = {
        let (scroll, place, read_to_end) = (scroll.clone(), place.clone(), read_to_end.clone());
        Callback::from(move |()| {
            place.set(None);
            scroll.stick();
            read_to_end();
        })
    };
    let onscroll = {
        let (scroll, place) = (scroll.clone(), place.clone());
        Callback::from(move |_: Event| {
            if scroll.is_jumping() && place.is_some() {
                return;
            }
            let (is_near_top, is_near_bottom) = scroll.note();
            let is_last = window.end == length;
            if scroll.is_at_end() && is_last {
                if place.is_some() {
                    place.set(None);
                    read_to_end();
                }
                return;
            }
            let wanted = if is_near_top && window.start > 0 {
                window.earlier()
            } else if is_near_bottom && !is_last {
                window.later(length)
            } else {
                window
            };
            place.set(Some((wanted, seen, shifted)));
        })
    };
    {
        // What is said here is always followed: whoever writes wants to see it.
        let jump = jump.clone();
        let own = log
            .entries()
            .iter()
            .rev()
            .find_map(|entry| match &entry.kind {
                EntryKind::Said(said) if said.mine && said.local.is_some() => Some(entry.id),
                _ => None,
            });
        use_effect_with(own, move |own| {
            if own.is_some() {
                jump.emit(());
            }
        });
    }
    let is_empty = people.is_alone() && !log.has_messages();
    {
        // The card of an empty room is read from its top.
        let scroll = scroll.clone();
        use_effect_with(is_empty, move |is_empty| {
            if *is_empty {
                scroll.rest()
            } else {
                scroll.stick()
            }
        });
    }
    {
        // Somebody wants to see a certain line: first it must be on the page, then it is brought into view.
        let (place, scroll, log) = (place.clone(), scroll.clone(), log.clone());
        use_effect_with(talking.goal, move |goal| {
            if let Some((line, _)) = goal
                && let Some(at) = log.entries().iter().position(|entry| entry.id == *line)
            {
                let length = log.entries().len();
                place.set(Some((LogWindow::around(at, length), length, log.shifted())));
                scroll.aim(format!("e{}", line.0));
            }
        });
    }
    {
        let scroll = scroll.clone();
        use_effect(move || scroll.settle());
    }
    let onswipe = {
        let log = log.clone();
        Callback::from(move |line| {
            let can = log.said(line).is_some_and(|said| said.can_be_answered());
            if let Some(dispatch) = dispatch.as_ref().filter(|_| can) {
                dispatch.dispatch(Action::TurnTo(About::Answer(line)));
            }
        })
    };
    let swiping = use_swipe(onswipe);
    html! {
        <>
            // New lines are announced one by one elsewhere; a window that moves would repeat old ones.
            <div
                ref={scroll.view.clone()}
                class="log"
                role="log"
                aria-label={words.messages}
                aria-live="off"
                tabindex="0"
                {onscroll}
                onpointerdown={swiping.down}
                onpointermove={swiping.go}
                onpointerup={swiping.up}
                onpointercancel={swiping.cancel}
            >
                <div ref={scroll.lines.clone()} class="log-inner">
                    // A list of its own: only one in which everything has a key is drawn by its keys.
                    { rows(&log, window, &settings, &people, card.as_deref(), &talking).into_iter().collect::<Html>() }
                    if is_empty {
                        <EmptyRoom key="empty" oninvite={props.oninvite.clone()} />
                    }
                </div>
            </div>
            if place.is_some() {
                <JumpButton news={news(&log, seen)} onjump={jump} />
            }
        </>
    }
}
