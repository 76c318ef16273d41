//! A real relay in this process, on a port of its own, gone when dropped.
#![expect(clippy::unwrap_used, reason = "only tests include this file")]

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use roomkey_server::identity::Identity;
use roomkey_server::listen::Listener;
use roomkey_server::{Config, run};
use tokio::sync::oneshot;

pub(crate) struct TestRelay {
    pub(crate) address: SocketAddr,
    _running: Running,
}

/// A relay that goes when this does.
pub(crate) struct Running {
    _stop: oneshot::Sender<()>,
    _folder: tempfile::TempDir,
}

pub(crate) fn start() -> TestRelay {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    TestRelay {
        address: listener.local_addr().unwrap(),
        _running: serve(listener.into(), None),
    }
}

/// Serves there, known by that address.
pub(crate) fn serve(listener: Listener, public_url: Option<String>) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let identity = Identity::load_or_create(&folder.path().join("state")).unwrap();
    let config = Config {
        workers: Some(1),
        public_url,
        ..Config::new(Arc::new(identity))
    };
    let (stop, stopped) = oneshot::channel::<()>();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime
            .block_on(run(listener, config, async { drop(stopped.await) }))
            .unwrap();
    });
    Running {
        _stop: stop,
        _folder: folder,
    }
}
