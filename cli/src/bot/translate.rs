//! From the session's events to those that a bot reads.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use client::{
    Answer, Body, By, Event, FileOffer, FileRef, Message, MessageId, Person, Status, Style,
};
use crypto::wire::{LocalId, RoomMode, SenderId, TimeLeft};
use sdk::Member;
use text::{FileName, FileWarning};

use super::event::{Object, Offered, VERSION, Who, Words, write_file, write_id};
use crate::files::Fate;
use crate::{lines, safe};

/// As many as the session remembers.
const MOST_FILES: usize = 256;

/// Turns events into objects. Remembers who is who and which answers are awaited.
#[derive(Default)]
pub(crate) struct Translator {
    people: HashMap<SenderId, Who>,
    references: HashMap<LocalId, Option<String>>,
    /// What the files that can be had are called by their senders; a few hundred.
    files: BTreeMap<FileRef, String>,
    caught_up: bool,
    mode: Option<(RoomMode, TimeLeft)>,
}

impl Translator {
    /// The answer to `local` goes by that word of the bot's.
    pub(crate) fn expect(&mut self, local: LocalId, reference: Option<String>) {
        self.references.insert(local, reference);
    }

    /// The first line.
    pub(crate) fn hello() -> Object {
        Object::Hello { version: VERSION }
    }

    /// Whether that member is a bot.
    pub(crate) fn is_bot(&self, sid: &SenderId) -> bool {
        self.people.get(sid).is_some_and(|who| who.bot)
    }

    /// What became of a file.
    pub(crate) fn fate(&self, file: &FileRef, fate: Fate) -> Object {
        let id = write_file(file);
        match fate {
            Fate::Moved { done, total, .. } => Object::FileProgress {
                file: id,
                done,
                total,
            },
            Fate::Answered { by, answer } => Object::FileAnswered {
                file: id,
                from: self.people.get(&by).cloned(),
                answer: answered(answer),
            },
            Fate::Saved { path, bytes, .. } => Object::FileReceived {
                file: id,
                name: file_name(&path),
                size: bytes,
            },
            Fate::Failed(why) => Object::FileFailed {
                file: id,
                why: why.to_owned(),
            },
            Fate::Unsaved(why) => Object::FileFailed { file: id, why },
        }
    }

    /// What its sender calls a file.
    pub(crate) fn file_name(&self, file: &FileRef) -> Option<&str> {
        self.files.get(file).map(String::as_str)
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
            Event::Said(message) => {
                self.note_offer(message);
                return self.said(message).into_iter().collect();
            }
            Event::Invited(invited) => Object::Invited {
                from: self.by(&invited.by),
                party: invited.party.iter().map(|by| self.by(by)).collect(),
                replayed: invited.replayed,
            },
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
            Event::TimeLeft(left)
            | Event::RoomChanged {
                time_left: left, ..
            } if self.caught_up => Object::Lifetime {
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

    fn by(&self, by: &By) -> Who {
        Who {
            id: hex::encode(by.sid.0),
            name: safe::name(&by.name),
            tag: by.tag.text().to_owned(),
            bot: self.people.get(&by.sid).is_some_and(|who| who.bot),
        }
    }

    fn note_offer(&mut self, message: &Message) {
        if let Body::Offer(offer) = &message.body {
            if self.files.len() >= MOST_FILES {
                self.files.pop_first();
            }
            let file = FileRef {
                from: message.from,
                file: offer.file,
            };
            self.files.insert(file, offer.name.clone());
        }
    }

    fn said(&self, message: &Message) -> Option<Object> {
        let bot = self.people.get(&message.from).is_some_and(|who| who.bot);
        let from = author(message, bot);
        let body = message.as_it_stands()?;
        Some(match body.as_ref() {
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
                private: message.to.is_some(),
            },
            Body::Edit { of, text } => Object::Edited {
                message: write_id(of),
                from,
                text: text.text.clone(),
                markdown: text.style == Style::Markdown,
                private: message.to.is_some(),
            },
            Body::Delete { of } => Object::Deleted {
                message: write_id(of),
                from,
                private: message.to.is_some(),
            },
            Body::Topic(topic) => Object::Topic {
                from,
                text: topic.clone(),
            },
            Body::Offer(offer) => offered(message, from, offer),
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
            late: message.late.is_some(),
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

fn offered(message: &Message, from: Who, offer: &FileOffer) -> Object {
    let name = FileName::of(&offer.name);
    let warnings = name.warnings.iter().map(|warning| match warning {
        FileWarning::Runs => "runs",
        FileWarning::Page => "page",
        FileWarning::TwoEndings => "two_endings",
        FileWarning::Disguised => "disguised",
    });
    Object::FileOffered(Box::new(Offered {
        file: write_file(&FileRef {
            from: message.from,
            file: offer.file,
        }),
        from,
        warnings: warnings.collect(),
        name: name.shown,
        size: offer.size,
        media_type: text::escape_invisible(&offer.media_type),
        private: message.to.is_some(),
        mine: message.mine,
        replayed: message.replayed,
    }))
}

fn answered(answer: Answer) -> &'static str {
    match answer {
        Answer::Accepted => "accepted",
        Answer::Denied => "declined",
        Answer::Received => "received",
        Answer::Corrupt => "corrupt",
        Answer::Left => "left",
        _ => "cancelled",
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
