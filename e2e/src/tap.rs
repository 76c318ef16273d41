//! A wire tap: a TCP forwarder between the browser and the relay that keeps every byte in both directions.

use anyhow::Result;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A running forwarder. Dropping it cuts every connection that goes through it.
pub struct Tap {
    address: SocketAddr,
    bytes: Arc<Mutex<Vec<u8>>>,
    cuts: watch::Sender<u64>,
    task: JoinHandle<()>,
}

impl Tap {
    /// Listens on a free loopback port and forwards each connection to `relay`.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(relay: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let bytes: Arc<Mutex<Vec<u8>>> = Arc::default();
        let kept = bytes.clone();
        let (cuts, cut) = watch::channel(0);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(relay).await else {
                    continue;
                };
                let (near_read, near_write) = near.into_split();
                let (far_read, far_write) = far.into_split();
                let up = forward(near_read, far_write, kept.clone());
                let down = forward(far_read, near_write, kept.clone());
                let mut cut = cut.clone();
                cut.mark_unchanged();
                tokio::spawn(async move {
                    tokio::select! {
                        _ = async { tokio::join!(up, down) } => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Ok(Self {
            address,
            bytes,
            cuts,
            task,
        })
    }

    /// `http://host:port` of the tap.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts every connection that goes through now; new ones may come.
    pub fn cut(&self) {
        self.cuts.send_modify(|count| *count += 1);
    }

    /// Every byte that has passed so far, connections interleaved.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.bytes
            .lock()
            .map(|bytes| bytes.clone())
            .unwrap_or_default()
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn forward(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    kept: Arc<Mutex<Vec<u8>>>,
) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let Some(chunk) = buffer.get(..read) else {
            break;
        };
        if let Ok(mut kept) = kept.lock() {
            kept.extend_from_slice(chunk);
        }
        if to.write_all(chunk).await.is_err() {
            break;
        }
    }
    // The other side learns of the end; if it is gone already there is nobody to tell.
    let _ = to.shutdown().await;
}
