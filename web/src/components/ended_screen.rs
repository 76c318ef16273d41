//! The end page.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::clock::hour;
use super::ending::{Ending, Tone};
use super::icon::Glyph;
use super::leap_strip::LeapStripProps;
use super::retry_timer::RetryTimer;
use crate::handle::Handle;
use crate::later;
use crate::state::{EndReason, Ended, Who};
use crate::words::{Words, fill, life, words};

type Act = fn(&Handle);

/// What [`EndedScreen`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct EndedScreenProps {
    /// The screen's data.
    pub ended: Ended,
}

/// Why it is over, and what can be done.
#[component]
pub fn EndedScreen(props: &EndedScreenProps) -> Html {
    let words = words();
    let ended = &props.ended;
    let handle = use_context::<Handle>();
    let act = |action: Act| {
        let handle = handle.clone();
        Callback::from(move |()| {
            if let Some(handle) = &handle {
                action(handle);
            }
        })
    };
    let press = |action: Act| act(action).reform(|_: MouseEvent| ());
    let (glyph, tone, title, text) = say(words, ended);
    let back: Option<(&str, Act)> = match ended.why {
        EndReason::Replaced => Some((words.take_seat, Handle::rejoin)),
        EndReason::Left => Some((words.rejoin, Handle::rejoin)),
        EndReason::Purged(_) | EndReason::Expired | EndReason::Closed | EndReason::Removed(_) => {
            None
        }
        EndReason::Full | EndReason::Locked | EndReason::RelayFull => {
            Some((words.try_again, Handle::try_again))
        }
        _ => Some((words.try_again, Handle::rejoin)),
    };
    let back = back.filter(|_| ended.can_rejoin);
    // A seat may become free by itself; a lock is for somebody inside to open.
    let waits = matches!(ended.why, EndReason::Full | EndReason::RelayFull) && ended.can_rejoin;
    let extra = if waits {
        html! { <RetryTimer onretry={act(Handle::try_again)} /> }
    } else {
        Html::default()
    };
    let new_weight = if back.is_some() {
        Weight::Plain
    } else {
        Weight::Primary
    };
    html! {
        <>
        { later::leaps(LeapStripProps { onleap: None }) }
        <Ending {glyph} {tone} {title} {text} {extra}>
            if let Some((label, act)) = back {
                <Button weight={Weight::Primary} onclick={press(act)}>{ label }</Button>
            }
            <Button weight={new_weight} onclick={press(Handle::start_over)}>{ words.new_room }</Button>
            if ended.can_rejoin {
                <Button weight={Weight::Quiet} onclick={press(Handle::forget)}>{ words.forget }</Button>
            }
        </Ending>
        </>
    }
}

fn say(words: &Words, ended: &Ended) -> (Glyph, Tone, String, String) {
    let at = hour(ended.at);
    let timed = |text: &str| fill(text, &[("t", &at)]);
    let plain = |title: &str, text: &str| (title.to_owned(), text.to_owned());
    let (title, text) = match &ended.why {
        EndReason::Left if ended.can_rejoin => plain(words.end_left, words.end_left_text),
        EndReason::Left => plain(words.end_left, words.forgotten),
        EndReason::Expired => (words.end_expired.to_owned(), timed(words.end_expired_text)),
        EndReason::Purged(who) => {
            let text = match who {
                None => timed(words.end_purged_text),
                Some(who) if who.me => timed(life().end_purged_me),
                Some(who) => fill(life().end_purged_by, &[("name", &named(who)), ("t", &at)]),
            };
            (words.end_purged.to_owned(), text)
        }
        EndReason::Removed(None) => plain(words.end_removed, words.end_removed_text),
        EndReason::Removed(Some(who)) => (
            words.end_removed.to_owned(),
            fill(life().end_removed_by, &[("name", &named(who))]),
        ),
        EndReason::Replaced => plain(words.end_replaced, words.end_replaced_text),
        EndReason::Full => plain(words.end_full, words.end_full_text),
        EndReason::Locked => plain(words.end_locked, words.end_locked_text),
        EndReason::Closed => plain(words.end_closed, words.end_closed_text),
        EndReason::RelayFull => plain(words.end_relay_full, words.end_relay_full_text),
        EndReason::ModeDisputed => plain(words.end_disputed, words.end_disputed_text),
        EndReason::Other(why) => plain(words.end_other, why),
    };
    let (glyph, tone) = match ended.why {
        EndReason::Left => (Glyph::Check, Tone::Good),
        EndReason::Expired => (Glyph::Clock, Tone::Calm),
        EndReason::Locked | EndReason::Closed | EndReason::Purged(_) => (Glyph::Lock, Tone::Calm),
        EndReason::Full | EndReason::RelayFull | EndReason::Replaced => (Glyph::People, Tone::Calm),
        EndReason::ModeDisputed => (Glyph::Warning, Tone::Grave),
        EndReason::Removed(_) | EndReason::Other(_) => (Glyph::Door, Tone::Calm),
    };
    (glyph, tone, title, text)
}

/// "Anna (k7qf)": a name alone could be anybody's.
fn named(who: &Who) -> String {
    format!("{} ({})", who.name, who.tag.text)
}
