//! What somebody who governs the room has ordered, in words.

use std::time::Duration;

use client::{By, Ordered};
use crypto::control::PurgePolicy;
use crypto::wire::{Lifetime, Refusal};
use text::{FilterState, Filters};

use crate::safe;

pub(super) fn ordered(by: &By, order: &Ordered) -> String {
    let who = who(by);
    match order {
        Ordered::Lock => format!("{who} locked the room: nobody new comes in"),
        Ordered::Unlock => format!("{who} unlocked the room"),
        Ordered::Lifetime(Lifetime::UntilEmpty) => {
            format!("{who} keeps the room open until it is empty")
        }
        Ordered::Lifetime(Lifetime::For(left)) => {
            format!("{who} set the time left to {}", lasting(*left))
        }
        Ordered::Remove(whom) => format!(
            "{who} removed {}. They still know the room's name",
            self::who(whom)
        ),
        Ordered::Share(whom) => {
            format!("{who} shared control of the room with {}", self::who(whom))
        }
        Ordered::HandOn(whom) => format!("{who} handed control of the room to {}", self::who(whom)),
        Ordered::PurgePolicy(PurgePolicy::Everyone) => {
            format!("{who} lets everybody close the room")
        }
        Ordered::PurgePolicy(PurgePolicy::Holder) => {
            format!("{who} lets only those who govern the room close it")
        }
        Ordered::Filters(bytes) => match bytes.first().copied().and_then(Filters::from_byte) {
            Some(filters) => format!(
                "{who} suggested filters for everybody: {}",
                filters_in_words(&filters)
            ),
            None => format!("{who} suggested filters that this version does not know"),
        },
        _ => format!("{who} ordered something that this version does not know"),
    }
}

pub(super) fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::TooFast => "that was not done: the relay asks to wait a moment, then try again",
        _ => "that was not done: the relay refused",
    }
}

pub(super) fn disputed(by: &By) -> String {
    format!(
        "{} was told that somebody else governs this room; what they pass on about it does not count. Compare by phone",
        who(by)
    )
}

fn who(by: &By) -> String {
    match (by.me, by.name.as_str()) {
        (true, _) => "you".to_owned(),
        (false, "") => format!("{}·{}", text::NAMELESS, by.tag.text()),
        (false, name) => format!("{}·{}", safe::name(name), by.tag.text()),
    }
}

/// `43 min`, `3 h`, `7 days`.
pub(crate) fn lasting(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..=99 => format!("{seconds} s"),
        100..=7_199 => format!("{} min", seconds.div_ceil(60)),
        7_200..=172_799 => format!("{} h", (seconds + 1_800) / 3_600),
        _ => format!("{} days", (seconds + 43_200) / 86_400),
    }
}

/// Both filters in a few words.
pub(crate) fn filters_in_words(filters: &Filters) -> String {
    let state = |state| match state {
        FilterState::Show => "shown",
        FilterState::Neutralise => "made harmless",
        FilterState::Hide => "hidden with their messages",
    };
    let strict = if filters.strict {
        ", plain letters only"
    } else {
        ""
    };
    format!(
        "links {}, special characters {}{strict}",
        state(filters.links),
        state(filters.special)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::identity::Tag;
    use crypto::wire::SenderId;

    fn by(name: &str, me: bool) -> By {
        let sid = SenderId([3; 16]);
        By {
            sid,
            name: name.to_owned(),
            tag: Tag::of(&sid),
            me,
        }
    }

    #[test]
    fn every_order_names_who_gave_it_and_nothing_in_it_commands_a_terminal() {
        let orders = [
            Ordered::Lock,
            Ordered::Unlock,
            Ordered::Lifetime(Lifetime::UntilEmpty),
            Ordered::Lifetime(Lifetime::For(Duration::from_secs(86_400))),
            Ordered::Remove(by("\u{1b}[2JBen", false)),
            Ordered::Share(by("", false)),
            Ordered::HandOn(by("Ben", false)),
            Ordered::PurgePolicy(PurgePolicy::Everyone),
            Ordered::PurgePolicy(PurgePolicy::Holder),
            Ordered::Filters(vec![Filters::default().to_byte()]),
            Ordered::Filters(vec![255]),
        ];
        for order in orders {
            let text = ordered(&by("\u{202e}Ada", false), &order);
            assert!(text.starts_with("Ada·"), "{text}");
            assert!(
                text.chars().all(|c| !c.is_control() && c != '\u{202e}'),
                "{text:?}"
            );
        }
        assert!(ordered(&by("Ada", true), &Ordered::Lock).starts_with("you "));
    }

    #[test]
    fn times_are_rounded_to_what_people_say() {
        for (seconds, text) in [
            (40, "40 s"),
            (300, "5 min"),
            (3_590, "60 min"),
            (86_400, "24 h"),
            (604_800, "7 days"),
        ] {
            assert_eq!(lasting(Duration::from_secs(seconds)), text);
        }
    }
}
