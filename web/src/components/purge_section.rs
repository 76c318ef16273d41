//! Close the room for everybody.

use yew::prelude::*;

use super::hold_button::HoldButton;
use crate::handle::Handle;
use crate::shared::Shared;
use crate::state::RoomCard;
use crate::words::life;

/// What [`PurgeSection`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct PurgeSectionProps {
    /// It was asked for: what comes is shown elsewhere.
    pub onclose: Callback<()>,
}

/// The button and what it does; nothing for those who may not.
#[component]
pub fn PurgeSection(props: &PurgeSectionProps) -> Html {
    let life = life();
    let handle = use_context::<Handle>();
    let may = use_context::<Shared<RoomCard>>().is_some_and(|card| card.rules.may_purge);
    if !may {
        return Html::default();
    }
    let onheld = {
        let onclose = props.onclose.clone();
        Callback::from(move |()| {
            if let Some(handle) = &handle {
                handle.purge();
            }
            onclose.emit(());
        })
    };
    html! {
        <section class="powers powers-grave">
            <h3>{ life.purge_title }</h3>
            <p class="soft small">{ life.purge_note }</p>
            <HoldButton label={life.purge_hold} again={life.purge_again} {onheld} />
        </section>
    }
}
