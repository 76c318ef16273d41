//! One run of the program: its input, its output, its end.
#![expect(clippy::unwrap_used, clippy::panic, reason = "only tests use this")]

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

/// A program that hangs costs a failing test this long and a passing one nothing.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Program {
    child: Child,
    stdin: Option<ChildStdin>,
    output: Lines<BufReader<ChildStdout>>,
    seen: Vec<String>,
}

/// How a program ended.
pub(crate) struct End {
    pub(crate) code: Option<i32>,
    pub(crate) stderr: String,
}

pub(crate) fn roomkey(relay: SocketAddr, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roomkey"));
    command
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TZ", "UTC")
        .env("ROOMKEY_RELAY", format!("http://{relay}"))
        .env("ROOMKEY_ROOM", "blue otter");
    command
}

impl Program {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let stdin = child.stdin.take();
        let output = BufReader::new(child.stdout.take().unwrap()).lines();
        Self {
            child,
            stdin,
            output,
            seen: Vec::new(),
        }
    }

    pub(crate) async fn type_line(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin
            .write_all(format!("{line}\n").as_bytes())
            .await
            .unwrap();
    }

    /// Goes away, as `head` does.
    pub(crate) fn end_output(&mut self) {
        let mut nobody = Command::new("true");
        let nobody = nobody.stdout(Stdio::piped()).spawn().unwrap().stdout.take();
        self.output = BufReader::new(nobody.unwrap()).lines();
    }

    pub(crate) fn end_input(&mut self) {
        self.stdin = None;
    }

    /// The next line that contains `wanted`.
    pub(crate) async fn line(&mut self, wanted: &str) -> String {
        loop {
            let next = timeout(PATIENCE, self.output.next_line()).await;
            let Ok(Ok(Some(line))) = next else {
                let end = self.end().await;
                panic!(
                    "no line with {wanted:?}; {next:?}; before: {:#?}; {}",
                    self.seen, end.stderr
                );
            };
            self.seen.push(line.clone());
            if line.contains(wanted) {
                return line;
            }
        }
    }

    /// What it has said so far, as far as a test has waited for it.
    pub(crate) fn seen(&self) -> &[String] {
        &self.seen
    }

    /// Waits for the program to end.
    pub(crate) async fn end(&mut self) -> End {
        let code = match timeout(PATIENCE, self.child.wait()).await {
            Ok(status) => status.unwrap().code(),
            Err(_) => {
                self.child.start_kill().unwrap();
                None
            }
        };
        let mut stderr = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut stderr)
            .await
            .unwrap();
        End { code, stderr }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id().unwrap()
    }
}
