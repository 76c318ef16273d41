//! What those who govern a room can do with it, and what the others can ask for.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::icon::Glyph;
use crate::handle::Handle;
use crate::shared::Shared;
use crate::state::{Lifetime, Order, RoomCard, Settings};
use crate::words::life;

/// The powers.
#[component]
pub fn RoomPowers() -> Html {
    let life = life();
    let handle = use_context::<Handle>();
    let settings = use_context::<Shared<Settings>>().unwrap_or_default();
    let Some(card) = use_context::<Shared<RoomCard>>() else {
        return Html::default();
    };
    let rules = &card.rules;
    let govern = |order: Order| {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                handle.govern(order);
            }
        })
    };
    if !rules.mine {
        let ask = {
            let handle = handle.clone();
            Callback::from(move |_: MouseEvent| {
                if let Some(handle) = &handle {
                    // A sentence of the app's own is neither empty nor too long.
                    let _ = handle.say(life.ask_time_text.into());
                }
            })
        };
        return html! {
            <section class="powers">
                <p class="soft small">{ life.powers_not_mine }</p>
                if card.closes_at.is_some() {
                    <Button glyph={Glyph::Clock} class="button-small" onclick={ask}>{ life.ask_time }</Button>
                }
            </section>
        };
    }
    let (lock_label, lock_note) = if rules.locked {
        (life.unlock, life.locked_note)
    } else {
        (life.lock, life.lock_note)
    };
    let everyone = rules.everyone_purges;
    let onpurgers = {
        let handle = handle.clone();
        Callback::from(move |_: Event| {
            if let Some(handle) = &handle {
                handle.govern(Order::EveryonePurges(!everyone));
            }
        })
    };
    html! {
        <section class="powers">
            <h3>{ life.powers_title }</h3>
            <div class="powers-part" role="group" aria-label={life.powers_time}>
                <span class="field-label">{ life.powers_time }</span>
                <div class="powers-row">
                    { for times().into_iter().map(|(lifetime, label)| html! {
                        <Button class="button-small" onclick={govern(Order::Lifetime(lifetime))}>{ label }</Button>
                    }) }
                </div>
            </div>
            <div class="powers-part">
                <Button glyph={Glyph::Lock} onclick={govern(Order::Lock(!rules.locked))}>{ lock_label }</Button>
                <p class="soft small">{ lock_note }</p>
            </div>
            <label class="choice">
                <input type="checkbox" checked={everyone} onchange={onpurgers} />
                <span class="choice-title">{ life.everyone_purges }</span>
                <span class="choice-note">{ life.everyone_purges_note }</span>
            </label>
            <div class="powers-part">
                <Button weight={Weight::Quiet} glyph={Glyph::Filter} class="button-small" onclick={govern(Order::Filters(settings.filters))}>{ life.powers_filters }</Button>
                <p class="soft small">{ life.powers_filters_note }</p>
            </div>
        </section>
    }
}

fn times() -> [(Lifetime, &'static str); 5] {
    let life = life();
    [
        (Lifetime::QuarterHour, life.time_quarter),
        (Lifetime::Hour, life.time_hour),
        (Lifetime::Day, life.time_day),
        (Lifetime::Week, life.time_week),
        (Lifetime::UntilEmpty, life.time_empty),
    ]
}
