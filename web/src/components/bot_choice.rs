//! What can be done about a bot that came in: whoever governs the room removes it, everybody else need not hear it.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::remove_question::RemoveQuestion;
use crate::contexts::Dispatch;
use crate::shared::Shared;
use crate::state::{Action, PersonId, RoomCard, Talk};
use crate::words::{fill, life, talk};

/// What [`BotChoice`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct BotChoiceProps {
    /// The bot.
    pub id: PersonId,
    /// Its name.
    pub name: String,
}

/// Remove, or mute.
#[component]
pub fn BotChoice(props: &BotChoiceProps) -> Html {
    let id = props.id;
    let dispatch = use_context::<Dispatch>();
    let asks = use_state_eq(|| false);
    let removed = use_state_eq(|| false);
    let governs = use_context::<Shared<RoomCard>>().is_some_and(|card| card.rules.mine);
    let is_muted = use_context::<Shared<Talk>>().is_some_and(|talk| talk.muted.contains(&id));
    if *removed {
        return Html::default();
    }
    if *asks {
        let onanswer = Callback::from(move |yes: bool| {
            asks.set(false);
            removed.set(yes);
        });
        return html! { <RemoveQuestion {id} name={props.name.clone()} {onanswer} /> };
    }
    if governs {
        let onclick = Callback::from(move |_: MouseEvent| asks.set(true));
        return html! { <Button weight={Weight::Link} {onclick}>{ life().remove }</Button> };
    }
    let label = if is_muted { talk().unmute } else { talk().mute };
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(dispatch) = &dispatch {
            dispatch.dispatch(Action::Mute {
                id,
                muted: !is_muted,
            });
        }
    });
    html! { <Button weight={Weight::Link} {onclick}>{ fill(label, &[("name", &props.name)]) }</Button> }
}
