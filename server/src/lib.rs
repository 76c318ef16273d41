//! The relay: it passes sealed envelopes between the members of a room and cannot read them.
//!
//! ```text
//! lib  run(): listener, workers, housekeeping, shutdown
//!  ├─ listen, tls, door                TCP, TCP with TLS or Unix socket; what answers there
//!  ├─ http ── assets, headers          the app and small documents
//!  └─ upgrade                         from HTTP to a socket of our own
//!      └─ socket ── intake, tunnel, ticket   one connection: handshake, heartbeat
//!          ├─ conversation               what a client says: limits, then
//!          │   └─ relay ── room, history   rooms, seats, order; no HTTP and no sockets from here down
//!          │       └─ mailbox            bounded, one per connection
//!          └─ flusher ── outlet          mailbox → one record → one write, once all that is ready has been heard
//! ```
//!
//! Three rules hold everywhere: no lock is held across an await, nobody ever waits for a member that does not read, and
//! nothing that could name a room, a member or an address is logged.
#![warn(missing_docs)]

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::listen::Listener;
use crate::site::Site;

mod assets;
pub mod banner;
mod bundle;
pub mod clock;
pub mod config;
mod conversation;
mod decrypt;
mod door;
mod files;
mod flusher;
mod headers;
mod history;
mod http;
pub mod identity;
pub mod intake;
mod keyfile;
mod limit;
pub mod listen;
mod mailbox;
mod member;
mod metrics;
mod origin;
mod outlet;
mod proof;
mod relay;
mod room;
mod site;
mod socket;
mod terms;
mod ticket;
pub mod tls;
mod tombstone;
mod tunnel;
mod upgrade;
mod wipe;

pub use limit::Limits;

/// How often rooms are looked through for what time asks for; half of the promised precision of a lifetime.
const SWEEP: Duration = Duration::from_millis(500);
/// How long connections may take to say goodbye at shutdown, in seconds.
const GOODBYE: u64 = 5;

/// What a relay needs to run.
#[derive(Debug)]
pub struct Config {
    /// Its key and salt.
    pub identity: Arc<identity::Identity>,
    /// What it lets anybody do.
    pub limits: Limits,
    /// The address under which browsers reach it, where that differs from the one it listens on.
    pub public_url: Option<String>,
    /// The address under which Tor Browser reaches it, which pages are sent with so that it offers to go there.
    pub onion_url: Option<String>,
    /// Its certificate, where it does TLS itself. Not for a Unix socket.
    pub tls: Option<Arc<tls::Tls>>,
    /// Where `/metrics` shows its counters, if anywhere. Never on the address that people use: how many messages a small
    /// relay passes on, second by second, is nobody else's business.
    pub metrics: Option<Listener>,
    /// Event loops; `None` for one per core.
    pub workers: Option<usize>,
    /// Its sense of time.
    pub clock: clock::Clock,
}

impl Config {
    /// A relay with that identity and nothing unusual.
    pub fn new(identity: Arc<identity::Identity>) -> Self {
        Self {
            identity,
            limits: Limits::default(),
            public_url: None,
            onion_url: None,
            tls: None,
            metrics: None,
            workers: None,
            clock: clock::Clock::system(),
        }
    }
}

/// Serves on `listener` until `shutdown` resolves, then closes every connection with 1001 and returns.
///
/// # Errors
/// Where the listener cannot be used or a worker cannot be started.
pub async fn run(
    listener: impl Into<Listener>,
    mut config: Config,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let workers = config
        .workers
        .or_else(|| std::thread::available_parallelism().ok().map(usize::from))
        .unwrap_or(1)
        .max(1);
    let connections = config.limits.max_connections / workers + 256;
    let metrics = config.metrics.take();
    let tls = config.tls.take();
    let site = Arc::new(Site::new(config, tls.as_deref()));
    let server = actix_server::Server::build()
        .workers(workers)
        .max_concurrent_connections(connections)
        .disable_signals()
        .shutdown_timeout(GOODBYE);
    let (server, _file) = door::open(
        server,
        listener.into(),
        &site,
        tls.as_ref(),
        http::routes,
        Some(http::ENTRANCE),
    )?;
    let (server, _metrics_file) = match metrics {
        None => (server, None),
        Some(listener) => door::open(server, listener, &site, None, http::metrics_routes, None)?,
    };
    let server = server.run();

    let handle = server.handle();
    tokio::pin!(server);
    let housekeeping = async {
        loop {
            site.clock.sleep_until(site.clock.now() + SWEEP).await;
            site.relay.sweep();
        }
    };
    let renewal = async {
        loop {
            site.clock.sleep_until(site.clock.now() + tls::LOOK).await;
            tls.iter().for_each(|tls| tls.refresh());
        }
    };
    tokio::select! {
        ended = &mut server => return ended,
        () = shutdown => {}
        () = housekeeping => {}
        () = renewal => {}
    }
    tracing::info!(connections = site.gate.connected(), "closing");
    site.close();
    let (_, ended) = tokio::join!(handle.stop(true), server);
    ended
}
