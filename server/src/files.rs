//! The pieces of files that wait in a room for whoever fetches them. Ciphertext, in memory, for a while: a file goes
//! when its sender drops it or gives up its seat, when nobody has touched it for some time, and with the room.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use crypto::wire::frame::file::{PIECE_HEAD, PIECE_LEN, SEALED_PIECE};
use crypto::wire::{FileId, MemberId, PieceId, PutView, Refusal};

use crate::limit::{Budget, Limits};
use crate::wipe::share;

/// Bytes that a piece takes: it is kept as the frame that goes to its receivers.
pub(crate) const PIECE_FRAME: usize = PIECE_HEAD + SEALED_PIECE;
/// Gets of one member that may wait for pieces; more push out the oldest.
const MOST_WAITING: usize = 32;
/// How many files of the longest kind one room may hold at once.
const FILES_PER_ROOM: usize = 4;

/// See the module's description.
#[derive(Debug)]
pub(crate) struct Files {
    files: HashMap<(MemberId, FileId), Stored>,
    waiting: VecDeque<(MemberId, PieceId)>,
    bytes: usize,
    memory: Arc<Budget>,
}

#[derive(Debug)]
struct Stored {
    pieces: HashMap<u32, Bytes>,
    touched: Duration,
}

/// How many pieces the longest file has.
fn most_pieces(limits: &Limits) -> usize {
    limits.file_bytes.div_ceil(PIECE_LEN)
}

/// A piece as the frame in which its receivers get it.
pub(crate) fn frame(owner: MemberId, put: &PutView<'_>) -> Bytes {
    let id = PieceId {
        owner,
        file: put.file,
        index: put.index,
    };
    let mut frame = Vec::with_capacity(PIECE_FRAME);
    frame.extend_from_slice(&id.head());
    frame.extend_from_slice(put.piece);
    share(frame)
}

impl Files {
    pub(crate) fn new(memory: Arc<Budget>) -> Self {
        Self {
            files: HashMap::new(),
            waiting: VecDeque::new(),
            bytes: 0,
            memory,
        }
    }

    /// Keeps a piece, given as its frame, and says who has been waiting for it.
    pub(crate) fn put(
        &mut self,
        id: PieceId,
        frame: Bytes,
        limits: &Limits,
        now: Duration,
    ) -> Result<Vec<MemberId>, Refusal> {
        let most = most_pieces(limits);
        if most == 0 {
            return Err(Refusal::Unsupported);
        }
        if usize::try_from(id.index).is_ok_and(|index| index >= most) {
            return Err(Refusal::TooLarge);
        }
        let known = self.files.get(&(id.owner, id.file));
        if known.is_none_or(|stored| !stored.pieces.contains_key(&id.index)) {
            let fits =
                self.bytes + PIECE_FRAME <= most.saturating_mul(FILES_PER_ROOM * PIECE_FRAME);
            if !fits || !self.memory.reserve(PIECE_FRAME) {
                return Err(Refusal::RelayFull);
            }
            self.bytes += PIECE_FRAME;
        }
        let stored = self
            .files
            .entry((id.owner, id.file))
            .or_insert_with(|| Stored {
                pieces: HashMap::new(),
                touched: now,
            });
        stored.touched = now;
        // The first one stays: who has fetched it already would otherwise have another than who comes later.
        stored.pieces.entry(id.index).or_insert(frame);
        let mut takers = Vec::new();
        self.waiting.retain(|(member, wanted)| {
            if *wanted == id {
                takers.push(*member);
            }
            *wanted != id
        });
        Ok(takers)
    }

    /// The piece, or a place in the queue for it.
    pub(crate) fn get(&mut self, member: MemberId, id: PieceId, now: Duration) -> Option<Bytes> {
        if let Some(stored) = self.files.get_mut(&(id.owner, id.file)) {
            stored.touched = now;
            if let Some(frame) = stored.pieces.get(&id.index) {
                return Some(frame.clone());
            }
        }
        if self.waiting.contains(&(member, id)) {
            return None;
        }
        let theirs = |(who, _): &&(MemberId, PieceId)| *who == member;
        if self.waiting.iter().filter(theirs).count() >= MOST_WAITING
            && let Some(oldest) = self.waiting.iter().position(|(who, _)| *who == member)
        {
            self.waiting.remove(oldest);
        }
        self.waiting.push_back((member, id));
        None
    }

    /// The sender has no use for the file any more.
    pub(crate) fn drop_file(&mut self, owner: MemberId, file: FileId) {
        if let Some(stored) = self.files.remove(&(owner, file)) {
            self.release(stored.pieces.len());
        }
    }

    /// A connection is gone, and nobody reads what it asked for.
    pub(crate) fn stop_waiting(&mut self, member: MemberId) {
        self.waiting.retain(|(who, _)| *who != member);
    }

    /// Forgets the files of whoever gave up their seat.
    pub(crate) fn settle(&mut self, is_seated: impl Fn(MemberId) -> bool) {
        if !self.files.is_empty() {
            self.keep(|owner, _| is_seated(owner));
        }
    }

    /// Forgets what nobody has touched for long.
    pub(crate) fn expire(&mut self, limits: &Limits, now: Duration) {
        self.keep(|_, stored| now < stored.touched + limits.file_time);
    }

    fn keep(&mut self, stays: impl Fn(MemberId, &Stored) -> bool) {
        let mut gone = 0;
        self.files.retain(|(owner, _), stored| {
            let stays = stays(*owner, stored);
            if !stays {
                gone += stored.pieces.len();
            }
            stays
        });
        self.release(gone);
    }

    /// When [`Files::expire`] has something to do.
    pub(crate) fn next_expiry(&self, limits: &Limits) -> Option<Duration> {
        let touched = self.files.values().map(|stored| stored.touched).min()?;
        Some(touched + limits.file_time)
    }

    fn release(&mut self, pieces: usize) {
        self.bytes -= pieces * PIECE_FRAME;
        self.memory.release(pieces * PIECE_FRAME);
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        self.memory.release(self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: MemberId = MemberId([1; 16]);
    const BO: MemberId = MemberId([2; 16]);
    const FILE: FileId = FileId([3; 16]);

    fn piece(owner: MemberId, index: u32) -> PieceId {
        PieceId {
            owner,
            file: FILE,
            index,
        }
    }

    fn limits(pieces: usize) -> Limits {
        Limits {
            file_bytes: pieces * PIECE_LEN,
            ..Limits::default()
        }
    }

    fn put(files: &mut Files, id: PieceId, limits: &Limits) -> Result<Vec<MemberId>, Refusal> {
        let byte = u8::try_from(id.index).unwrap();
        files.put(id, vec![byte; 3].into(), limits, Duration::ZERO)
    }

    #[test]
    fn a_piece_goes_to_who_waits_for_it_and_to_who_comes_later() {
        let (memory, limits) = (Budget::new(1 << 30), limits(10));
        let mut files = Files::new(memory);
        assert_eq!(files.get(BO, piece(ANN, 1), Duration::ZERO), None);
        assert_eq!(put(&mut files, piece(ANN, 0), &limits), Ok(vec![]));
        assert_eq!(put(&mut files, piece(BO, 1), &limits), Ok(vec![]));
        assert_eq!(put(&mut files, piece(ANN, 1), &limits), Ok(vec![BO]));
        let later = files.get(BO, piece(ANN, 1), Duration::ZERO);
        assert_eq!(later, Some(Bytes::from_static(&[1, 1, 1])));
    }

    #[test]
    fn a_piece_that_comes_again_changes_nothing_and_costs_nothing() {
        let (memory, limits) = (Budget::new(PIECE_FRAME), limits(10));
        let mut files = Files::new(Arc::clone(&memory));
        assert_eq!(put(&mut files, piece(ANN, 0), &limits), Ok(vec![]));
        let other = files.put(
            piece(ANN, 0),
            vec![9].into(),
            &limits,
            Duration::from_secs(1),
        );
        assert_eq!(other, Ok(vec![]));
        assert_eq!(memory.used(), PIECE_FRAME);
        let kept = files.get(BO, piece(ANN, 0), Duration::ZERO);
        assert_eq!(kept, Some(Bytes::from_static(&[0, 0, 0])));
    }

    #[test]
    fn files_are_bounded_one_by_one_by_room_and_altogether() {
        let memory = Budget::new(10 * PIECE_FRAME);
        let two = limits(2);
        let mut files = Files::new(Arc::clone(&memory));
        assert_eq!(put(&mut files, piece(ANN, 2), &two), Err(Refusal::TooLarge));
        for number in 0..8 {
            let id = PieceId {
                file: FileId([number; 16]),
                ..piece(ANN, 1)
            };
            assert_eq!(put(&mut files, id, &two), Ok(vec![]));
        }
        assert_eq!(put(&mut files, piece(BO, 0), &two), Err(Refusal::RelayFull));
        let mut elsewhere = Files::new(Arc::clone(&memory));
        assert_eq!(put(&mut elsewhere, piece(ANN, 0), &two), Ok(vec![]));
        assert_eq!(put(&mut elsewhere, piece(ANN, 1), &two), Ok(vec![]));
        assert_eq!(
            put(&mut elsewhere, piece(BO, 0), &two),
            Err(Refusal::RelayFull)
        );
        drop(files);
        assert_eq!(memory.used(), 2 * PIECE_FRAME);
        assert_eq!(
            put(&mut Files::new(memory), piece(ANN, 0), &limits(0)),
            Err(Refusal::Unsupported)
        );
    }

    #[test]
    fn a_file_goes_with_its_owner_and_when_nobody_touches_it() {
        let (memory, limits) = (Budget::new(1 << 30), limits(10));
        let mut files = Files::new(Arc::clone(&memory));
        put(&mut files, piece(ANN, 0), &limits).unwrap();
        put(&mut files, piece(BO, 0), &limits).unwrap();
        files.settle(|member| member == ANN);
        assert_eq!(memory.used(), PIECE_FRAME);
        let touched = Duration::from_secs(60);
        files.get(BO, piece(ANN, 0), touched);
        let end = touched + limits.file_time;
        assert_eq!(files.next_expiry(&limits), Some(end));
        files.expire(&limits, end - Duration::from_millis(1));
        files.settle(|_| true);
        assert_eq!(memory.used(), PIECE_FRAME);
        files.expire(&limits, end);
        assert_eq!(memory.used(), 0);
        assert_eq!(files.next_expiry(&limits), None);
    }

    #[test]
    fn nobody_waits_for_more_than_a_few_pieces_or_after_leaving() {
        let (memory, limits) = (Budget::new(1 << 30), limits(1000));
        let mut files = Files::new(memory);
        for index in 0..40 {
            files.get(BO, piece(ANN, index), Duration::ZERO);
            files.get(BO, piece(ANN, index), Duration::ZERO);
        }
        assert_eq!(put(&mut files, piece(ANN, 7), &limits), Ok(vec![]));
        assert_eq!(put(&mut files, piece(ANN, 8), &limits), Ok(vec![BO]));
        files.stop_waiting(BO);
        assert_eq!(put(&mut files, piece(ANN, 9), &limits), Ok(vec![]));
    }

    #[test]
    fn dropping_forgets_one_file_and_the_end_of_a_room_all() {
        let (memory, limits) = (Budget::new(1 << 30), limits(10));
        let mut files = Files::new(Arc::clone(&memory));
        for owner in [ANN, BO] {
            put(&mut files, piece(owner, 0), &limits).unwrap();
        }
        files.drop_file(ANN, FILE);
        files.drop_file(ANN, FILE);
        assert_eq!(files.get(BO, piece(ANN, 0), Duration::ZERO), None);
        assert_eq!(memory.used(), PIECE_FRAME);
        drop(files);
        assert_eq!(memory.used(), 0);
    }
}
