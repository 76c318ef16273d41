//! What can be done about a person: compare keys, and for those who govern the room, more.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::icon::{Glyph, icon};
use super::verify_sheet::VerifySheet;
use crate::handle::Handle;
use crate::shared::Shared;
use crate::state::{Order, Person, RoomCard};
use crate::words::{fill, life, words};

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
        let (handle, asks) = (handle.clone(), asks.clone());
        Callback::from(move |_: MouseEvent| {
            asks.set(false);
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
        let question = fill(life.remove_question, &[("name", &props.person.name)]);
        return html! {
            <div class="person-powers">
                <p class="warning-box" role="alert">{ icon(Glyph::Warning) }<span dir="auto">{ question }{ " " }{ life.remove_honest }</span></p>
                <div class="powers-row">
                    <Button weight={Weight::Danger} class="button-small" onclick={govern(Order::Remove(id))}>{ life.remove }</Button>
                    <Button weight={Weight::Quiet} class="button-small" onclick={set(&asks, false)}>{ words().cancel }</Button>
                </div>
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
