//! `roomkey send`: say something and be sure that the relay has it.

use std::collections::BTreeSet;
use std::io::Read as _;

use client::{Body, Event, SayError, Status};
use crypto::wire::LocalId;
use sdk::Member;
use tokio::io::{AsyncBufReadExt as _, BufReader, stdin};

use crate::args::{RelayArguments, SendArguments};
use crate::exit::{Exit, Failure};
use crate::lines;
use crate::room::Room;
use crate::talk;

pub(crate) async fn run(arguments: SendArguments, relay: &RelayArguments) -> Result<(), Failure> {
    // Before anything is opened: an empty input should not make anybody's room appear.
    let text = match (&arguments.text, arguments.lines) {
        (Some(text), _) => Some(text.clone()),
        (None, false) => Some(whole_input()?),
        (None, true) => None,
    };
    if text.as_deref().is_some_and(|text| text.trim().is_empty()) {
        return Err(Failure::new(Exit::Usage, "there is nothing to send"));
    }
    let (typed, visit) = (arguments.room.room.as_deref(), &arguments.room.visit);
    let mut member = Room::of(typed, visit, relay)?.enter(visit, None).await?;
    let mut delivery = Delivery::default();
    let mut input = text.is_none().then(|| BufReader::new(stdin()).lines());
    let mut text = text;
    let mut online = false;
    loop {
        if online && let Some(text) = text.take() {
            delivery.expect(say(&member, text).await?);
        }
        tokio::select! {
            event = member.next() => {
                let Some(event) = event else { return delivery.result() };
                delivery.hear(&event);
                online |= matches!(event, Event::Status(Status::Online));
                if let Some(ended) = talk::ended(&event) {
                    ended?;
                    return delivery.result();
                }
            }
            line = next_line(&mut input), if online => match line {
                Some(line) if line.trim().is_empty() => {}
                Some(line) => delivery.expect(say(&member, line).await?),
                None => input = None,
            },
        }
        if online && text.is_none() && input.is_none() && delivery.is_settled() {
            member.leave().await;
            return delivery.result();
        }
    }
}

async fn next_line(
    input: &mut Option<tokio::io::Lines<BufReader<tokio::io::Stdin>>>,
) -> Option<String> {
    match input {
        Some(lines) => lines.next_line().await.ok().flatten(),
        None => std::future::pending().await,
    }
}

async fn say(member: &Member, text: String) -> Result<LocalId, Failure> {
    let said = member
        .drive(move |session, now, rng| session.post(Body::text(text), now, rng))
        .await;
    match said {
        Some(Ok(local)) => Ok(local),
        Some(Err(error @ (SayError::Empty | SayError::TooLong { .. }))) => {
            Err(Failure::new(Exit::Usage, error.to_string()))
        }
        Some(Err(error)) => Err(Failure::new(Exit::NotDelivered, error.to_string())),
        None => Err(Failure::new(Exit::NotDelivered, "the session ended first")),
    }
}

fn whole_input() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    // One byte more than can be sent shows that it is too long without reading an endless input.
    let limit = u64::try_from(client::LONGEST_TEXT)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    std::io::stdin()
        .lock()
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| {
            Failure::new(
                Exit::Failed,
                format!("could not read standard input: {error}"),
            )
        })?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::new(
            Exit::Usage,
            "standard input is not UTF-8 text; a file is sent as a file",
        )
    })?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// What became of everything that was said.
#[derive(Default)]
pub(crate) struct Delivery {
    under_way: BTreeSet<LocalId>,
    failed: Option<&'static str>,
}

impl Delivery {
    /// This was handed to the session a moment ago.
    pub(crate) fn expect(&mut self, local: LocalId) {
        self.under_way.insert(local);
    }

    pub(crate) fn hear(&mut self, event: &Event) {
        match event {
            Event::Composed(message) => self.under_way.extend(message.local),
            Event::Sent { local, .. } => {
                self.under_way.remove(local);
            }
            Event::NotSent { local, why } if self.under_way.remove(local) => {
                self.failed = Some(lines::not_sent(*why));
            }
            _ => {}
        }
    }

    /// Nothing is under way.
    pub(crate) fn is_settled(&self) -> bool {
        self.under_way.is_empty()
    }

    /// Whether all of it was delivered.
    pub(crate) fn result(&self) -> Result<(), Failure> {
        match (self.failed, self.under_way.is_empty()) {
            (None, true) => Ok(()),
            (Some(why), _) => Err(Failure::new(
                Exit::NotDelivered,
                format!("not delivered: {why}"),
            )),
            (None, false) => Err(Failure::new(
                Exit::NotDelivered,
                "not delivered: the session ended first",
            )),
        }
    }
}
