//! Members among themselves: what they seal, what they accept, and what a relay, an outsider and a malicious member
//! cannot do.
#![expect(clippy::unwrap_used, reason = "what fails here is the test")]

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod attacks;
mod author;
#[cfg(not(target_arch = "wasm32"))]
mod cases;
mod epochs;
mod forge;
mod people;
#[cfg(not(target_arch = "wasm32"))]
mod properties;
mod receiver;
mod rng;
mod sizes;
mod vectors;
