//! What is handed to others: the binary and its checksum.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::app::hex;
use crate::project::Project;
use crate::{app, relay, shell};

/// `cargo xtask dist`.
pub(crate) fn command(project: &Project) -> Result<()> {
    let app = app::build(project)?;
    let binary = relay::build(project, &app)?;
    let version = project.locked_version("roomkey-server")?;
    let verbose = shell::read(shell::command("rustc").arg("-vV"))?;
    let host = verbose
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc names no host")?;
    let dir = project.target.join("dist");
    // Only this build: a checksum list must not vouch for leftovers.
    if dir.exists() {
        std::fs::remove_dir_all(&dir)?;
    }
    std::fs::create_dir_all(&dir)?;
    let name = format!(
        "roomkey-relay-{version}-{host}{}",
        std::env::consts::EXE_SUFFIX
    );
    std::fs::copy(&binary, dir.join(&name))?;
    let bytes = std::fs::read(dir.join(&name))?;
    let line = format!("{}  {name}\n", hex(&Sha256::digest(&bytes)));
    std::fs::write(dir.join("SHA256SUMS"), &line)?;
    print!("{}:\n{line}", project.shown(&dir));
    Ok(())
}
