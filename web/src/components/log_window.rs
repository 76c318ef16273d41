//! Which part of a long log is on the page.

/// Lines on the page when the reader is at the end.
pub const TAIL: usize = 140;
/// Lines added when the reader comes near an edge.
pub const STEP: usize = 80;
/// The most lines on the page.
pub const MOST: usize = 300;

/// A half-open range of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogWindow {
    /// The first line shown.
    pub start: usize,
    /// One behind the last line shown.
    pub end: usize,
}

impl LogWindow {
    /// The end of a log of `length` lines.
    pub fn latest(length: usize) -> Self {
        Self {
            start: length.saturating_sub(TAIL),
            end: length,
        }
    }

    /// Lines on both sides of one.
    pub fn around(at: usize, length: usize) -> Self {
        Self {
            start: at.saturating_sub(TAIL / 2),
            end: (at + TAIL / 2).min(length),
        }
    }

    /// More lines at the top; lines far below are let go.
    #[must_use]
    pub fn earlier(self) -> Self {
        let start = self.start.saturating_sub(STEP);
        Self {
            start,
            end: self.end.min(start + MOST),
        }
    }

    /// More lines at the bottom; lines far above are let go.
    #[must_use]
    pub fn later(self, length: usize) -> Self {
        let end = (self.end + STEP).min(length);
        Self {
            start: self.start.max(end.saturating_sub(MOST)),
            end,
        }
    }

    /// The same lines after the log has let go of `count` lines at its beginning.
    #[must_use]
    pub fn moved_up(self, count: usize) -> Self {
        Self {
            start: self.start.saturating_sub(count),
            end: self.end.saturating_sub(count),
        }
    }

    /// The same range in a log that may have become shorter.
    #[must_use]
    pub fn within(self, length: usize) -> Self {
        let end = self.end.min(length);
        Self {
            start: self.start.min(end),
            end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LogWindow, MOST, STEP, TAIL};

    #[test]
    fn a_short_log_is_shown_whole() {
        assert_eq!(LogWindow::latest(3), LogWindow { start: 0, end: 3 });
    }

    #[test]
    fn ten_thousand_lines_never_put_more_than_a_few_hundred_on_the_page() {
        let mut window = LogWindow::latest(10_000);
        assert_eq!(window.end - window.start, TAIL);
        while window.start > 0 {
            window = window.earlier();
            assert!(window.end - window.start <= MOST);
        }
        while window.end < 10_000 {
            window = window.later(10_000);
            assert!(window.end - window.start <= MOST);
        }
    }

    #[test]
    fn neighbouring_windows_overlap_by_more_than_a_screen() {
        let before = LogWindow::latest(10_000).earlier().earlier().earlier();
        let after = before.earlier();
        assert_eq!(before.start - after.start, STEP);
        assert!(after.end > before.start + STEP);
    }

    #[test]
    fn lines_dropped_above_move_the_window_with_what_it_shows() {
        let window = LogWindow { start: 5, end: 9 };
        assert_eq!(window.moved_up(3), LogWindow { start: 2, end: 6 });
        assert_eq!(window.moved_up(7), LogWindow { start: 0, end: 2 });
    }

    #[test]
    fn a_log_that_became_shorter_cuts_the_window() {
        assert_eq!(
            LogWindow { start: 5, end: 9 }.within(4),
            LogWindow { start: 4, end: 4 }
        );
    }
}
