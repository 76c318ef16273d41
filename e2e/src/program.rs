//! The program `roomkey` as a child: what it prints, and lines to type into it.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::{root, setting};

/// A program that hangs costs a failing test this long and a passing one nothing.
const PATIENCE: Duration = Duration::from_secs(60);

/// One run of it. Dropped, it is ended.
pub struct Program {
    _child: Child,
    stdin: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    seen: Vec<String>,
}

impl Program {
    /// Starts `roomkey` with the room's link in its environment.
    ///
    /// # Errors
    /// When the binary is missing.
    pub fn start(link: &str, arguments: &[&str]) -> Result<Self> {
        let binary = setting("ROOMKEY_E2E_CLI", root().join("target/debug/roomkey"));
        let mut child = Command::new(&binary)
            .args(arguments)
            .env("ROOMKEY_ROOM", link)
            .env_remove("ROOMKEY_RELAY")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| {
                format!(
                    "no program at {}: run `cargo build -p roomkey-cli` first",
                    binary.display()
                )
            })?;
        let stdin = child.stdin.take().context("no input")?;
        let stdout = child.stdout.take().context("no output")?;
        Ok(Self {
            _child: child,
            stdin,
            output: BufReader::new(stdout).lines(),
            seen: Vec::new(),
        })
    }

    /// Types a line and Enter.
    ///
    /// # Errors
    /// When the program has ended.
    pub async fn types(&mut self, line: &str) -> Result<()> {
        let line = format!("{line}\n");
        Ok(self.stdin.write_all(line.as_bytes()).await?)
    }

    /// The next line that holds `wanted`.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn prints(&mut self, wanted: &str) -> Result<String> {
        loop {
            let Ok(Ok(Some(line))) = timeout(PATIENCE, self.output.next_line()).await else {
                bail!("no line with {wanted:?}; before: {:#?}", self.seen);
            };
            self.seen.push(line.clone());
            if line.contains(wanted) {
                return Ok(line);
            }
        }
    }

    /// Everything that was read so far.
    #[must_use]
    pub fn seen(&self) -> &[String] {
        &self.seen
    }
}
