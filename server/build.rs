//! Embeds the built app: every file of the folder named by `ROOMKEY_APP_DIR`, or of `../target/app`, becomes a line of a
//! generated table. Without the folder the table is empty and the relay says so on its front page.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=ROOMKEY_APP_DIR");
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let app = match env::var_os("ROOMKEY_APP_DIR") {
        Some(named) => here.join(named),
        None => here.join("../target/app"),
    };
    // Cargo runs this script on every build while a watched path is missing, so the default folder is made to exist.
    if !app.exists() && env::var_os("ROOMKEY_APP_DIR").is_none() {
        fs::create_dir_all(&app).ok();
    }
    println!("cargo::rerun-if-changed={}", app.display());

    let mut files = Vec::new();
    if app.is_dir() {
        collect(&app, "", &mut files)?;
    }
    files.sort();

    let mut table = String::from("static FILES: &[(&str, &[u8])] = &[\n");
    for (name, path) in files {
        let path = path.canonicalize()?;
        writeln!(table, "    ({name:?}, include_bytes!({path:?})),").map_err(io::Error::other)?;
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("files.rs"), table)
}

/// Gathers `folder` and what lies below it as pairs of URL path (without the leading slash) and file.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let name = format!("{prefix}{name}");
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push((name, entry.path()));
        }
    }
    Ok(())
}
