//! What can be done about a person: compare keys, and for those who govern the room, more.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::icon::Glyph;
use super::remove_question::RemoveQuestion;
use super::verify_sheet::VerifySheet;
use crate::handle::Handle;
use crate::shared::Shared;
use crate::state::{Order, Person, RoomCard};
use crate::words::life;

/// What [`PersonPowers`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct PersonPowersProps {
    /// The person.
    pub person: Person,
}

/// Compare with them; for those who govern also share, hand on and remove. Removing is asked about
/// once, with what it does not do.
#[component]
pub fn PersonPowers(props: &PersonPowersProps) -> Html {
    let life = life();
    let handle = use_context::<Handle>();
    let asks = use_state_eq(|| false);
    let compares = use_state_eq(|| false);
    let Some(card) = use_context::<Shared<RoomCard>>() else {
        return Html::default();
    };
    let (rules, id) = (&card.rules, props.person.id);
    let govern = |order: Order| {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                handle.govern(order);
            }
        })
    };
    let set = |state: &UseStateHandle<bool>, value: bool| {
        let state = state.clone();
        Callback::from(move |_: MouseEvent| state.set(value))
    };
    if *asks {
        let onanswer = Callback::from(move |_: bool| asks.set(false));
        return html! {
            <div class="person-powers">
                <RemoveQuestion {id} name={props.person.name.clone()} {onanswer} />
            </div>
        };
    }
    let governs = rules.holders.iter().any(|who| who.id == id);
    let verified = rules.verified.contains(&id);
    let onclose = {
        let compares = compares.clone();
        Callback::from(move |()| compares.set(false))
    };
    html! {
        <div class="person-powers powers-row">
            <Button glyph={Glyph::Eye} class="button-small" onclick={set(&compares, true)}>{ life.verify }</Button>
            if rules.mine && !governs {
                <Button class="button-small" onclick={govern(Order::Share(id))}>{ life.share_control }</Button>
                <Button class="button-small" onclick={govern(Order::HandOn(id))}>{ life.hand_on }</Button>
            }
            if rules.mine {
                <Button weight={Weight::Danger} class="button-small" onclick={set(&asks, true)}>{ life.remove }</Button>
            }
            if *compares {
                <VerifySheet person={props.person.clone()} {verified} {onclose} />
            }
        </div>
    }
}
