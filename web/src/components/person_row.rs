//! One person in the list.

use yew::prelude::*;

use super::hue::hue_class;
use super::icon::{Glyph, icon};
use super::icon_button::IconButton;
use super::person_powers::PersonPowersProps;
use super::tag::{tag_badge, tag_shape};
use crate::contexts::Dispatch;
use crate::later;
use crate::shared::Shared;
use crate::state::{Action, Person, RoomCard, Talk};
use crate::words::{count, fill, life, talk, words};

/// What [`PersonRow`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct PersonRowProps {
    /// The person.
    pub person: Person,
    /// They are spoken to from now on.
    #[prop_or_default]
    pub onspeak: Callback<()>,
}

/// Name, tag, and whatever else is true.
#[component]
pub fn PersonRow(props: &PersonRowProps) -> Html {
    let words = words();
    let person = &props.person;
    let dispatch = use_context::<Dispatch>();
    let talking = use_context::<Shared<Talk>>().unwrap_or_default();
    let is_muted = talking.muted.contains(&person.id);
    let unread = talking.unread.get(&person.id).copied().unwrap_or_default();
    let act = |action: Action| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(dispatch) = &dispatch {
                dispatch.dispatch(action.clone());
            }
        })
    };
    let speak = {
        let onspeak = props.onspeak.clone();
        let speak = act(Action::SpeakTo(Some(person.id)));
        Callback::from(move |event: MouseEvent| {
            speak.emit(event);
            onspeak.emit(());
        })
    };
    let rules = use_context::<Shared<RoomCard>>()
        .map(|card| card.rules.clone())
        .unwrap_or_default();
    let more = use_state_eq(|| false);
    let toggle = {
        let more = more.clone();
        Callback::from(move |_: MouseEvent| more.set(!*more))
    };
    let label = if *more {
        life().person_less
    } else {
        life().person_more
    };
    html! {
        <li class={classes!("person", person.away.then_some("is-away"))}>
            <span class={classes!("person-mark", hue_class(person.tag.hue))} aria-hidden="true">
                { tag_shape(person.tag.shape) }
            </span>
            <div class="person-lines">
                <span class="person-name" dir="auto" title={person.name.clone()}>{ &person.name }</span>
                <span class="person-facts">
                    { tag_badge(&person.tag, person.twin) }
                    if person.me {
                        <span class="badge badge-pine">{ words.you }</span>
                    }
                    if rules.verified.contains(&person.id) {
                        <span class="badge badge-pine">{ icon(Glyph::Check) }{ life().verified }</span>
                    }
                    if rules.holders.iter().any(|who| who.id == person.id) {
                        <span class="badge">{ icon(Glyph::Key) }{ life().governs }</span>
                    }
                    if person.bot.is_some() {
                        <span class="badge badge-brass">{ icon(Glyph::Bot) }{ words.bot }</span>
                    }
                    if person.away {
                        <span class="badge">{ words.away }</span>
                    }
                    if is_muted {
                        <span class="badge">{ talk().muted }</span>
                    }
                    if unread > 0 {
                        <span class="badge badge-private">{ icon(Glyph::Lock) }{ count(unread, talk().unread_one, talk().unread_many) }</span>
                    }
                </span>
            </div>
            if !person.me {
                <span class="person-tools">
                    <IconButton glyph={Glyph::Lock} label={fill(talk().speak_to, &[("name", &person.name)])} onclick={speak} />
                    <IconButton
                        glyph={if is_muted { Glyph::Eye } else { Glyph::EyeOff }}
                        label={fill(if is_muted { talk().unmute } else { talk().mute }, &[("name", &person.name)])}
                        onclick={act(Action::Mute { id: person.id, muted: !is_muted })}
                    />
                    <IconButton glyph={Glyph::More} label={fill(label, &[("name", &person.name)])} expanded={*more} onclick={toggle} />
                </span>
            }
            if let Some(to) = &person.bot {
                <p class="person-warning">{ icon(Glyph::Bot) }<span dir="auto">{ fill(words.bot_to, &[("to", to)]) }</span></p>
            }
            if *more {
                { later::powers(PersonPowersProps { person: person.clone() }) }
            }
            if person.twin {
                <p class="person-warning">{ icon(Glyph::Warning) }<span>{ words.twin }</span></p>
            }
        </li>
    }
}
