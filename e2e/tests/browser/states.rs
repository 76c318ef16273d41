//! Every state that somebody may find themselves in, reached as it is reached in life: it has its words, one obvious next
//! step, and nothing for axe-core to object to, on a desk and on a phone, in light and in dark.
//!
//! The tables below are the list. A state that is missing from them is a state that nobody has looked at.

mod stage;
mod ways;

use anyhow::Result;
use std::future::Future;
use std::pin::Pin;

use stage::Stage;
use ways::*;

/// What a person can do next.
enum Next {
    /// One button stands out, and this is it.
    One(&'static str),
    /// The conversation goes on; this is at hand.
    At(&'static str, &'static str),
}
use Next::{At, One};

type Reach = for<'a> fn(&'a mut Stage) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// A state: what it is called, its words, the next step, and the way there.
struct State(&'static str, &'static str, Next, Reach);

const LINKS: &[State] = &[
    State(
        "empty-fragment",
        "This link lost its room name",
        One("Use this link"),
        |s| Box::pin(at(s, "/#/r/")),
    ),
    State(
        "truncated-link",
        "This link lost its room name",
        One("Use this link"),
        |s| Box::pin(at(s, "/#/r/~%%%")),
    ),
    State(
        "rewritten-link",
        "This link was rewritten on the way",
        At("link", "Open a fresh room"),
        |s| Box::pin(at(s, "/%23/r/oak-elm-ash")),
    ),
    State(
        "rewritten-link-pasted",
        "This link was rewritten on the way",
        One("Open a fresh room"),
        |s| Box::pin(rewritten_pasted(s)),
    ),
    State("newer-link", "Update needed", One("Reload"), |s| {
        Box::pin(at(s, "/#/x9/oak-elm-ash"))
    }),
    State(
        "other-relay",
        "This link belongs to another relay",
        One("Open a fresh room"),
        |s| Box::pin(other_relay(s)),
    ),
    State(
        "no-webassembly",
        "Your browser blocks WebAssembly",
        At("button", "Try again"),
        |s| Box::pin(without(s, "delete window.WebAssembly")),
    ),
    State(
        "no-websocket",
        "Your browser has no live connections",
        At("button", "Try again"),
        |s| Box::pin(without(s, "delete window.WebSocket")),
    ),
    State(
        "no-https",
        "Anyone on this network could change this page",
        One("Open room"),
        |s| Box::pin(no_https(s)),
    ),
    State(
        "own-clock-off",
        "Your clock is 7 min ahead",
        One("Open room"),
        |s| Box::pin(own_clock(s)),
    ),
    State(
        "relay-gone",
        "Can't reach the relay",
        One("Try again"),
        |s| Box::pin(relay_gone(s)),
    ),
    State(
        "client-too-old",
        "There is a newer version",
        One("Reload"),
        |s| Box::pin(relay_says(s, "2")),
    ),
    State(
        "relay-too-old",
        "The relay is too old for this page",
        One("Try again"),
        |s| Box::pin(relay_says(s, "0")),
    ),
    State(
        "key-changed",
        "Stop: this server is not the one you met before",
        One("Leave"),
        |s| Box::pin(key_changed(s)),
    ),
];

const DOORS: &[State] = &[
    State(
        "wrong-password",
        "That's not it, or nobody is here yet",
        One("Try again"),
        |s| Box::pin(wrong_password(s)),
    ),
    State(
        "nobody-there",
        "You're the first one here",
        At("button", "Copy link"),
        |s| Box::pin(nobody_there(s)),
    ),
    State("locked", "This room is locked", One("Try again"), |s| {
        Box::pin(locked(s))
    }),
    State("full", "The room is full", One("Try again"), |s| {
        Box::pin(full(s))
    }),
    State("busy", "The relay is busy", One("Try again"), |s| {
        Box::pin(busy(s))
    }),
    State(
        "closed-before",
        "This room is closed",
        One("Open a fresh room"),
        |s| Box::pin(closed_before(s)),
    ),
    State(
        "socket-blocked",
        "Can't reach the relay",
        One("Try now"),
        |s| Box::pin(socket_blocked(s)),
    ),
];

const INSIDE: &[State] = &[
    State(
        "closes-soon",
        "This room closes in 1 minute.",
        At("button", "Invite"),
        |s| Box::pin(closes_soon(s)),
    ),
    State(
        "unverifiable",
        "1 message could not be verified",
        At("button", "What does that mean?"),
        |s| Box::pin(unverifiable(s)),
    ),
    State(
        "name-twin",
        "Someone else here is also",
        At("textbox", "Message"),
        |s| Box::pin(name_twin(s)),
    ),
    State(
        "clock-skew",
        "Times are shown as received",
        At("textbox", "Message"),
        |s| Box::pin(clock_skew(s)),
    ),
    State(
        "too-fast",
        "Too fast. Wait",
        At("textbox", "Message"),
        |s| Box::pin(too_fast(s)),
    ),
    State(
        "reconnecting",
        "Reconnecting in",
        At("button", "Try now"),
        |s| Box::pin(reconnecting(s)),
    ),
    State(
        "client-changed",
        "There is a new version of the app",
        At("button", "Reload to get it"),
        |s| Box::pin(client_changed(s)),
    ),
    State(
        "key-changed-inside",
        "Stop: this server is not the one you met before",
        One("Leave"),
        |s| Box::pin(key_changed_inside(s)),
    ),
];

const ENDS: &[State] = &[
    State("expired", "Time's up", One("Open a fresh room"), |s| {
        Box::pin(expired(s))
    }),
    State(
        "purged-by-other",
        "The room was closed",
        One("Open a fresh room"),
        |s| Box::pin(purged_by_other(s)),
    ),
    State(
        "purged-by-me",
        "The room was closed",
        One("Open a fresh room"),
        |s| Box::pin(purged_by_me(s)),
    ),
    State(
        "removed",
        "You were removed",
        One("Open a fresh room"),
        |s| Box::pin(removed(s)),
    ),
    State("left", "You left", One("Rejoin"), |s| Box::pin(left(s))),
    State(
        "other-tab",
        "This room is open in another tab",
        One("Use it here"),
        |s| Box::pin(other_tab(s)),
    ),
    State("forgotten", "You left", One("Open a fresh room"), |s| {
        Box::pin(forgotten(s))
    }),
];

#[tokio::test]
async fn links_and_browsers_that_do_not_work_say_so_and_offer_one_way_on() -> Result<()> {
    Stage::set().await?.play(LINKS).await
}

#[tokio::test]
async fn a_door_that_stays_shut_says_why_and_offers_one_way_on() -> Result<()> {
    Stage::set().await?.play(DOORS).await
}

#[tokio::test]
async fn what_happens_inside_a_room_is_said_where_one_talks() -> Result<()> {
    Stage::set().await?.play(INSIDE).await
}

#[tokio::test]
async fn every_end_says_what_happened_and_offers_one_way_on() -> Result<()> {
    Stage::set().await?.play(ENDS).await
}
