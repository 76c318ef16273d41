//! A relay that follows the frames and a world that carries bytes between it and any number of sessions, both without
//! sockets, clocks or threads.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "every test binary uses another part of this"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

pub mod govern;
pub mod relay;
pub mod rng;
#[path = "../../../crypto/tests/support/relay.rs"]
pub mod tunnel;
pub mod world;
