//! `roomkey tail`: what is said, line by line, until the reader goes away.

use client::Event;
use jiff::tz::TimeZone;

use crate::args::{RelayArguments, TailArguments};
use crate::bot::event::Object;
use crate::bot::translate::Translator;
use crate::exit::Failure;
use crate::lines::{Kind, Line, Scribe};
use crate::output::{print, wall};
use crate::room::Room;
use crate::talk;

pub(crate) async fn run(arguments: TailArguments, relay: &RelayArguments) -> Result<(), Failure> {
    let (typed, visit) = (arguments.room.room.as_deref(), &arguments.room.visit);
    let mut member = Room::of(typed, visit, relay)?.enter(visit, None).await?;
    let mut scribe = Scribe::new(TimeZone::system(), arguments.filters);
    let mut translator = Translator::default();
    let mut left = arguments.count;
    let json = |object: &Object| Line {
        kind: Kind::Said,
        text: object.to_line(),
    };
    if arguments.json {
        print(&json(&Translator::hello()))?;
    }
    while let Some(event) = member.next().await {
        if arguments.json {
            for object in translator.hear(&event, &member).await {
                print(&json(&object))?;
            }
        } else if let Some(line) = scribe.line(&event, wall()) {
            print(&line)?;
        }
        if let Some(ended) = talk::ended(&event) {
            return ended;
        }
        if matches!(event, Event::Said(_)) {
            left = left.map(|left| left.saturating_sub(1));
        }
        if left == Some(0) {
            break;
        }
    }
    member.leave().await;
    Ok(())
}
