//! The system's package manager: used when we are root and it is Debian's, otherwise named with what to type.

use std::process::Command;

use anyhow::{Result, bail};

use crate::shell;

/// Runs a download; registries drop one now and then, so once more before it counts as failed.
pub(super) fn twice(command: &mut Command) -> Result<()> {
    if let Err(error) = shell::run(command) {
        eprintln!("{error:#}\ntrying once more");
        shell::run(command)?;
    }
    Ok(())
}

/// Installs Debian packages, or stops with the commands that would.
pub(super) fn apt_install(packages: &[&str], why: &str, otherwise: &str) -> Result<()> {
    let list = packages.join(" ");
    if shell::on_path("apt-get").is_none() {
        bail!("{why} is missing: {otherwise}");
    }
    if !is_root() {
        bail!(
            "{why} is missing. Type:\n\n  sudo apt-get update && sudo apt-get install {list}\n\nor: {otherwise}"
        );
    }
    eprintln!("installing {list} ({why})");
    if apt(&["install"], packages).is_err() {
        // Lists that are absent or older than the archive: both are cured by fetching them.
        apt(&["update"], &[])?;
        apt(&["install"], packages)?;
    }
    Ok(())
}

fn apt(words: &[&str], packages: &[&str]) -> Result<()> {
    let mut apt = shell::command("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive")
        .args(["-y", "-qq", "-o=Dpkg::Use-Pty=0"])
        .args(words);
    if !packages.is_empty() {
        apt.arg("--no-install-recommends").args(packages);
    }
    // Its chatter belongs with ours, away from what a caller may read from stdout.
    apt.stdout(std::io::stderr());
    shell::run(&mut apt)
}

/// Whether packages can be installed from here.
pub(super) fn is_root() -> bool {
    shell::probe(shell::command("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}
