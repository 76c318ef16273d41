//! A relay that stops when it is dropped, and a member that speaks to it over a plain blocking socket.

use std::fs;
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
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl TestRelay {
    pub(crate) fn start() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let (hands, clock) = ManualClock::new();
        let mut config = Config {
            clock,
            workers: Some(2),
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
            stop: Some(stop),
            thread: Some(thread),
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
