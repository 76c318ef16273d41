//! The servers that are measured: each a process of its own, held to the server's core where the machine has two.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::sleep;

use crate::machine::{Cores, Process, hold_to};
use crate::member::Dialect;

/// Who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contender {
    /// The relay.
    Roomkey,
    /// The unsealed floor that gathers its writes.
    Gathered,
    /// The unsealed floor that writes every delivery by itself.
    Each,
    /// NATS with its WebSocket listener.
    Nats,
    /// Flask-SocketIO on eventlet.
    Flask,
}

impl Contender {
    /// All of them, ours first.
    pub const ALL: [Self; 5] = [
        Self::Roomkey,
        Self::Gathered,
        Self::Each,
        Self::Nats,
        Self::Flask,
    ];

    /// What it is called in tables and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Roomkey => "roomkey",
            Self::Gathered => "floor",
            Self::Each => "floor-each",
            Self::Nats => "nats",
            Self::Flask => "flask",
        }
    }

    /// Whether a goal compares with it, so that every figure of it is worth repeating.
    pub fn is_judged(self) -> bool {
        matches!(self, Self::Roomkey | Self::Gathered)
    }

    /// What it is, for readers of the table.
    pub fn description(self) -> &'static str {
        match self {
            Self::Roomkey => "the relay, every delivery sealed",
            Self::Gathered => "unsealed, one epoll loop, gathered writes",
            Self::Each => "unsealed, one write per delivery",
            Self::Nats => "NATS server, WebSocket listener, unsealed",
            Self::Flask => "Flask-SocketIO on eventlet, unsealed",
        }
    }

    /// How it is spoken to.
    pub fn dialect(self) -> Dialect {
        match self {
            Self::Roomkey => Dialect::Roomkey,
            Self::Gathered | Self::Each => Dialect::Plain,
            Self::Nats => Dialect::Nats,
            Self::Flask => Dialect::SocketIo,
        }
    }
}

/// Where the servers come from and where they run.
#[derive(Clone, Debug)]
pub struct Stable {
    /// The relay's binary.
    pub relay: PathBuf,
    /// A Python with Flask-SocketIO, if there is one.
    pub python: Option<PathBuf>,
    /// The port to serve on; a free one each time without it.
    pub port: Option<u16>,
    /// Who is held to which core.
    pub cores: Cores,
    /// A directory for keys and configurations, kept from run to run.
    pub state: PathBuf,
}

/// A running server. Dropping it ends the process.
#[derive(Debug)]
pub struct Server {
    _child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// The process, for its figures.
    pub process: Process,
    /// Who it is.
    pub contender: Contender,
}

const FLASK: &str = include_str!("../peers/flask_chat.py");

impl Stable {
    /// One sentence for a person, where this contender cannot run here.
    pub fn obstacle(&self, contender: Contender) -> Option<String> {
        match contender {
            Contender::Roomkey if !self.relay.is_file() => Some(format!(
                "There is no relay at {}: build it with `cargo xtask build`.",
                self.relay.display()
            )),
            Contender::Nats if nats().is_none() => Some(
                "nats is left out: its server is not installed (Debian: apt-get install nats-server)."
                    .to_owned(),
            ),
            Contender::Flask if self.python.is_none() => Some(
                "flask is left out: name a Python that has flask-socketio and eventlet with --python."
                    .to_owned(),
            ),
            _ => None,
        }
    }

    /// Starts a server and waits until it takes connections.
    ///
    /// # Errors
    /// Where it cannot be started, with one sentence about what to do.
    pub async fn start(&self, contender: Contender) -> Result<Server> {
        if let Some(obstacle) = self.obstacle(contender) {
            bail!("{obstacle}");
        }
        let address = SocketAddr::from(([127, 0, 0, 1], self.port.unwrap_or(0)));
        let address = match TcpListener::bind(address) {
            Ok(listener) => listener.local_addr()?,
            Err(_) => bail!(
                "Port {} is in use: name another with --port, or none to take a free one.",
                address.port()
            ),
        };
        std::fs::create_dir_all(&self.state)?;
        let mut command = self.command(contender, address)?;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        // A child inherits the core of the thread that starts it.
        hold_to(self.cores.server);
        let child = command.spawn();
        hold_to(self.cores.load);
        let mut child =
            child.with_context(|| format!("{} could not be started", contender.name()))?;
        let pid = child.id().context("it ended at once")?;
        let began = Instant::now();
        while TcpStream::connect(address).await.is_err() {
            if let Some(status) = child.try_wait()? {
                bail!("{} ended at once: {status}", contender.name());
            }
            if began.elapsed() > Duration::from_secs(20) {
                bail!("{} does not listen after 20 seconds", contender.name());
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(Server {
            _child: child,
            address,
            process: Process::new(pid),
            contender,
        })
    }

    fn command(&self, contender: Contender, address: SocketAddr) -> Result<Command> {
        let port = address.port().to_string();
        let command = match contender {
            Contender::Roomkey => {
                let mut command = Command::new(&self.relay);
                command
                    .arg("--listen")
                    .arg(address.to_string())
                    .arg("--data-dir")
                    .arg(self.state.join("identity"));
                // Limits are checked as always; they are only wider than what one person at a keyboard needs.
                command.args(["--workers", "1", "--max-members", "10000"]);
                command.args(["--max-connections", "20000", "--max-rooms", "50000"]);
                command.args(["--memory-mib", "4096", "--frames-per-second", "1000000"]);
                command.args(["--kib-per-second", "4000000"]);
                command.args(["--handshakes-per-second", "1000000", "--log-level", "off"]);
                command.args(["--room-frames-per-second", "1000000"]);
                command.args(["--room-kib-per-second", "4000000"]);
                command.args(["--room-joins-per-second", "100000"]);
                command
            }
            Contender::Gathered | Contender::Each => {
                let mut command = Command::new(std::env::current_exe()?);
                command.arg(contender.name()).arg(address.to_string());
                command
            }
            Contender::Nats => {
                let file = self.state.join("nats.conf");
                let websocket =
                    format!("websocket {{ host: \"127.0.0.1\", port: {port}, no_tls: true }}");
                // The default allows one slow second; a flood on a busy machine needs no such verdict.
                let text = format!(
                    "host: \"127.0.0.1\"\nport: -1\n{websocket}\nwrite_deadline: \"20s\"\nmax_connections: 20000\n"
                );
                std::fs::write(&file, text)?;
                let mut command = Command::new(nats().context("nats-server is not installed")?);
                command.arg("-c").arg(file);
                command
            }
            Contender::Flask => {
                let file = self.state.join("flask_chat.py");
                std::fs::write(&file, FLASK)?;
                let mut command = Command::new(self.python.as_ref().context("no Python")?);
                command.arg(file).arg(port);
                command
            }
        };
        Ok(command)
    }
}

fn nats() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.push(Path::new("/usr/sbin").to_owned());
    folders
        .into_iter()
        .map(|folder| folder.join("nats-server"))
        .find(|file| file.is_file())
}
