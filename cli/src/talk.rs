//! `roomkey join`: a person talks.

mod command;
mod plain;
mod screen;

use std::io::{IsTerminal as _, stdin, stdout};

use client::{Body, DisplayName, Event, Person, SayError, Status, Text};
use crypto::wire::{LocalId, SenderId};
use sdk::Member;

use crate::args::{JoinArguments, RelayArguments};
use crate::exit::{Exit, Failure};
use crate::lines::{Kind, Line};
use crate::room::Room;
use crate::safe;
use command::Command;

pub(crate) async fn run(arguments: JoinArguments, relay: &RelayArguments) -> Result<(), Failure> {
    let (member, face) = Room::of(&arguments.room, relay)?
        .enter(&arguments.room, None)
        .await?;
    if arguments.plain || !stdin().is_terminal() || !stdout().is_terminal() {
        plain::run(member).await
    } else {
        screen::run(member, face).await
    }
}

/// What a typed line leads to.
pub(crate) enum Outcome {
    /// The person wants to leave.
    Leave,
    /// It is done, and this is to be shown.
    Shown(Vec<Line>),
    /// It is on its way.
    Posted(LocalId),
}

/// The person's side of a conversation: what they type becomes calls on the session.
pub(crate) struct Speaker {
    /// Who last wrote to us alone, for `/r`.
    whispered: Option<SenderId>,
}

impl Speaker {
    pub(crate) fn new() -> Self {
        Self { whispered: None }
    }

    /// Takes note of what happens.
    pub(crate) fn hear(&mut self, event: &Event) {
        if let Event::Said(message) = event
            && message.to.is_some()
            && !message.mine
        {
            self.whispered = Some(message.from);
        }
    }

    /// Does what one typed line asks for. What cannot be done is said, and nothing of it is sent.
    pub(crate) async fn typed(&mut self, line: &str, member: &Member) -> Outcome {
        let command = match command::read(line) {
            Ok(Some(command)) => command,
            Ok(None) => return Outcome::Shown(Vec::new()),
            Err(sentence) => return note(sentence),
        };
        let body = match command {
            Command::Leave => return Outcome::Leave,
            Command::Help => {
                return Outcome::Shown(command::HELP.iter().map(|line| plain_line(line)).collect());
            }
            Command::People => return people(member).await,
            Command::Nick(name) => return nick(&name, member).await,
            Command::Whisper { who, text } => return self.whisper(&who, text, member).await,
            Command::Answer(text) => {
                return match self.whispered {
                    Some(sid) => said(post(member, Some(sid), Body::text(text)).await),
                    None => note("nobody has written to you alone yet"),
                };
            }
            Command::Say(text) => Body::text(text),
            Command::Action(text) => Body::Action(Text::from(text)),
            Command::Topic(topic) => Body::Topic(topic),
        };
        said(post(member, None, body).await)
    }

    async fn whisper(&mut self, who: &str, text: String, member: &Member) -> Outcome {
        let everybody = member
            .drive(|session, _, _| session.people())
            .await
            .unwrap_or_default();
        match command::pick(who, &everybody) {
            Ok(sid) => said(post(member, Some(sid), Body::text(text)).await),
            Err(sentence) => note(sentence),
        }
    }
}

async fn post(member: &Member, to: Option<SenderId>, body: Body) -> Result<LocalId, SayError> {
    let posted = member
        .drive(move |session, now, rng| match to {
            Some(sid) => session.say_to(sid, body, now, rng),
            None => session.post(body, now, rng),
        })
        .await;
    posted.unwrap_or(Err(SayError::Ended))
}

fn said(result: Result<LocalId, SayError>) -> Outcome {
    match result {
        Ok(local) => Outcome::Posted(local),
        Err(error) => note(error.to_string()),
    }
}

async fn people(member: &Member) -> Outcome {
    let everybody = member
        .drive(|session, _, _| session.people())
        .await
        .unwrap_or_default();
    Outcome::Shown(
        everybody
            .iter()
            .map(|person| plain_line(&described(person)))
            .collect(),
    )
}

fn described(person: &Person) -> String {
    let mut text = format!("  {}·{}", safe::name(&person.name), person.tag.text());
    if person.me {
        text.push_str(" (you)");
    }
    if let Some(destination) = &person.bot {
        text.push_str(" (bot, may send what is said here to: ");
        text.push_str(&safe::name(destination));
        text.push(')');
    }
    if person.away {
        text.push_str(" (away)");
    }
    text
}

async fn nick(typed: &str, member: &Member) -> Outcome {
    match DisplayName::parse(typed) {
        Ok(name) => {
            member
                .drive(move |session, now, rng| session.rename(name, now, rng))
                .await;
            Outcome::Shown(Vec::new())
        }
        Err(error) => note(error.to_string()),
    }
}

fn note(sentence: impl Into<String>) -> Outcome {
    Outcome::Shown(vec![Line {
        kind: Kind::Warning,
        text: format!("* {}", sentence.into()),
    }])
}

fn plain_line(text: &str) -> Line {
    Line {
        kind: Kind::Happened,
        text: text.to_owned(),
    }
}

/// Why the session is over, if this event says so. A program does not wait at a door: there is nobody to ask.
pub(crate) fn ended(event: &Event) -> Option<Result<(), Failure>> {
    match event {
        Event::Status(Status::AtDoor) => Some(Err(Failure::new(
            Exit::Refused,
            "not entered: nobody is in a room with this second secret (check it), or newcomers see something else there \
             than you asked for with --newcomers",
        ))),
        Event::Status(Status::Ended(end)) => Some(Failure::of_end(end).map_or(Ok(()), Err)),
        _ => None,
    }
}
