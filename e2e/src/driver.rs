//! WebDriver processes and the few commands that are not in the standard.

use crate::{root, setting};
use anyhow::{Context as _, Result, bail};
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use std::net::TcpListener;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use url::{ParseError, Url};

/// Which browser a test drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Chromium's engine without its windows (`chromium-headless-shell`), where it is installed: it takes half of the
    /// processor's time. Otherwise the whole of it.
    Chromium,
    /// The whole of Chromium, for what the shell does not have (notifications) and for what is measured.
    FullChromium,
    /// Firefox ESR.
    Firefox,
}

/// A driver process; killed when dropped, and its browsers with it: they are in its process group.
pub struct Driver {
    child: Child,
    /// Where its browsers' profiles are.
    _profiles: tempfile::TempDir,
    /// Where it listens.
    pub url: String,
}

impl Driver {
    /// Starts the driver of `kind` on a free port.
    ///
    /// # Errors
    /// When the driver is not installed or does not come up.
    pub async fn start(kind: Kind) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let binary = match kind {
            Kind::Chromium | Kind::FullChromium => {
                setting("ROOMKEY_E2E_CHROMEDRIVER", "chromedriver")
            }
            Kind::Firefox => setting(
                "ROOMKEY_E2E_GECKODRIVER",
                root().join("target/tools/bin/geckodriver"),
            ),
        };
        let mut command = Command::new(&binary);
        match kind {
            Kind::Chromium | Kind::FullChromium => command.arg(format!("--port={port}")),
            Kind::Firefox => command.arg("--port").arg(port.to_string()),
        };
        let profiles = tempfile::tempdir()?;
        let mut child = command
            .env("TMPDIR", profiles.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .process_group(0)
            .spawn()
            .with_context(|| format!("no browser driver at {}", binary.display()))?;
        let stdout = child.stdout.take().context("the driver's output")?;
        let mut lines = BufReader::new(stdout).lines();
        loop {
            match lines.next_line().await? {
                None => bail!("{} stopped at once", binary.display()),
                Some(line)
                    if line.contains("started successfully") || line.contains("Listening on") =>
                {
                    break;
                }
                Some(_) => {}
            }
        }
        // A driver whose pipe fills up would stop: keep reading.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self {
            child,
            _profiles: profiles,
            url: format!("http://127.0.0.1:{port}"),
        })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(group) = self.child.id() {
            // A test that failed has not closed its browser, and a killed driver would leave it running for ever.
            let _ = std::process::Command::new("kill")
                .args(["-KILL", "--", &format!("-{group}")])
                .stderr(Stdio::null())
                .status();
        }
    }
}

/// `POST goog/cdp/execute`: a DevTools command through chromedriver.
#[derive(Debug)]
pub struct DevTools(pub &'static str, pub Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }
    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (
            Method::POST,
            Some(json!({ "cmd": self.0, "params": self.1 }).to_string()),
        )
    }
}

/// `POST se/log`: what chromedriver has logged of one kind since the last call.
#[derive(Debug)]
pub struct Log(pub &'static str);

impl WebDriverCompatibleCommand for Log {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }
    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": self.0 }).to_string()))
    }
}

/// `GET chromium/heap_snapshot`: everything that JavaScript can still reach, after a collection.
#[derive(Debug)]
pub struct HeapSnapshot;

impl WebDriverCompatibleCommand for HeapSnapshot {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/chromium/heap_snapshot",
            session.unwrap_or_default()
        ))
    }
    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::GET, None)
    }
}
