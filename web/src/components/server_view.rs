//! The server's-eye view: the exact bytes, both ways.

use yew::prelude::*;

use super::bytes_text::{Layer, Notation};
use super::explanation::point;
use super::icon::Glyph;
use super::segments::Segments;
use super::wire_row::WireRow;
use crate::shared::Shared;
use crate::state::{RoomCard, Wire};
use crate::words::{fill, words};

/// Records on the page.
const SHOWN: usize = 40;

/// The view.
#[component]
pub fn ServerView() -> Html {
    let words = words();
    let wire = use_context::<Shared<Wire>>().unwrap_or_default();
    let card = use_context::<Shared<RoomCard>>();
    let notation = use_state_eq(|| Notation::Hex);
    let layer = use_state_eq(|| Layer::Relay);
    let explains = use_state_eq(|| true);
    let onnotation = {
        let notation = notation.clone();
        Callback::from(move |index| {
            notation.set(if index == 0 {
                Notation::Hex
            } else {
                Notation::Base64
            })
        })
    };
    let onlayer = {
        let layer = layer.clone();
        Callback::from(move |index| {
            layer.set(if index == 0 {
                Layer::Relay
            } else {
                Layer::Network
            })
        })
    };
    let onexplain = {
        let explains = explains.clone();
        Callback::from(move |_: Event| explains.set(!*explains))
    };
    let (sent, received) = wire.totals();
    let totals = fill(
        words.totals,
        &[("sent", &size(sent)), ("received", &size(received))],
    );
    let address = card
        .map(|card| card.address.chars().take(16).collect::<String>())
        .unwrap_or_default();
    html! {
        <div class="server-view">
            <p>{ words.server_view_intro }</p>
            <div class="view-tools">
                <Segments
                    name="layer"
                    label={words.layer_label}
                    labels={vec![words.at_relay, words.on_the_wire]}
                    chosen={usize::from(*layer == Layer::Network)}
                    onchoose={onlayer}
                />
                <Segments
                    name="notation"
                    label={words.bytes_as}
                    labels={vec![words.show_hex, words.show_base64]}
                    chosen={usize::from(*notation == Notation::Base64)}
                    onchoose={onnotation}
                />
                <label class="choice-inline">
                    <input type="checkbox" checked={*explains} onchange={onexplain} />{ words.beginner }
                </label>
            </div>
            if *explains {
                <div class="facts-two">
                    <div class="sees">
                        <h3>{ words.relay_knows }</h3>
                        <ul>
                            { point(Glyph::Eye, fill(words.relay_knows_1, &[("address", &format!("{address}…"))])) }
                            { point(Glyph::Eye, words.relay_knows_2.to_owned()) }
                            { point(Glyph::Eye, words.relay_knows_3.to_owned()) }
                        </ul>
                    </div>
                    <div class="sees-not">
                        <h3>{ words.relay_blind }</h3>
                        <ul>
                            { for [words.relay_blind_1, words.relay_blind_2, words.relay_blind_3]
                                .map(|line| point(Glyph::EyeOff, line.to_owned())) }
                        </ul>
                    </div>
                </div>
            }
            <p class="small soft">{ totals }</p>
            if wire.count() == 0 {
                <p class="soft">{ words.server_view_empty }</p>
            }
            <ol class="wire-list">
                { for wire.newest_first().take(SHOWN).map(|record| html! {
                    <WireRow
                        key={record.number}
                        record={record.clone()}
                        layer={*layer}
                        notation={*notation}
                        explains={*explains}
                    />
                }) }
            </ol>
        </div>
    }
}

fn size(bytes: u64) -> String {
    if bytes < 10_000 {
        format!("{bytes} B")
    } else {
        format!("{} kB", bytes / 1_000)
    }
}
