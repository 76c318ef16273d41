//! The seconds in which closing the room can still be undone.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::clock::use_now;
use super::focus;
use super::icon::{Glyph, icon};
use crate::handle::Handle;
use crate::shared::Shared;
use crate::state::RoomCard;
use crate::words::{fill, life};

/// The strip; nothing unless the room is about to be closed from here.
#[component]
pub fn PurgeStrip() -> Html {
    let life = life();
    let handle = use_context::<Handle>();
    let at = use_context::<Shared<RoomCard>>().and_then(|card| card.purges_at);
    let now = use_now(at.is_some());
    // The button goes with the strip, and whoever pressed it is somewhere.
    use_effect_with(at.is_some(), |_| focus::give_back);
    let Some(at) = at else {
        return Html::default();
    };
    let undo = Callback::from(move |_: MouseEvent| {
        if let Some(handle) = &handle {
            handle.undo_purge();
        }
    });
    let seconds = at.saturating_sub(now).as_millis().div_ceil(1_000);
    html! {
        <div class="strip strip-grave">
            // Said once; the seconds are only for the eye.
            <span class="only-spoken" role="alert">{ life.purging_spoken }</span>
            { icon(Glyph::Warning) }
            <span class="strip-text">{ fill(life.purging, &[("n", &seconds.to_string())]) }</span>
            <Button weight={Weight::Primary} class="button-small" onclick={undo}>{ life.undo }</Button>
        </div>
    }
}
