//! Line by line: for pipes, screen readers, small terminals and everybody who likes it.

use sdk::Member;
use tokio::io::{AsyncBufReadExt as _, BufReader, stdin};
use tokio::time::Instant;

use super::speaker::told;
use super::{Outcome, Speaker, at, ended};
use crate::exit::Failure;
use crate::lines::{Kind, Line, Scribe};
use crate::output::{Moving, print, wall};
use crate::send::Delivery;

pub(super) async fn run(
    mut member: Member,
    mut scribe: Scribe,
    mut speaker: Speaker,
) -> Result<(), Failure> {
    let mut delivery = Delivery::default();
    let mut moving = Moving::default();
    let mut typed = BufReader::new(stdin()).lines();
    let mut typing = true;
    loop {
        let mut lines = Vec::new();
        tokio::select! {
            event = member.next() => {
                let Some(event) = event else { return Ok(()) };
                delivery.hear(&event);
                let more = speaker.hear(&event, &member).await;
                lines.extend(scribe.line(&event, wall()));
                lines.extend(more);
                if let Some(ended) = ended(&event) {
                    return ended;
                }
            }
            line = typed.next_line(), if typing => match line {
                Ok(Some(line)) => match speaker.typed(&line, &member, scribe.filters()).await {
                    Outcome::Leave => typing = false,
                    Outcome::Posted(local) => delivery.expect(local),
                    Outcome::Shown(more) => lines.extend(more),
                    Outcome::Filters(filters) => {
                        scribe.choose(filters);
                        lines.push(told(&filters));
                    }
                },
                // The end of the input, or input that is no text.
                Ok(None) | Err(_) => typing = false,
            },
            () = at(speaker.lifetime.due()) => {
                lines.extend(speaker.lifetime.warn(Instant::now()).map(warning));
            }
        }
        if speaker.has_moved() {
            let (next, there) = speaker.moved();
            speaker = next;
            if let Some(there) = there {
                std::mem::replace(&mut member, there).leave().await;
                scribe.moved();
                delivery = Delivery::default();
            }
        }
        if !lines.is_empty() {
            moving.clear();
            lines.iter().try_for_each(print)?;
        }
        match speaker.desk.progress() {
            Some(progress) => moving.show(progress),
            None => moving.clear(),
        }
        // What was typed before the end of the input still goes out.
        if !typing && delivery.is_settled() {
            moving.clear();
            member.leave().await;
            return delivery.result();
        }
    }
}

/// A sentence that deserves attention.
pub(super) fn warning(sentence: &str) -> Line {
    Line {
        kind: Kind::Warning,
        text: format!("* {sentence}"),
    }
}
