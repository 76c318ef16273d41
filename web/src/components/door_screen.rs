//! The first screen: one name, one button.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::demo_sheet::DemoSheetProps;
use super::door_form::DoorForm;
use super::key_drawing::key_drawing;
use super::page::Page;
use crate::later;
use crate::state::Door;
use crate::words::words;

/// What [`DoorScreen`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct DoorScreenProps {
    /// The screen's data.
    pub door: Door,
}

/// The first screen.
#[component]
pub fn DoorScreen(props: &DoorScreenProps) -> Html {
    let words = words();
    let cut = use_state_eq(AttrValue::default);
    let shows_demo = use_state_eq(|| false);
    let oncut = {
        let cut = cut.clone();
        Callback::from(move |name: AttrValue| cut.set(name))
    };
    let open_demo = {
        let shows_demo = shows_demo.clone();
        Callback::from(move |_: MouseEvent| shows_demo.set(true))
    };
    let close_demo = {
        let shows_demo = shows_demo.clone();
        Callback::from(move |()| shows_demo.set(false))
    };
    html! {
        <Page>
            <div class="join">
                <div class="join-pitch">
                    <h1>{ words.door_headline }</h1>
                    <p>{ words.door_pitch }</p>
                    { key_drawing(&cut) }
                </div>
                <DoorForm door={props.door.clone()} {oncut} />
                <div class="join-promise">
                    <p><strong>{ words.promise_never }</strong>{ " " }{ words.promise_never_what }</p>
                    <p>
                        <strong>{ words.promise_sees }</strong>{ " " }{ words.promise_sees_what }{ " " }
                        <Button weight={Weight::Link} onclick={open_demo}>{ words.show_me }</Button>
                    </p>
                </div>
            </div>
            if *shows_demo {
                { later::demo(DemoSheetProps { onclose: close_demo }) }
            }
        </Page>
    }
}
