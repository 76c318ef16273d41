//! One message.

use std::rc::Rc;

use text::Filters;
use yew::prelude::*;

use super::clock::{exact, hour};
use super::delivery_line::DeliveryLine;
use super::file_card::FileCardProps;
use super::hue::hue_class;
use super::icon::{Glyph, icon};
use super::log_rows::at;
use super::message_marks::{EditedMarkProps, TimerMark};
use super::message_text::MessageText;
use super::message_tools::MessageTools;
use super::quote_view::QuoteViewProps;
use super::reactions_row::ReactionsRowProps;
use super::tag::tag_badge;
use crate::later;
use crate::state::{Delivery, Entry, EntryKind, LineFormat, What};
use crate::words::{fill, talk, words};

/// What [`MessageRow`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct MessageRowProps {
    /// The line; draws nothing if it is no message.
    pub entry: Rc<Entry>,
    /// The message above is of the same author.
    pub follows: bool,
    /// Somebody here has the same name, so the tag stands out.
    pub is_twin: bool,
    /// A program wrote it.
    pub is_bot: bool,
    /// The reader asked to see it without filters.
    pub is_revealed: bool,
    /// It names this person.
    pub is_mention: bool,
    /// Of a message between two people: the name of whoever it is for.
    pub to_name: Option<AttrValue>,
    /// Another layout of the line.
    pub format: LineFormat,
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
        said.to.is_some().then_some("is-private"),
        props.is_mention.then_some("is-mention"),
        matches!(said.what, What::Action(_)).then_some("is-action"),
    );
    let time = hour(at(&props.entry));
    let private = props.to_name.as_ref().map(|name| {
        let label = if said.mine {
            fill(talk().only_to, &[("name", name)])
        } else {
            talk().to_you.to_owned()
        };
        html! { <span class="badge badge-brass badge-private">{ icon(Glyph::Lock) }<bdi>{ label }</bdi></span> }
    });
    let bot = props.is_bot.then(|| {
        html! { <span class="badge badge-brass">{ icon(Glyph::Bot) }{ words().bot }</span> }
    });
    let is_classic = props.format == LineFormat::Classic;
    html! {
        <article id={format!("e{}", props.entry.id.0)} {class}>
            if is_classic {
                <p class="message-head">
                    <span>{ "[" }<time>{ exact(at(&props.entry)) }</time>{ " - " }<bdi class={classes!("name", hue_class(said.tag.hue))}>{ &said.name }</bdi>{ "]:" }</span>
                    if props.is_twin {
                        { tag_badge(&said.tag, true) }
                    }
                    { bot }
                    { private }
                </p>
            } else if props.follows {
                <span class="only-spoken">{ &said.name }{ " " }{ &time }</span>
                if let Some(private) = private {
                    <p class="message-head">{ private }</p>
                }
            } else {
                <p class="message-head">
                    <bdi class={classes!("name", hue_class(said.tag.hue))}>{ &said.name }</bdi>
                    { tag_badge(&said.tag, props.is_twin) }
                    { bot }
                    if said.mine {
                        <span class="badge badge-pine">{ words().you }</span>
                    }
                    { private }
                    <time class="message-time">{ &time }</time>
                </p>
            }
            <div class="message-line">
                <div class="bubble" dir="auto" title={props.follows.then_some(time)}>
                    if let Some(quote) = &said.marks.quote {
                        { later::quote(QuoteViewProps { quote: quote.clone(), filters: props.filters }) }
                    }
                    if let What::File(file) = &said.what {
                        { later::file(FileCardProps { file: Rc::clone(file), mine: said.mine }) }
                    } else {
                    if matches!(said.what, What::Action(_)) {
                        <bdi class="action-name">{ "* " }{ &said.name }{ " " }</bdi>
                    }
                    <MessageText
                        id={props.entry.id}
                        what={said.what.clone()}
                        filters={props.filters}
                        is_revealed={props.is_revealed}
                    />
                    }
                </div>
                if said.can_be_answered() {
                    <MessageTools line={props.entry.id} said={said.clone()} />
                }
            </div>
            if !said.marks.reactions.is_empty() {
                { later::reactions(ReactionsRowProps { said: said.clone() }) }
            }
            if !said.marks.before.is_empty() || said.marks.timer.is_some() || said.marks.late {
                <div class="message-foot">
                    if said.marks.late {
                        <span class="mark-late" title={talk().late_why}>{ talk().late }</span>
                    }
                    if !said.marks.before.is_empty() {
                        { later::edited(EditedMarkProps { said: said.clone() }) }
                    }
                    <TimerMark line={props.entry.id} said={said.clone()} />
                </div>
            }
            if said.mine && said.delivery != Delivery::Received {
                <DeliveryLine said={said.clone()} line={props.entry.id} />
            }
        </article>
    }
}
