//! Files on their way: what is offered, what is fetched, and how much of either may be under way at once. Holds a few
//! pieces of a file, never the file: the shell reads and keeps it.
//!
//! ```text
//!  sender                                 relay                                receiver
//!    ── offer: name, size, key, digest ──────────────────────────────────────────▶
//!    ◀───────────────────────────────────────────── accept, in a box, from piece i
//!    Wanted ▶ shell ▶ seal ── put ──▶  keeps pieces  ◀── get ──
//!                          ◀─ taken ──                ── piece ──▶ open ▶ digest ▶ Bytes ▶ shell
//!    ◀─────────────────────────────────────────────── done, in a box
//!    ── drop ──▶
//! ```

mod incoming;
mod outgoing;
mod pace;

use std::time::Duration;

use crypto::wire::{FileId, SenderId};
use sha2::{Digest as _, Sha256};
use sorted::Map;

use crate::body::FileBytes;

pub(crate) use incoming::Incoming;
pub(crate) use outgoing::Outgoing;
pub(crate) use pace::Window;

/// Offers of others that are remembered; the oldest that nobody fetches go first.
const MOST_OFFERS: usize = 256;

/// A file that was offered: by whom, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileRef {
    /// Who offers it.
    pub from: SenderId,
    /// Its name at the relay.
    pub file: FileId,
}

/// A file to offer. Its digest is known beforehand, so that whoever fetches it can check the whole of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Its name, without a path.
    pub name: String,
    /// Its media type, or nothing.
    pub media_type: String,
    /// Its length in bytes.
    pub size: u64,
    /// SHA-256 of its bytes, see [`FileDigest`].
    pub sha256: [u8; 32],
}

/// SHA-256 of a file that is read bit by bit.
#[derive(Clone, Debug, Default)]
pub struct FileDigest(Sha256);

impl FileDigest {
    /// The next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all of them.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// What happens to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileNews {
    /// Ours: the shell is to read this part of it and hand it to
    /// [`Session::file_slice`](crate::Session::file_slice), or else say
    /// [`Session::file_vanished`](crate::Session::file_vanished).
    Wanted {
        /// Which piece it is.
        index: u32,
        /// Where it begins.
        offset: u64,
        /// How many bytes it has.
        length: usize,
    },
    /// Ours: what somebody says to it.
    Answer {
        /// Who.
        by: SenderId,
        /// What.
        answer: Answer,
    },
    /// Theirs: the next bytes of it. Not to be shown or saved before [`FileNews::Received`].
    Bytes(FileBytes),
    /// How far it is: at the relay if it is ours, here if it is theirs.
    Progress {
        /// Bytes that are through.
        done: u64,
        /// Bytes altogether.
        total: u64,
        /// How fast it goes.
        per_second: u64,
    },
    /// Theirs: all of it is here, and it is what was offered.
    Received {
        /// Its length.
        bytes: u64,
        /// From accepting it to now.
        took: Duration,
    },
    /// It will not come, or cannot be had from us.
    Failed(FileTrouble),
}

/// What a receiver says to an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// Wants it.
    Accepted,
    /// Does not want it.
    Denied,
    /// Has all of it.
    Received,
    /// Has all of it, and it is not what was offered.
    Corrupt,
    /// Does not want the rest.
    Stopped,
    /// Left before it was through.
    Left,
}

/// Why a file does not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileTrouble {
    /// What came is not what was offered.
    Corrupt,
    /// The sender takes it back.
    Withdrawn,
    /// The sender is gone, and the file with them.
    SenderLeft,
    /// Ours: it cannot be read any more, or is not what it was.
    Vanished,
    /// It is larger than the relay allows.
    TooLarge,
    /// The relay has no room for it.
    NoRoom,
    /// The relay takes no files.
    NoFiles,
}

/// All files of a session.
#[derive(Default)]
pub(crate) struct Transfers {
    pub(crate) outgoing: Map<FileId, Outgoing>,
    pub(crate) incoming: Map<FileRef, Incoming>,
    /// The offers of others, oldest first.
    order: Vec<FileRef>,
    pub(crate) puts: Window,
    pub(crate) gets: Window,
    /// The relay asked for a pause.
    pub(crate) paused_until: Option<Duration>,
    /// Since when the relay has had no room for a piece.
    pub(crate) no_room_since: Option<Duration>,
    /// Whom to tell that we stopped fetching, as soon as they are there.
    pub(crate) farewells: Vec<FileRef>,
}

impl Transfers {
    /// Somebody offers a file. One that is known already stays as it is.
    pub(crate) fn offered(&mut self, file: FileRef, incoming: Incoming) {
        if self.incoming.contains_key(&file) {
            return;
        }
        if self.order.len() >= MOST_OFFERS {
            let idle = |known: &FileRef| {
                self.incoming
                    .get(known)
                    .is_none_or(|incoming| !incoming.is_under_way())
            };
            let Some(at) = self.order.iter().position(idle) else {
                return;
            };
            let oldest = self.order.remove(at);
            self.incoming.remove(&oldest);
        }
        self.order.push(file);
        self.incoming.insert(file, incoming);
    }

    /// Pieces of ours under way.
    pub(crate) fn putting(&self) -> usize {
        self.outgoing.values().map(Outgoing::under_way).sum()
    }

    /// Pieces of others' under way.
    pub(crate) fn getting(&self) -> usize {
        self.incoming.values().map(Incoming::under_way).sum()
    }

    pub(crate) fn is_paused(&self, now: Duration) -> bool {
        self.paused_until.is_some_and(|until| now < until)
    }
}
