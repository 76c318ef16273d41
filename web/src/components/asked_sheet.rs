//! What a command asks for and a button would ask about first: the same questions, in front of the conversation.

use yew::prelude::*;

use super::purge_section::PurgeSection;
use super::remove_question::RemoveQuestion;
use super::room_screen::Panel;
use super::sheet::{Place, Sheet};
use super::verify_sheet::VerifySheet;
use crate::shared::Shared;
use crate::state::{People, PersonId, RoomCard};
use crate::words::life;

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// To compare with somebody.
    Verify(PersonId),
    /// To remove somebody.
    Remove(PersonId),
    /// To close the room.
    Purge,
}

impl Asked {
    /// What a panel asks, if it is one of these.
    pub fn of(panel: Panel) -> Option<Self> {
        match panel {
            Panel::Verify(id) => Some(Self::Verify(id)),
            Panel::Remove(id) => Some(Self::Remove(id)),
            Panel::Purge => Some(Self::Purge),
            _ => None,
        }
    }
}

/// What [`AskedSheet`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct AskedSheetProps {
    /// What was asked for.
    pub asked: Asked,
    /// It asks to be closed.
    pub onclose: Callback<()>,
}

/// The sheet. Nothing, once the person it is about has gone.
#[component]
pub fn AskedSheet(props: &AskedSheetProps) -> Html {
    let people = use_context::<Shared<People>>().unwrap_or_default();
    let card = use_context::<Shared<RoomCard>>();
    let onclose = props.onclose.clone();
    let (title, content) = match props.asked {
        Asked::Verify(id) => {
            let verified = card.is_some_and(|card| card.rules.verified.contains(&id));
            return people.find(id).map_or_else(Html::default, |person| {
                html! { <VerifySheet person={person.clone()} {verified} {onclose} /> }
            });
        }
        Asked::Remove(id) => match people.find(id) {
            Some(person) => (
                life().remove,
                html! { <RemoveQuestion {id} name={person.name.clone()} onanswer={onclose.reform(|_: bool| ())} /> },
            ),
            None => return Html::default(),
        },
        Asked::Purge => (
            life().purge_sheet,
            html! { <PurgeSection onclose={onclose.clone()} /> },
        ),
    };
    html! { <Sheet {title} place={Place::Middle} {onclose}>{ content }</Sheet> }
}
