//! The two filters and the line that says whether comings and goings are shown.

use text::{FilterState, Filters};
use yew::prelude::*;

use super::button::{Button, Weight};
use super::filter_group::FilterGroup;
use super::icon::Glyph;
use crate::cleaner::Cleaner;
use crate::contexts::Dispatch;
use crate::shared::Shared;
use crate::state::{Action, EntryKind, Log, Settings};
use crate::words::words;

/// The counts look at no more than this many of the latest lines.
const COUNTED: usize = 200;

/// The filters. On a phone they fold behind one button.
#[component]
pub fn FilterBar() -> Html {
    let words = words();
    let dispatch = use_context::<Dispatch>();
    let settings = use_context::<Shared<Settings>>().unwrap_or_default();
    let log = use_context::<Shared<Log>>().unwrap_or_default();
    let cleaner = use_context::<Cleaner>().unwrap_or_default();
    let is_open = use_state_eq(|| false);
    let filters = settings.filters;
    let (links, special) = counts(&log, &cleaner, &filters);
    let send = move |action: Action| {
        if let Some(dispatch) = &dispatch {
            dispatch.dispatch(action);
        }
    };
    let onlinks = {
        let send = send.clone();
        Callback::from(move |links: FilterState| {
            send(Action::SetFilters(Filters { links, ..filters }))
        })
    };
    let onspecial = {
        let send = send.clone();
        Callback::from(move |special: FilterState| {
            send(Action::SetFilters(Filters { special, ..filters }))
        })
    };
    let onstrict = {
        let send = send.clone();
        Callback::from(move |_: Event| {
            send(Action::SetFilters(Filters {
                strict: !filters.strict,
                ..filters
            }))
        })
    };
    let shows = settings.shows_comings;
    let oncomings = Callback::from(move |_: Event| send(Action::ShowComings(!shows)));
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    html! {
        <>
            <div class="filters-button">
                <Button weight={Weight::Quiet} glyph={Glyph::Filter} class="button-small" onclick={toggle}>{ words.filters }</Button>
            </div>
            <div class={classes!("filters", is_open.then_some("is-open"))}>
                <FilterGroup name="links" label={words.links} state={filters.links} count={links} onstate={onlinks} />
                <FilterGroup name="special" label={words.special} state={filters.special} count={special} onstate={onspecial} />
                <label class="choice-inline" title={words.strict_note}>
                    <input type="checkbox" checked={filters.strict} onchange={onstrict} />{ words.strict }
                </label>
                <label class="choice-inline filters-last">
                    <input type="checkbox" checked={shows} onchange={oncomings} />{ words.comings }
                </label>
            </div>
        </>
    }
}

fn counts(log: &Log, cleaner: &Cleaner, filters: &Filters) -> (u32, u32) {
    let latest = log.entries().iter().rev().take(COUNTED);
    latest.fold((0, 0), |(links, special), entry| match &entry.kind {
        EntryKind::Said(said) if !log.is_revealed(entry.id) => match said.what.wording() {
            Some(text) => cleaner.draw(text, filters).map_or((links, special), |it| {
                (links + it.hidden_links, special + it.filtered_special)
            }),
            None => (links, special),
        },
        _ => (links, special),
    })
}
