//! One relay process: started on a free port, stopped when dropped, its output kept for inspection.

use crate::{root, setting};
use anyhow::{Context as _, Result, bail};
use std::net::{SocketAddr, TcpListener};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;

/// A running relay. Dropping it kills the process.
pub struct Relay {
    child: Option<Child>,
    data: tempfile::TempDir,
    address: SocketAddr,
    extra: Vec<String>,
    log: Arc<Mutex<String>>,
}

impl Relay {
    /// Starts a relay with a key of its own on a free loopback port.
    ///
    /// # Errors
    /// When the binary is missing or does not come up.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// Like [`Relay::start`], with further command-line arguments.
    ///
    /// # Errors
    /// When the binary is missing or does not come up.
    pub async fn start_with(extra: &[&str]) -> Result<Self> {
        // The port is taken and given back at once, so that a killed relay can come back at the same address.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut relay = Self {
            child: None,
            data: tempfile::tempdir()?,
            address,
            extra: extra.iter().map(ToString::to_string).collect(),
            log: Arc::default(),
        };
        relay.restart().await?;
        Ok(relay)
    }

    /// Starts the process again on the same address, with the same key and salt.
    ///
    /// # Errors
    /// When the binary is missing or does not come up.
    pub async fn restart(&mut self) -> Result<()> {
        self.kill().await;
        let binary = setting(
            "ROOMKEY_E2E_RELAY",
            root().join("target/release/roomkey-relay"),
        );
        let mut child = Command::new(&binary)
            .arg("--listen")
            .arg(self.address.to_string())
            .arg("--data-dir")
            .arg(self.data.path())
            .args(&self.extra)
            .env("RUST_LOG", "trace")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| {
                format!(
                    "no relay at {}: run `cargo xtask build` first",
                    binary.display()
                )
            })?;
        let (up, mut is_up) = watch::channel(false);
        let marker = self.address.to_string();
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(collect(stdout, self.log.clone(), Some((marker, up))));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(collect(stderr, self.log.clone(), None));
        }
        self.child = Some(child);
        let seen = is_up.wait_for(|up| *up).await.is_ok();
        if !seen {
            bail!("the relay stopped before it was listening:\n{}", self.log());
        }
        Ok(())
    }

    /// Starts the process again on the same address as another relay: another key, another salt.
    ///
    /// # Errors
    /// When the binary is missing or does not come up.
    pub async fn restart_as_another(&mut self) -> Result<()> {
        self.kill().await;
        self.data = tempfile::tempdir()?;
        self.restart().await
    }

    /// Ends the process without giving it a chance to say goodbye.
    pub async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Already dead is as good as killed.
            let _ = child.kill().await;
        }
    }

    /// `host:port`.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://host:port`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything the process has printed, at the most talkative log level.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.lock().map(|log| log.clone()).unwrap_or_default()
    }

    /// The process id while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().and_then(Child::id)
    }
}

/// Keeps every line, and reports the first one that names the address the relay listens on.
async fn collect(
    stream: impl AsyncRead + Unpin,
    log: Arc<Mutex<String>>,
    up: Option<(String, watch::Sender<bool>)>,
) {
    let mut lines = BufReader::new(stream).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Ok(mut log) = log.lock() {
            log.push_str(&line);
            log.push('\n');
        }
        if let Some((marker, up)) = &up
            && line.contains(marker.as_str())
        {
            up.send_replace(true);
        }
    }
}
