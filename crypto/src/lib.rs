//! Roomkey's formats and ciphers.
//!
//! The crate is cut by what its reader is allowed to know:
//!
//! ```text
//!   wire   ids · frames · records · close codes · handshake layout      relay and members
//!   ─────────────────────────────────────────────────────────────────────────────────────
//!   seal   room name ─stretch─▶ RoomKeys ─┬─▶ room address, join proof   members only
//!                                         ├─▶ envelope key ─▶ Cobblestone
//!                                         └─▶ face, history key, check
//!          Identity ─▶ hello ─▶ SenderKey ─▶ envelope ─▶ PeerKey
//!          Handshake ─▶ Tunnel ─▶ records
//! ```
//!
//! Everything here is a pure function or a value: no clock, no socket, and no source of randomness that the caller did
//! not hand in. `docs/protocol.md` describes the formats for other implementations.
#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]
#![cfg_attr(not(feature = "seal"), no_std)]

extern crate alloc;
// Test code is shared with the integration tests, which know this crate by its name.
#[cfg(test)]
extern crate self as crypto;

#[cfg(feature = "seal")]
mod chain;
#[cfg(feature = "seal")]
pub mod cobblestone;
#[cfg(feature = "seal")]
pub mod control;
#[cfg(feature = "seal")]
mod direct;
#[cfg(feature = "seal")]
pub mod envelope;
#[cfg(feature = "seal")]
pub mod error;
#[cfg(feature = "seal")]
pub mod file;
#[cfg(feature = "seal")]
pub mod hello;
#[cfg(feature = "seal")]
pub mod identity;
#[cfg(feature = "seal")]
pub mod kdf;
#[cfg(feature = "seal")]
pub mod key;
#[cfg(feature = "seal")]
pub mod lone;
#[cfg(feature = "seal")]
pub mod mark;
#[cfg(feature = "seal")]
pub mod name;
#[cfg(feature = "seal")]
pub mod peer;
#[cfg(feature = "seal")]
pub mod room;
#[cfg(feature = "seal")]
mod seal;
#[cfg(feature = "seal")]
pub mod seen;
#[cfg(feature = "seal")]
pub mod sender;
#[cfg(feature = "seal")]
pub mod strength;
#[cfg(feature = "seal")]
mod taken;
#[cfg(feature = "seal")]
pub mod tunnel;
#[cfg(feature = "seal")]
mod window;
pub mod wire;

#[cfg(all(test, feature = "seal"))]
mod tests;
