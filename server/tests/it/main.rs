//! The relay over real sockets, on a port of its own per test and with a clock that only the test moves.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy exempts test functions, but not what they call"
)]

mod common;
mod control;
mod files;
mod garbage;
mod hostile;
mod http;
mod limits;
mod lives;
mod logging;
#[cfg(target_os = "linux")]
mod memory;
mod peer;
mod program;
mod rooms;
mod socket;
mod tls;
