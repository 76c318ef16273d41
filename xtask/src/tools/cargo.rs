//! Tools that are crates: built once into `target/tools`, and again only when the wanted version changes.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::system;
use crate::project::Project;
use crate::shell;

/// One tool from crates.io.
pub(super) struct Tool<'a> {
    pub(super) package: &'a str,
    pub(super) version: &'a str,
    pub(super) binary: &'a str,
    /// Told to whoever waits for it.
    pub(super) why: &'a str,
    /// `--debug` where the tool's own speed does not matter: it compiles three times faster.
    pub(super) options: &'a [&'a str],
}

/// The tool's binary, built when it is missing or of another version.
pub(super) fn install(project: &Project, tool: &Tool<'_>) -> Result<PathBuf> {
    let Tool {
        package, version, ..
    } = tool;
    let root = project.tools();
    let binary = root
        .join("bin")
        .join(tool.binary)
        .with_extension(std::env::consts::EXE_EXTENSION);
    let records = std::fs::read_to_string(root.join(".crates.toml")).unwrap_or_default();
    if binary.is_file() && is_recorded(&records, package, version) {
        return Ok(binary);
    }
    eprintln!("installing {package} {version} ({})", tool.why);
    let mut install = shell::cargo();
    install
        .args(["install", "--quiet", package, "--version", version])
        .args(tool.options)
        .arg("--root")
        .arg(&root)
        .env("CARGO_TARGET_DIR", root.join("build"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .current_dir(&project.root);
    system::twice(&mut install)
        .with_context(|| format!("{package} {version} is needed: {}", tool.why))?;
    Ok(binary)
}

/// Cargo keeps one line per installed package; reading it is quicker and stricter than asking the tool.
fn is_recorded(records: &str, package: &str, version: &str) -> bool {
    records
        .lines()
        .any(|line| line.starts_with(&format!("\"{package} {version} (")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_version_counts_as_installed() {
        let records = "[v1]\n\"trunk 0.21.14 (registry+x)\" = [\"trunk\"]\n";
        assert!(is_recorded(records, "trunk", "0.21.14"));
        assert!(!is_recorded(records, "trunk", "0.21.1"));
        assert!(!is_recorded(records, "run", "0.21.14"));
    }
}
