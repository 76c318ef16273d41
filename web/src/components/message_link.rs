//! A link in a message. A press first shows where it leads.

use text::Host;
use yew::prelude::*;

use super::link_sheet::LinkSheetProps;
use crate::later;
use crate::words::{fill, words};

/// What [`MessageLink`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct MessageLinkProps {
    /// The words of the link.
    pub shown: AttrValue,
    /// Where it leads.
    pub href: AttrValue,
    /// The host, in both spellings.
    pub host: Host,
}

/// The link, a warning where its words mislead, and the sheet that opens before anything else does.
#[component]
pub fn MessageLink(props: &MessageLinkProps) -> Html {
    let is_asking = use_state_eq(|| false);
    let onclick = {
        let is_asking = is_asking.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            is_asking.set(true);
        })
    };
    // The middle button makes no click; the right one belongs to the browser's menu.
    // The middle button makes no click; the right one belongs to the browser's menu.
    let onauxclick = {
        let onclick = onclick.clone();
        Callback::from(move |event: MouseEvent| {
            if event.button() == 1 {
                onclick.emit(event);
            }
        })
    };
    let onclose = {
        let is_asking = is_asking.clone();
        Callback::from(move |()| is_asking.set(false))
    };
    html! {
        <>
            <a
                class="message-link"
                href={props.href.clone()}
                target="_blank"
                rel="noopener noreferrer nofollow"
                title={props.host.unicode.clone()}
                {onauxclick}
                {onclick}
            >
                { props.shown.clone() }
            </a>
            { warning(&props.host) }
            if *is_asking {
                { later::link(LinkSheetProps { href: props.href.clone(), host: props.host.clone(), onclose }) }
            }
        </>
    }
}

fn warning(host: &Host) -> Html {
    let words = words();
    let mut parts = Vec::new();
    if host.mismatch {
        parts.push(fill(words.link_mismatch, &[("host", &host.punycode)]));
    }
    if host.confusable {
        parts.push(format!("{}: {}", words.link_confusable, host.punycode));
    }
    if parts.is_empty() {
        return Html::default();
    }
    html! { <bdi class="link-warning">{ " (" }{ parts.join(", ") }{ ")" }</bdi> }
}
