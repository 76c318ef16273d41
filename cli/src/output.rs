//! Lines to standard output, and the clock that dates them.

use std::io::{Write as _, stdout};
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
