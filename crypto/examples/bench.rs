//! Figures of the cryptography on this machine, without a browser: `cargo xtask bench crypto`.
#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use std::convert::Infallible;
use std::hint::black_box;
use std::time::Instant;

use crypto::cobblestone;
use crypto::kdf::{ROUNDS, Salt, Stretch};
use crypto::name::RoomName;
use crypto::room::{Exporter, RoomKeys};
use rand_core::{TryCryptoRng, TryRng};

#[path = "../tests/support/pair.rs"]
mod pair;

/// A counter: what is measured here does not depend on how random the salts are.
struct Counter(u64);

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|next| (next & 0xFFFF_FFFF) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 += 1;
        Ok(self.0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let next = self.try_next_u64()?.to_be_bytes();
            chunk
                .iter_mut()
                .zip(next)
                .for_each(|(slot, byte)| *slot = byte);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}

fn measure(what: &str, times: u32, mut work: impl FnMut()) {
    work();
    let start = Instant::now();
    for _ in 0..times {
        work();
    }
    println!("{what:<32} {:>12.1?}", start.elapsed() / times);
}

fn main() {
    let name = RoomName::parse("blue otter").expect("invariant: a plain name");
    measure("stretch, 600,000 rounds", 3, || {
        let mut stretch = Stretch::new(&name, None, &Salt([1; 16]));
        stretch.advance(ROUNDS);
        black_box(stretch.finish());
    });
    let (key, mut rng) = ([7; 32], Counter(0));
    for length in [256, 4_096, 65_536, 1 << 20] {
        let text = vec![0x5A; length];
        measure(&format!("seal + open, {length} bytes"), 300, || {
            let sealed = cobblestone::seal(&key, b"context", &text, &mut rng);
            black_box(cobblestone::open(&key, b"context", &sealed).is_ok());
        });
    }
    let mut pair = pair::Pair::new(&mut rng);
    for length in [256, 4_096] {
        measure(
            &format!("a message, seal + open, {length} bytes"),
            800,
            || pair.pass(length, &mut rng),
        );
    }
    let (keys, exporter) = (RoomKeys::from_bytes(&[1; 64]), Exporter::new([2; 32]));
    measure("join proof", 1000, || {
        black_box(keys.prove(&exporter));
    });
    measure("room keys from their root", 1000, || {
        black_box(RoomKeys::from_bytes(&[1; 64]));
    });
}
