//! Notes the SHA-256 of every file of the built app, so that `roomkey verify` knows what a relay of this version serves.
//! The app is looked for where the relay looks for it: in `ROOMKEY_APP_DIR`, or in `../target/app`.

#[path = "src/verify/manifest.rs"]
mod manifest;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=ROOMKEY_APP_DIR");
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let app = env::var_os("ROOMKEY_APP_DIR")
        .map_or_else(|| here.join("../target/app"), |named| here.join(named));
    println!("cargo::rerun-if-changed={}", app.display());
    let mut table = String::from("pub(super) static BUILT_WITH: &[(&str, &str)] = &[\n");
    if app.is_dir() {
        for (name, hash) in manifest::of_folder(&app)? {
            writeln!(table, "    ({name:?}, {hash:?}),").map_err(io::Error::other)?;
        }
    }
    table.push_str("];\n");
    fs::write(
        PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("app.rs"),
        table,
    )
}
