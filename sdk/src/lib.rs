//! A member of a room as an ordinary async program: the terminal client, bots and tests are built on this.
//!
//! ```text
//!   Relay ── where the relay is, and how to get there (TLS, SOCKS)
//!     │  facts()                      what it says about itself at /relay.json
//!     ▼
//!   Door ─── a room's name, stretched for this relay
//!     │  enter(), arrive()
//!     ▼
//!   Member ─ next() gives events; drive(|session, now, rng| …) does anything that a `client::Session` can
//! ```
//!
//! The protocol is in the crate `client`; here are only sockets and clocks. See `examples/echo.rs` for a whole bot.
#![warn(missing_docs)]

mod dial;
mod door;
mod error;
mod facts;
mod greeting;
mod http;
mod member;
mod relay;
mod socket;

pub use door::Door;
pub use error::Error;
pub use facts::Facts;
pub use greeting::Greeting;
pub use http::Page;
pub use member::{Member, Rng, goodbyes, rng};
pub use relay::{Proxy, Relay};
