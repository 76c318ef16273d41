//! Line by line: for pipes, screen readers, small terminals and everybody who likes it.

use jiff::tz::TimeZone;
use sdk::Member;
use tokio::io::{AsyncBufReadExt as _, BufReader, stdin};

use super::{Outcome, Speaker, ended};
use crate::exit::Failure;
use crate::lines::Scribe;
use crate::output::{print, wall};
use crate::send::Delivery;

pub(super) async fn run(mut member: Member) -> Result<(), Failure> {
    let mut scribe = Scribe::new(TimeZone::system());
    let mut speaker = Speaker::new();
    let mut delivery = Delivery::default();
    let mut typed = BufReader::new(stdin()).lines();
    let mut typing = true;
    loop {
        tokio::select! {
            event = member.next() => {
                let Some(event) = event else { return Ok(()) };
                speaker.hear(&event);
                delivery.hear(&event);
                if let Some(line) = scribe.line(&event, wall()) {
                    print(&line)?;
                }
                if let Some(ended) = ended(&event) {
                    return ended;
                }
            }
            line = typed.next_line(), if typing => match line {
                Ok(Some(line)) => match speaker.typed(&line, &member).await {
                    Outcome::Leave => typing = false,
                    Outcome::Posted(local) => delivery.expect(local),
                    Outcome::Shown(lines) => lines.iter().try_for_each(print)?,
                },
                // The end of the input, or input that is no text.
                Ok(None) | Err(_) => typing = false,
            },
        }
        // What was typed before the end of the input still goes out.
        if !typing && delivery.is_settled() {
            member.leave().await;
            return delivery.result();
        }
    }
}
