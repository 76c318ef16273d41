//! How far an own message got, and what can be done about it.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::copy_button::{Copies, CopyButton};
use super::icon::{Glyph, icon};
use super::message_marks::SeenMark;
use crate::handle::Handle;
use crate::state::{Delivery, EntryId, Said};
use crate::words::words;

/// What [`DeliveryLine`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct DeliveryLineProps {
    /// Its line.
    pub line: EntryId,
    /// The message.
    pub said: Said,
}

/// Sending, relayed, or not delivered with Retry.
#[component]
pub fn DeliveryLine(props: &DeliveryLineProps) -> Html {
    let words = words();
    let handle = use_context::<Handle>();
    let local = props.said.local;
    let press = |action: fn(&Handle, u32)| {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            if let (Some(handle), Some(local)) = (&handle, local) {
                action(handle, local);
            }
        })
    };
    let content = match &props.said.delivery {
        Delivery::Received => Html::default(),
        Delivery::Sending => html! { <>{ icon(Glyph::Clock) }{ words.sending }</> },
        Delivery::Relayed => {
            html! { <>{ icon(Glyph::Check) }{ words.relayed }<SeenMark line={props.line} /></> }
        }
        Delivery::Failed(why) => html! {
            <>
                { icon(Glyph::Warning) }
                <span>{ words.failed }{ " " }{ why }</span>
                <span class="message-actions">
                    <Button weight={Weight::Link} onclick={press(Handle::retry)}>{ words.retry }</Button>
                    if let Some(text) = props.said.what.wording() {
                        <CopyButton weight={Weight::Link} copies={Copies::Text(text.text.to_string().into())} label={words.copy} />
                    }
                    <Button weight={Weight::Link} onclick={press(Handle::discard)}>{ words.discard }</Button>
                </span>
            </>
        },
    };
    html! { <div class="message-foot">{ content }</div> }
}
