//! The person's side of a conversation: what they type becomes calls on the session.

use std::path::PathBuf;

use client::{Body, DisplayName, Event, Person, SayError, Text};
use crypto::wire::{LocalId, RoomMode, SenderId};
use sdk::Member;
use text::{FilterState, Filters};
use tokio::time::Instant;

use super::command::{self, Command, Special};
use super::desk::Desk;
use super::leap::{Leaper, Moved};
use super::lifetime::Lifetime;
use super::look;
use super::power::{CONFIRMATION, Order};
use super::recent::{Recent, can_be_answered};
use crate::lines::{Kind, Line, filters_in_words, lasting};
use crate::people;
use crate::scopes::Scopes;

/// What a typed line leads to.
pub(crate) enum Outcome {
    /// The person wants to leave.
    Leave,
    /// It is done, and this is to be shown.
    Shown(Vec<Line>),
    /// It is on its way.
    Posted(LocalId),
    /// The filters are these from now on.
    Filters(Filters),
}

/// See the module.
pub(crate) struct Speaker {
    /// Who last wrote to us alone, for `/r`.
    whispered: Option<SenderId>,
    /// Whom everything is for until `/to all`, and what they are called.
    scope: Option<(SenderId, String)>,
    recent: Recent,
    scopes: Scopes,
    pub(super) desk: Desk,
    pub(super) lifetime: Lifetime,
    pub(super) face: String,
    /// What newcomers see.
    pub(super) kind: String,
    /// The next line decides whether the room is closed for everybody.
    purging: bool,
    /// Whom and what moving to another room is about.
    leaper: Leaper,
    into: PathBuf,
    limit: u64,
}

impl Speaker {
    /// `face`: what the room looks like to everybody in it. `into`: where files are saved. `limit`: the longest file.
    pub(crate) fn new(face: String, into: PathBuf, limit: u64, leaper: Leaper) -> Self {
        Self {
            whispered: None,
            scope: None,
            recent: Recent::default(),
            scopes: Scopes::default(),
            desk: Desk::new(into.clone(), limit),
            lifetime: Lifetime::default(),
            face,
            kind: String::new(),
            purging: false,
            leaper,
            into,
            limit,
        }
    }

    /// The room to go on in, once there is one; nothing that was about the one before is known any more. The files that
    /// were under way end with it.
    pub(crate) fn moved(self) -> (Self, Option<Member>) {
        let mut leaper = self.leaper;
        match leaper.moved() {
            Some(Moved { member, face }) => {
                let moved = Self::new(face, self.into, self.limit, leaper);
                (moved, Some(member))
            }
            None => (Self { leaper, ..self }, None),
        }
    }

    /// Whether [`moved`](Self::moved) has another room.
    pub(crate) fn has_moved(&self) -> bool {
        self.leaper.has_moved()
    }

    /// Whom alone the next words are for.
    pub(crate) fn scope(&self) -> Option<&str> {
        self.scope.as_ref().map(|(_, name)| name.as_str())
    }

    /// Takes note of what happens, and moves files. What is to be shown besides the event's own line.
    pub(crate) async fn hear(&mut self, event: &Event, member: &Member) -> Option<Line> {
        self.lifetime.hear(event, Instant::now());
        self.recent.hear(event);
        self.scopes.hear(event);
        match event {
            Event::Said(message) if message.to.is_some() && !message.mine => {
                self.whispered = Some(message.from);
            }
            Event::Entered { mode, history, .. } => {
                self.kind = match mode {
                    RoomMode::ForwardSecret => "see nothing".to_owned(),
                    RoomMode::OpenHistory => format!("see the last {history}"),
                };
            }
            _ => {}
        }
        let here = match event {
            Event::File { .. } => everybody(member).await,
            _ => Vec::new(),
        };
        let name = |sid: &SenderId| {
            here.iter()
                .find(|person| person.sid == *sid)
                .map_or_else(|| "somebody".to_owned(), people::shown)
        };
        let told = self.leaper.hear(event);
        let more = self.desk.hear(event, member, name).await;
        told.or(more)
    }

    /// Does what one typed line asks for. What cannot be done is said, and nothing of it is sent.
    pub(crate) async fn typed(&mut self, line: &str, member: &Member, filters: Filters) -> Outcome {
        if std::mem::take(&mut self.purging) {
            return if line.trim() == CONFIRMATION {
                done(Order::Purge.give(member).await)
            } else {
                note("the room stays; what you typed was not sent")
            };
        }
        match command::read(line) {
            Ok(Some(command)) => match self.obey(command, member, filters).await {
                Ok(outcome) => outcome,
                Err(sentence) => note(sentence),
            },
            Ok(None) => Outcome::Shown(Vec::new()),
            Err(sentence) => note(sentence),
        }
    }

    async fn obey(
        &mut self,
        command: Command,
        member: &Member,
        filters: Filters,
    ) -> Result<Outcome, String> {
        let scope = self.scope.as_ref().map(|(sid, _)| *sid);
        let pick = async |who: &str| people::pick(who, &everybody(member).await);
        Ok(match command {
            Command::Leave => Outcome::Leave,
            Command::Help => listed(command::HELP),
            Command::People => listed(&look::described(member).await),
            Command::Room => listed(&self.card(member, &filters).await),
            Command::Files => match self.desk.list() {
                list if list.is_empty() => note("nobody has offered a file yet"),
                list => listed(&list),
            },
            Command::Nick(name) => nick(&name, member).await,
            Command::Scope(None) => {
                self.scope = None;
                note("your words are for everybody again")
            }
            Command::Scope(Some(who)) => {
                let sid = pick(&who).await?;
                let name = name_of(sid, member).await;
                let sentence = format!("your words are for {name} alone until /to all");
                self.scope = Some((sid, name));
                note(sentence)
            }
            Command::Say(text) => self.post(member, scope, Body::text(text)).await?,
            Command::Action(text) => {
                self.post(member, scope, Body::Action(Text::from(text)))
                    .await?
            }
            Command::Timed(stays, text) => {
                let text = Text::from(text);
                self.post(member, scope, Body::Timed { stays, text })
                    .await?
            }
            Command::Topic(topic) => self.post(member, None, Body::Topic(topic)).await?,
            Command::Whisper { who, text } => {
                let sid = pick(&who).await?;
                self.post(member, Some(sid), Body::text(text)).await?
            }
            Command::Answer(text) => {
                let sid = self
                    .whispered
                    .ok_or("nobody has written to you alone yet")?;
                self.post(member, Some(sid), Body::text(text)).await?
            }
            Command::Reply { of, text } => {
                let to = self.meant(of, member).await?;
                let (scope, text) = (self.scopes.of(&to).or(scope), Text::from(text));
                self.post(member, scope, Body::Reply { to, text }).await?
            }
            Command::React { of, emoji } => {
                let to = self.meant(of, member).await?;
                let scope = self.scopes.of(&to);
                let on = true;
                self.post(member, scope, Body::Reaction { to, on, emoji })
                    .await?
            }
            Command::Edit(text) => {
                let of = self.own()?;
                let (scope, text) = (self.scopes.of(&of), Text::from(text));
                self.post(member, scope, Body::Edit { of, text }).await?
            }
            Command::Unsay => {
                let of = self.own()?;
                self.recent.forget_own();
                let scope = self.scopes.of(&of);
                self.post(member, scope, Body::Delete { of }).await?
            }
            Command::Compare(who) => listed(&look::comparison(pick(&who).await?, member).await),
            Command::Compared(who) => {
                let sid = pick(&who).await?;
                member
                    .drive(move |session, _, _| session.set_verified(sid, true))
                    .await;
                note("remembered until you leave: it is really them")
            }
            Command::File { to, path } => {
                let to = match to {
                    Some(who) => Some(pick(&who).await?),
                    None => scope,
                };
                note(self.desk.offer(member, to, &path).await?)
            }
            Command::Accept(number) => note(self.desk.accept(member, number).await?),
            Command::Deny(number) => note(self.desk.deny(member, number).await?),
            Command::Cancel(number) => note(self.desk.cancel(member, number).await?),
            Command::Links(mode) => Outcome::Filters(Filters {
                links: mode.state(),
                ..filters
            }),
            Command::Special(Special::State(mode)) => Outcome::Filters(Filters {
                special: mode.state(),
                strict: false,
                ..filters
            }),
            Command::Special(Special::Strict) => Outcome::Filters(Filters {
                special: match filters.special {
                    FilterState::Show => FilterState::Neutralise,
                    state => state,
                },
                strict: true,
                ..filters
            }),
            Command::Leap(names) => note(self.leaper.leap(&names, member).await?),
            Command::Go => note(self.leaper.go(member).await?),
            Command::Stay => note(self.leaper.stay(member).await?),
            Command::Suggest => done(Order::Suggest(filters).give(member).await),
            Command::Lock(locked) => done(Order::Lock(locked).give(member).await),
            Command::Time(Some(time)) => done(Order::Lifetime(time).give(member).await),
            Command::Time(None) => note(match self.lifetime.left(Instant::now()) {
                Some(left) => format!("this room closes in {}", lasting(left)),
                None => "this room closes when it is empty".to_owned(),
            }),
            Command::Remove(who) => done(Order::Remove(pick(&who).await?).give(member).await),
            Command::Share(who) => done(Order::Share(pick(&who).await?).give(member).await),
            Command::HandOn(who) => done(Order::HandOn(pick(&who).await?).give(member).await),
            Command::EverybodyCloses(all) => done(Order::EverybodyCloses(all).give(member).await),
            Command::Purge => {
                self.purging = true;
                warning(format!(
                    "this closes the room for everybody, and the relay erases all it holds; copies and screenshots stay. \
                     Type {CONFIRMATION} to do it, anything else to keep the room"
                ))
            }
        })
    }

    async fn post(
        &mut self,
        member: &Member,
        to: Option<SenderId>,
        body: Body,
    ) -> Result<Outcome, String> {
        let is_answerable = can_be_answered(&body);
        let local = post(member, to, body).await?;
        if is_answerable {
            self.recent.posted(local);
        }
        Ok(Outcome::Posted(local))
    }

    /// The message that an answer is about.
    async fn meant(
        &self,
        of: Option<String>,
        member: &Member,
    ) -> Result<client::MessageId, String> {
        let of = match of {
            Some(who) => Some(people::pick(&who, &everybody(member).await)?),
            None => None,
        };
        self.recent
            .last(of)
            .ok_or_else(|| "there is no message to answer yet".to_owned())
    }

    fn own(&self) -> Result<client::MessageId, String> {
        self.recent
            .own()
            .ok_or_else(|| "there is no message of yours that the relay has yet".to_owned())
    }
}

pub(super) async fn everybody(member: &Member) -> Vec<Person> {
    member
        .drive(|session, _, _| session.people())
        .await
        .unwrap_or_default()
}

pub(super) async fn name_of(sid: SenderId, member: &Member) -> String {
    everybody(member)
        .await
        .iter()
        .find(|person| person.sid == sid)
        .map_or_else(|| "somebody".to_owned(), people::shown)
}

async fn post(member: &Member, to: Option<SenderId>, body: Body) -> Result<LocalId, String> {
    member
        .drive(move |session, now, rng| match to {
            Some(sid) => session.say_to(sid, body, now, rng),
            None => session.post(body, now, rng),
        })
        .await
        .unwrap_or(Err(SayError::Ended))
        .map_err(|error| error.to_string())
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

fn done(result: Result<(), String>) -> Outcome {
    match result {
        Ok(()) => Outcome::Shown(Vec::new()),
        Err(sentence) => note(sentence),
    }
}

fn note(sentence: impl Into<String>) -> Outcome {
    one(Kind::Happened, sentence.into())
}

fn warning(sentence: impl Into<String>) -> Outcome {
    one(Kind::Warning, sentence.into())
}

fn one(kind: Kind, sentence: String) -> Outcome {
    Outcome::Shown(vec![Line {
        kind,
        text: format!("* {sentence}"),
    }])
}

fn listed<T: AsRef<str>>(lines: &[T]) -> Outcome {
    Outcome::Shown(
        lines
            .iter()
            .map(|text| Line {
                kind: Kind::Happened,
                text: text.as_ref().to_owned(),
            })
            .collect(),
    )
}

/// What the filters do, as a line to be shown after they were changed.
pub(crate) fn told(filters: &Filters) -> Line {
    Line {
        kind: Kind::Happened,
        text: format!("* {}", filters_in_words(filters)),
    }
}
