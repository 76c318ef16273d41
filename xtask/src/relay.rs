//! The relay's binary: one release build, shared by `run`, `dist` and the browser tests.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

use crate::app::App;
use crate::project::Project;
use crate::shell;

/// Builds it with this app inside.
pub(crate) fn build(project: &Project, app: &App) -> Result<PathBuf> {
    let mut build = shell::cargo();
    build.args(["build", "--release"]);
    prepare(&mut build, project, app);
    shell::run(&mut build)?;
    Ok(binary(project, "release"))
}

/// Selects the relay and names the app that it embeds; its build script watches that directory.
pub(crate) fn prepare(build: &mut Command, project: &Project, app: &App) {
    build
        .args(["--package", "roomkey-server", "--bin", "roomkey-relay"])
        .env("ROOMKEY_APP_DIR", &app.dir)
        .current_dir(&project.root);
}

/// Where cargo leaves the binary.
pub(crate) fn binary(project: &Project, profile_dir: &str) -> PathBuf {
    let file = Path::new("roomkey-relay").with_extension(std::env::consts::EXE_EXTENSION);
    project.target.join(profile_dir).join(file)
}

/// Becomes the relay, so that signals and its exit code need no passing on.
#[cfg(unix)]
pub(crate) fn start(binary: &Path, args: &[OsString]) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt;
    let error = shell::command(binary).args(args).exec();
    Err(error).with_context(|| format!("could not start {}", binary.display()))
}

/// Starts the relay and ends as it does; the console delivers Ctrl+C to both.
#[cfg(not(unix))]
pub(crate) fn start(binary: &Path, args: &[OsString]) -> Result<ExitCode> {
    let status = shell::command(binary)
        .args(args)
        .status()
        .with_context(|| format!("could not start {}", binary.display()))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
