//! Where the settings come from: arguments, then `ROOMKEY_…` variables, then a TOML file, then defaults.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, error, fmt, fs, io};

use clap::Parser;
use serde::Deserialize;

use crate::Limits;
use crate::origin;

const DEFAULT_PORT: u16 = 8080;

/// What somebody asked for, by whatever means; what is `None` was not mentioned.
#[derive(Clone, Debug, Default, Deserialize, Parser)]
#[command(
    name = "roomkey-relay",
    version,
    about = "Serves Roomkey: end-to-end encrypted rooms that need nothing but a name.",
    after_help = "Every option can also be set in the environment as ROOMKEY_… and in the --config file, where \
                  --data-dir is `data-dir = \"…\"`. Arguments win over the environment, the environment over the file."
)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, env = "ROOMKEY_LISTEN", value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,
    /// Listen on the whole network and print the address for it
    #[arg(long, env = "ROOMKEY_LAN", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub lan: Option<bool>,
    /// Directory of the key and the salt [default: the user's state directory]
    #[arg(long, env = "ROOMKEY_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Address under which browsers reach the relay, for example behind a proxy
    #[arg(long, env = "ROOMKEY_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// TOML file with the same settings
    #[arg(long, env = "ROOMKEY_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Show counters at /metrics
    #[arg(long, env = "ROOMKEY_METRICS", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub metrics: Option<bool>,
    /// How much to log: off, error, warn, info, debug or trace [default: info]
    #[arg(long, env = "ROOMKEY_LOG_LEVEL", value_name = "LEVEL")]
    pub log_level: Option<String>,
    /// Event loops [default: one per core]
    #[arg(long, env = "ROOMKEY_WORKERS", value_name = "N")]
    pub workers: Option<usize>,
    /// Most members of a room [default: 64]
    #[arg(long, env = "ROOMKEY_MAX_MEMBERS", value_name = "N")]
    pub max_members: Option<u16>,
    /// Most rooms at once [default: 10000]
    #[arg(long, env = "ROOMKEY_MAX_ROOMS", value_name = "N")]
    pub max_rooms: Option<usize>,
    /// Most connections at once [default: 10000]
    #[arg(long, env = "ROOMKEY_MAX_CONNECTIONS", value_name = "N")]
    pub max_connections: Option<usize>,
    /// Most MiB of envelopes held for all rooms together [default: 1024]
    #[arg(long, env = "ROOMKEY_MEMORY_MIB", value_name = "MIB")]
    pub memory_mib: Option<usize>,
    /// Seconds that an empty room stays [default: 600]
    #[arg(long, env = "ROOMKEY_ROOM_GRACE", value_name = "SECONDS")]
    pub room_grace: Option<u64>,
    /// Frames a second from one connection [default: 40]
    #[arg(long, env = "ROOMKEY_FRAMES_PER_SECOND", value_name = "N")]
    pub frames_per_second: Option<u32>,
    /// KiB a second from one connection [default: 512]
    #[arg(long, env = "ROOMKEY_KIB_PER_SECOND", value_name = "KIB")]
    pub kib_per_second: Option<u32>,
    /// New tunnels a second for the whole relay [default: 400]
    #[arg(long, env = "ROOMKEY_HANDSHAKES_PER_SECOND", value_name = "N")]
    pub handshakes_per_second: Option<u32>,
}

/// Why settings are of no use. Displays as one sentence.
#[derive(Debug)]
pub enum SettingsError {
    /// The file cannot be read.
    File(PathBuf, io::Error),
    /// The file is not what it should be.
    Syntax(PathBuf, String),
    /// The public address is not http or https.
    PublicUrl,
    /// There is no such log level.
    LogLevel,
    /// There is no place for a key, because the environment names no home.
    NoHome,
    /// The named limit is zero.
    Zero(&'static str),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, error) => write!(f, "Cannot read {}: {error}.", path.display()),
            Self::Syntax(path, problem) => {
                write!(f, "{} is not a valid configuration: {problem}.", path.display())
            }
            Self::PublicUrl => f.write_str(
                "The public address must begin with http:// or https:// and name a host.",
            ),
            Self::LogLevel => {
                f.write_str("The log level must be off, error, warn, info, debug or trace.")
            }
            Self::NoHome => f.write_str(
                "No home directory is set, so please say with --data-dir where the key should live.",
            ),
            Self::Zero(name) => write!(f, "The setting {name} must not be zero."),
        }
    }
}

impl error::Error for SettingsError {}

impl Settings {
    /// Reads arguments, environment and file. What clap has to say, help included, it says itself.
    ///
    /// # Errors
    /// Either clap's own error or a [`SettingsError`].
    pub fn read(
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<Result<Self, SettingsError>, clap::Error> {
        Self::try_parse_from(arguments).map(Self::complete)
    }

    fn complete(self) -> Result<Self, SettingsError> {
        let settings = match self.config.clone() {
            Some(path) => self.over(Self::from_file(&path)?),
            None => self,
        };
        settings.check()?;
        Ok(settings)
    }

    fn from_file(path: &Path) -> Result<Self, SettingsError> {
        let text =
            fs::read_to_string(path).map_err(|error| SettingsError::File(path.into(), error))?;
        toml::from_str(&text)
            .map_err(|error| SettingsError::Syntax(path.into(), error.message().replace('\n', " ")))
    }

    /// These settings, and `weaker` where they say nothing.
    fn over(self, weaker: Self) -> Self {
        Self {
            listen: self.listen.or(weaker.listen),
            lan: self.lan.or(weaker.lan),
            data_dir: self.data_dir.or(weaker.data_dir),
            public_url: self.public_url.or(weaker.public_url),
            config: self.config,
            metrics: self.metrics.or(weaker.metrics),
            log_level: self.log_level.or(weaker.log_level),
            workers: self.workers.or(weaker.workers),
            max_members: self.max_members.or(weaker.max_members),
            max_rooms: self.max_rooms.or(weaker.max_rooms),
            max_connections: self.max_connections.or(weaker.max_connections),
            memory_mib: self.memory_mib.or(weaker.memory_mib),
            room_grace: self.room_grace.or(weaker.room_grace),
            frames_per_second: self.frames_per_second.or(weaker.frames_per_second),
            kib_per_second: self.kib_per_second.or(weaker.kib_per_second),
            handshakes_per_second: self.handshakes_per_second.or(weaker.handshakes_per_second),
        }
    }

    fn check(&self) -> Result<(), SettingsError> {
        if self
            .public_url
            .as_deref()
            .is_some_and(|url| origin::of_url(url).is_none())
        {
            return Err(SettingsError::PublicUrl);
        }
        self.log_filter()?;
        let zeros = [
            ("workers", self.workers == Some(0)),
            ("max-members", self.max_members == Some(0)),
            ("max-rooms", self.max_rooms == Some(0)),
            ("max-connections", self.max_connections == Some(0)),
            ("memory-mib", self.memory_mib == Some(0)),
            ("frames-per-second", self.frames_per_second == Some(0)),
            ("kib-per-second", self.kib_per_second == Some(0)),
            (
                "handshakes-per-second",
                self.handshakes_per_second == Some(0),
            ),
        ];
        match zeros.iter().find(|(_, zero)| *zero) {
            Some((name, _)) => Err(SettingsError::Zero(name)),
            None => Ok(()),
        }
    }

    /// The address to listen on. `lan` opens it to all interfaces and leaves the port.
    pub fn address(&self) -> SocketAddr {
        let fallback = SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_PORT));
        let mut address = self.listen.unwrap_or(fallback);
        if self.lan == Some(true) {
            address.set_ip(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        }
        address
    }

    /// Where key and salt are kept.
    ///
    /// # Errors
    /// [`SettingsError::NoHome`] where nothing says where.
    pub fn directory(&self) -> Result<PathBuf, SettingsError> {
        if let Some(directory) = &self.data_dir {
            return Ok(directory.clone());
        }
        state_directory()
            .map(|state| state.join("roomkey"))
            .ok_or(SettingsError::NoHome)
    }

    /// How much to log.
    ///
    /// # Errors
    /// [`SettingsError::LogLevel`] for a word that is none of the levels.
    pub fn log_filter(&self) -> Result<tracing_subscriber::filter::LevelFilter, SettingsError> {
        let level = self.log_level.as_deref().unwrap_or("info");
        level.parse().map_err(|_| SettingsError::LogLevel)
    }

    /// The limits that these settings come to.
    pub fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        limits.max_members = self.max_members.unwrap_or(limits.max_members);
        limits.max_rooms = self.max_rooms.unwrap_or(limits.max_rooms);
        limits.max_connections = self.max_connections.unwrap_or(limits.max_connections);
        if let Some(mib) = self.memory_mib {
            limits.memory = mib.saturating_mul(1 << 20);
        }
        if let Some(seconds) = self.room_grace {
            limits.room_grace = Duration::from_secs(seconds);
        }
        // The room for bursts grows along: five seconds' worth of frames, eight of bytes, two of tunnels.
        if let Some(frames) = self.frames_per_second {
            limits.frames_per_second = f64::from(frames);
            limits.frame_burst = limits.frames_per_second * 5.0;
        }
        if let Some(kib) = self.kib_per_second {
            limits.bytes_per_second = f64::from(kib) * 1024.0;
            limits.byte_burst = limits.bytes_per_second * 8.0;
        }
        if let Some(handshakes) = self.handshakes_per_second {
            limits.handshakes_per_second = f64::from(handshakes);
            limits.handshake_burst = limits.handshakes_per_second * 2.0;
        }
        limits
    }
}

/// The directory for state that programs keep for their user on this platform.
fn state_directory() -> Option<PathBuf> {
    let named = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    if cfg!(windows) {
        return named("LOCALAPPDATA");
    }
    if cfg!(target_os = "macos") {
        return Some(named("HOME")?.join("Library/Application Support"));
    }
    named("XDG_STATE_HOME").or_else(|| Some(named("HOME")?.join(".local/state")))
}
