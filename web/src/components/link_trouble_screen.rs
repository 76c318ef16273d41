//! The link that brought somebody here cannot be used as it is.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::ending::{Ending, Tone};
use super::icon::Glyph;
use super::paste_link::PasteForm;
use crate::handle::Handle;
use crate::state::LinkTrouble;
use crate::words::{fill, words};

/// What [`LinkTroubleScreen`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct LinkTroubleScreenProps {
    /// What is wrong with it.
    pub trouble: LinkTrouble,
}

/// What is wrong with the link, and the way on.
#[component]
pub fn LinkTroubleScreen(props: &LinkTroubleScreenProps) -> Html {
    let words = words();
    let handle = use_context::<Handle>();
    let press = |action: fn(&Handle)| {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                action(handle);
            }
        })
    };
    let new_room = |weight: Weight, label: &'static str| {
        html! { <Button {weight} onclick={press(Handle::start_over)}>{ label }</Button> }
    };
    match &props.trouble {
        LinkTrouble::Incomplete => html! {
            <Ending
                glyph={Glyph::Link}
                title={words.link_incomplete}
                text={words.link_incomplete_text}
                extra={html! { <div class="ending-form"><PasteForm /></div> }}
            >
                { new_room(Weight::Plain, words.new_room) }
            </Ending>
        },
        LinkTrouble::Rewritten { can_join } => html! {
            <Ending glyph={Glyph::Warning} tone={Tone::Grave} title={words.link_rewritten} text={words.link_rewritten_text}>
                { new_room(Weight::Primary, words.new_room) }
                if *can_join {
                    <Button onclick={press(Handle::join_anyway)}>{ words.join_anyway }</Button>
                }
            </Ending>
        },
        LinkTrouble::OtherRelay { host } => html! {
            <Ending glyph={Glyph::Relay} title={words.link_other} text={fill(words.link_other_text, &[("host", host)])}>
                { new_room(Weight::Primary, words.new_room) }
            </Ending>
        },
        LinkTrouble::Newer => html! {
            <Ending glyph={Glyph::Again} title={words.link_newer} text={words.link_newer_text}>
                <Button weight={Weight::Primary} onclick={press(Handle::reload)}>{ words.reload }</Button>
                { new_room(Weight::Plain, words.new_room) }
            </Ending>
        },
    }
}
