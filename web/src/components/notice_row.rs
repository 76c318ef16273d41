//! One line about something that happened.

use std::rc::Rc;

use yew::prelude::*;

use super::bot_choice::BotChoiceProps;
use super::button::{Button, Weight};
use super::clock::{hour, rough};
use super::face::drawn;
use super::icon::{Glyph, icon};
use super::tag::tag_badge;
use crate::handle::Handle;
use crate::later;
use crate::state::{Entry, EntryKind, Face, Notice, Ruling, Tag};
use crate::words::{Words, count, fill, life, talk, words};

/// What [`NoticeRow`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct NoticeRowProps {
    /// The line; draws nothing if it is a message.
    pub entry: Rc<Entry>,
    /// For the first guest: the face to compare.
    #[prop_or_default]
    pub face: Option<Face>,
}

/// How a line looks.
#[derive(Clone, Copy, PartialEq)]
enum Look {
    Quiet,
    Warning,
    Happy,
}

/// The line.
#[component]
pub fn NoticeRow(props: &NoticeRowProps) -> Html {
    let handle = use_context::<Handle>();
    let EntryKind::Notice(notice) = &props.entry.kind else {
        return Html::default();
    };
    let reload = Callback::from(move |_: MouseEvent| {
        if let Some(handle) = &handle {
            handle.reload();
        }
    });
    let (look, text) = say(words(), notice, props.face.as_ref());
    let (class, glyph) = match look {
        Look::Quiet => (classes!("notice"), None),
        Look::Warning => (classes!("notice", "notice-card"), Some(Glyph::Warning)),
        Look::Happy => (
            classes!("notice", "notice-card", "notice-happy"),
            Some(Glyph::People),
        ),
    };
    html! {
        <div id={format!("e{}", props.entry.id.0)} {class}>
            if let Some(glyph) = glyph {
                { icon(glyph) }
            }
            <div class="notice-text">
                <span dir="auto">{ text }</span>
                if matches!(notice, Notice::Unverifiable { .. }) {
                    <details>
                        <summary>{ words().unverifiable_more }</summary>
                        <p>{ words().unverifiable_text }</p>
                    </details>
                }
                if let Notice::Bot { id, name, .. } = notice {
                    { later::bot_choice(BotChoiceProps { id: *id, name: name.clone() }) }
                }
                if matches!(notice, Notice::OtherApp { .. }) {
                    <Button weight={Weight::Link} onclick={reload}>{ words().other_app_reload }</Button>
                }
            </div>
            if let Some(tag) = tag(notice) {
                { tag_badge(tag, false) }
            }
            if look == Look::Quiet {
                <time class="notice-time">{ hour(props.entry.at) }</time>
            }
        </div>
    }
}

fn tag(notice: &Notice) -> Option<&Tag> {
    match notice {
        Notice::CameIn { tag, .. }
        | Notice::Left { tag, .. }
        | Notice::Renamed { tag, .. }
        | Notice::Impostor { tag, .. } => Some(tag),
        Notice::Ruled { by, .. } => Some(&by.tag).filter(|_| !by.me),
        Notice::ControlDisputed { by } => Some(&by.tag),
        _ => None,
    }
}

fn say(words: &Words, notice: &Notice, face: Option<&Face>) -> (Look, String) {
    let named = |sentence: &str, name: &str| fill(sentence, &[("name", name)]);
    let counted =
        |n: u32, one: &str, many: &str| count(usize::try_from(n).unwrap_or(usize::MAX), one, many);
    let (look, text) = match notice {
        Notice::Opened { by_me: true } => (Look::Quiet, words.opened_by_me.to_owned()),
        Notice::Opened { by_me: false } => (Look::Quiet, words.entered_by_me.to_owned()),
        Notice::Resumed => (Look::Quiet, words.resumed.to_owned()),
        Notice::CameIn { name, .. } => match face {
            Some(face) => {
                let text = fill(
                    words.first_guest,
                    &[("name", name), ("faces", &drawn(face))],
                );
                return (Look::Happy, text);
            }
            None => (Look::Quiet, named(words.came_in, name)),
        },
        Notice::Left { name, .. } => (Look::Quiet, named(words.left, name)),
        Notice::Twin { name } => (Look::Warning, named(words.twin_here, name)),
        Notice::Renamed { from, to, .. } => (
            Look::Quiet,
            fill(words.renamed, &[("from", from), ("to", to)]),
        ),
        Notice::Bot {
            name, destination, ..
        } => (
            Look::Warning,
            fill(words.bot_notice, &[("name", name), ("to", destination)]),
        ),
        Notice::Unverifiable { count } => (
            Look::Warning,
            counted(*count, words.unverifiable_one, words.unverifiable_many),
        ),
        Notice::OtherApp { hash } => (Look::Warning, fill(words.other_app, &[("hash", hash)])),
        Notice::Unsupported { count } => (
            Look::Warning,
            counted(*count, words.unsupported_one, words.unsupported_many),
        ),
        Notice::Missing { name, count } => (
            Look::Warning,
            named(
                &counted(*count, words.missing_one, words.missing_many),
                name,
            ),
        ),
        Notice::Unopened { count } => (
            Look::Warning,
            counted(*count, words.unopened_one, words.unopened_many),
        ),
        Notice::Gap { count: None } => (Look::Warning, words.gap.to_owned()),
        Notice::Gap { count: Some(count) } => (
            Look::Warning,
            counted(*count, words.gap_one, words.gap_many),
        ),
        Notice::ModeDisputed { name } => (Look::Warning, named(words.mode_disputed, name)),
        Notice::Diverged => (Look::Warning, words.diverged.to_owned()),
        Notice::ClockSkew { name, ahead, by } => {
            let sentence = if *ahead {
                words.clock_ahead
            } else {
                words.clock_behind
            };
            (
                Look::Warning,
                fill(sentence, &[("name", name), ("t", &rough(*by))]),
            )
        }
        Notice::Ruled { by, order } => {
            let name = if by.me { life().ruled_you } else { &by.name };
            (Look::Quiet, ruled(name, order))
        }
        Notice::NotRuled { why } => (Look::Warning, fill(life().not_ruled, &[("why", why)])),
        Notice::ControlDisputed { by } => (Look::Warning, named(life().control_disputed, &by.name)),
        Notice::Impostor { name, .. } => (Look::Warning, named(life().impostor, name)),
        Notice::ClosesSoon { minutes } => (Look::Warning, closes_soon(*minutes).to_owned()),
        Notice::Dropped { count } => {
            let life = life();
            (
                Look::Quiet,
                counted(*count, life.dropped_one, life.dropped_many),
            )
        }
        Notice::Topic { name, cleared } => {
            let sentence = if *cleared {
                talk().topic_cleared
            } else {
                talk().topic_set
            };
            (Look::Quiet, named(sentence, name))
        }
        Notice::NotDone => (Look::Warning, talk().not_done.to_owned()),
        Notice::TooFast { wait } => {
            let seconds = wait.as_secs().max(1).to_string();
            (Look::Warning, fill(words.too_fast, &[("n", &seconds)]))
        }
    };
    (look, text)
}

/// "This room closes in 5 minutes."
pub fn closes_soon(minutes: u8) -> &'static str {
    match minutes {
        1 => life().closes_soon_one,
        _ => life().closes_soon_five,
    }
}

/// "Anna locked the room".
fn ruled(name: &str, order: &Ruling) -> String {
    let life = life();
    let (sentence, other) = match order {
        Ruling::Lock(true) => (life.ruled_lock, ""),
        Ruling::Lock(false) => (life.ruled_unlock, ""),
        Ruling::Lifetime(None) => (life.ruled_empty, ""),
        Ruling::Lifetime(Some(time)) => {
            return fill(life.ruled_time, &[("name", name), ("t", &rough(*time))]);
        }
        Ruling::Remove(who) => (life.ruled_remove, who.as_str()),
        Ruling::Share(who) => (life.ruled_share, who.as_str()),
        Ruling::HandOn(who) => (life.ruled_hand_on, who.as_str()),
        Ruling::Purgers { everyone: true } => (life.ruled_everyone, ""),
        Ruling::Purgers { everyone: false } => (life.ruled_holders, ""),
        Ruling::Filters => (life.ruled_filters, ""),
    };
    fill(sentence, &[("name", name), ("who", other)])
}
