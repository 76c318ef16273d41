//! One message.

use std::rc::Rc;

use text::Filters;
use yew::prelude::*;

use super::clock::hour;
use super::delivery_line::DeliveryLine;
use super::file_card::FileCard;
use super::hue::hue_class;
use super::log_rows::at;
use super::message_text::MessageText;
use super::tag::tag_badge;
use crate::state::{Delivery, Entry, EntryKind, What};
use crate::words::words;

/// What [`MessageRow`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct MessageRowProps {
    /// The line; draws nothing if it is no message.
    pub entry: Rc<Entry>,
    /// The message above is of the same author.
    pub follows: bool,
    /// Somebody here has the same name, so the tag stands out.
    pub is_twin: bool,
    /// The reader asked to see it without filters.
    pub is_revealed: bool,
    /// The filters.
    pub filters: Filters,
}

/// Who, when, what, and how far it got.
#[component]
pub fn MessageRow(props: &MessageRowProps) -> Html {
    let EntryKind::Said(said) = &props.entry.kind else {
        return Html::default();
    };
    let is_failed = matches!(said.delivery, Delivery::Failed(_));
    let class = classes!(
        "message",
        said.mine.then_some("message-mine"),
        props.follows.then_some("is-follow"),
        is_failed.then_some("message-failed"),
    );
    let time = hour(at(&props.entry));
    html! {
        <article id={format!("e{}", props.entry.id.0)} {class}>
            if props.follows {
                <span class="only-spoken">{ &said.name }{ " " }{ &time }</span>
            } else {
                <p class="message-head">
                    <bdi class={classes!("name", hue_class(said.tag.hue))}>{ &said.name }</bdi>
                    { tag_badge(&said.tag, props.is_twin) }
                    if said.mine {
                        <span class="badge badge-pine">{ words().you }</span>
                    }
                    <time class="message-time">{ &time }</time>
                </p>
            }
            <div class="bubble" dir="auto" title={props.follows.then_some(time)}>
                if let What::File(file) = &said.what {
                    <FileCard file={Rc::clone(file)} mine={said.mine} />
                } else {
                    <MessageText
                        id={props.entry.id}
                        what={said.what.clone()}
                        filters={props.filters}
                        is_revealed={props.is_revealed}
                    />
                }
            </div>
            if said.mine && said.delivery != Delivery::Received {
                <DeliveryLine said={said.clone()} />
            }
        </article>
    }
}
