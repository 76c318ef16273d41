//! Figures, not judgements: how fast the stretch and the sealing are in a browser. The page is new, so the first
//! stretch is the one that people wait for. Run by
//! `cargo xtask bench crypto`.
#![cfg(target_arch = "wasm32")]

use crypto::cobblestone;
use crypto::kdf::{ROUNDS, Salt, Stretch};
use crypto::name::RoomName;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

#[path = "support/pair.rs"]
mod pair;
#[path = "members/rng.rs"]
mod rng;
#[path = "support/subtle.rs"]
#[expect(dead_code, reason = "the differential tests use the rest")]
mod subtle;

use rng::Frozen;

wasm_bindgen_test_configure!(run_in_browser);

fn now() -> f64 {
    web_sys::window().unwrap().performance().unwrap().now()
}

fn stretch_once(salt: [u8; 16]) -> f64 {
    let start = now();
    let mut stretch = Stretch::new(&RoomName::parse("blue otter").unwrap(), None, &Salt(salt));
    while !stretch.advance(5_000).is_complete() {}
    assert!(stretch.finish().is_some());
    now() - start
}

#[wasm_bindgen_test]
async fn figures() {
    let cold = stretch_once(subtle::random());
    console_log!("stretch, cold page: {cold:.0} ms");
    let (mut ours, mut theirs) = (f64::MAX, f64::MAX);
    for _ in 0..3 {
        // Each input is new: some browsers remember results.
        let salt: [u8; 16] = subtle::random();
        let start = now();
        subtle::pbkdf2(b"blue-otter", &salt, ROUNDS).await;
        theirs = theirs.min(now() - start);
        ours = ours.min(stretch_once(subtle::random()));
    }
    console_log!("crypto.subtle: {theirs:.0} ms; stretch, warm: {ours:.0} ms");
    console_log!(
        "PBKDF2 wasm / crypto.subtle: cold {:.2}, warm {:.2}",
        cold / theirs,
        ours / theirs
    );
    let mut rng = Frozen::new(1);
    let mut pair = pair::Pair::new(&mut rng);
    for length in [256, 4_096] {
        let start = now();
        for _ in 0..800 {
            pair.pass(length, &mut rng);
        }
        console_log!(
            "a message, seal + open at {length} B: {:.0} µs",
            (now() - start) * 1000.0 / 800.0
        );
    }
    let (key, text) = ([7; 32], vec![0x5A; 1 << 20]);
    let start = now();
    for _ in 0..8 {
        let sealed = cobblestone::seal(&key, b"context", &text, &mut rng);
        assert_eq!(
            cobblestone::open(&key, b"context", &sealed).unwrap().len(),
            text.len()
        );
    }
    console_log!(
        "chunked encryption, seal + open: {:.0} MB/s",
        16.0 * 1.048_576 * 1000.0 / (now() - start)
    );
}
