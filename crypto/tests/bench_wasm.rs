//! Figures, not judgements: how fast the sealing is in a browser. Run by `cargo xtask bench crypto`, which measures the
//! stretching in the app itself.
#![cfg(target_arch = "wasm32")]

use crypto::cobblestone;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

#[path = "support/pair.rs"]
mod pair;
#[path = "members/rng.rs"]
mod rng;

use rng::Frozen;

wasm_bindgen_test_configure!(run_in_browser);

fn now() -> f64 {
    web_sys::window().unwrap().performance().unwrap().now()
}

#[wasm_bindgen_test]
fn figures() {
    let mut rng = Frozen::new(1);
    let mut pair = pair::Pair::new(&mut rng);
    for length in [256, 4_096] {
        // In batches, because a browser's clock is coarse on purpose.
        let mut batches: Vec<f64> = (0..41)
            .map(|_| {
                let start = now();
                for _ in 0..20 {
                    pair.pass(length, &mut rng);
                }
                (now() - start) * 1000.0 / 20.0
            })
            .collect();
        batches.sort_by(f64::total_cmp);
        console_log!(
            "a message, seal + open at {length} B, median: {:.0} µs",
            batches[20]
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
