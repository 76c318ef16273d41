//! Whom to move to a fresh room with, and what the room is to be like.

use std::collections::BTreeSet;
use std::time::Duration;

use yew::prelude::*;

use super::button::{Button, Weight};
use super::clock::use_now;
use super::hold_button::HoldButton;
use super::icon::{Glyph, icon};
use super::room_options::RoomOptions;
use super::sheet::{Place, Sheet};
use super::tag::tag_badge;
use crate::handle::{Handle, LeapCommand};
use crate::shared::Shared;
use crate::state::{
    Lifetime, Mode, Newcomers, Options, People, Person, PersonId, RoomCard, Status, Talk,
};
use crate::words::leap;

/// What [`LeapSheet`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct LeapSheetProps {
    /// It asks to be closed.
    pub onclose: Callback<()>,
}

/// The sheet. How far the leap is stands above the conversation.
#[component]
pub fn LeapSheet(props: &LeapSheetProps) -> Html {
    let leap = leap();
    let handle = use_context::<Handle>();
    let people = use_context::<Shared<People>>().unwrap_or_default();
    let talk = use_context::<Shared<Talk>>().unwrap_or_default();
    let is_online = use_context::<Status>().is_some_and(|status| status.is_online());
    let card = use_context::<Shared<RoomCard>>();
    let now = use_now(false);
    let start = card
        .as_ref()
        .map(|card| like(card, now))
        .unwrap_or_default();
    let options = use_state_eq(move || start);
    // Whoever is muted and whatever is a bot is asked only if somebody wants that.
    let turned = use_state_eq(BTreeSet::<PersonId>::new);
    let wants_closed = use_state_eq(|| true);
    let may_purge = card.is_some_and(|card| card.rules.may_purge);
    let others: Vec<&Person> = people.list().iter().filter(|person| !person.me).collect();
    let is_ticked = |person: &Person| {
        let at_first = person.bot.is_none() && !talk.muted.contains(&person.id);
        at_first != turned.contains(&person.id)
    };
    let ticked: Vec<PersonId> = others
        .iter()
        .filter(|person| is_ticked(person))
        .map(|person| person.id)
        .collect();
    let closes = may_purge && *wants_closed;
    let can = is_online && !ticked.is_empty();
    let begin = {
        let (onclose, options) = (props.onclose.clone(), *options);
        let people = ticked.clone();
        Callback::from(move |()| {
            if let Some(handle) = &handle {
                handle.leap(LeapCommand::Start {
                    people: people.clone(),
                    options,
                    closes,
                });
            }
            onclose.emit(());
        })
    };
    let onoptions = {
        let options = options.clone();
        Callback::from(move |chosen| options.set(chosen))
    };
    let onclosing = {
        let wants_closed = wants_closed.clone();
        Callback::from(move |_: Event| wants_closed.set(!*wants_closed))
    };
    let is_away = |person: &&Person| person.away && is_ticked(person);
    let rows = others.iter().map(|person| {
        let id = person.id;
        let onchange = {
            let turned = turned.clone();
            Callback::from(move |_: Event| {
                let mut other = (*turned).clone();
                if !other.remove(&id) {
                    other.insert(id);
                }
                turned.set(other);
            })
        };
        html! {
            <label class="choice" key={format!("{id:?}")}>
                <input type="checkbox" checked={is_ticked(person)} {onchange} />
                <span class="choice-title">
                    <bdi>{ &person.name }</bdi>{ " " }{ tag_badge(&person.tag, person.twin) }
                    if person.away { <span class="soft small">{ " " }{ leap.away }</span> }
                    if person.bot.is_some() { <span class="soft small">{ " " }{ leap.bot }</span> }
                </span>
            </label>
        }
    });
    html! {
        <Sheet title={leap.title} place={Place::Middle} onclose={props.onclose.clone()}>
            <div class="leap-sheet">
                <p>{ leap.what }</p>
                if others.is_empty() {
                    <p class="soft">{ leap.nobody }</p>
                } else {
                    <fieldset class="choices">
                        <legend class="field-label">{ leap.who }</legend>
                        { for rows }
                    </fieldset>
                }
                <RoomOptions options={*options} {onoptions} is_plain=true />
                if may_purge {
                    <label class="choice">
                        <input type="checkbox" checked={*wants_closed} onchange={onclosing} />
                        <span class="choice-title">{ leap.closes }</span>
                        <span class="choice-note">{ leap.closes_note }</span>
                    </label>
                } else {
                    <p class="soft small">{ leap.stays_note }</p>
                }
                if closes && others.iter().any(is_away) {
                    <p class="warning-box">{ icon(Glyph::Warning) }<span>{ leap.away_note }</span></p>
                }
                if !is_online {
                    <p class="soft small" role="status">{ leap.offline }</p>
                } else if can && closes {
                    <HoldButton label={leap.hold} again={leap.hold_again} onheld={begin} />
                } else if can {
                    <div><Button weight={Weight::Primary} glyph={Glyph::Again} onclick={begin.reform(|_: MouseEvent| ())}>{ leap.go }</Button></div>
                }
            </div>
        </Sheet>
    }
}

/// What a room like this one would be opened with.
fn like(card: &RoomCard, now: Duration) -> Options {
    let left = card.closes_at.map(|at| at.saturating_sub(now).as_secs());
    let lasts =
        |lifetime: &Lifetime| left.is_some_and(|left| left <= u64::from(lifetime.seconds()));
    Options {
        newcomers: match card.mode {
            Mode::ForwardSecret => Newcomers::Nothing,
            Mode::OpenHistory { last: 0..=35 } => Newcomers::Last35,
            Mode::OpenHistory { .. } => Newcomers::Last200,
        },
        lifetime: Lifetime::ALL
            .into_iter()
            .find(lasts)
            .unwrap_or(Lifetime::UntilEmpty),
        max_members: None,
        everyone_purges: card.rules.everyone_purges,
    }
}
