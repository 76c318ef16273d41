//! Lines to standard output, the line that moves on standard error, and the clock that dates them.

use std::io::{IsTerminal as _, Write as _, stderr, stdout};
use std::time::{Duration, SystemTime};

use crate::exit::Failure;
use crate::lines::Line;

/// Now, since the Unix epoch.
pub(crate) fn wall() -> Duration {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}

/// Writes one line at once, so that a reader at the other end of a pipe has it.
pub(crate) fn print(line: &Line) -> Result<(), Failure> {
    let mut out = stdout().lock();
    writeln!(out, "{}", line.text)
        .and_then(|()| out.flush())
        .map_err(Failure::output)
}

/// Resolves when whoever read standard output has gone away, where the system can tell.
pub(crate) async fn closed() {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;
        use tokio::io::Interest;
        use tokio::net::unix::pipe::Sender;
        // A copy: whatever is done to it leaves the original as it is. Files cannot be watched, and have no reader.
        if let Ok(copy) = stdout().as_fd().try_clone_to_owned()
            && let Ok(watched) = Sender::from_owned_fd_unchecked(copy)
            && watched.ready(Interest::ERROR).await.is_ok()
        {
            return;
        }
    }
    std::future::pending::<()>().await;
}

/// One line on standard error that is written over and over, where there is a terminal to see it.
#[derive(Default)]
pub(crate) struct Moving {
    is_shown: bool,
}

impl Moving {
    /// Shows this instead of what was there.
    pub(crate) fn show(&mut self, text: &str) {
        if stderr().is_terminal() {
            self.is_shown = true;
            put(&format!("\r\u{1b}[K{text}"));
        }
    }

    /// Takes it away, so that something else can be written.
    pub(crate) fn clear(&mut self) {
        if std::mem::take(&mut self.is_shown) {
            put("\r\u{1b}[K");
        }
    }
}

impl Drop for Moving {
    fn drop(&mut self) {
        self.clear();
    }
}

fn put(text: &str) {
    let mut out = stderr().lock();
    // It is a nicety: whoever closed standard error does without.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
