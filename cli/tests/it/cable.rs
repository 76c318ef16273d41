//! A wire between the program and the relay that can be cut.
#![expect(clippy::unwrap_used, reason = "only tests use this")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub(crate) struct Cable {
    pub(crate) address: SocketAddr,
    /// How often it was cut.
    pub(crate) cuts: Arc<AtomicU64>,
}

impl Cable {
    /// Goes to `relay`, and breaks once: when so many bytes have come from there.
    pub(crate) async fn that_breaks_after(relay: SocketAddr, bytes: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (passed, cuts) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let counted = Arc::clone(&cuts);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(relay).await.unwrap();
                tokio::spawn(carry(
                    near,
                    far,
                    bytes,
                    Arc::clone(&passed),
                    Arc::clone(&counted),
                ));
            }
        });
        Self { address, cuts }
    }
}

/// Dropping both ends is the cut.
async fn carry(
    mut near: TcpStream,
    mut far: TcpStream,
    most: u64,
    passed: Arc<AtomicU64>,
    cuts: Arc<AtomicU64>,
) {
    let (mut up, mut down) = (vec![0; 16_384], vec![0; 16_384]);
    loop {
        tokio::select! {
            read = near.read(&mut up) => match read {
                Ok(length @ 1..) => far.write_all(&up[..length]).await.unwrap_or_default(),
                _ => return,
            },
            read = far.read(&mut down) => match read {
                Ok(length @ 1..) => {
                    let before = passed.fetch_add(length as u64, Ordering::SeqCst);
                    if before < most && before + length as u64 >= most {
                        cuts.fetch_add(1, Ordering::SeqCst);
                        return;
                    }
                    near.write_all(&down[..length]).await.unwrap_or_default();
                }
                _ => return,
            },
        }
    }
}
