//! The part of a picture that is in memory, under the numbers that its bytes have in the whole.

/// Why a look cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The picture goes on outside of this window.
    Outside,
    /// This is no picture, or one that is cut off.
    Broken,
}

/// See the module's description.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    start: usize,
    bytes: &'a [u8],
    /// Bytes of the whole picture.
    size: usize,
}

impl<'a> Window<'a> {
    pub(super) fn new(start: usize, bytes: &'a [u8], size: usize) -> Self {
        Self { start, bytes, size }
    }

    /// Bytes from `at` on.
    pub(super) fn get(&self, at: usize, length: usize) -> Result<&'a [u8], Stop> {
        let end = at.checked_add(length).filter(|end| *end <= self.size);
        let end = end.ok_or(Stop::Broken)?;
        let within = at.checked_sub(self.start).zip(end.checked_sub(self.start));
        within
            .and_then(|(at, end)| self.bytes.get(at..end))
            .ok_or(Stop::Outside)
    }

    pub(super) fn byte(&self, at: usize) -> Result<u8, Stop> {
        self.get(at, 1)?.first().copied().ok_or(Stop::Broken)
    }

    /// Whatever is here from `at` on: one byte at least.
    pub(super) fn rest(&self, at: usize) -> Result<&'a [u8], Stop> {
        self.get(at, 1)?;
        let rest = at
            .checked_sub(self.start)
            .and_then(|at| self.bytes.get(at..));
        rest.ok_or(Stop::Outside)
    }

    /// That something which ends here is not cut off.
    pub(super) fn holds(&self, end: usize) -> Result<(), Stop> {
        if end <= self.size {
            Ok(())
        } else {
            Err(Stop::Broken)
        }
    }
}
