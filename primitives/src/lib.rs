//! The inner loops of the ciphers, as concrete functions.
//!
//! The crates that implement them are generic: their loops are instantiated, and optimised, in whatever crate calls them
//! first. The browser's bundle is optimised for size, except for this crate and a few below it
//! (`docs/adr/0002-one-stretch-in-wasm.md`), so what is here is what has to be quick: one stretch of a room's name, and the
//! sealing and key derivation of every message. What the results mean is known to `roomkey-crypto` alone.

mod gcm;
mod mac;
mod pbkdf2;

pub use gcm::{Gcm, NONCE, TAG};
pub use mac::HmacSha512;
pub use pbkdf2::Pbkdf2;
