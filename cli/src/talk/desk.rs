//! Files in a conversation: each has a number to name it by.

use std::path::{Path, PathBuf};

use client::{Answer, Body, Event, FileRef, Message};
use crypto::wire::SenderId;
use sdk::Member;
use text::FileName;

use crate::exit::Failure;
use crate::files::{self, Fate, Shelf, prepare};
use crate::lines::{Kind, Line};

/// So many files are remembered; beyond it the oldest that is not on its way is forgotten.
const KEPT: usize = 256;

/// What is known of a file.
struct Entry {
    number: u32,
    file: FileRef,
    raw: String,
    shown: String,
    size: u64,
    mine: bool,
    state: String,
    moving: bool,
}

/// See the module.
pub(crate) struct Desk {
    shelf: Shelf,
    entries: Vec<Entry>,
    next: u32,
    into: PathBuf,
    limit: u64,
    /// How far whatever moved last is.
    progress: Option<String>,
}

impl Desk {
    /// Accepted files are saved in `into`; nothing longer than `limit` is offered.
    pub(crate) fn new(into: PathBuf, limit: u64) -> Self {
        Self {
            shelf: Shelf::default(),
            entries: Vec::new(),
            next: 1,
            into,
            limit,
            progress: None,
        }
    }

    /// How far the file that moves is, in a few words.
    pub(crate) fn progress(&self) -> Option<&str> {
        self.progress.as_deref()
    }

    /// Takes note of offers, moves bytes, and says what has come of it. `name`: what somebody is called.
    pub(crate) async fn hear(
        &mut self,
        event: &Event,
        member: &Member,
        name: impl Fn(&SenderId) -> String,
    ) -> Option<Line> {
        if let Event::Said(message) = event {
            return self.noted(message);
        }
        let (file, fate) = self.shelf.hear(event, member).await?;
        let entry = self.entries.iter_mut().find(|entry| entry.file == file)?;
        let what = format!("{} ({})", entry.shown, entry.number);
        let (kind, text) = match fate {
            Fate::Moved {
                done,
                total,
                per_second,
            } => {
                let far = files::speed(done, total, per_second);
                let arrow = if entry.mine { '↑' } else { '↓' };
                self.progress = Some(format!("{arrow} {} {far}", entry.shown));
                entry.state = far;
                return None;
            }
            Fate::Answered { by, answer } => {
                if matches!(answer, Answer::Accepted) {
                    entry.moving = true;
                } else {
                    self.progress = None;
                }
                let text = format!("{} {} {what}", name(&by), files::answered(answer));
                entry.state = format!("{} {} it", name(&by), files::answered(answer));
                (Kind::Happened, text)
            }
            Fate::Saved { path, bytes, took } => {
                self.progress = None;
                entry.moving = false;
                entry.state = format!("saved as {}", path.display());
                let seconds = took.as_secs_f64();
                let text = format!(
                    "{what}: {bytes} bytes in {seconds:.1} s, checked, saved as {}",
                    path.display()
                );
                (Kind::Happened, text)
            }
            Fate::Failed(why) => {
                self.progress = None;
                entry.moving = false;
                entry.state = why.to_owned();
                (Kind::Warning, format!("{what}: {why}"))
            }
            Fate::Unsaved(why) => {
                self.progress = None;
                entry.moving = false;
                entry.state = why.clone();
                (Kind::Warning, format!("{what}: {why}"))
            }
        };
        Some(line(kind, &text))
    }

    fn noted(&mut self, message: &Message) -> Option<Line> {
        let Body::Offer(offer) = &message.body else {
            return None;
        };
        if message.mine {
            return None;
        }
        let file = FileRef {
            from: message.from,
            file: offer.file,
        };
        let shown = FileName::of(&offer.name).shown;
        let number = self.add(file, offer.name.clone(), shown, offer.size, false);
        let text = format!("that is file {number}: /accept {number} or /deny {number}");
        Some(line(Kind::Happened, &text))
    }

    fn add(&mut self, file: FileRef, raw: String, shown: String, size: u64, mine: bool) -> u32 {
        if self.entries.len() >= KEPT
            && let Some(at) = self.entries.iter().position(|entry| !entry.moving)
        {
            self.entries.remove(at);
        }
        let number = self.next;
        self.next += 1;
        self.entries.push(Entry {
            number,
            file,
            raw,
            shown,
            size,
            mine,
            state: "offered".to_owned(),
            moving: false,
        });
        number
    }

    /// Offers the file at `path`.
    pub(crate) async fn offer(
        &mut self,
        member: &Member,
        to: Option<SenderId>,
        path: &Path,
    ) -> Result<String, String> {
        let (path, limit) = (path.to_owned(), self.limit);
        let prepared = tokio::task::spawn_blocking(move || prepare(&path, false, limit))
            .await
            .map_err(|error| error.to_string())?
            .map_err(|failure: Failure| failure.to_string())?;
        let (raw, size) = (prepared.file.name.clone(), prepared.file.size);
        let shown = FileName::of(&raw).shown;
        let file = self.shelf.offer(member, to, prepared).await;
        let file = file.map_err(|error| error.to_string())?;
        let number = self.add(file, raw, shown.clone(), size, true);
        Ok(format!(
            "offered {shown} as file {number}; it moves when somebody accepts it, /cancel {number} takes it back"
        ))
    }

    pub(crate) async fn accept(&mut self, member: &Member, number: u32) -> Result<String, String> {
        let entry = find(&mut self.entries, number)?;
        if entry.mine {
            return Err(format!("file {number} is your own"));
        }
        self.shelf
            .accept(member, entry.file, &self.into, &entry.raw)
            .await
            .map_err(|why| why.to_string())?;
        entry.moving = true;
        entry.state = "asked for".to_owned();
        Ok(format!("fetching {}", entry.shown))
    }

    pub(crate) async fn deny(&mut self, member: &Member, number: u32) -> Result<String, String> {
        let entry = find(&mut self.entries, number)?;
        if entry.mine || entry.moving {
            return Err(format!(
                "file {number} cannot be declined; /cancel {number} ends it"
            ));
        }
        self.shelf.deny(member, entry.file).await;
        entry.state = "declined".to_owned();
        Ok(format!("declined {}", entry.shown))
    }

    pub(crate) async fn cancel(&mut self, member: &Member, number: u32) -> Result<String, String> {
        let entry = find(&mut self.entries, number)?;
        if !entry.mine && !entry.moving {
            return Err(format!("file {number} is not on its way"));
        }
        self.shelf.stop(member, entry.file).await;
        entry.moving = false;
        entry.state = "cancelled".to_owned();
        self.progress = None;
        Ok(format!("cancelled {}", entry.shown))
    }

    /// All of them, a line each.
    pub(crate) fn list(&self) -> Vec<String> {
        self.entries
            .iter()
            .map(|entry| {
                format!(
                    "  {} {} {}, {}: {}",
                    entry.number,
                    if entry.mine { "↑" } else { "↓" },
                    entry.shown,
                    text::bytes_in_words(entry.size),
                    entry.state
                )
            })
            .collect()
    }
}

fn find(entries: &mut [Entry], number: u32) -> Result<&mut Entry, String> {
    entries
        .iter_mut()
        .find(|entry| entry.number == number)
        .ok_or_else(|| format!("there is no file {number}; /files lists them"))
}

fn line(kind: Kind, text: &str) -> Line {
    Line {
        kind,
        text: format!("* {text}"),
    }
}
