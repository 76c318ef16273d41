//! `roomkey join`: a person talks.

mod command;
mod desk;
mod leap;
mod lifetime;
mod look;
mod plain;
mod power;
mod recent;
mod screen;
mod speaker;

use std::future::pending;
use std::io::{IsTerminal as _, stdin, stdout};

use client::{Event, Status};
use jiff::tz::TimeZone;
use tokio::time::{Instant, sleep_until};

use crate::args::{JoinArguments, RelayArguments};
use crate::exit::{Exit, Failure};
use crate::lines::Scribe;
use crate::room::Room;
use leap::Leaper;
use speaker::{Outcome, Speaker};

pub(crate) async fn run(arguments: JoinArguments, relay: &RelayArguments) -> Result<(), Failure> {
    let (typed, visit) = (arguments.room.room.as_deref(), &arguments.room.visit);
    let ready = Room::of(typed, visit, relay)?.ready(visit, None).await?;
    let leaper = Leaper::new(ready.relay.clone());
    let speaker = Speaker::new(ready.face.clone(), arguments.into, ready.max_file(), leaper);
    let scribe = Scribe::new(TimeZone::system(), arguments.filters);
    if arguments.plain || !stdin().is_terminal() || !stdout().is_terminal() {
        plain::run(ready.enter(), scribe, speaker).await
    } else {
        screen::run(ready.enter(), scribe, speaker).await
    }
}

/// Resolves at that time, if there is one.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => pending().await,
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
