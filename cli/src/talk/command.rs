//! Typed lines: words, or a command after a slash.

use client::Person;
use crypto::wire::SenderId;

use crate::safe;

/// What a line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Say(String),
    Action(String),
    Whisper { who: String, text: String },
    Answer(String),
    Nick(String),
    Topic(String),
    People,
    Help,
    Leave,
}

pub(super) const HELP: &[&str] = &[
    "  /w NAME TEXT   to one person alone (NAME may be a tag, or NAME·TAG)",
    "  /r TEXT        to whoever last wrote to you alone",
    "  /me TEXT       say what you do",
    "  /nick NAME     take another name",
    "  /topic TEXT    what the room is about; nothing takes it away",
    "  /people        who is here",
    "  /leave         leave the room; also /exit and /quit",
    "  //TEXT         a line that starts with a slash",
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
    let text = |what: &str| match rest {
        "" => Err(format!("/{word} wants {what}")),
        text => Ok(text.to_owned()),
    };
    let command = match word.to_ascii_lowercase().as_str() {
        "me" => Command::Action(text("some words")?),
        "w" | "msg" | "purr" => {
            let (who, said) = text("a name and some words")?
                .split_once(char::is_whitespace)
                .map(|(who, said)| (who.to_owned(), said.trim().to_owned()))
                .ok_or_else(|| format!("/{word} wants some words after the name"))?;
            Command::Whisper { who, text: said }
        }
        "r" => Command::Answer(text("some words")?),
        "nick" => Command::Nick(text("a name")?),
        "topic" => Command::Topic(rest.to_owned()),
        "people" | "who" => Command::People,
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

/// The one person meant by `who`: a tag, a name, or `name·tag`. Spaces in names may be written as `_`.
pub(super) fn pick(who: &str, people: &[Person]) -> Result<SenderId, String> {
    let wanted = who.trim_start_matches('@').replace('_', " ");
    let matches = |person: &&Person| {
        let (name, tag) = (safe::name(&person.name), person.tag.text());
        !person.me
            && (tag.eq_ignore_ascii_case(&wanted)
                || name.to_lowercase() == wanted.to_lowercase()
                || format!("{name}·{tag}").to_lowercase() == wanted.to_lowercase())
    };
    let found: Vec<&Person> = people.iter().filter(matches).collect();
    match found.as_slice() {
        [] => Err(format!(
            "nobody here is called {}; /people lists who is",
            safe::name(who)
        )),
        [one] => Ok(one.sid),
        several => {
            let tags: Vec<&str> = several.iter().map(|person| person.tag.text()).collect();
            Err(format!(
                "several people are called {}: name one by tag ({})",
                safe::name(who),
                tags.join(", ")
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::identity::Tag;
    use std::time::Duration;

    fn person(name: &str, seed: u8, me: bool) -> Person {
        let sid = SenderId([seed; 16]);
        Person {
            sid,
            name: name.to_owned(),
            tag: Tag::of(&sid),
            bot: None,
            me,
            joined_at: Duration::ZERO,
            away: false,
        }
    }

    #[test]
    fn words_are_said_and_commands_are_done() {
        let read = |line| read(line).unwrap();
        assert_eq!(
            read("hello there"),
            Some(Command::Say("hello there".to_owned()))
        );
        assert_eq!(read("/me waves"), Some(Command::Action("waves".to_owned())));
        assert_eq!(
            read("//etc/hosts"),
            Some(Command::Say("/etc/hosts".to_owned()))
        );
        assert_eq!(read("   "), None);
        assert_eq!(read("/QUIT"), Some(Command::Leave));
        assert_eq!(
            read("/w Quiet_Otter  good  day"),
            Some(Command::Whisper {
                who: "Quiet_Otter".to_owned(),
                text: "good  day".to_owned()
            })
        );
    }

    #[test]
    fn a_command_that_does_not_exist_is_never_said() {
        for line in ["/kcik Ben", "/", "/w", "/w Ben", "/me"] {
            assert!(read(line).is_err(), "{line}");
        }
    }

    #[test]
    fn people_are_picked_by_key_and_an_ambiguous_name_by_nobody() {
        let everybody = [
            person("Anna", 1, false),
            person("anna", 2, false),
            person("Quiet Otter", 3, false),
            person("Me", 4, true),
        ];
        assert_eq!(pick("quiet_otter", &everybody), Ok(SenderId([3; 16])));
        assert!(
            pick("Anna", &everybody)
                .unwrap_err()
                .contains(everybody[1].tag.text())
        );
        assert_eq!(
            pick(everybody[0].tag.text(), &everybody),
            Ok(SenderId([1; 16]))
        );
        assert_eq!(
            pick(&format!("anna·{}", everybody[1].tag.text()), &everybody),
            Ok(SenderId([2; 16]))
        );
        assert!(pick("Me", &everybody).is_err());
    }
}
