//! What programs rely on: every line that can be said to them stands in a file that must not change, and the schema knows
//! every line of both directions.

use std::path::PathBuf;
use std::time::Duration;

use client::{Answer, FileTrouble};
use jsonschema::Validator;
use serde_json::{Value, json};

use super::*;
use crate::bot::command::Request;
use crate::bot::translate::Translator;
use crate::files::Fate;

const EVENTS: &str = include_str!("../transcripts/events.jsonl");
const COMMANDS: &str = include_str!("../transcripts/commands.jsonl");
const REFUSED: &str = include_str!("../transcripts/refused.jsonl");
const SCHEMA: &str = include_str!("../../../../docs/bots.schema.json");
const PROSE: &str = include_str!("../../../../docs/bots.md");

fn who(name: &str, bot: bool) -> Who {
    Who {
        id: hex::encode([7; 16]),
        name: name.to_owned(),
        tag: "k7qf".to_owned(),
        bot,
    }
}

fn words(id: Option<String>, text: &str) -> Words {
    Words {
        id,
        from: who("Ada", false),
        text: text.to_owned(),
        markdown: false,
        private: false,
        mine: false,
        replayed: false,
        late: false,
        reply_to: None,
        action: false,
        sent_at: 1_790_000_000_000,
    }
}

/// One of each at least, and each optional field with and without.
fn objects() -> Vec<Object> {
    let id = MessageId {
        sid: SenderId([7; 16]),
        epoch: Epoch(300),
        generation: Generation(70_000),
    };
    let message = write_id(&id);
    let file = FileRef {
        from: SenderId([7; 16]),
        file: FileId([9; 16]),
    };
    let reference = Some("1".to_owned());
    let translator = Translator::default();
    let fates = [
        Fate::Moved {
            done: 65_536,
            total: 300_000,
            per_second: 1_000_000,
        },
        Fate::Answered {
            by: SenderId([7; 16]),
            answer: Answer::Received,
        },
        Fate::Saved {
            path: PathBuf::from("/folder/plan (1).pdf"),
            bytes: 300_000,
            took: Duration::from_secs(1),
        },
        Fate::Failed(crate::files::trouble(FileTrouble::Withdrawn)),
        Fate::Unsaved("it could not be written: no space".to_owned()),
    ];
    let mut objects = vec![
        Translator::hello(),
        Object::Ready {
            you: who("Clippy", true),
            forward_secret: false,
            people: vec![who("Ada", false)],
            closes_in: Some(3_600),
        },
        Object::Message(Box::new(words(Some(message.clone()), "hello\n\u{202e}✓"))),
        Object::Message(Box::new(Words {
            markdown: true,
            private: true,
            replayed: true,
            late: true,
            mine: true,
            action: true,
            reply_to: Some(message.clone()),
            ..words(None, "waves")
        })),
        Object::Reaction {
            message: message.clone(),
            from: who("Ada", false),
            emoji: "👍".to_owned(),
            on: true,
            private: false,
        },
        Object::Edited {
            message: message.clone(),
            from: who("Ada", false),
            text: "better".to_owned(),
            markdown: false,
            private: true,
        },
        Object::Deleted {
            message: message.clone(),
            from: who("Ada", false),
            private: false,
        },
        Object::Topic {
            from: who("Ada", false),
            text: String::new(),
        },
        Object::Invited {
            from: who("Ada", false),
            party: vec![who("Ben", false), who("Clippy", true)],
            replayed: false,
        },
        Object::Joined {
            who: who("Ben", false),
        },
        Object::Left {
            who: who("Ben", false),
        },
        Object::Renamed {
            who: who("Cleo", false),
            was: "Ben".to_owned(),
        },
        Object::Lifetime { closes_in: None },
        Object::FileOffered(Box::new(Offered {
            file: write_file(&file),
            from: who("Ada", false),
            name: "plan.pdf.exe".to_owned(),
            size: 300_000,
            media_type: String::new(),
            warnings: vec!["two_endings", "runs"],
            private: false,
            mine: false,
            replayed: false,
        })),
        Object::Offered {
            reference: reference.clone(),
            file: write_file(&file),
        },
        Object::Sent {
            reference: reference.clone(),
            message: message.clone(),
        },
        Object::Sent {
            reference: None,
            message,
        },
        Object::NotSent {
            reference: None,
            why: "the session ended first".to_owned(),
        },
        Object::Refused {
            reference,
            why: "too fast: wait 7 s".to_owned(),
        },
        Object::Missing {
            from: Some(who("Ada", false)),
            count: Some(2),
        },
        Object::Missing {
            from: None,
            count: None,
        },
        Object::Offline,
        Object::Lost { count: 12 },
        Object::Ended {
            why: "left".to_owned(),
        },
    ];
    objects.extend(fates.map(|fate| translator.fate(&file, fate)));
    objects
}

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

/// The part of the schema for one direction.
fn part(name: &str) -> Validator {
    let mut schema = schema();
    schema["oneOf"] = json!([{ "$ref": format!("#/$defs/{name}") }]);
    jsonschema::validator_for(&schema).unwrap()
}

/// The names that the schema has for one direction.
fn names(part: &str, key: &str) -> Vec<String> {
    let schema = schema();
    let variants = schema["$defs"][part]["oneOf"].as_array().unwrap();
    let name = |variant: &Value| {
        variant["properties"][key]["const"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    variants.iter().map(name).collect()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn no_line_that_programs_read_has_changed() {
    let said: String = objects()
        .iter()
        .map(|object| format!("{}\n", object.to_line()))
        .collect();
    assert!(said == EVENTS, "events.jsonl says otherwise:\n{said}");
}

#[test]
fn the_schema_knows_every_event_and_nothing_else() {
    let validator = part("event");
    let mut seen = Vec::new();
    for line in lines(EVENTS) {
        if let Err(error) = validator.validate(&line) {
            panic!("{line}: {error}");
        }
        let mut odd = line.clone();
        odd["surprise"] = json!(1);
        assert!(!validator.is_valid(&odd));
        seen.push(line["event"].as_str().unwrap().to_owned());
    }
    for name in names("event", "event") {
        assert!(seen.contains(&name), "{name} is in no transcript");
        assert!(
            PROSE.contains(&format!("`{name}`")),
            "{name} is not described"
        );
    }
}

#[test]
fn every_command_of_the_schema_is_taken_and_everything_else_refused_by_both() {
    let validator = part("command");
    let mut seen = Vec::new();
    for line in lines(COMMANDS) {
        assert!(validator.is_valid(&line), "{line}");
        assert!(
            serde_json::from_value::<Request>(line.clone()).is_ok(),
            "{line}"
        );
        seen.push(line["command"].as_str().unwrap().to_owned());
    }
    for name in names("command", "command") {
        assert!(seen.contains(&name), "{name} is in no transcript");
        assert!(
            PROSE.contains(&format!("`{name}`")),
            "{name} is not described"
        );
    }
    for line in lines(REFUSED) {
        assert!(!validator.is_valid(&line), "{line}");
        assert!(
            serde_json::from_value::<Request>(line.clone()).is_err(),
            "{line}"
        );
    }
}

#[test]
fn a_files_identity_comes_back_as_it_was() {
    let file = FileRef {
        from: SenderId([1; 16]),
        file: FileId([2; 16]),
    };
    assert_eq!(read_file(&write_file(&file)), Some(file));
    assert_eq!(read_file(&write_file(&file)[2..]), None);
}
