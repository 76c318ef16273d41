//! The room's card: which room this is, since when, until when, and who may change that.

use std::time::Duration;

use yew::prelude::*;

use super::button::Button;
use super::clock::{date, hour, left, local, use_now};
use super::face::{face_view, spoken};
use super::icon::Glyph;
use super::masked_name::MaskedName;
use super::purge_section::PurgeSection;
use super::room_powers::RoomPowers;
use super::sheet::{Place, Sheet};
use super::tag::tag_badge;
use crate::contexts::Dispatch;
use crate::shared::Shared;
use crate::state::{Action, Mode, RoomCard, Settings};
use crate::words::{fill, leap, life, words};

/// What [`CardSheet`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct CardSheetProps {
    /// Moving to a fresh room was asked for.
    pub onleap: Callback<()>,
    /// It asks to be closed.
    pub onclose: Callback<()>,
}

/// The card.
#[component]
pub fn CardSheet(props: &CardSheetProps) -> Html {
    let life = life();
    let dispatch = use_context::<Dispatch>();
    let settings = use_context::<Shared<Settings>>().unwrap_or_default();
    let card = use_context::<Shared<RoomCard>>();
    let now = use_now(true);
    let Some(card) = card else {
        return Html::default();
    };
    let veils = settings.veils_hidden;
    let onveil = Callback::from(move |_: Event| {
        if let Some(dispatch) = &dispatch {
            dispatch.dispatch(Action::VeilsHidden(!veils));
        }
    });
    html! {
        <Sheet title={life.card_title} place={Place::Middle} onclose={props.onclose.clone()}>
            <div class="card-sheet">
                <div class="card-face">
                    { face_view(&card.face, true) }
                    <p class="soft small">{ spoken(&card.face) }</p>
                    <p class="invited-name"><MaskedName masked={card.masked.clone()} /></p>
                </div>
                <table class="table">
                    <tbody>
                        { for facts(&card, now).into_iter().map(|(name, value)| html! {
                            <tr><th scope="row">{ name }</th><td>{ value }</td></tr>
                        }) }
                    </tbody>
                </table>
                <RoomPowers />
                <label class="choice">
                    <input type="checkbox" checked={veils} onchange={onveil} />
                    <span class="choice-title">{ life.veil }</span>
                    <span class="choice-note">{ life.veil_note }</span>
                </label>
                <section class="powers">
                    <h3>{ leap().title }</h3>
                    <p class="soft small">{ leap().card_note }</p>
                    <Button glyph={Glyph::Again} onclick={props.onleap.reform(|_: MouseEvent| ())}>{ leap().open }</Button>
                </section>
                <PurgeSection onclose={props.onclose.clone()} />
            </div>
        </Sheet>
    }
}

fn facts(card: &RoomCard, now: Duration) -> Vec<(&'static str, Html)> {
    let life = life();
    let rules = &card.rules;
    let holders = rules.holders.iter().map(|who| {
        if who.me {
            html! { <span class="badge badge-pine">{ words().you }</span> }
        } else {
            html! { <span><bdi>{ &who.name }</bdi>{ " " }{ tag_badge(&who.tag, false) }</span> }
        }
    });
    let holders = if rules.holders.is_empty() {
        html! { life.card_unknown }
    } else {
        html! { <span class="powers-row">{ for holders }</span> }
    };
    let closes = match card.closes_at {
        None => words().closes_empty.to_owned(),
        Some(at) => fill(
            life.card_closes_at,
            &[
                ("t", &moment(at, now)),
                ("left", &left(at.saturating_sub(now))),
            ],
        ),
    };
    let mode = match card.mode {
        Mode::ForwardSecret => words().mode_secret.to_owned(),
        Mode::OpenHistory { last } => fill(words().mode_open, &[("n", &last.to_string())]),
    };
    let lock = if rules.locked {
        life.card_locked
    } else {
        life.card_open
    };
    let purgers = if rules.everyone_purges {
        life.card_purge_everyone
    } else {
        life.card_purge_holders
    };
    vec![
        (life.card_governed_by, holders),
        (life.card_since, html! { moment(card.entered_at, now) }),
        (life.card_closes, html! { closes }),
        (life.card_history, html! { mode }),
        (life.card_door, html! { lock }),
        (life.card_purge, html! { purgers }),
    ]
}

/// "14:02", with the day where it is not today.
fn moment(at: Duration, now: Duration) -> String {
    if local(at).day == local(now).day {
        hour(at)
    } else {
        format!("{}, {}", date(at), hour(at))
    }
}
