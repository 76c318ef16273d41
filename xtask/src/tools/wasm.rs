//! A Rust that compiles for the browser: the host's own when it has the target's standard library, else Debian's
//! `rustc-web`, which builds that library from its packaged sources.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::system;
use crate::project::Project;
use crate::shell;

/// The target of everything that runs in a browser.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCES: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";
const DEBIAN_LINKER: &str = "/usr/bin/wasm-ld-22";

/// Which compiler builds the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wasm {
    /// The toolchain that also builds the relay.
    Host,
    /// Debian's packages, beside whatever builds the relay.
    Debian,
}

impl Wasm {
    /// Prepares a command that calls cargo for the browser, directly or not.
    pub(crate) fn prepare(self, command: &mut Command, project: &Project) -> Result<()> {
        let bin = project.tools().join("bin");
        let mut front: Vec<&Path> = vec![&bin];
        if self == Self::Debian {
            // First, so that Trunk runs this cargo and not rustup's.
            front.push(Path::new("/usr/bin"));
            command
                .env("RUSTC", DEBIAN_RUSTC)
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
                // Tests would unwind otherwise, with a second standard library that clashes with the first.
                .env("CARGO_UNSTABLE_PANIC_ABORT_TESTS", "true")
                // Its default is `rust-lld`, which no package of Debian's carries.
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER)
                .env_remove("RUSTUP_TOOLCHAIN");
        }
        command
            .env("PATH", shell::path_with(&front)?)
            .env("CARGO_TARGET_DIR", project.wasm_target())
            .env_remove("CARGO");
        Ok(())
    }

    /// The cargo that compiles for the browser.
    pub(crate) fn cargo(self, project: &Project) -> Result<Command> {
        let mut cargo = match self {
            Self::Host => shell::cargo(),
            Self::Debian => shell::command("/usr/bin/cargo"),
        };
        self.prepare(&mut cargo, project)?;
        Ok(cargo)
    }
}

/// Finds a compiler; failing that, asks rustup, then Debian.
pub(super) fn find_or_install(project: &Project) -> Result<Wasm> {
    let wanted = std::env::var("ROOMKEY_WASM_RUST").ok();
    let may = |kind: &str| wanted.as_deref().is_none_or(|wanted| wanted == kind);
    if may("host") && host_has_target() {
        return Ok(Wasm::Host);
    }
    let minimum = minimum_rust(project)?;
    if may("debian") && debian_is_ready(minimum) {
        return Ok(Wasm::Debian);
    }
    if may("host") && rustup_adds_target() {
        return Ok(Wasm::Host);
    }
    if !may("debian") {
        bail!("this Rust has no {TARGET}. Type:\n\n  rustup target add {TARGET}");
    }
    system::apt_install(
        &DEBIAN_PACKAGES,
        "a Rust that compiles for the browser",
        &format!("with rustup and the internet, type: rustup target add {TARGET}"),
    )?;
    if !debian_is_ready(minimum) {
        bail!(
            "Debian's rustc-web is older than Rust 1.{minimum}: enable the security archive and repeat, \
             or type: rustup target add {TARGET}"
        );
    }
    Ok(Wasm::Debian)
}

fn host_has_target() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut ask = shell::command(rustc);
    ask.args(["--print", "target-libdir", "--target", TARGET]);
    let Some(dir) = shell::probe(&mut ask).map(|text| PathBuf::from(text.trim())) else {
        return false;
    };
    std::fs::read_dir(dir).is_ok_and(|mut files| {
        files.any(|file| {
            file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
        })
    })
}

fn rustup_adds_target() -> bool {
    let Some(rustup) = shell::on_path("rustup") else {
        return false;
    };
    eprintln!("installing the Rust target {TARGET} with rustup (compiles the browser app)");
    let mut add = shell::command(rustup);
    add.args(["target", "add", TARGET]);
    // Without a route to its server rustup repeats for minutes.
    if shell::succeeds_within(&mut add, Duration::from_secs(180)) && host_has_target() {
        return true;
    }
    eprintln!("rustup could not fetch it from here");
    false
}

fn debian_is_ready(minimum: u32) -> bool {
    let there = [
        DEBIAN_RUSTC,
        "/usr/bin/cargo",
        DEBIAN_SOURCES,
        DEBIAN_LINKER,
    ]
    .iter()
    .all(|file| Path::new(file).is_file());
    there
        && shell::probe(shell::command(DEBIAN_RUSTC).arg("--version"))
            .and_then(|text| minor_version(&text))
            .is_some_and(|minor| minor >= minimum)
}

/// `rust-version` of the workspace, as the number after `1.`.
fn minimum_rust(project: &Project) -> Result<u32> {
    let manifest = std::fs::read_to_string(project.root.join("Cargo.toml"))?;
    manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "))
        .and_then(|value| minor_version(value.trim_matches('"')))
        .context("the root Cargo.toml names no rust-version")
}

fn minor_version(text: &str) -> Option<u32> {
    let number = text.trim_start_matches("rustc ").strip_prefix("1.")?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minor_version_is_read_from_both_spellings() {
        assert_eq!(
            minor_version("rustc 1.96.0 (ac68faa20 2026-05-25)"),
            Some(96)
        );
        assert_eq!(minor_version("1.95"), Some(95));
        assert_eq!(minor_version("2.0"), None);
    }
}
