//! `roomkey bot`: any program as a member. docs/bots.md has the interface.

pub(crate) mod command;
pub(crate) mod event;
mod pace;

use std::process::Stdio;
use std::time::Duration;

use client::{Body, BotDisclosure, Event, Style, Text};
use crypto::wire::SenderId;
use sdk::Member;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::args::{BotArguments, RelayArguments};
use crate::exit::{Exit, Failure};
use crate::room::{self, Room};
use crate::send::Delivery;
use crate::talk;
use command::{Command, Request};
use event::{Object, Translator};
use pace::Pace;

/// Events that the program has not read. Beyond this they are dropped and counted.
const UNREAD: usize = 1024;
/// So many lines in a row that are no commands, and the program is taken for broken.
const PATIENCE: u32 = 100;
/// A line of a command is no longer than the longest text, escaped, with something around it.
const LONGEST_LINE: usize = 8 * client::LONGEST_TEXT;
/// A program that is asked to end has this long for it.
const GOODBYE: Duration = Duration::from_secs(5);

pub(crate) async fn run(arguments: BotArguments, relay: &RelayArguments) -> Result<(), Failure> {
    let disclosure = BotDisclosure {
        destination: arguments.destination.clone(),
    };
    let (typed, visit) = (arguments.room.room.as_deref(), &arguments.room.visit);
    let room = Room::of(typed, visit, relay)?;
    // Before the room is entered: a program that cannot be started should disturb nobody.
    let mut child = start(&arguments)?;
    let member = room.enter(visit, Some(disclosure)).await?;
    let mut bot = Bot {
        member,
        translator: Translator::default(),
        events: feed(&mut child),
        dropped: 0,
        delivery: Delivery::default(),
        pace: Pace::new(arguments.per_minute),
        hears_bots: arguments.hear_bots,
        garbage: 0,
    };
    let ended = bot.serve(&mut child).await;
    bot.member.leave().await;
    // Its standard input closes with the last sender: well-behaved programs end by themselves.
    drop(bot.events);
    if timeout(GOODBYE, child.wait()).await.is_err() {
        // It does not listen; the operating system does.
        let _ = child.kill().await;
    }
    ended
}

fn start(arguments: &BotArguments) -> Result<Child, Failure> {
    let (program, rest) = arguments
        .program
        .split_first()
        .ok_or_else(|| Failure::new(Exit::Usage, "name a program after --"))?;
    tokio::process::Command::new(program)
        .args(rest)
        // The program talks about the room; it need not know how to enter it.
        .env_remove("ROOMKEY_ROOM")
        .env_remove("ROOMKEY_SECRET")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| {
            Failure::new(
                Exit::Failed,
                format!("could not start {}: {error}", program.display()),
            )
        })
}

/// Lines for the program, written by a task of their own: a program that does not read holds nobody up.
fn feed(child: &mut Child) -> mpsc::Sender<String> {
    let (sender, receiver) = mpsc::channel(UNREAD);
    if let Some(stdin) = child.stdin.take() {
        tokio::spawn(write(stdin, receiver));
    }
    sender
}

async fn write(mut stdin: ChildStdin, mut lines: mpsc::Receiver<String>) {
    while let Some(mut line) = lines.recv().await {
        line.push('\n');
        if stdin.write_all(line.as_bytes()).await.is_err() {
            break;
        }
    }
}

struct Bot {
    member: Member,
    translator: Translator,
    events: mpsc::Sender<String>,
    dropped: u64,
    delivery: Delivery,
    pace: Pace,
    hears_bots: bool,
    garbage: u32,
}

impl Bot {
    async fn serve(&mut self, child: &mut Child) -> Result<(), Failure> {
        let output = child
            .stdout
            .take()
            .ok_or_else(|| Failure::new(Exit::Failed, "the program has no output"))?;
        let mut output = BufReader::new(output);
        let mut line = Vec::new();
        // Set once the program is done: what it said last still goes out.
        let mut done = None;
        loop {
            if let Some(result) = done.take_if(|_| self.delivery.is_settled()) {
                return result;
            }
            tokio::select! {
                event = self.member.next() => {
                    let Some(event) = event else { return Ok(()) };
                    self.tell(&event).await;
                    if let Some(ended) = talk::ended(&event) {
                        return ended;
                    }
                }
                read = output.read_until(b'\n', &mut line), if done.is_none() => {
                    if matches!(read, Ok(0) | Err(_)) {
                        done = Some(finished(child).await);
                    } else if line.len() > LONGEST_LINE {
                        line.clear();
                        self.garbage("a line is too long")?;
                    } else if self.obey(&std::mem::take(&mut line)).await? {
                        done = Some(Ok(()));
                    }
                }
            }
        }
    }

    /// Hands an event on.
    async fn tell(&mut self, event: &Event) {
        self.delivery.hear(event);
        if !self.hears_bots && self.translator.is_from_a_bot(event) {
            return;
        }
        for object in self.translator.hear(event, &self.member).await {
            self.send(&object);
        }
    }

    fn send(&mut self, object: &Object) {
        if self.dropped > 0
            && let Ok(slot) = self.events.try_reserve()
        {
            slot.send(
                Object::Lost {
                    count: self.dropped,
                }
                .to_line(),
            );
            self.dropped = 0;
        }
        if self.events.try_send(object.to_line()).is_err() {
            self.dropped += 1;
        }
    }

    /// Does what one line of the program asks for. True where it wants to leave.
    async fn obey(&mut self, line: &[u8]) -> Result<bool, Failure> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(false);
        }
        let request = match serde_json::from_slice::<Request>(line) {
            Ok(request) => request,
            Err(error) => {
                self.garbage(&error.to_string())?;
                return Ok(false);
            }
        };
        self.garbage = 0;
        let Request { command, reference } = request;
        if matches!(command, Command::Leave) {
            return Ok(true);
        }
        if let Err(wait) = self.pace.take(tokio::time::Instant::now()) {
            self.refuse(
                reference,
                format!("too fast: wait {} s", wait.as_secs().max(1)),
            );
            return Ok(false);
        }
        if let Err(why) = self.post(command, reference.clone()).await {
            self.refuse(reference, why);
        }
        Ok(false)
    }

    async fn post(&mut self, command: Command, reference: Option<String>) -> Result<(), String> {
        let words = |text: String, markdown: bool| Text {
            style: if markdown {
                Style::Markdown
            } else {
                Style::Plain
            },
            text,
        };
        let mut to = None;
        let body = match command {
            Command::Say {
                text,
                markdown,
                reply_to: None,
            } => Body::Text(words(text, markdown)),
            Command::Say {
                text,
                markdown,
                reply_to: Some(of),
            } => Body::Reply {
                to: event::read_id(&of).ok_or("reply_to is no message")?,
                text: words(text, markdown),
            },
            Command::SayTo {
                to: whom,
                text,
                markdown,
            } => {
                to = Some(self.find(&whom)?);
                Body::Text(words(text, markdown))
            }
            Command::React { message, emoji, on } => Body::Reaction {
                to: event::read_id(&message).ok_or("message is no message")?,
                on,
                emoji,
            },
            Command::Edit {
                message,
                text,
                markdown,
            } => Body::Edit {
                of: event::read_id(&message).ok_or("message is no message")?,
                text: words(text, markdown),
            },
            Command::Delete { message } => Body::Delete {
                of: event::read_id(&message).ok_or("message is no message")?,
            },
            Command::Leave => return Ok(()),
        };
        let posted = self
            .member
            .drive(move |session, now, rng| match to {
                Some(sid) => session.say_to(sid, body, now, rng),
                None => session.post(body, now, rng),
            })
            .await;
        match posted {
            Some(Ok(local)) => {
                self.delivery.expect(local);
                self.translator.expect(local, reference);
                Ok(())
            }
            Some(Err(error)) => Err(error.to_string()),
            None => Err("the session ended first".to_owned()),
        }
    }

    fn find(&self, whom: &str) -> Result<SenderId, String> {
        self.translator
            .person(whom)
            .ok_or_else(|| format!("nobody here has the id {}", text::display_name(whom)))
    }

    fn refuse(&mut self, reference: Option<String>, why: String) {
        self.send(&Object::Refused { reference, why });
    }

    /// Counts a line that is no command.
    fn garbage(&mut self, why: &str) -> Result<(), Failure> {
        self.garbage += 1;
        if self.garbage == 1 {
            room::warn(&format!(
                "the program printed something that is no command: {}",
                text::display_name(why)
            ));
        }
        if self.garbage >= PATIENCE {
            return Err(Failure::new(
                Exit::Failed,
                "the program prints no commands; a bot's own notes belong on standard error",
            ));
        }
        self.send(&Object::Refused {
            reference: None,
            why: why.to_owned(),
        });
        Ok(())
    }
}

/// The program closed its output: it has ended, or is about to.
async fn finished(child: &mut Child) -> Result<(), Failure> {
    match timeout(GOODBYE, child.wait()).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(Failure::new(
            Exit::Failed,
            format!("the program ended with {status}"),
        )),
        Ok(Err(error)) => Err(Failure::new(
            Exit::Failed,
            format!("the program could not be waited for: {error}"),
        )),
        Err(_) => Err(Failure::new(
            Exit::Failed,
            "the program closed its output and went on; it was stopped",
        )),
    }
}
