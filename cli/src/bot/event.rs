//! Events for a bot: one JSON object a line. The interface is versioned; docs/bots.md describes it.

use client::{FileRef, MessageId};
use crypto::wire::{Epoch, FileId, Generation, SenderId};
use serde::Serialize;

/// The version of the interface: grows when something changes its meaning, not when something is added.
pub(crate) const VERSION: u32 = 1;

/// A person, as bots see them.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub(crate) struct Who {
    /// Their identity for this session: 32 hexadecimal digits.
    pub(super) id: String,
    /// The name they chose, made safe to show.
    pub(super) name: String,
    /// The short form of their identity.
    pub(super) tag: String,
    /// They are a bot.
    pub(super) bot: bool,
}

/// Something that was said.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub(crate) struct Words {
    pub(super) id: Option<String>,
    pub(super) from: Who,
    /// Exactly as it was written: hostile until shown with care.
    pub(super) text: String,
    pub(super) markdown: bool,
    /// It is for the bot alone.
    pub(super) private: bool,
    /// The bot said it, in this session or an earlier one that it took over.
    pub(super) mine: bool,
    /// It was said before the bot came.
    pub(super) replayed: bool,
    /// Newer words of its author came before it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) late: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reply_to: Option<String>,
    /// What the author does, rather than says.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) action: bool,
    /// By the author's clock, milliseconds since 1970.
    pub(super) sent_at: u64,
}

/// A file that can be had.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub(crate) struct Offered {
    pub(super) file: String,
    pub(super) from: Who,
    /// Made safe to show. What it is saved as is much the same.
    pub(super) name: String,
    pub(super) size: u64,
    /// As its sender says: never to be believed.
    pub(super) media_type: String,
    /// What is odd about it: `runs`, `page`, `two_endings`, `disguised`.
    pub(super) warnings: Vec<&'static str>,
    pub(super) private: bool,
    pub(super) mine: bool,
    pub(super) replayed: bool,
}

/// One event.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Object {
    /// The first line: which interface this is.
    Hello {
        version: u32,
    },
    /// In the room, or in it again after a lost connection.
    Ready {
        you: Who,
        forward_secret: bool,
        people: Vec<Who>,
        closes_in: Option<u64>,
    },
    Message(Box<Words>),
    Reaction {
        message: String,
        from: Who,
        emoji: String,
        on: bool,
        private: bool,
    },
    Edited {
        message: String,
        from: Who,
        text: String,
        markdown: bool,
        private: bool,
    },
    Deleted {
        message: String,
        from: Who,
        private: bool,
    },
    Topic {
        from: Who,
        text: String,
    },
    /// Somebody asks the bot, and perhaps others, to move to another room. Nothing follows from it by itself.
    Invited {
        from: Who,
        party: Vec<Who>,
        replayed: bool,
    },
    Joined {
        who: Who,
    },
    Left {
        who: Who,
    },
    Renamed {
        who: Who,
        was: String,
    },
    /// Seconds until the room closes; nothing where it lives until it is empty.
    Lifetime {
        closes_in: Option<u64>,
    },
    FileOffered(Box<Offered>),
    /// An own file is offered from now on.
    Offered {
        #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
        file: String,
    },
    /// What somebody says to an own offer: `accepted`, `declined`, `received`, `corrupt`, `cancelled` or `left`.
    FileAnswered {
        file: String,
        from: Option<Who>,
        answer: &'static str,
    },
    FileProgress {
        file: String,
        done: u64,
        total: u64,
    },
    /// All of it is here, is what was offered, and is called this in the bot's folder.
    FileReceived {
        file: String,
        name: String,
        size: u64,
    },
    FileFailed {
        file: String,
        why: String,
    },
    /// The relay has what the bot said.
    Sent {
        #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
        message: String,
    },
    /// It was not delivered.
    NotSent {
        #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
        why: String,
    },
    /// A command was not carried out.
    Refused {
        #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
        reference: Option<String>,
        why: String,
    },
    /// Messages that never arrived or cannot be read.
    Missing {
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<Who>,
        #[serde(skip_serializing_if = "Option::is_none")]
        count: Option<u32>,
    },
    /// The connection is lost; what is said now goes out later.
    Offline,
    /// Events that the bot did not read in time.
    Lost {
        count: u64,
    },
    /// The session is over.
    Ended {
        why: String,
    },
}

impl Object {
    /// One line of JSON. What could command a terminal or hide in it is written as an escape, so that the line may be
    /// looked at.
    pub(crate) fn to_line(&self) -> String {
        let json = serde_json::to_string(self)
            .expect("invariant: the types have no maps with other keys than strings");
        let mut line = String::with_capacity(json.len());
        for c in json.chars() {
            if c.is_ascii() && !c.is_ascii_control()
                || text::escape_invisible(c.encode_utf8(&mut [0; 4])).starts_with(c)
            {
                line.push(c);
            } else {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    line.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
        line
    }
}

/// A message's identity as text: 44 hexadecimal digits.
pub(crate) fn write_id(id: &MessageId) -> String {
    let mut bytes = id.sid.0.to_vec();
    bytes.extend_from_slice(&id.epoch.0.to_be_bytes());
    bytes.extend_from_slice(&id.generation.0.to_be_bytes());
    hex::encode(bytes)
}

/// A file's identity as text: 64 hexadecimal digits.
pub(crate) fn write_file(file: &FileRef) -> String {
    hex::encode([file.from.0, file.file.0].concat())
}

/// The identity that [`write_file`] wrote.
pub(crate) fn read_file(text: &str) -> Option<FileRef> {
    let bytes = hex::decode(text).ok()?;
    let (from, rest) = bytes.split_first_chunk::<16>()?;
    let file = <[u8; 16]>::try_from(rest).ok()?;
    Some(FileRef {
        from: SenderId(*from),
        file: FileId(file),
    })
}

/// The identity that [`write_id`] wrote.
pub(crate) fn read_id(text: &str) -> Option<MessageId> {
    let bytes = hex::decode(text).ok()?;
    let (sid, rest) = bytes.split_first_chunk::<16>()?;
    let (epoch, rest) = rest.split_first_chunk::<2>()?;
    let generation = <[u8; 4]>::try_from(rest).ok()?;
    Some(MessageId {
        sid: SenderId(*sid),
        epoch: Epoch(u16::from_be_bytes(*epoch)),
        generation: Generation(u32::from_be_bytes(generation)),
    })
}

#[cfg(test)]
mod transcript;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_messages_identity_comes_back_as_it_was() {
        let id = MessageId {
            sid: SenderId([7; 16]),
            epoch: Epoch(300),
            generation: Generation(70_000),
        };
        assert_eq!(read_id(&write_id(&id)), Some(id));
        for wrong in [
            "",
            "zz",
            &write_id(&id)[2..],
            &format!("{}00", write_id(&id)),
        ] {
            assert_eq!(read_id(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_line_commands_no_terminal_and_reads_back_as_what_was_said() {
        let hostile = "\u{1b}[2J\u{9b}31m\u{202e}\u{200b}\u{7f}\u{e0041}ok\n✓";
        let object = Object::Topic {
            from: Who {
                id: "0".to_owned(),
                name: "x".to_owned(),
                tag: "t".to_owned(),
                bot: false,
            },
            text: hostile.to_owned(),
        };
        let line = object.to_line();
        assert!(
            line.chars()
                .all(|c| !c.is_control() && !matches!(c, '\u{202e}' | '\u{200b}' | '\u{e0041}')),
            "{line}"
        );
        assert!(line.contains('✓'));
        let back: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(back["text"], hostile);
    }
}
