//! Members among themselves: what they seal, what they accept, and what a relay, an outsider and a malicious member
//! cannot do.

mod attacks;
mod author;
mod epochs;
mod forge;
mod people;
#[cfg(not(target_arch = "wasm32"))]
mod properties;
mod receiver;
mod rng;
mod sizes;
