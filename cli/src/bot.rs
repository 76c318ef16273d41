//! `roomkey bot`: any program as a member. docs/bots.md has the interface.

pub(crate) mod command;
pub(crate) mod event;
mod folder;
mod guard;
mod intake;
mod obey;
mod pace;
pub(crate) mod translate;

use std::process::Stdio;
use std::time::Duration;

use client::{BotDisclosure, Event};
use sdk::Member;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, ChildStdin};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::args::{BotArguments, RelayArguments};
use crate::exit::{Exit, Failure};
use crate::files::Shelf;
use crate::room::{self, Room};
use crate::scopes::Scopes;
use crate::send::Delivery;
use crate::talk;
use command::{Command, Request};
use event::Object;
use folder::Folder;
use guard::Guard;
use intake::{Intake, Taken};
use pace::Pace;
use translate::Translator;

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
    let folder = Folder::of(arguments.files.as_deref())?;
    let ready = Room::of(typed, visit, relay)?
        .ready(visit, Some(disclosure))
        .await?;
    // Before the room is entered: a program that cannot be started should disturb nobody.
    let mut child = start(&arguments)?;
    let mut bot = Bot {
        max_file: ready.max_file(),
        member: ready.enter(),
        translator: Translator::default(),
        shelf: Shelf::default(),
        scopes: Scopes::default(),
        folder,
        events: feed(&mut child),
        dropped: 0,
        delivery: Delivery::default(),
        pace: Pace::new(arguments.per_minute),
        guard: Guard::new(arguments.hear_bots),
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
    guard: Guard,
    shelf: Shelf,
    scopes: Scopes,
    folder: Option<Folder>,
    max_file: u64,
    garbage: u32,
}

impl Bot {
    async fn serve(&mut self, child: &mut Child) -> Result<(), Failure> {
        let output = child
            .stdout
            .take()
            .ok_or_else(|| Failure::new(Exit::Failed, "the program has no output"))?;
        let mut output = Intake::new(output, LONGEST_LINE);
        self.send(&Translator::hello());
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
                taken = output.next(), if done.is_none() => match taken {
                    Taken::End => done = Some(finished(child).await),
                    Taken::TooLong => self.garbage("a line is too long")?,
                    Taken::Line(line) => if self.obey(&line).await? {
                        done = Some(Ok(()));
                    },
                }
            }
        }
    }

    /// Hands an event on.
    async fn tell(&mut self, event: &Event) {
        self.delivery.hear(event);
        self.scopes.hear(event);
        if let Some((file, fate)) = self.shelf.hear(event, &self.member).await {
            let object = self.translator.fate(&file, fate);
            self.send(&object);
        }
        if !self.guard.admits(event, &self.translator) {
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
        if matches!(command, Command::Leave {}) {
            return Ok(true);
        }
        if command.speaks()
            && let Err(wait) = self.pace.take(tokio::time::Instant::now())
        {
            self.refuse(
                reference,
                format!("too fast: wait {} s", wait.as_secs().max(1)),
            );
            return Ok(false);
        }
        if let Err(why) = self.carry_out(command, reference.clone()).await {
            self.refuse(reference, why);
        }
        Ok(false)
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
