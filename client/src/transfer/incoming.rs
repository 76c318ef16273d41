//! A file that somebody offers us. Accepted, its pieces are asked for a few at a time, opened, counted into the digest
//! and handed on in order, so that no more than a window of it is ever in memory.

use std::time::Duration;

use crypto::wire::{MemberId, PieceId, RoomId};
use sha2::{Digest as _, Sha256};
use sorted::Map;
use zeroize::Zeroizing;

use super::pace::Meter;
use super::{FileNews, FileTrouble};
use crate::body::{FileBytes, FileOffer};

/// When nothing has come for this long, the sender is asked again.
const STALLED: Duration = Duration::from_secs(12);

/// See the module's description.
pub(crate) struct Incoming {
    pub(crate) offer: FileOffer,
    /// What has come of it, once it was accepted.
    download: Option<Download>,
}

struct Download {
    /// The seat that the pieces are asked from.
    owner: Option<MemberId>,
    /// Everything in front of this piece was handed on.
    next: u32,
    /// Asked for, and when.
    asked: Map<u32, Duration>,
    /// Here, but not the next.
    early: Map<u32, Zeroizing<Vec<u8>>>,
    digest: Sha256,
    meter: Meter,
    /// When the sender was last asked, or a piece came.
    heard: Duration,
}

/// What a piece has led to.
pub(crate) struct Arrival {
    /// How long it took to come.
    pub(crate) after: Duration,
    pub(crate) news: Vec<FileNews>,
    /// All of it is here: and it is what was offered, or not.
    pub(crate) end: Option<bool>,
}

impl Incoming {
    pub(crate) fn new(offer: FileOffer) -> Self {
        Self {
            offer,
            download: None,
        }
    }

    /// The person wants it.
    pub(crate) fn accept(&mut self, now: Duration) {
        if self.download.is_none() {
            self.download = Some(Download {
                owner: None,
                next: 0,
                asked: Map::new(),
                early: Map::new(),
                digest: Sha256::new(),
                meter: Meter::new(0, now),
                heard: now,
            });
        }
    }

    pub(crate) fn is_under_way(&self) -> bool {
        self.download.is_some()
    }

    /// It will not be finished. It can be accepted anew.
    pub(crate) fn give_up(&mut self) -> bool {
        self.download.take().is_some()
    }

    /// How many pieces take up the window.
    pub(crate) fn under_way(&self) -> usize {
        self.download
            .as_ref()
            .map_or(0, |download| download.asked.len())
    }

    /// The connection is another one: whatever was asked for on the last one will not come.
    pub(crate) fn reconnected(&mut self) {
        if let Some(download) = &mut self.download {
            download.asked.clear();
        }
    }

    /// The sender sits in `seat`. Whether it has to be told (again) that we want the file, and from which piece on.
    pub(crate) fn ask(&mut self, seat: MemberId, now: Duration) -> Option<u32> {
        let download = self.download.as_mut()?;
        let has_moved = download.owner != Some(seat);
        if !has_moved && now < download.heard + STALLED {
            return None;
        }
        download.owner = Some(seat);
        // Whatever was asked for did not come, or will not come from there.
        download.asked.clear();
        download.heard = now;
        Some(download.next)
    }

    /// When [`Incoming::ask`] has something to say because of time.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.download
            .as_ref()
            .map(|download| download.heard + STALLED)
    }

    /// The next piece to ask for.
    pub(crate) fn want(&mut self, now: Duration) -> Option<PieceId> {
        let pieces = self.offer.pieces();
        let download = self.download.as_mut()?;
        let owner = download.owner?;
        let is_here = |index: &u32| {
            !download.asked.contains_key(index) && !download.early.contains_key(index)
        };
        let index = (download.next..pieces).find(is_here)?;
        download.asked.insert(index, now);
        Some(PieceId {
            owner,
            file: self.offer.file,
            index,
        })
    }

    /// The relay does not give this piece for now.
    pub(crate) fn put_off(&mut self, index: u32) {
        if let Some(download) = &mut self.download {
            download.asked.remove(&index);
        }
    }

    /// A piece. `None` where nobody asked for it.
    pub(crate) fn arrived(
        &mut self,
        room: &RoomId,
        id: PieceId,
        sealed: &[u8],
        now: Duration,
    ) -> Option<Arrival> {
        let offer = &self.offer;
        let download = self.download.as_mut()?;
        if download.owner != Some(id.owner) {
            return None;
        }
        let asked = download.asked.remove(&id.index)?;
        let mut arrival = Arrival {
            after: now.saturating_sub(asked),
            news: Vec::new(),
            end: None,
        };
        let length = offer.range(id.index).1;
        match offer.key.open(room, &offer.file, id.index, length, sealed) {
            Ok(content) => download.early.insert(id.index, content),
            Err(_) => {
                arrival.news.push(FileNews::Failed(FileTrouble::Corrupt));
                arrival.end = Some(false);
                self.give_up();
                return Some(arrival);
            }
        };
        download.heard = now;
        let mut speed = None;
        while let Some(mut content) = download.early.remove(&download.next) {
            download.next += 1;
            download.digest.update(content.as_slice());
            speed = download.meter.add(content.len() as u64, now).or(speed);
            let content = std::mem::take(&mut *content);
            arrival.news.push(FileNews::Bytes(FileBytes(content)));
        }
        if let Some(per_second) = speed {
            arrival.news.push(FileNews::Progress {
                done: download.meter.done,
                total: offer.size,
                per_second,
            });
        }
        if download.next == offer.pieces() {
            let is_intact = download.digest.clone().finalize()[..] == offer.sha256;
            arrival.end = Some(is_intact);
            arrival.news.push(if is_intact {
                FileNews::Received {
                    bytes: offer.size,
                    took: now.saturating_sub(download.meter.since),
                }
            } else {
                FileNews::Failed(FileTrouble::Corrupt)
            });
            self.give_up();
        }
        Some(arrival)
    }
}
