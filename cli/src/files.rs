//! The bytes of files, which a session never holds: what is offered is read from this disk when somebody wants it, what
//! comes is written to it, and gets its name once all of it is there and checked.
//!
//! ```text
//!   prepare: a path ──▶ size, digest, name ──▶ Session::offer_file
//!   Shelf:   Wanted ──▶ a slice of the source       Bytes ──▶ landing: a hidden part ──▶ Received: its name
//! ```

pub(crate) mod give;
mod landing;
mod prepare;
pub(crate) mod take;
mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::future::pending;
use std::path::{Path, PathBuf};
use std::time::Duration;

use client::{Answer, Event, FileNews, FileRef, SayError};
use crypto::wire::SenderId;
use sdk::Member;
use tokio::time::sleep;

use landing::Landing;
pub(crate) use prepare::{Prepared, Source, prepare};
pub(crate) use words::{answered, speed, trouble, warned};

/// Resolves that many seconds from now; without a number, never.
async fn after(seconds: Option<u64>) {
    match seconds {
        Some(seconds) => sleep(Duration::from_secs(seconds)).await,
        None => pending().await,
    }
}

/// The files of one stay in a room.
#[derive(Default)]
pub(crate) struct Shelf {
    offered: BTreeMap<FileRef, Source>,
    coming: BTreeMap<FileRef, Landing>,
}

/// Why a file cannot be fetched.
#[derive(Debug)]
pub(crate) enum Refused {
    /// It is not offered any more.
    Gone,
    /// There is no place for it. A sentence.
    Disk(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gone => "it is not offered any more",
            Self::Disk(why) => why,
        })
    }
}

/// What became of a file.
#[derive(Debug)]
pub(crate) enum Fate {
    /// So much of it is through.
    Moved {
        done: u64,
        total: u64,
        per_second: u64,
    },
    /// Ours: somebody says something to it.
    Answered { by: SenderId, answer: Answer },
    /// Theirs: all of it is here, checked, and at this place.
    Saved {
        path: PathBuf,
        bytes: u64,
        took: Duration,
    },
    /// It will not come, or cannot be had from us any more. For the end of a sentence.
    Failed(&'static str),
    /// Theirs: it came, and this disk would not take it.
    Unsaved(String),
}

impl Shelf {
    /// Offers a file to everybody, or to one person alone.
    pub(crate) async fn offer(
        &mut self,
        member: &Member,
        to: Option<SenderId>,
        prepared: Prepared,
    ) -> Result<FileRef, SayError> {
        let Prepared { source, file } = prepared;
        let offered = member
            .drive(move |session, now, rng| session.offer_file(to, file, now, rng))
            .await
            .unwrap_or(Err(SayError::Ended))?;
        self.offered.insert(offered, source);
        Ok(offered)
    }

    /// Fetches a file into a folder. `name`: as its sender calls it.
    pub(crate) async fn accept(
        &mut self,
        member: &Member,
        file: FileRef,
        into: &Path,
        name: &str,
    ) -> Result<(), Refused> {
        if self.coming.contains_key(&file) {
            return Ok(());
        }
        let landing = Landing::begin(into, name).map_err(|error| {
            Refused::Disk(format!(
                "nothing can be saved in {}: {error}",
                into.display()
            ))
        })?;
        let is_offered = member
            .drive(move |session, now, rng| session.accept_file(file, now, rng))
            .await;
        if is_offered != Some(true) {
            return Err(Refused::Gone);
        }
        self.coming.insert(file, landing);
        Ok(())
    }

    /// Says no to an offer.
    pub(crate) async fn deny(&self, member: &Member, file: FileRef) {
        member
            .drive(move |session, now, rng| session.deny_file(file, now, rng))
            .await;
    }

    /// Takes an own offer back, or stops fetching.
    pub(crate) async fn stop(&mut self, member: &Member, file: FileRef) {
        self.coming.remove(&file);
        self.offered.remove(&file);
        member
            .drive(move |session, now, rng| session.stop_file(file, now, rng))
            .await;
    }

    /// Moves the bytes that an event is about, and says what that means.
    pub(crate) async fn hear(&mut self, event: &Event, member: &Member) -> Option<(FileRef, Fate)> {
        let Event::File { file, news } = event else {
            return None;
        };
        let file = *file;
        let fate = match news {
            FileNews::Wanted {
                index,
                offset,
                length,
            } => {
                self.read(member, file, *index, *offset, *length).await;
                return None;
            }
            FileNews::Bytes(bytes) => {
                let written = self.coming.get_mut(&file)?.add(&bytes.0);
                let error = written.err()?;
                self.stop(member, file).await;
                Fate::Unsaved(format!("it could not be written: {error}"))
            }
            FileNews::Received { bytes, took } => match self.coming.remove(&file)?.finish() {
                Ok(path) => Fate::Saved {
                    path,
                    bytes: *bytes,
                    took: *took,
                },
                Err(error) => Fate::Unsaved(format!("it could not be saved: {error}")),
            },
            FileNews::Progress {
                done,
                total,
                per_second,
            } => Fate::Moved {
                done: *done,
                total: *total,
                per_second: *per_second,
            },
            FileNews::Answer { by, answer } => Fate::Answered {
                by: *by,
                answer: *answer,
            },
            FileNews::Failed(why) => {
                self.coming.remove(&file);
                self.offered.remove(&file);
                Fate::Failed(trouble(*why))
            }
            _ => return None,
        };
        Some((file, fate))
    }

    async fn read(
        &mut self,
        member: &Member,
        file: FileRef,
        index: u32,
        offset: u64,
        length: usize,
    ) {
        let Some(source) = self.offered.get_mut(&file) else {
            return;
        };
        let read = source.slice(offset, length);
        member
            .drive(move |session, now, rng| match read {
                Ok(bytes) => session.file_slice(file, index, &bytes, now, rng),
                Err(_) => session.file_vanished(file, now, rng),
            })
            .await;
    }
}
