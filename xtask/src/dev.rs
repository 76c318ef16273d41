//! Development: Trunk rebuilds the app and serves it with a proxy to a debug relay, which is rebuilt beside it.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Child, ExitCode};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use crate::app::{App, files_below};
use crate::project::Project;
use crate::{app, relay, shell, tools};

/// Where `Trunk.toml` sends `/ws` and `/relay.json`.
const RELAY: &str = "127.0.0.1:8080";
/// Where the page is, and so the origin that the relay must accept.
const APP_PORT: &str = "8081";
/// What the relay is made of.
const RELAY_SOURCES: [&str; 2] = ["server/src", "crypto/src/wire"];
const LOOK_AGAIN: Duration = Duration::from_millis(700);

/// `cargo xtask dev`. Ends when Trunk ends, which Ctrl+C makes it do.
pub(crate) fn serve(project: &Project, relay_args: &[OsString]) -> Result<ExitCode> {
    let (trunk, wasm) = tools::app_builder(project)?;
    let mut kept = Kept::start(project, relay_args)?;
    let mut serve = shell::command(trunk);
    wasm.prepare(&mut serve, project)?;
    app::quiet_trunk(&mut serve);
    serve
        .args(["serve", "--address", "127.0.0.1", "--port", APP_PORT])
        .arg("--dist")
        .arg(project.target.join("app-dev"))
        .current_dir(&project.root);
    let mut trunk = serve.spawn().context("could not start trunk")?;
    loop {
        if let Some(status) = trunk.try_wait()? {
            let failed = !status.success();
            return Ok(if failed {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            });
        }
        shell::pause(LOOK_AGAIN);
        kept.follow(project, relay_args)?;
    }
}

/// The debug relay and the sources it was built from.
struct Kept {
    child: Option<Child>,
    newest: Option<SystemTime>,
}

impl Kept {
    fn start(project: &Project, args: &[OsString]) -> Result<Self> {
        let mut kept = Self {
            child: None,
            newest: None,
        };
        kept.follow(project, args)?;
        Ok(kept)
    }

    /// Builds and starts again when a source is newer; a build that fails leaves the old one running.
    fn follow(&mut self, project: &Project, args: &[OsString]) -> Result<()> {
        let newest = newest_source(&project.root)?;
        if self.newest == newest {
            return Ok(());
        }
        self.newest = newest;
        if let Err(error) = build(project) {
            eprintln!("{error:#}");
            return Ok(());
        }
        self.stop();
        let mut start = shell::command(relay::binary(project, "debug"));
        start
            .args(["--listen", RELAY, "--public-url"])
            .arg(format!("http://127.0.0.1:{APP_PORT}"))
            .arg("--data-dir")
            .arg(project.target.join("dev-data"))
            .args(args);
        self.child = Some(start.spawn().context("could not start the debug relay")?);
        Ok(())
    }

    fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself, which is just as well.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A debug relay without an app: Trunk serves that itself.
fn build(project: &Project) -> Result<()> {
    let mut build = shell::cargo();
    build.arg("build");
    relay::prepare(&mut build, project, &App::none(project)?);
    shell::run(&mut build)
}

fn newest_source(root: &Path) -> Result<Option<SystemTime>> {
    let mut newest = None;
    for dir in RELAY_SOURCES {
        let dir = root.join(dir);
        for file in files_below(&dir)? {
            // A file that vanished between the two looks counts at the next look.
            let changed = std::fs::metadata(dir.join(file)).and_then(|data| data.modified());
            newest = newest.max(changed.ok());
        }
    }
    Ok(newest)
}
