//! What the relay is measured beside. None of it is needed: what cannot be had is left out of the measurement.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::system;
use crate::project::Project;
use crate::shell;

/// From PyPI, in the versions that were looked at.
const PYTHON: [&str; 3] = ["flask-socketio==5.5.1", "eventlet==0.40.0", "flask==3.1.0"];

/// A Python with Flask-SocketIO, if it could be had. NATS is looked for by the bench itself.
pub(super) fn find_or_install(project: &Project) -> Option<PathBuf> {
    let nats = Path::new("/usr/sbin/nats-server").is_file();
    if !nats
        && shell::on_path("nats-server").is_none()
        && let Err(error) = system::apt_install(
            &["nats-server"],
            "NATS, to measure beside",
            "install nats-server",
        )
    {
        eprintln!("measuring without NATS: {error:#}");
    }
    match flask(project) {
        Ok(python) => Some(python),
        Err(error) => {
            eprintln!("measuring without Flask-SocketIO: {error:#}");
            None
        }
    }
}

fn flask(project: &Project) -> Result<PathBuf> {
    let folder = project.tools().join("flask");
    let python = folder.join("bin").join("python");
    let works = |python: &Path| {
        let mut probe = shell::command(python);
        probe.args(["-c", "import flask_socketio, eventlet"]);
        shell::probe(&mut probe).is_some()
    };
    if python.is_file() && works(&python) {
        return Ok(python);
    }
    eprintln!("installing Flask-SocketIO into target/tools (to measure beside)");
    let system = shell::on_path("python3").context("there is no python3")?;
    shell::run(shell::command(system).args(["-m", "venv"]).arg(&folder))?;
    let mut install = shell::command(&python);
    install
        .args(["-m", "pip", "install", "--quiet"])
        .args(PYTHON);
    system::twice(&mut install)?;
    Ok(python)
}
