//! Writes `tests/vectors/{frames,names,rooms,joins,cobblestone,files,tunnel}.txt`. Run it when a format changes on purpose,
//! and read the difference.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what makes and checks vectors may stop at the first surprise"
)]

#[path = "../tests/formats/cases.rs"]
mod cases;
#[path = "../tests/formats/frames/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the tests use the rest")]
mod frames;
#[path = "../tests/support/relay.rs"]
#[expect(dead_code, reason = "the tunnel's own tests use the rest")]
mod relay;
#[path = "../tests/members/rng.rs"]
mod rng;

fn main() -> std::io::Result<()> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    for (name, text) in cases::all() {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}
