//! Parts of sentences that several lines need.

use client::{FileOffer, NotSent};
use crypto::wire::{JoinOutcome, RoomMode, TimeLeft};
use text::FileName;

use super::lasting;
use crate::{files, safe};

pub(super) fn disclosed(who: &str, destination: &str) -> String {
    format!(
        "{who} is a bot; it may send what is said here to: {}",
        safe::line(destination)
    )
}

pub(super) fn about_or_it(quoted: String) -> String {
    if quoted.is_empty() {
        " a message".to_owned()
    } else {
        quoted
    }
}

pub(super) fn offered(offer: &FileOffer) -> String {
    let name = FileName::of(&offer.name);
    let warning = files::warned(&name).map(|warning| format!(" {warning}"));
    format!(
        "(offers {}, {}){}",
        name.shown,
        text::bytes_in_words(offer.size),
        warning.unwrap_or_default()
    )
}

pub(super) fn entered(
    outcome: JoinOutcome,
    mode: RoomMode,
    history: u16,
    left: TimeLeft,
) -> String {
    let what = match outcome {
        JoinOutcome::Opened => "you opened the room",
        JoinOutcome::Entered => "you are in",
        JoinOutcome::Resumed => return "connected again".to_owned(),
    };
    let sees = match mode {
        RoomMode::ForwardSecret => "newcomers see nothing".to_owned(),
        RoomMode::OpenHistory => format!("newcomers see the last {history}"),
    };
    let closes = match left {
        TimeLeft::UntilEmpty => "it closes when it is empty".to_owned(),
        TimeLeft::For(left) => format!("it closes in {}", lasting(left)),
    };
    format!("{what}; {sees}; {closes}")
}

/// Why a message did not go out, for the end of a sentence.
pub(crate) fn not_sent(why: NotSent) -> &'static str {
    match why {
        NotSent::Refused(_) => "the relay would not take it",
        NotSent::Unanswered => "the relay never said that it has it",
        NotSent::Ended => "the session ended first",
        NotSent::Replaced => "a newer one took its place",
        NotSent::Absent => "they are not here any more",
        _ => "it could not be sent",
    }
}
