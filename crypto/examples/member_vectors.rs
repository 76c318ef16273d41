//! Writes `tests/vectors/members_*.txt`. Run it when the format changes on purpose, and read the difference.
#![expect(clippy::unwrap_used, reason = "what fails here is the test")]

#[path = "../tests/members/author.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod author;
#[path = "../tests/members/cases/mod.rs"]
mod cases;
#[path = "../tests/members/forge.rs"]
mod forge;
#[path = "../tests/members/receiver.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod receiver;
#[path = "../tests/members/rng.rs"]
mod rng;

fn main() -> std::io::Result<()> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    for (name, text) in cases::all() {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}
