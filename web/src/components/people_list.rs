//! Who is here.

use yew::prelude::*;

use super::person_row::PersonRow;
use super::rename_form::RenameFormProps;
use crate::later;
use crate::shared::Shared;
use crate::state::People;
use crate::words::{count, words};

/// What [`PeopleList`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct PeopleListProps {
    /// Somebody is spoken to from now on.
    #[prop_or_default]
    pub onspeak: Callback<()>,
}

/// The list, this person first, and the form to take another name.
#[component]
pub fn PeopleList(props: &PeopleListProps) -> Html {
    let words = words();
    let people = use_context::<Shared<People>>().unwrap_or_default();
    let me = people
        .me()
        .map(|me| AttrValue::from(me.name.clone()))
        .unwrap_or_default();
    html! {
        <>
            <h2 class="people-title">{ count(people.present(), words.people_one, words.people_many) }</h2>
            <ul aria-label={words.people}>
                { for people.list().iter().map(|person| html! {
                    <PersonRow key={person.id.key()} person={person.clone()} onspeak={props.onspeak.clone()} />
                }) }
            </ul>
            { later::rename(RenameFormProps { name: me }) }
        </>
    }
}
