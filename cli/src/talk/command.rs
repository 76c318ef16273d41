//! Typed lines: words, or a command after a slash.

use std::path::PathBuf;
use std::time::Duration;

use crypto::wire::Lifetime;

use crate::args::{Closes, Filter};
use crate::safe;
use clap::ValueEnum as _;

/// What a line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Say(String),
    Action(String),
    Whisper {
        who: String,
        text: String,
    },
    /// Whom everything that follows is for; `None` for everybody.
    Scope(Option<String>),
    Answer(String),
    Timed(Duration, String),
    /// In answer to the last message, of one person if one is named.
    Reply {
        of: Option<String>,
        text: String,
    },
    React {
        of: Option<String>,
        emoji: String,
    },
    /// The last own message says this from now on.
    Edit(String),
    /// The last own message is taken back.
    Unsay,
    Nick(String),
    Topic(String),
    People,
    Room,
    Compare(String),
    Compared(String),
    File {
        to: Option<String>,
        path: PathBuf,
    },
    Files,
    Accept(u32),
    Deny(u32),
    Cancel(u32),
    Links(Filter),
    Special(Special),
    Suggest,
    Lock(bool),
    Remove(String),
    /// How long the room still lives; without one it is asked.
    Time(Option<Lifetime>),
    Share(String),
    HandOn(String),
    EverybodyCloses(bool),
    /// To a fresh room, with these people; with everybody where nobody is named.
    Leap(Vec<String>),
    /// To where somebody asks us to come.
    Go,
    Stay,
    Purge,
    Help,
    Leave,
}

/// What becomes of special characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Special {
    State(Filter),
    /// Only plain letters, digits and marks are left.
    Strict,
}

pub(super) const HELP: &[&str] = &[
    "  Words",
    "  /w WHO TEXT        to one person alone; also /msg",
    "                     (WHO: a name, a tag, or NAME·TAG)",
    "  /r TEXT            to whoever last wrote to you alone",
    "  /to WHO            from now on to one person; /to all",
    "  /reply [@WHO] TEXT answers their last message",
    "  /react [@WHO] EMOJI",
    "  /edit TEXT, /unsay your last message",
    "  /timer 30s TEXT    goes some time after it was read",
    "  /me TEXT           say what you do",
    "  //TEXT             a line that starts with a slash",
    "  Files",
    "  /file [@WHO] PATH  offer a file; /files lists them",
    "  /accept N, /deny N, /cancel N",
    "  Looking",
    "  /people, /room     who is here; what this room is",
    "  /links MODE        show, neutralise or hide links",
    "  /special MODE      odd characters: these, or strict",
    "  /compare WHO       five pictures, by phone",
    "  /compared WHO      they matched",
    "  Being here",
    "  /nick NAME, /topic TEXT, /leave",
    "  Moving to a fresh room",
    "  /leap WHO…         ask them along; /leap all",
    "  /go, /stay         where somebody asks you",
    "  Governing (whoever opened the room)",
    "  /lock, /unlock     whether anybody new comes in",
    "  /time TIME         15m, 1h, 24h, 7d or empty",
    "  /remove WHO, /share WHO, /handon WHO",
    "  /closers WHO       who may close it: everybody or me",
    "  /suggest           your filters, to everybody",
    "  /purge             close it for everybody; asks first",
];

/// Reads a line. `None` for one without words. A command that does not exist is an error, so that a slip of the finger
/// is never said to everybody.
pub(super) fn read(line: &str) -> Result<Option<Command>, String> {
    let line = line.trim_end_matches(['\r', '\n']);
    if line.trim().is_empty() {
        return Ok(None);
    }
    if let Some(rest) = line.strip_prefix("//") {
        return Ok(Some(Command::Say(format!("/{rest}"))));
    }
    let Some(rest) = line.strip_prefix('/') else {
        return Ok(Some(Command::Say(line.to_owned())));
    };
    let (word, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let rest = rest.trim();
    let wants = |what: &str| format!("/{word} wants {what}. Nothing was sent");
    let text = |what: &str| match rest {
        "" => Err(wants(what)),
        text => Ok(text.to_owned()),
    };
    let number = || {
        rest.parse()
            .map_err(|_| wants("the number of a file; /files lists them"))
    };
    let command = match word.to_ascii_lowercase().as_str() {
        "me" => Command::Action(text("some words")?),
        "w" | "msg" | "purr" => {
            let (who, said) = two(rest).ok_or_else(|| wants("a name and some words"))?;
            Command::Whisper { who, text: said }
        }
        "to" => match text("a name, or all")?.to_ascii_lowercase().as_str() {
            "all" | "everybody" | "everyone" => Command::Scope(None),
            _ => Command::Scope(Some(rest.to_owned())),
        },
        "r" => Command::Answer(text("some words")?),
        "timer" => {
            let (time, said) = two(rest).ok_or_else(|| wants("a time and some words"))?;
            let time = span(&time).ok_or_else(|| wants("a time such as 30s, 5m or 1h"))?;
            Command::Timed(time, said)
        }
        "reply" | "re" => {
            let (of, text) = somebody(rest);
            let text = Some(text).filter(|text| !text.is_empty());
            Command::Reply {
                of,
                text: text.ok_or_else(|| wants("some words"))?,
            }
        }
        "react" => {
            let (of, emoji) = somebody(rest);
            let emoji = Some(emoji).filter(|emoji| !emoji.is_empty());
            Command::React {
                of,
                emoji: emoji.ok_or_else(|| wants("an emoji"))?,
            }
        }
        "edit" => Command::Edit(text("the words as they should be")?),
        "unsay" | "delete" => Command::Unsay,
        "nick" | "name" => Command::Nick(text("a name")?),
        "topic" => Command::Topic(rest.to_owned()),
        "people" | "who" => Command::People,
        "room" | "card" => Command::Room,
        "compare" => Command::Compare(text("a name")?),
        "compared" => Command::Compared(text("a name")?),
        "file" => {
            let (to, path) = somebody(rest);
            let path = Some(path).filter(|path| !path.is_empty());
            Command::File {
                to,
                path: home(&path.ok_or_else(|| wants("a file"))?),
            }
        }
        "files" => Command::Files,
        "accept" => Command::Accept(number()?),
        "deny" | "decline" => Command::Deny(number()?),
        "cancel" => Command::Cancel(number()?),
        "links" => Command::Links(mode(rest).ok_or_else(|| wants("show, neutralise or hide"))?),
        "special" => Command::Special(match rest.to_ascii_lowercase().as_str() {
            "strict" => Special::Strict,
            _ => {
                Special::State(mode(rest).ok_or_else(|| wants("show, neutralise, hide or strict"))?)
            }
        }),
        "leap" => match text("who comes along, or all")?
            .to_ascii_lowercase()
            .as_str()
        {
            "all" | "everybody" | "everyone" => Command::Leap(Vec::new()),
            _ => Command::Leap(rest.split_whitespace().map(str::to_owned).collect()),
        },
        "go" => Command::Go,
        "stay" => Command::Stay,
        "suggest" => Command::Suggest,
        "lock" => Command::Lock(true),
        "unlock" => Command::Lock(false),
        "remove" | "kick" => Command::Remove(text("a name")?),
        "time" if rest.is_empty() => Command::Time(None),
        "time" => match Closes::from_str(rest, true) {
            Ok(closes) => Command::Time(Some(closes.lifetime())),
            Err(_) => return Err(wants("15m, 1h, 24h, 7d or empty")),
        },
        "share" => Command::Share(text("a name")?),
        "handon" => Command::HandOn(text("a name")?),
        "closers" => match rest.to_ascii_lowercase().as_str() {
            "everybody" | "everyone" | "all" => Command::EverybodyCloses(true),
            "governing" | "those who govern" | "me" => Command::EverybodyCloses(false),
            _ => return Err(wants("everybody or governing")),
        },
        "purge" => Command::Purge,
        "help" | "?" => Command::Help,
        "leave" | "exit" | "quit" => Command::Leave,
        _ => {
            return Err(format!(
                "there is no /{}; /help lists what there is. Nothing was sent",
                safe::name(word)
            ));
        }
    };
    Ok(Some(command))
}

fn two(rest: &str) -> Option<(String, String)> {
    let (first, rest) = rest.split_once(char::is_whitespace)?;
    Some((first.to_owned(), rest.trim().to_owned())).filter(|(_, rest)| !rest.is_empty())
}

/// `@WHO` in front, and the rest.
fn somebody(rest: &str) -> (Option<String>, String) {
    match rest.strip_prefix('@') {
        Some(named) => {
            let (who, rest) = named.split_once(char::is_whitespace).unwrap_or((named, ""));
            (Some(who.to_owned()), rest.trim().to_owned())
        }
        None => (None, rest.to_owned()),
    }
}

/// The person's folder where the path begins with a tilde, as shells have it.
fn home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

fn mode(text: &str) -> Option<Filter> {
    match text.to_ascii_lowercase().as_str() {
        "neutralize" => Some(Filter::Neutralise),
        text => Filter::from_str(text, true).ok(),
    }
}

fn span(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: u64 = number.parse().ok()?;
    let seconds = match unit {
        "s" => number,
        "m" => number.checked_mul(60)?,
        "h" => number.checked_mul(3_600)?,
        _ => return None,
    };
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_said_and_commands_are_done() {
        let read = |line| read(line).unwrap();
        let text = str::to_owned;
        for (line, command) in [
            ("hello there", Command::Say(text("hello there"))),
            ("/me waves", Command::Action(text("waves"))),
            ("//etc/hosts", Command::Say(text("/etc/hosts"))),
            ("/QUIT", Command::Leave),
            (
                "/w Quiet_Otter  good  day",
                Command::Whisper {
                    who: text("Quiet_Otter"),
                    text: text("good  day"),
                },
            ),
            ("/to Ada", Command::Scope(Some(text("Ada")))),
            ("/to all", Command::Scope(None)),
            (
                "/timer 5m gone soon",
                Command::Timed(Duration::from_secs(300), text("gone soon")),
            ),
            (
                "/reply @Ada yes",
                Command::Reply {
                    of: Some(text("Ada")),
                    text: text("yes"),
                },
            ),
            (
                "/react 👍",
                Command::React {
                    of: None,
                    emoji: text("👍"),
                },
            ),
            (
                "/file @Ada my plan.pdf",
                Command::File {
                    to: Some(text("Ada")),
                    path: PathBuf::from("my plan.pdf"),
                },
            ),
            ("/accept 3", Command::Accept(3)),
            ("/links hide", Command::Links(Filter::Hide)),
            ("/special strict", Command::Special(Special::Strict)),
            (
                "/time 24h",
                Command::Time(Some(Lifetime::For(Duration::from_secs(86_400)))),
            ),
            ("/time empty", Command::Time(Some(Lifetime::UntilEmpty))),
            ("/time", Command::Time(None)),
            ("/closers everybody", Command::EverybodyCloses(true)),
        ] {
            assert_eq!(read(line), Some(command), "{line}");
        }
        assert_eq!(read("   "), None);
    }

    #[test]
    fn a_command_that_does_not_exist_or_is_not_whole_is_never_said() {
        for line in [
            "/kcik Ben",
            "/",
            "/w",
            "/w Ben",
            "/me",
            "/to",
            "/timer x y",
            "/timer 5m",
            "/reply",
            "/react @Ada",
            "/file",
            "/accept one",
            "/links sometimes",
            "/time 2y",
            "/remove",
            "/closers nobody",
        ] {
            let error = read(line).unwrap_err();
            assert!(error.ends_with("Nothing was sent"), "{line}: {error}");
        }
    }

    #[test]
    fn every_command_is_in_the_help() {
        let help = HELP.join(" ");
        // What is left of a terminal of 80 columns beside the people.
        for line in HELP {
            assert!(line.chars().count() <= 56, "{line}");
        }
        for word in [
            "w", "r", "to", "reply", "react", "edit", "unsay", "timer", "me", "file", "files",
            "accept", "deny", "cancel", "people", "room", "links", "special", "compare",
            "compared", "nick", "topic", "leave", "lock", "unlock", "time", "remove", "share",
            "handon", "closers", "suggest", "purge",
        ] {
            assert!(help.contains(&format!("/{word}")), "{word}");
        }
    }
}
