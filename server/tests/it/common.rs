//! A relay that stops when it is dropped, and a member that speaks to it over a plain blocking socket.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use crypto::room::RoomKeys;
use crypto::wire::envelope::MIN_ENVELOPE;
use crypto::wire::{Lifetime, Opening, RoomMode};
use getrandom::SysRng;
use rand_core::UnwrapErr;
use roomkey_server::clock::ManualClock;
use roomkey_server::identity::Identity;
use roomkey_server::{Config, run};
use tokio::sync::oneshot;

use crate::peer::Peer;
use crate::socket::Socket;

pub(crate) fn rng() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

/// One key for all tests: making one takes longer than most tests do.
fn identity() -> Arc<Identity> {
    static IDENTITY: OnceLock<Arc<Identity>> = OnceLock::new();
    let identity = IDENTITY.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let shared = folder.join("identity");
        if !shared.exists() {
            let fresh = tempfile::tempdir_in(folder).unwrap();
            let state = fresh.path().join("state");
            Identity::load_or_create(&state).unwrap();
            // Another test process may have been quicker; then its key is as good.
            fs::rename(&state, &shared).ok();
        }
        Arc::new(Identity::load_or_create(&shared).unwrap())
    });
    Arc::clone(identity)
}

pub(crate) struct TestRelay {
    pub(crate) address: SocketAddr,
    pub(crate) clock: ManualClock,
    metrics: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl TestRelay {
    pub(crate) fn start() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let (hands, clock) = ManualClock::new();
        let metrics = TcpListener::bind("127.0.0.1:0").unwrap();
        let metrics_address = metrics.local_addr().unwrap();
        let mut config = Config {
            clock,
            workers: Some(2),
            metrics: Some(metrics.into()),
            ..Config::new(identity())
        };
        change(&mut config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            let stopped = async { drop(stopped.await) };
            runtime.block_on(run(listener, config, stopped)).unwrap();
        });
        Self {
            address,
            clock: hands,
            metrics: metrics_address,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// The page of counters.
    pub(crate) fn metrics(&self) -> String {
        metrics(self.metrics)
    }

    /// One number of that page.
    pub(crate) fn count(&self, name: &str) -> u64 {
        metric(self.metrics, name)
    }

    /// Waits until a number has come down, or up, to this.
    pub(crate) fn reaches(&self, name: &str, value: u64) {
        // The runner's own deadline ends a wait that is in vain.
        while self.count(name) != value {
            std::thread::yield_now();
        }
    }

    /// Waits until nobody is connected and nothing is left: no room, no seat, no byte.
    pub(crate) fn is_back_to_nothing(&self) {
        self.reaches("open_connections", 0);
        while self.count("open_rooms") > 0 {
            self.advance(60);
        }
        for name in ["open_seats", "kept_bytes", "waiting_bytes"] {
            self.reaches(name, 0);
        }
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Asks for an orderly end and does not wait for it.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
    }

    pub(crate) fn socket(&self) -> Socket {
        Socket::open(self.address)
    }

    pub(crate) fn peer(&self) -> Peer {
        Peer::connect(self.address, None)
    }

    /// A member of the room, past its replay.
    pub(crate) fn member(&self, keys: &RoomKeys, opening: Opening) -> Peer {
        let mut peer = self.peer();
        peer.join(keys, opening, None);
        peer
    }
}

impl Drop for TestRelay {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            if !std::thread::panicking() {
                ended.unwrap();
            }
        }
    }
}

fn metrics(address: SocketAddr) -> String {
    let mut stream = Socket::tcp(address);
    let request = "GET /metrics HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    page
}

/// One of the counters that a relay shows at this address.
pub(crate) fn metric(address: SocketAddr, name: &str) -> u64 {
    let page = metrics(address);
    let start = format!("\nroomkey_{name} ");
    let value = page.split_once(&start).unwrap_or_else(|| panic!("{page}"));
    value.1.lines().next().unwrap().parse().unwrap()
}

/// Limits that let one member send as much as it likes.
pub(crate) fn without_rates(config: &mut Config) {
    let limits = &mut config.limits;
    for rate in [
        &mut limits.frame_burst,
        &mut limits.byte_burst,
        &mut limits.room_frame_burst,
        &mut limits.room_byte_burst,
        &mut limits.room_join_burst,
        &mut limits.patience,
    ] {
        *rate = 1e12;
    }
}

/// The keys of a room; the slow way from a name to them is somebody else's test.
pub(crate) fn room(number: u8) -> RoomKeys {
    RoomKeys::from_bytes(&[number; 64])
}

pub(crate) fn opening(mode: RoomMode, history: u16) -> Opening {
    Opening {
        mode,
        history,
        lifetime: Lifetime::UntilEmpty,
        max_members: 0,
        control_key: None,
        purge_digest: None,
    }
}

pub(crate) fn forward_secret() -> Opening {
    opening(RoomMode::ForwardSecret, 0)
}

pub(crate) fn open_history() -> Opening {
    opening(RoomMode::OpenHistory, 35)
}

pub(crate) fn envelope(filling: u8) -> Vec<u8> {
    vec![filling; MIN_ENVELOPE]
}
