//! One event, one safe line of text.

mod governed;
mod phrases;
mod quotes;

use std::collections::HashMap;
use std::time::Duration;

use client::{Body, End, Event, Message, MessageId, Person, Status, Text};
use crypto::wire::SenderId;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use text::Filters;

use crate::args::{Filter, FilterArguments};
use crate::people::shown;
use crate::safe;
pub(crate) use governed::{filters_in_words, lasting};
pub(crate) use phrases::not_sent;
use phrases::{about_or_it, disclosed, entered, offered};
use quotes::Quotes;

/// What a line is about; a screen colours by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Somebody said it.
    Said,
    /// We said it.
    Mine,
    /// It happened in the room.
    Happened,
    /// It deserves attention.
    Warning,
}

/// A line (or more, each indented after the first), without a newline at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) kind: Kind,
    pub(crate) text: String,
}

/// Turns events into lines. Remembers who is who and the beginnings of what was said, to quote from.
pub(crate) struct Scribe {
    zone: TimeZone,
    people: HashMap<SenderId, Person>,
    quotes: Quotes,
    caught_up: bool,
    /// There is no connection, and so many messages wait for one.
    waiting: Option<usize>,
    filters: Filters,
    /// The person has chosen the filters; what the room suggests changes nothing any more.
    chosen: bool,
}

impl Scribe {
    /// Times are shown in `zone`.
    pub(crate) fn new(zone: TimeZone, chosen: FilterArguments) -> Self {
        let mut filters = Filters::default();
        filters.links = chosen.links.map_or(filters.links, Filter::state);
        filters.special = chosen.special.map_or(filters.special, Filter::state);
        Self {
            zone,
            people: HashMap::new(),
            quotes: Quotes::default(),
            caught_up: false,
            waiting: None,
            filters,
            chosen: chosen.links.is_some() || chosen.special.is_some(),
        }
    }

    /// What becomes of links and special characters.
    pub(crate) fn filters(&self) -> Filters {
        self.filters
    }

    /// The person chooses; nobody else does from then on.
    pub(crate) fn choose(&mut self, filters: Filters) {
        self.filters = filters;
        self.chosen = true;
    }

    /// Another room takes this one's place.
    pub(crate) fn moved(&mut self) {
        self.people.clear();
        self.quotes = Quotes::default();
        self.caught_up = false;
    }

    /// The line for an event, if it deserves one. `wall` is the time now, since the Unix epoch.
    pub(crate) fn line(&mut self, event: &Event, wall: Duration) -> Option<Line> {
        self.quotes.hear(event);
        let (kind, text) = match event {
            Event::Said(message) | Event::Composed(message) => return Some(self.message(message)),
            Event::Ordered { by, order, .. } => {
                self.heed(order);
                (Kind::Happened, governed::ordered(by, order))
            }
            Event::OrderRefused { refusal, .. } => {
                (Kind::Warning, governed::refused(*refusal).to_owned())
            }
            Event::ControlDisputed { by } => (Kind::Warning, governed::disputed(by)),
            Event::RoomModeDisputed { tag, .. } => (
                Kind::Warning,
                format!(
                    "the relay told ·{} that this room is of another kind; they get no keys and are not shown",
                    tag.text()
                ),
            ),
            Event::Entered {
                outcome,
                mode,
                history,
                time_left,
                ..
            } => (
                Kind::Happened,
                entered(*outcome, *mode, *history, *time_left),
            ),
            Event::CaughtUp => {
                self.caught_up = true;
                let others = self.people.values().filter(|person| !person.me).count();
                (
                    Kind::Happened,
                    match others {
                        0 => "nobody else is here yet".to_owned(),
                        1 => "one more person is here".to_owned(),
                        n => format!("{n} more people are here"),
                    },
                )
            }
            Event::PersonArrived(person) => {
                let who = self.note(person);
                match &person.bot {
                    _ if person.me => return None,
                    // A bot is told of even by those who came after it.
                    Some(destination) => (Kind::Warning, disclosed(&who, destination)),
                    None if !self.caught_up => return None,
                    None => (Kind::Happened, format!("{who} came in")),
                }
            }
            Event::PersonChanged {
                person,
                previous_name,
            } => {
                let known = self.people.get(&person.sid).map(|known| known.bot.clone());
                let who = self.note(person);
                match (&person.bot, previous_name) {
                    (Some(destination), _) if !person.me && known != Some(person.bot.clone()) => {
                        (Kind::Warning, disclosed(&who, destination))
                    }
                    (_, Some(previous)) => (
                        Kind::Happened,
                        format!("{} is now {who}", safe::name(previous)),
                    ),
                    (_, None) => return None,
                }
            }
            Event::PersonLeft(sid) => (Kind::Happened, format!("{} left", self.who(sid))),
            Event::NotSent { why, .. } => {
                (Kind::Warning, format!("not delivered: {}", not_sent(*why)))
            }
            Event::Missing { from, count } => (
                Kind::Warning,
                format!("{count} of {}'s messages never arrived", self.who(from)),
            ),
            Event::Unverifiable { count } => (
                Kind::Warning,
                format!("{count} could not be verified and is not shown"),
            ),
            Event::Unsupported => (
                Kind::Warning,
                "somebody uses a newer version; part of what they do is not shown".to_owned(),
            ),
            Event::Unopened { count } => (
                Kind::Warning,
                format!("{count} could not be opened: the key never came"),
            ),
            Event::GapInHistory { count: None } => (
                Kind::Warning,
                "the relay no longer had everything that was said meanwhile".to_owned(),
            ),
            Event::GapInHistory { count: Some(count) } => (
                Kind::Warning,
                format!("the relay no longer had {count} of the messages of meanwhile"),
            ),
            Event::Diverged { with } => (
                Kind::Warning,
                format!(
                    "the relay may be showing {} another conversation than you",
                    self.who(with)
                ),
            ),
            Event::ClockSkew { sid, ahead, by } => (
                Kind::Warning,
                format!(
                    "{}'s clock is {} min {} yours",
                    self.who(sid),
                    by.as_secs().div_ceil(60),
                    if *ahead { "ahead of" } else { "behind" }
                ),
            ),
            Event::RelayKeyChanged { expected, found } => (
                Kind::Warning,
                format!("the relay shows the key {found} and should have {expected}"),
            ),
            Event::TooFast { retry_after } => (
                Kind::Warning,
                format!(
                    "too fast: the relay asks to wait {} s",
                    retry_after.as_secs().max(1)
                ),
            ),
            Event::Status(Status::Waiting { queued, .. }) => {
                // Said once, and again when more waits: not at every try.
                if self.waiting.replace(*queued) == Some(*queued) {
                    return None;
                }
                let what = if self.caught_up {
                    "connection lost, trying again"
                } else {
                    "no connection yet, trying again"
                };
                (
                    Kind::Warning,
                    match queued {
                        0 => what.to_owned(),
                        1 => format!("{what}; 1 message waits"),
                        n => format!("{what}; {n} messages wait"),
                    },
                )
            }
            Event::Status(Status::Online) => {
                self.waiting = None;
                return None;
            }
            Event::Status(Status::Ended(End::Left)) => (Kind::Happened, "you left".to_owned()),
            _ => return None,
        };
        Some(Line {
            kind,
            text: format!("[{}] * {text}", self.clock(wall)),
        })
    }

    /// A message as it is shown with the filters of this moment.
    pub(crate) fn message(&self, message: &Message) -> Line {
        let said = match message.as_it_stands().as_deref() {
            None => "(taken back or changed since)".to_owned(),
            Some(body) => self.body(body),
        };
        let scope = match &message.to {
            None => String::new(),
            Some(sid) if message.mine => format!(" to {} alone", self.who(sid)),
            Some(_) => " to you alone".to_owned(),
        };
        let late = match &message.late {
            Some(_) => " came late",
            None => "",
        };
        let badge = match self.people.get(&message.from) {
            Some(person) if person.bot.is_some() => " (bot)",
            _ => "",
        };
        // What was said before we came has its author's time: ours would be the same for all of it.
        let at = if message.replayed || message.late.is_some() {
            message.sent_at
        } else {
            message.received_at
        };
        let mut lines = said.lines();
        let first = lines.next().unwrap_or_default();
        let mut text = format!(
            "[{} - {}·{}{badge}{scope}{late}]: {first}",
            self.clock(at),
            safe::name(&message.name),
            message.tag.text()
        );
        for line in lines {
            text.push('\n');
            text.push_str(safe::CONTINUED);
            text.push_str(line);
        }
        let kind = if message.mine { Kind::Mine } else { Kind::Said };
        Line { kind, text }
    }

    fn body(&self, body: &Body) -> String {
        let words = |text: &Text| safe::words(text, &self.filters);
        let about = |id: &MessageId| match self.quotes.find(id) {
            Some(text) => format!(" \u{201c}{}\u{201d}", quotes::short(&words(text))),
            None => String::new(),
        };
        match body {
            Body::Text(text) => words(text),
            Body::Timed { text, stays } => {
                format!("(for {}) {}", lasting(*stays), words(text))
            }
            Body::Reply { to, text } => format!("↳{} {}", about(to), words(text)),
            Body::Action(text) => format!("* {}", words(text)),
            Body::Edit { of, text } => format!("(changed{}) {}", about(of), words(text)),
            Body::Delete { of } => format!("(took{} back)", about_or_it(about(of))),
            Body::Reaction { to, on, emoji } => {
                let emoji = safe::name(emoji);
                let verb = if *on { "put" } else { "took" };
                let place = if *on { "beside" } else { "from" };
                format!("({verb} {emoji} {place}{})", about_or_it(about(to)))
            }
            Body::Topic(topic) if topic.is_empty() => "(took the topic away)".to_owned(),
            Body::Topic(topic) => format!("(topic) {}", safe::line(topic)),
            Body::Offer(offer) => offered(offer),
            Body::Withdraw { .. } => "(took an offered file back)".to_owned(),
            _ => "(something that this version cannot show)".to_owned(),
        }
    }

    /// The room suggests filters; they count until the person chooses.
    fn heed(&mut self, order: &client::Ordered) {
        if let client::Ordered::Filters(bytes) = order
            && !self.chosen
            && let Some(filters) = bytes.first().copied().and_then(Filters::from_byte)
        {
            self.filters = filters;
        }
    }

    fn note(&mut self, person: &Person) -> String {
        self.people.insert(person.sid, person.clone());
        shown(person)
    }

    fn who(&self, sid: &SenderId) -> String {
        self.people
            .get(sid)
            .map_or_else(|| "somebody".to_owned(), shown)
    }

    fn clock(&self, wall: Duration) -> String {
        let seconds = i64::try_from(wall.as_secs()).unwrap_or_default();
        Timestamp::from_second(seconds)
            .unwrap_or_default()
            .to_zoned(self.zone.clone())
            .strftime("%H:%M:%S")
            .to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_does_not_come_back_is_told_once_and_not_at_every_try() {
        let chosen = FilterArguments {
            links: None,
            special: None,
        };
        let mut scribe = Scribe::new(TimeZone::UTC, chosen);
        let mut told = |queued| {
            let until = Duration::ZERO;
            let waiting = Event::Status(Status::Waiting { until, queued });
            scribe.line(&waiting, until).map(|line| line.text)
        };
        assert!(told(0).unwrap().contains("no connection yet"));
        assert_eq!(told(0), None);
        assert!(told(2).unwrap().contains("2 messages wait"));
        assert_eq!(told(2), None);
    }
}
