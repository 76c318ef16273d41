//! The formats that everybody must agree on, byte by byte, and codecs that survive anything.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what makes and checks vectors may stop at the first surprise"
)]

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod cases;
#[cfg(not(target_arch = "wasm32"))]
mod debug;
mod frames;
#[cfg(not(target_arch = "wasm32"))]
mod properties;
#[cfg(not(target_arch = "wasm32"))]
#[path = "../support/relay.rs"]
#[expect(dead_code, reason = "the tunnel's own tests use the rest")]
mod relay;
#[path = "../members/rng.rs"]
mod rng;
mod vectors;
