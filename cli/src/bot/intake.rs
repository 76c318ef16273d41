//! Lines of a program that may be broken: one that never ends takes no memory.

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};

/// What came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Line(Vec<u8>),
    /// A line was longer than allowed; it is gone.
    TooLong,
    /// Nothing more will come.
    End,
}

/// See the module.
pub(super) struct Intake<R> {
    reader: BufReader<R>,
    longest: usize,
    line: Vec<u8>,
    /// The rest of a line that is too long already.
    skipping: bool,
}

impl<R: AsyncRead + Unpin> Intake<R> {
    pub(super) fn new(reader: R, longest: usize) -> Self {
        Self {
            reader: BufReader::new(reader),
            longest,
            line: Vec::new(),
            skipping: false,
        }
    }

    /// The next line. May be dropped while it waits; nothing is lost.
    pub(super) async fn next(&mut self) -> Taken {
        loop {
            let Ok(bytes) = self.reader.fill_buf().await else {
                return Taken::End;
            };
            if bytes.is_empty() {
                return match std::mem::take(&mut self.line) {
                    line if line.is_empty() => Taken::End,
                    line => Taken::Line(line),
                };
            }
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let taken = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or(bytes);
            let length = taken.len() + usize::from(end.is_some());
            if !self.skipping {
                self.line.extend_from_slice(taken);
            }
            self.reader.consume(length);
            if self.line.len() > self.longest {
                self.line = Vec::new();
                self.skipping = end.is_none();
                return Taken::TooLong;
            }
            if end.is_some() && !std::mem::take(&mut self.skipping) {
                return Taken::Line(std::mem::take(&mut self.line));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_come_whole_and_endless_ones_not_at_all() {
        let endless = [vec![b'x'; 100_000], b"\nsecond\n\nlast".to_vec()].concat();
        let mut intake = Intake::new(endless.as_slice(), 10);
        assert_eq!(intake.next().await, Taken::TooLong);
        assert!(intake.line.capacity() < 10_000);
        for line in ["second", "", "last"] {
            assert_eq!(intake.next().await, Taken::Line(line.as_bytes().to_vec()));
        }
        assert_eq!(intake.next().await, Taken::End);
    }
}
