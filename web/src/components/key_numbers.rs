//! The numbers behind the plain words.

use yew::prelude::*;

use super::clock::tenths;
use super::key_changed::grouped;
use crate::shared::Shared;
use crate::state::RoomCard;
use crate::words::{fill, words};

/// A table of keys, rounds and versions. Nothing in it is secret.
#[component]
pub fn KeyNumbers() -> Html {
    let words = words();
    let Some(card) = use_context::<Shared<RoomCard>>() else {
        return Html::default();
    };
    let took = tenths(card.key_took);
    let rows = [
        (words.number_relay_key, grouped(&card.fingerprint), true),
        (words.number_address, grouped(&card.address), true),
        (
            words.number_stretch,
            fill(words.number_stretch_value, &[("t", &took)]),
            false,
        ),
        (
            words.number_message,
            words.number_message_value.to_owned(),
            false,
        ),
        (
            words.number_tunnel,
            words.number_tunnel_value.to_owned(),
            false,
        ),
        (
            words.number_version,
            env!("CARGO_PKG_VERSION").to_owned(),
            true,
        ),
    ];
    html! {
        <section>
            <h3>{ words.numbers_title }</h3>
            <table class="table">
                <tbody>
                    { for rows.into_iter().map(|(name, value, is_key)| html! {
                        <tr>
                            <th scope="row">{ name }</th>
                            <td class={is_key.then_some("key")}>{ value }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </section>
    }
}
