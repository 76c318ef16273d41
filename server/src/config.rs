//! Where the settings come from: arguments, then `ROOMKEY_…` variables, then a TOML file, then defaults.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::{env, fs};

use clap::Parser;
use serde::Deserialize;

use crate::listen::Address;
use crate::origin;

mod error;
mod limits;
mod tls;

pub use error::SettingsError;

const DEFAULT_PORT: u16 = 8080;

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for programs.
    Json,
}

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
    /// Where to listen: ADDR:PORT, or unix:PATH for a proxy on this machine [default: 127.0.0.1:8080]
    #[arg(long, env = "ROOMKEY_LISTEN", value_name = "ADDR:PORT")]
    pub listen: Option<Address>,
    /// Listen on the whole network and print the address for it
    #[arg(long, env = "ROOMKEY_LAN", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub lan: Option<bool>,
    /// Directory of the key and the salt [default: the user's state directory]
    #[arg(long, env = "ROOMKEY_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Address under which browsers reach the relay, for example behind a proxy
    #[arg(long, env = "ROOMKEY_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Address of the same relay as an onion service, which Tor Browser is told of
    #[arg(long, env = "ROOMKEY_ONION_URL", value_name = "URL")]
    pub onion_url: Option<String>,
    /// Certificate chain for TLS, PEM; read again when it changes
    #[arg(long, env = "ROOMKEY_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of that certificate, PEM
    #[arg(long, env = "ROOMKEY_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// TLS with a certificate that the relay signs itself; prints its fingerprint to compare with what browsers show
    #[arg(long, env = "ROOMKEY_TLS_SELF_SIGNED", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub tls_self_signed: Option<bool>,
    /// TOML file with the same settings
    #[arg(long, env = "ROOMKEY_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Show counters for Prometheus at /metrics of this address: ADDR:PORT or unix:PATH [default: nowhere]
    #[arg(long, env = "ROOMKEY_METRICS_LISTEN", value_name = "ADDR:PORT")]
    pub metrics_listen: Option<Address>,
    /// How much to log: off, error, warn, info, debug or trace [default: info]
    #[arg(long, env = "ROOMKEY_LOG_LEVEL", value_name = "LEVEL")]
    pub log_level: Option<String>,
    /// How to write the log: text or json [default: text]
    #[arg(long, env = "ROOMKEY_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
    /// Event loops [default: one per core]
    #[arg(long, env = "ROOMKEY_WORKERS", value_name = "N")]
    pub workers: Option<usize>,
    /// Most members of a room [default: 64]
    #[arg(long, env = "ROOMKEY_MAX_MEMBERS", value_name = "N")]
    pub max_members: Option<u16>,
    /// Most seats in all rooms together [default: 20000]
    #[arg(long, env = "ROOMKEY_MAX_SEATS", value_name = "N")]
    pub max_seats: Option<usize>,
    /// Most rooms at once [default: 10000]
    #[arg(long, env = "ROOMKEY_MAX_ROOMS", value_name = "N")]
    pub max_rooms: Option<usize>,
    /// Most connections at once [default: 10000]
    #[arg(long, env = "ROOMKEY_MAX_CONNECTIONS", value_name = "N")]
    pub max_connections: Option<usize>,
    /// Most MiB of envelopes held for all rooms together; the oldest go first [default: 1024]
    #[arg(long, env = "ROOMKEY_MEMORY_MIB", value_name = "MIB")]
    pub memory_mib: Option<usize>,
    /// Most MiB of one file, 0 for no files [default: 25]
    #[arg(long, env = "ROOMKEY_MAX_FILE_MIB", value_name = "MIB")]
    pub max_file_mib: Option<usize>,
    /// Most MiB of files held for all rooms together [default: 512]
    #[arg(long, env = "ROOMKEY_FILE_MEMORY_MIB", value_name = "MIB")]
    pub file_memory_mib: Option<usize>,
    /// Seconds that an empty room stays [default: 600]
    #[arg(long, env = "ROOMKEY_ROOM_GRACE", value_name = "SECONDS")]
    pub room_grace: Option<u64>,
    /// Frames a second from one connection [default: 40]
    #[arg(long, env = "ROOMKEY_FRAMES_PER_SECOND", value_name = "N")]
    pub frames_per_second: Option<u32>,
    /// KiB a second from one connection [default: 512]
    #[arg(long, env = "ROOMKEY_KIB_PER_SECOND", value_name = "KIB")]
    pub kib_per_second: Option<u32>,
    /// Envelopes a second in one room [default: ten times frames-per-second]
    #[arg(long, env = "ROOMKEY_ROOM_FRAMES_PER_SECOND", value_name = "N")]
    pub room_frames_per_second: Option<u32>,
    /// KiB a second in one room [default: eight times kib-per-second]
    #[arg(long, env = "ROOMKEY_ROOM_KIB_PER_SECOND", value_name = "KIB")]
    pub room_kib_per_second: Option<u32>,
    /// New members a second in one room [default: 50]
    #[arg(long, env = "ROOMKEY_ROOM_JOINS_PER_SECOND", value_name = "N")]
    pub room_joins_per_second: Option<u32>,
    /// Most KiB of history that one room keeps [default: 4096]
    #[arg(long, env = "ROOMKEY_ROOM_HISTORY_KIB", value_name = "KIB")]
    pub room_history_kib: Option<u32>,
    /// New tunnels a second for the whole relay [default: 400]
    #[arg(long, env = "ROOMKEY_HANDSHAKES_PER_SECOND", value_name = "N")]
    pub handshakes_per_second: Option<u32>,
}

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
            onion_url: self.onion_url.or(weaker.onion_url),
            tls_cert: self.tls_cert.or(weaker.tls_cert),
            tls_key: self.tls_key.or(weaker.tls_key),
            tls_self_signed: self.tls_self_signed.or(weaker.tls_self_signed),
            config: self.config,
            metrics_listen: self.metrics_listen.or(weaker.metrics_listen),
            log_level: self.log_level.or(weaker.log_level),
            log_format: self.log_format.or(weaker.log_format),
            workers: self.workers.or(weaker.workers),
            max_members: self.max_members.or(weaker.max_members),
            max_seats: self.max_seats.or(weaker.max_seats),
            max_rooms: self.max_rooms.or(weaker.max_rooms),
            max_connections: self.max_connections.or(weaker.max_connections),
            memory_mib: self.memory_mib.or(weaker.memory_mib),
            max_file_mib: self.max_file_mib.or(weaker.max_file_mib),
            file_memory_mib: self.file_memory_mib.or(weaker.file_memory_mib),
            room_grace: self.room_grace.or(weaker.room_grace),
            frames_per_second: self.frames_per_second.or(weaker.frames_per_second),
            kib_per_second: self.kib_per_second.or(weaker.kib_per_second),
            room_frames_per_second: self
                .room_frames_per_second
                .or(weaker.room_frames_per_second),
            room_kib_per_second: self.room_kib_per_second.or(weaker.room_kib_per_second),
            room_joins_per_second: self.room_joins_per_second.or(weaker.room_joins_per_second),
            room_history_kib: self.room_history_kib.or(weaker.room_history_kib),
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
        if self.onion_url.as_deref().is_some_and(|url| {
            origin::host_of_url(url).is_none_or(|host| !host.ends_with(".onion"))
        }) {
            return Err(SettingsError::OnionUrl);
        }
        self.check_tls()?;
        self.log_filter()?;
        self.check_limits()
    }

    /// The address to listen on. `lan` opens a port to all interfaces.
    pub fn address(&self) -> Address {
        let fallback = Address::Tcp(SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_PORT)));
        match self.listen.clone().unwrap_or(fallback) {
            Address::Tcp(mut address) => {
                if self.lan == Some(true) {
                    address.set_ip(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
                }
                Address::Tcp(address)
            }
            socket => socket,
        }
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
