//! The relay as a process that is killed and comes back.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// A relay on a port and with a data directory of its own. Dropping it ends the process.
pub(crate) struct Process {
    binary: PathBuf,
    /// Where it listens, in every life.
    pub(crate) address: SocketAddr,
    data: tempfile::TempDir,
    child: Option<Child>,
}

impl Process {
    pub(crate) async fn start(binary: &Path) -> Result<Self> {
        // The port is taken and given back at once, so that every life of the relay has the same.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut process = Self {
            binary: binary.to_owned(),
            address,
            data: tempfile::tempdir()?,
            child: None,
        };
        process.start_again().await?;
        Ok(process)
    }

    /// Starts it, and waits until it listens.
    pub(crate) async fn start_again(&mut self) -> Result<()> {
        self.kill().await;
        let mut command = Command::new(&self.binary);
        // What the developer's own environment says must not matter here.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROOMKEY_")) {
            command.env_remove(name);
        }
        command
            .arg("--listen")
            .arg(self.address.to_string())
            .arg("--data-dir")
            .arg(self.data.path())
            .args(["--log-level", "error"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().with_context(|| {
            format!(
                "There is no relay at {}: build it with `cargo xtask build`.",
                self.binary.display()
            )
        })?;
        let output = child.stdout.take().context("its output is a pipe")?;
        let mut lines = BufReader::new(output).lines();
        let address = self.address.to_string();
        loop {
            match lines.next_line().await? {
                Some(line) if line.contains(&address) => break,
                Some(_) => {}
                None => bail!(
                    "the relay ended before it listened: {}",
                    child.wait().await?
                ),
            }
        }
        self.child = Some(child);
        // What else it prints is read, so that it never waits for a reader.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(())
    }

    /// Ends it without giving it a chance to say goodbye.
    pub(crate) async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Already dead is as good as killed.
            let _ = child.kill().await;
        }
    }
}
