//! Lines that begin with a slash. One that is not understood is never sent as text.

use std::time::Duration;

use crate::state::Lifetime;
use crate::words::talk;

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Words to be said.
    Words(String),
    /// Something to be done.
    Order(Order),
    /// A command that this app does not have.
    Unknown(String),
    /// A command with something missing or wrong; the command's name.
    Incomplete(&'static str),
}

/// A command, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Take another name.
    Nick(String),
    /// Tell what one does.
    Me(String),
    /// Say something to one person; the rest of the line, which begins with a name.
    Whisper(String),
    /// Answer whoever wrote privately last.
    Answer(String),
    /// Take all lines off this screen.
    Clear,
    /// Show the commands and keys.
    Help,
    /// Say what the room is about; empty for nothing.
    Topic(String),
    /// Show the ways to get somebody in.
    Invite,
    /// Fold somebody's lines away, or show them again.
    Ignore(String),
    /// Say something that goes this long after it was read.
    Timer(Duration, String),
    /// Look for words in the log.
    Search(String),
    /// Save the conversation as a file.
    Export,
    /// Nobody new comes in, or they do again.
    Lock(bool),
    /// The room lives this long from now on.
    Lifetime(Lifetime),
    /// Take somebody's seat away.
    Remove(String),
    /// Compare with somebody.
    Verify(String),
    /// Move to a fresh room with those who are chosen.
    Leap,
    /// Close the room for everybody.
    Purge,
    /// Do not close it after all.
    UndoPurge,
    /// Send files.
    File,
    /// Leave.
    Exit,
}

/// A command as the help shows it.
pub struct Entry {
    /// How it is called, without the slash.
    pub name: &'static str,
    /// Other names for it.
    pub also: &'static [&'static str],
    /// What is written after it.
    pub takes: &'static str,
    /// Key of its explanation in the words.
    pub about: About,
}

/// Which explanation belongs to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Nick,
    Me,
    Whisper,
    Answer,
    Clear,
    Help,
    Topic,
    Invite,
    Ignore,
    Timer,
    Search,
    Export,
    File,
    Verify,
    Lock,
    Unlock,
    Lifetime,
    Remove,
    Leap,
    Purge,
    Exit,
}

const fn entry(
    name: &'static str,
    also: &'static [&'static str],
    takes: &'static str,
    about: About,
) -> Entry {
    Entry {
        name,
        also,
        takes,
        about,
    }
}

/// All commands, in the order of the help.
pub const COMMANDS: &[Entry] = &[
    entry("me", &[], "…", About::Me),
    entry("w", &["purr", "msg"], "@name …", About::Whisper),
    entry("r", &[], "…", About::Answer),
    entry("nick", &["name"], "…", About::Nick),
    entry("topic", &[], "…", About::Topic),
    entry("timer", &[], "30s · 5m · 1h …", About::Timer),
    entry("ignore", &["mute"], "@name", About::Ignore),
    entry("search", &["find"], "…", About::Search),
    entry("export", &[], "", About::Export),
    entry("invite", &[], "", About::Invite),
    entry("file", &["send"], "", About::File),
    entry("verify", &["compare"], "@name", About::Verify),
    entry("clear", &[], "", About::Clear),
    entry("help", &["?"], "", About::Help),
    entry("exit", &["leave", "quit"], "", About::Exit),
    entry(
        "ttl",
        &["time"],
        "15m · 1h · 24h · 7d · empty",
        About::Lifetime,
    ),
    entry("lock", &[], "", About::Lock),
    entry("unlock", &[], "", About::Unlock),
    entry("kick", &["ban", "remove"], "@name", About::Remove),
    entry("leap", &["move"], "", About::Leap),
    entry("purge", &[], "· stop", About::Purge),
];

/// Reads what stands in the text field. Two slashes in front make a line that begins with one.
pub fn read(text: &str) -> Line {
    let Some(rest) = text.strip_prefix('/') else {
        return Line::Words(text.to_owned());
    };
    if rest.starts_with('/') {
        return Line::Words(rest.to_owned());
    }
    let (name, rest) = rest
        .split_once(char::is_whitespace)
        .map_or((rest, ""), |(name, rest)| (name, rest.trim()));
    let lower = name.to_lowercase();
    let known = COMMANDS
        .iter()
        .find(|entry| entry.name == lower || entry.also.contains(&lower.as_str()));
    let Some(entry) = known else {
        return Line::Unknown(name.chars().take(20).collect());
    };
    match order(entry.about, rest) {
        Some(order) => Line::Order(order),
        None => Line::Incomplete(entry.name),
    }
}

fn order(about: About, rest: &str) -> Option<Order> {
    let some = || Some(rest.to_owned()).filter(|rest| !rest.is_empty());
    Some(match about {
        About::Nick => Order::Nick(some()?),
        About::Me => Order::Me(some()?),
        About::Whisper => Order::Whisper(some()?),
        About::Answer => Order::Answer(some()?),
        About::Ignore => Order::Ignore(some()?),
        About::Search => Order::Search(rest.to_owned()),
        About::Topic => Order::Topic(rest.to_owned()),
        About::Clear => Order::Clear,
        About::Help => Order::Help,
        About::Invite => Order::Invite,
        About::Export => Order::Export,
        About::Exit => Order::Exit,
        About::File => Order::File,
        About::Verify => Order::Verify(some()?),
        About::Lock => Order::Lock(true),
        About::Unlock => Order::Lock(false),
        About::Remove => Order::Remove(some()?),
        About::Lifetime => Order::Lifetime(lifetime(rest)?),
        About::Leap => Order::Leap,
        About::Purge => match rest.to_lowercase().as_str() {
            "" => Order::Purge,
            "stop" => Order::UndoPurge,
            _ => return None,
        },
        About::Timer => {
            let (time, text) = rest.split_once(char::is_whitespace)?;
            Order::Timer(span(time)?, text.trim().to_owned())
        }
    })
}

/// "30s", "5m", "2h": a length of time.
pub fn span(text: &str) -> Option<Duration> {
    let unit = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit);
    let number: u64 = number.parse().ok()?;
    let seconds = match unit {
        "s" => number,
        "m" | "min" => number.checked_mul(60)?,
        "h" => number.checked_mul(3_600)?,
        _ => return None,
    };
    Some(Duration::from_secs(seconds)).filter(|span| client::TIMER.contains(span))
}

/// How long the room is to live, in the same words as on its card.
fn lifetime(text: &str) -> Option<Lifetime> {
    Some(match text.to_lowercase().as_str() {
        "15m" | "15min" => Lifetime::QuarterHour,
        "1h" | "60m" => Lifetime::Hour,
        "24h" | "1d" => Lifetime::Day,
        "7d" | "1w" => Lifetime::Week,
        "empty" => Lifetime::UntilEmpty,
        _ => return None,
    })
}

/// What it does, in a few words.
pub fn explain(about: About) -> &'static str {
    let words = talk();
    match about {
        About::Nick => words.about_nick,
        About::Me => words.about_me,
        About::Whisper => words.about_whisper,
        About::Answer => words.about_answer,
        About::Clear => words.about_clear,
        About::Help => words.about_help,
        About::Topic => words.about_topic,
        About::Invite => words.about_invite,
        About::Ignore => words.about_ignore,
        About::Timer => words.about_timer,
        About::Search => words.about_search,
        About::Export => words.about_export,
        About::Exit => words.about_exit,
        About::File => words.about_file,
        About::Verify => words.about_verify,
        About::Lock => words.about_lock,
        About::Unlock => words.about_unlock,
        About::Lifetime => words.about_ttl,
        About::Remove => words.about_remove,
        About::Leap => words.about_leap,
        About::Purge => words.about_purge,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_command_of_the_help_is_understood() {
        for entry in COMMANDS {
            for name in std::iter::once(&entry.name).chain(entry.also) {
                let rest = match entry.about {
                    About::Lifetime => "1h",
                    About::Purge => "stop",
                    _ => "30s @Anna hello",
                };
                let line = format!("/{name} {rest}");
                assert!(matches!(read(&line), Line::Order(_)), "{line}");
            }
        }
    }

    #[test]
    fn what_is_not_understood_is_never_words() {
        assert_eq!(read("/pruge"), Line::Unknown("pruge".to_owned()));
        assert_eq!(read("/me"), Line::Incomplete("me"));
        assert_eq!(read("/timer 5 x"), Line::Incomplete("timer"));
        assert_eq!(read("/timer 9s x"), Line::Incomplete("timer"));
        assert_eq!(read("/timer 25h x"), Line::Incomplete("timer"));
        assert_eq!(read("/purge now"), Line::Incomplete("purge"));
        assert_eq!(read("/kick"), Line::Incomplete("kick"));
        for wrong in ["", "2h", "forever", "-1h", "0"] {
            let line = format!("/ttl {wrong}");
            assert_eq!(read(&line), Line::Incomplete("ttl"), "{line}");
        }
    }

    #[test]
    fn a_room_lives_for_as_long_as_its_card_offers() {
        let spans = ["15m", "1h", "24H", "7d", "empty"];
        for (text, lifetime) in spans.into_iter().zip(Lifetime::ALL) {
            let line = format!("/ttl {text}");
            assert_eq!(read(&line), Line::Order(Order::Lifetime(lifetime)));
        }
    }

    #[test]
    fn two_slashes_say_one() {
        assert_eq!(read("//etc/hosts"), Line::Words("/etc/hosts".to_owned()));
        assert_eq!(read("a /me"), Line::Words("a /me".to_owned()));
    }

    #[test]
    fn a_timer_takes_seconds_minutes_and_hours() {
        assert_eq!(
            read("/timer 5m read this"),
            Line::Order(Order::Timer(
                Duration::from_secs(300),
                "read this".to_owned()
            ))
        );
        assert_eq!(span("24h"), Some(Duration::from_secs(86_400)));
        assert_eq!(span("18446744073709551615h"), None);
    }

    proptest! {
        #[test]
        fn nothing_that_begins_with_one_slash_is_sent_as_it_is(rest in "[^/]\\PC{0,60}") {
            let line = format!("/{rest}");
            prop_assert!(!matches!(read(&line), Line::Words(_)), "{}", line);
        }
    }
}
