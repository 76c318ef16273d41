//! One person in the list.

use yew::prelude::*;

use super::hue::hue_class;
use super::icon::{Glyph, icon};
use super::tag::{tag_badge, tag_shape};
use crate::state::Person;
use crate::words::{fill, words};

/// What [`PersonRow`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct PersonRowProps {
    /// The person.
    pub person: Person,
}

/// Name, tag, and whatever else is true.
#[component]
pub fn PersonRow(props: &PersonRowProps) -> Html {
    let words = words();
    let person = &props.person;
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
                    if person.bot.is_some() {
                        <span class="badge badge-brass">{ icon(Glyph::Bot) }{ words.bot }</span>
                    }
                    if person.away {
                        <span class="badge">{ words.away }</span>
                    }
                </span>
            </div>
            if let Some(to) = &person.bot {
                <p class="person-warning">{ icon(Glyph::Bot) }<span dir="auto">{ fill(words.bot_to, &[("to", to)]) }</span></p>
            }
            if person.twin {
                <p class="person-warning">{ icon(Glyph::Warning) }<span>{ words.twin }</span></p>
            }
        </li>
    }
}
