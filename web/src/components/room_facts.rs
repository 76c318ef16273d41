//! What holds in this room: the time left, who may read what, a warning.

use std::time::Duration;

use yew::prelude::*;

use super::clock::{left, use_now};
use super::icon::{Glyph, icon};
use crate::shared::Shared;
use crate::state::{Mode, RoomCard};
use crate::words::{fill, life, words};

/// From here on the time left is shown in brass.
const SOON: Duration = Duration::from_secs(5 * 60);

/// The facts, in one line.
#[component]
pub fn RoomFacts() -> Html {
    let words = words();
    let card = use_context::<Shared<RoomCard>>();
    let now = use_now(card.as_ref().is_some_and(|card| card.closes_at.is_some()));
    let Some(card) = card else {
        return Html::default();
    };
    let (glyph, mode, short) = match card.mode {
        Mode::ForwardSecret => (
            Glyph::Lock,
            words.mode_secret.to_owned(),
            words.mode_secret_short.to_owned(),
        ),
        Mode::OpenHistory { last } => {
            let n = last.to_string();
            (
                Glyph::History,
                fill(words.mode_open, &[("n", &n)]),
                fill(words.mode_open_short, &[("n", &n)]),
            )
        }
    };
    let rest = card.closes_at.map(|at| at.saturating_sub(now));
    let is_soon = rest.is_some_and(|rest| rest <= SOON);
    let (time, said) = match rest {
        Some(rest) => (left(rest), fill(words.closes_in, &[("t", &left(rest))])),
        None => (
            words.lifetime_empty_short.to_owned(),
            words.closes_empty.to_owned(),
        ),
    };
    html! {
        <div class="room-facts">
            if card.guessable {
                <span class="badge badge-brass" title={words.guessable_badge_long}>
                    { icon(Glyph::Warning) }{ words.guessable_badge }
                </span>
            }
            <span class={classes!("fact", "countdown", is_soon.then_some("fact-soon"))} role="timer" aria-label={said.clone()} title={said}>
                { icon(Glyph::Clock) }{ time }
            </span>
            if card.rules.locked {
                <span class="badge">{ icon(Glyph::Lock) }{ life().badge_locked }</span>
            }
            <span class="fact" title={mode.clone()}>
                { icon(glyph) }
                <span class="fact-long">{ mode }</span>
                <span class="fact-short">{ short }</span>
            </span>
        </div>
    }
}
