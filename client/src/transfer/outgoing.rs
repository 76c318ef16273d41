//! A file that we offer. It begins to move when somebody wants it, and stays with us: what the relay has forgotten is
//! sent again.

use std::time::Duration;

use crypto::wire::SenderId;
use sorted::{Map, Set};

use super::pace::Meter;
use super::{Answer, FileNews};
use crate::body::{FileOffer, FileSignal};

/// Whoever asks for what they should have is served again no more often than this.
const AGAIN_EVERY: Duration = Duration::from_secs(10);

/// See the module's description.
pub(crate) struct Outgoing {
    pub(crate) offer: FileOffer,
    /// Whom alone it is for.
    pub(crate) to: Option<SenderId>,
    receivers: Map<SenderId, Receiver>,
    upload: Option<Upload>,
}

struct Receiver {
    is_waiting: bool,
    /// When they last asked.
    asked: Duration,
}

/// What is at the relay, or on its way there.
struct Upload {
    /// The relay has, or is about to get, everything from here
    first: u32,
    /// to here.
    next: u32,
    /// Pieces whose bytes the shell is asked for.
    wanted: Set<u32>,
    /// Sealed pieces that the relay has not confirmed. `None`: to be sent again.
    flying: Map<u32, Flying>,
    meter: Meter,
}

struct Flying {
    piece: Vec<u8>,
    sent: Option<Duration>,
}

impl Outgoing {
    pub(crate) fn new(offer: FileOffer, to: Option<SenderId>) -> Self {
        Self {
            offer,
            to,
            receivers: Map::new(),
            upload: None,
        }
    }

    /// How many pieces take up the window.
    pub(crate) fn under_way(&self) -> usize {
        self.upload
            .as_ref()
            .map_or(0, |upload| upload.wanted.len() + upload.flying.len())
    }

    /// Somebody answers the offer. What the shell is to know of it.
    pub(crate) fn answered(
        &mut self,
        by: SenderId,
        signal: FileSignal,
        now: Duration,
    ) -> Option<FileNews> {
        // Who was not offered it has nothing to answer.
        if self.to.is_some_and(|to| to != by) {
            return None;
        }
        let answer = match signal {
            FileSignal::Accept { from, .. } if from < self.offer.pieces() => {
                return self.accepted(by, from, now);
            }
            FileSignal::Accept { .. } => return None,
            FileSignal::Deny(_) => Answer::Denied,
            FileSignal::Done { intact: true, .. } => Answer::Received,
            FileSignal::Done { intact: false, .. } => Answer::Corrupt,
            FileSignal::Stop(_) => Answer::Stopped,
        };
        let receiver = Receiver {
            is_waiting: false,
            asked: now,
        };
        let is_known = self.receivers.insert(by, receiver).is_some();
        // Only a denial needs nothing before it.
        (is_known || answer == Answer::Denied).then_some(FileNews::Answer { by, answer })
    }

    fn accepted(&mut self, by: SenderId, from: u32, now: Duration) -> Option<FileNews> {
        let before = self.receivers.get(&by);
        let is_new = before.is_none_or(|receiver| !receiver.is_waiting);
        if before.is_some_and(|known| known.is_waiting && now < known.asked + AGAIN_EVERY)
            && self.upload.is_some()
        {
            return None;
        }
        self.receivers.insert(
            by,
            Receiver {
                is_waiting: true,
                asked: now,
            },
        );
        match &mut self.upload {
            // The relay has it, or is about to get it.
            Some(upload) if is_new && upload.first <= from => {}
            // They wait for what the relay should have: it gets it again, and what it still has it keeps.
            Some(upload) => {
                upload.first = upload.first.min(from);
                upload.next = upload.next.min(from);
            }
            None => {
                let (done, _) = self.offer.range(from);
                self.upload = Some(Upload {
                    first: from,
                    next: from,
                    wanted: Set::new(),
                    flying: Map::new(),
                    meter: Meter::new(done, now),
                });
            }
        }
        is_new.then_some(FileNews::Answer {
            by,
            answer: Answer::Accepted,
        })
    }

    /// Everybody who waits for it and is not there any more.
    pub(crate) fn lost(&mut self, is_here: impl Fn(&SenderId) -> bool) -> Vec<SenderId> {
        let gone = self.receivers.iter_mut();
        let gone = gone.filter(|(sid, receiver)| receiver.is_waiting && !is_here(sid));
        gone.map(|(sid, receiver)| {
            receiver.is_waiting = false;
            *sid
        })
        .collect()
    }

    /// The next piece to read from the disk.
    pub(crate) fn want(&mut self) -> Option<(u32, u64, usize)> {
        let upload = self.upload.as_mut()?;
        while upload.flying.contains_key(&upload.next) || upload.wanted.contains(&upload.next) {
            upload.next += 1;
        }
        let index = upload.next;
        if index >= self.offer.pieces() {
            return None;
        }
        upload.next += 1;
        upload.wanted.insert(index);
        let (offset, length) = self.offer.range(index);
        Some((index, offset, length))
    }

    /// Whether the shell was asked for these bytes.
    pub(crate) fn is_wanted(&mut self, index: u32, length: usize) -> bool {
        let expected = self.offer.range(index).1;
        let wanted = |upload: &mut Upload| upload.wanted.remove(&index);
        self.upload.as_mut().is_some_and(wanted) && length == expected
    }

    /// A sealed piece that is to go to the relay.
    pub(crate) fn sealed(&mut self, index: u32, piece: Vec<u8>) {
        if let Some(upload) = &mut self.upload {
            upload.flying.insert(index, Flying { piece, sent: None });
        }
    }

    /// A piece that goes out now.
    pub(crate) fn send(&mut self, now: Duration) -> Option<(u32, Vec<u8>)> {
        let flying = self.upload.as_mut()?.flying.iter_mut();
        let (index, flying) = flying
            .into_iter()
            .find(|(_, flying)| flying.sent.is_none())?;
        flying.sent = Some(now);
        Some((*index, flying.piece.clone()))
    }

    /// The relay has a piece. How long that took, and what the shell is to know.
    pub(crate) fn taken(
        &mut self,
        index: u32,
        now: Duration,
    ) -> Option<(Duration, Option<FileNews>)> {
        let bytes = self.offer.range(index).1 as u64;
        let total = self.offer.size;
        let pieces = self.offer.pieces();
        let upload = self.upload.as_mut()?;
        let sent = upload.flying.remove(&index)?.sent?;
        let speed = upload.meter.add(bytes, now);
        let is_over = upload.next >= pieces && upload.flying.is_empty() && upload.wanted.is_empty();
        let per_second = match (speed, is_over) {
            (Some(speed), _) => Some(speed),
            (None, true) => Some(0),
            (None, false) => None,
        };
        let done = upload.meter.done.min(total);
        let news = per_second.map(|per_second| FileNews::Progress {
            done,
            total,
            per_second,
        });
        Some((now.saturating_sub(sent), news))
    }

    /// The relay does not take this piece for now.
    pub(crate) fn put_off(&mut self, index: u32) {
        let flying = self
            .upload
            .as_mut()
            .and_then(|upload| upload.flying.get_mut(&index));
        if let Some(flying) = flying {
            flying.sent = None;
        }
    }

    /// Another connection. In another seat the relay knows nothing of the file, and whoever waits asks again.
    pub(crate) fn reconnected(&mut self, same_seat: bool) {
        if !same_seat {
            self.upload = None;
            for receiver in self.receivers.values_mut() {
                receiver.is_waiting = false;
            }
        } else if let Some(upload) = &mut self.upload {
            for flying in upload.flying.values_mut() {
                flying.sent = None;
            }
        }
    }

    /// Nobody waits for it any more: the relay may forget it. `true` once.
    pub(crate) fn is_idle(&mut self) -> bool {
        let is_waited_for = self.receivers.values().any(|receiver| receiver.is_waiting);
        !is_waited_for && self.reset()
    }

    /// Stops sending. Whether the relay had anything of it.
    pub(crate) fn reset(&mut self) -> bool {
        self.upload.take().is_some()
    }
}
