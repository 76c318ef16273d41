//! Events for a bot: one JSON object a line. The interface is versioned; docs/bots.md describes it.

use std::collections::HashMap;

use client::{Body, Event, Message, MessageId, Person, Status, Style};
use crypto::wire::{Epoch, Generation, LocalId, RoomMode, SenderId, TimeLeft};
use sdk::Member;
use serde::Serialize;

use crate::lines;
use crate::safe;

/// The version of the interface: grows when something changes its meaning, not when something is added.
pub(crate) const VERSION: u32 = 1;

/// A person, as bots see them.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub(crate) struct Who {
    /// Their identity for this session: 32 hexadecimal digits.
    id: String,
    /// The name they chose, made safe to show.
    name: String,
    /// The short form of their identity.
    tag: String,
    /// They are a bot.
    bot: bool,
}

/// Something that was said.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
pub(crate) struct Words {
    id: Option<String>,
    from: Who,
    /// Exactly as it was written: hostile until shown with care.
    text: String,
    markdown: bool,
    /// It is for the bot alone.
    private: bool,
    /// The bot said it, in this session or an earlier one that it took over.
    mine: bool,
    /// It was said before the bot came.
    replayed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<String>,
    /// What the author does, rather than says.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    action: bool,
    /// By the author's clock, milliseconds since 1970.
    sent_at: u64,
}

/// One event.
#[derive(Clone, Debug, Serialize, PartialEq, Eq)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Object {
    /// In the room, or in it again after a lost connection.
    Ready {
        version: u32,
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
    },
    Edited {
        message: String,
        from: Who,
        text: String,
        markdown: bool,
    },
    Deleted {
        message: String,
        from: Who,
    },
    Topic {
        from: Who,
        text: String,
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

/// Turns events into objects. Remembers who is who and which answers are awaited.
#[derive(Default)]
pub(crate) struct Translator {
    people: HashMap<SenderId, Who>,
    references: HashMap<LocalId, Option<String>>,
    caught_up: bool,
    mode: Option<(RoomMode, TimeLeft)>,
}

impl Translator {
    /// The answer to `local` goes by that word of the bot's.
    pub(crate) fn expect(&mut self, local: LocalId, reference: Option<String>) {
        self.references.insert(local, reference);
    }

    /// Whether it is something that another bot said.
    pub(crate) fn is_from_a_bot(&self, event: &Event) -> bool {
        match event {
            Event::Said(message) => {
                !message.mine && self.people.get(&message.from).is_some_and(|who| who.bot)
            }
            _ => false,
        }
    }

    /// The person with that id or tag.
    pub(crate) fn person(&self, whom: &str) -> Option<SenderId> {
        let mut found = self
            .people
            .iter()
            .filter(|(_, who)| who.id == whom || who.tag.eq_ignore_ascii_case(whom));
        let (sid, _) = found.next()?;
        // A tag is short: two people can have the same one.
        found.next().is_none().then_some(*sid)
    }

    /// The objects for an event, and what they need to know about ourselves.
    pub(crate) async fn hear(&mut self, event: &Event, member: &Member) -> Vec<Object> {
        if !matches!(event, Event::CaughtUp) {
            return self.translate(event);
        }
        match member.drive(|session, _, _| session.me()).await {
            Some(me) => self.ready(&me).into_iter().collect(),
            None => Vec::new(),
        }
    }

    fn ready(&mut self, me: &Person) -> Option<Object> {
        self.caught_up = true;
        let you = self.note(me);
        let (mode, left) = self.mode?;
        let people = self
            .people
            .values()
            .filter(|who| who.id != you.id)
            .cloned()
            .collect();
        Some(Object::Ready {
            version: VERSION,
            you,
            forward_secret: mode == RoomMode::ForwardSecret,
            people,
            closes_in: seconds(left),
        })
    }

    fn translate(&mut self, event: &Event) -> Vec<Object> {
        let object = match event {
            Event::Entered {
                mode, time_left, ..
            } => {
                self.mode = Some((*mode, *time_left));
                return Vec::new();
            }
            Event::PersonArrived(person) => {
                let who = self.note(person);
                if !self.caught_up || person.me {
                    return Vec::new();
                }
                Object::Joined { who }
            }
            Event::PersonChanged {
                person,
                previous_name,
            } => {
                let who = self.note(person);
                match previous_name {
                    Some(was) => Object::Renamed {
                        who,
                        was: safe::name(was),
                    },
                    None => return Vec::new(),
                }
            }
            Event::PersonLeft(sid) => match self.people.remove(sid) {
                Some(who) => Object::Left { who },
                None => return Vec::new(),
            },
            Event::Said(message) => return self.said(message).into_iter().collect(),
            Event::Sent { local, id, .. } => Object::Sent {
                reference: self.references.remove(local).flatten(),
                message: write_id(id),
            },
            Event::NotSent { local, why } => Object::NotSent {
                reference: self.references.remove(local).flatten(),
                why: lines::not_sent(*why).to_owned(),
            },
            Event::Missing { from, count } => match self.people.get(from) {
                Some(who) => Object::Missing {
                    from: Some(who.clone()),
                    count: Some(*count),
                },
                None => return Vec::new(),
            },
            Event::Unopened { count } => Object::Missing {
                from: None,
                count: Some(*count),
            },
            Event::GapInHistory { count } => Object::Missing {
                from: None,
                count: *count,
            },
            Event::TimeLeft(left) => Object::Lifetime {
                closes_in: seconds(*left),
            },
            Event::Status(Status::Waiting { .. }) => Object::Offline,
            Event::Status(Status::Ended(end)) => Object::Ended {
                why: crate::exit::Failure::of_end(end)
                    .map_or_else(|| "left".to_owned(), |failure| failure.to_string()),
            },
            _ => return Vec::new(),
        };
        vec![object]
    }

    fn said(&self, message: &Message) -> Option<Object> {
        let bot = self.people.get(&message.from).is_some_and(|who| who.bot);
        let from = author(message, bot);
        Some(match &message.body {
            Body::Text(words) | Body::Timed { text: words, .. } => {
                self.words(message, from, words, None, false)
            }
            Body::Action(words) => self.words(message, from, words, None, true),
            Body::Reply { to, text } => self.words(message, from, text, Some(to), false),
            Body::Reaction { to, on, emoji } => Object::Reaction {
                message: write_id(to),
                from,
                emoji: text::display_name(emoji),
                on: *on,
            },
            Body::Edit { of, text } => Object::Edited {
                message: write_id(of),
                from,
                text: text.text.clone(),
                markdown: text.style == Style::Markdown,
            },
            Body::Delete { of } => Object::Deleted {
                message: write_id(of),
                from,
            },
            Body::Topic(topic) => Object::Topic {
                from,
                text: topic.clone(),
            },
            _ => return None,
        })
    }

    fn words(
        &self,
        message: &Message,
        from: Who,
        words: &client::Text,
        reply_to: Option<&MessageId>,
        action: bool,
    ) -> Object {
        Object::Message(Box::new(Words {
            id: message.id.as_ref().map(write_id),
            from,
            text: words.text.clone(),
            markdown: words.style == Style::Markdown,
            private: message.to.is_some(),
            mine: message.mine,
            replayed: message.replayed,
            reply_to: reply_to.map(write_id),
            action,
            sent_at: u64::try_from(message.sent_at.as_millis()).unwrap_or(u64::MAX),
        }))
    }

    fn note(&mut self, person: &Person) -> Who {
        let who = Who {
            id: hex::encode(person.sid.0),
            name: safe::name(&person.name),
            tag: person.tag.text().to_owned(),
            bot: person.bot.is_some(),
        };
        self.people.insert(person.sid, who.clone());
        who
    }
}

fn author(message: &Message, bot: bool) -> Who {
    Who {
        id: hex::encode(message.from.0),
        name: safe::name(&message.name),
        tag: message.tag.text().to_owned(),
        bot,
    }
}

fn seconds(left: TimeLeft) -> Option<u64> {
    match left {
        TimeLeft::UntilEmpty => None,
        TimeLeft::For(left) => Some(left.as_secs()),
    }
}

/// A message's identity as text: 44 hexadecimal digits.
pub(crate) fn write_id(id: &MessageId) -> String {
    let mut bytes = id.sid.0.to_vec();
    bytes.extend_from_slice(&id.epoch.0.to_be_bytes());
    bytes.extend_from_slice(&id.generation.0.to_be_bytes());
    hex::encode(bytes)
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
