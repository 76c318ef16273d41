//! Everything about leaping that is said above a conversation, or in place of one that is over: who asks, how far the own
//! leap is, who has come along, and why to leap.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::face::{face_view, spoken};
use super::icon::{Glyph, icon};
use super::ring::ring;
use super::tag::tag_badge;
use crate::contexts::Dispatch;
use crate::handle::{Handle, LeapCommand};
use crate::shared::Shared;
use crate::state::{Action, Advice, Asked, LeapAction, Leaps, OwnLeap, People, Who};
use crate::words::{count, fill, leap, words};

/// What [`LeapStrip`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct LeapStripProps {
    /// The sheet is wanted. Without one, a reason to leap is not shown.
    #[prop_or_default]
    pub onleap: Option<Callback<()>>,
}

/// The strips; nothing where there is nothing to say.
#[component]
pub fn LeapStrip(props: &LeapStripProps) -> Html {
    let leaps = use_context::<Shared<Leaps>>().unwrap_or_default();
    let dispatch = use_context::<Dispatch>();
    let forget = |action: LeapAction| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(dispatch) = &dispatch {
                dispatch.dispatch(Action::Leap(action.clone()));
            }
        })
    };
    let advice = leaps.advice.as_ref().filter(|_| leaps.own.is_none());
    html! {
        <>
            { for leaps.asked.iter().map(|asked| html! { <AskedStrip key={asked.id} asked={asked.clone()} is_over={props.onleap.is_none()} /> }) }
            if let Some(own) = &leaps.own {
                { own_strip(own, forget(LeapAction::Own(None))) }
            }
            if !leaps.party.is_empty() {
                <PartyStrip party={leaps.party.clone()} onclose={forget(LeapAction::Party(Vec::new()))} />
            }
            if let (Some(advice), Some(onleap)) = (advice, &props.onleap) {
                <div class="strip" role="status">
                    { icon(Glyph::Warning) }
                    <span class="strip-text leap-text">{ advise(advice) }</span>
                    <Button weight={Weight::Primary} class="button-small" onclick={onleap.reform(|_: MouseEvent| ())}>{ leap().leap }</Button>
                    <Button weight={Weight::Quiet} class="button-small" onclick={forget(LeapAction::Advice(None))}>{ leap().not_now }</Button>
                </div>
            }
        </>
    }
}

fn advise(advice: &Advice) -> String {
    match advice {
        Advice::Rewritten => leap().rewritten.to_owned(),
        Advice::Removed(name) => fill(leap().removed, &[("name", name)]),
    }
}

fn own_strip(own: &OwnLeap, forget: Callback<MouseEvent>) -> Html {
    let leap = leap();
    let (share, text) = match own {
        OwnLeap::Key(progress) => (Some(progress.share()), leap.key.to_owned()),
        OwnLeap::Opening => (None, leap.opening.to_owned()),
        OwnLeap::Asking(people) => (None, count(*people, leap.asking_one, leap.asking_many)),
        OwnLeap::Failed => {
            return html! {
                <div class="strip strip-grave" role="alert">
                    { icon(Glyph::Warning) }
                    <span class="strip-text leap-text">{ leap.failed }</span>
                    <Button class="button-small" onclick={forget}>{ leap.dismiss }</Button>
                </div>
            };
        }
    };
    html! {
        <div class="strip strip-calm">
            { ring(share, true) }
            <span class="strip-text leap-text" role="status">{ text }</span>
            <CancelLeap />
        </div>
    }
}

#[component]
fn CancelLeap() -> Html {
    let handle = use_context::<Handle>();
    let onclick = Callback::from(move |_: MouseEvent| {
        if let Some(handle) = &handle {
            handle.leap(LeapCommand::Cancel);
        }
    });
    html! { <Button weight={Weight::Quiet} class="button-small" {onclick}>{ words().cancel }</Button> }
}

/// What [`AskedStrip`] takes.
#[derive(Clone, PartialEq, Properties)]
struct AskedStripProps {
    asked: Asked,
    /// The room that it was asked in is no more.
    is_over: bool,
}

/// Somebody asks. Nothing happens before one of the two buttons.
#[component]
fn AskedStrip(props: &AskedStripProps) -> Html {
    let leap = leap();
    let asked = &props.asked;
    let handle = use_context::<Handle>();
    let run = |command: LeapCommand| {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                handle.leap(command.clone());
            }
        })
    };
    {
        let handle = handle.clone();
        use_effect_with(asked.id, move |id| {
            if let Some(handle) = handle {
                handle.leap(LeapCommand::Look(*id));
            }
        });
    }
    let named: &[(&str, &str)] = &[("name", &asked.by.name)];
    // The tag belongs right beside the name.
    let (before, after) = leap.asks.split_once("{name}").unwrap_or_default();
    let others: Vec<&str> = asked
        .party
        .iter()
        .filter(|who| !who.me)
        .map(|who| who.name.as_str())
        .collect();
    let compared = if asked.verified {
        leap.compared
    } else {
        leap.not_compared
    };
    html! {
        <section class="leap-asked" aria-label={fill(leap.asks, named)}>
            <span class="only-spoken" role="alert">{ fill(leap.asks_spoken, named) }</span>
            <div class="leap-words">
                <p class="leap-title">{ before }<bdi>{ &asked.by.name }</bdi>{ " " }{ tag_badge(&asked.by.tag, true) }{ after }</p>
                <p class="soft small">{ compared }</p>
                if !others.is_empty() {
                    <p class="soft small" dir="auto">{ fill(leap.asks_others, &[("names", &others.join(", "))]) }</p>
                }
                if let Some(face) = &asked.face {
                    <p class="leap-face"><span class="soft small">{ leap.face }</span>{ face_view(face, false) }<span class="soft small">{ spoken(face) }</span></p>
                } else {
                    <p class="leap-face soft small">{ ring(None, true) }{ leap.face_making }</p>
                }
            </div>
            <div class="leap-answers">
                <Button weight={Weight::Primary} onclick={run(LeapCommand::Go(asked.id))}>{ leap.accept }</Button>
                <Button onclick={run(LeapCommand::Stay(asked.id))}>{ if props.is_over { leap.not_now } else { leap.stay } }</Button>
            </div>
        </section>
    }
}

/// What [`PartyStrip`] takes.
#[derive(Clone, PartialEq, Properties)]
struct PartyStripProps {
    party: Vec<Who>,
    onclose: Callback<MouseEvent>,
}

/// Who has come along, and who is still awaited.
#[component]
fn PartyStrip(props: &PartyStripProps) -> Html {
    let leap = leap();
    let Some(people) = use_context::<Shared<People>>() else {
        return Html::default();
    };
    let awaited: Vec<_> = props
        .party
        .iter()
        .filter(|who| people.find(who.id).is_none())
        .collect();
    let all = props.party.len();
    let came = [
        ("n", &*(all - awaited.len()).to_string()),
        ("all", &all.to_string()),
    ]
    .map(|(gap, number)| (gap, number.to_owned()));
    let came: Vec<_> = came.iter().map(|(gap, number)| (*gap, &**number)).collect();
    html! {
        <div class="strip strip-calm">
            { icon(Glyph::People) }
            <span class="strip-text leap-text" role="status">
                if awaited.is_empty() {
                    { leap.party_here }
                } else {
                    { fill(leap.party_count, &came) }{ " " }{ leap.party_waits }
                    { for awaited.iter().map(|who| html! { <span class="leap-who">{ " " }<bdi>{ &who.name }</bdi>{ " " }{ tag_badge(&who.tag, false) }</span> }) }
                }
            </span>
            <Button weight={Weight::Quiet} class="button-small" onclick={props.onclose.clone()}>{ leap.dismiss }</Button>
        </div>
    }
}
