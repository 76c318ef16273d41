//! The socket below a connection, wrapped so that the relay can see that writing has stalled and can cut a line whose
//! other end does not react. HTTP's dispatcher owns the socket and offers neither.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::listen::Stream;

/// Says that no write is waiting.
const FLOWING: u64 = u64::MAX;

/// The socket itself.
#[derive(Debug)]
pub(crate) struct Line {
    socket: Stream,
    clock: Clock,
    control: LineControl,
}

/// A handle on the socket for those who do not own it.
#[derive(Clone, Debug)]
pub(crate) struct LineControl(Arc<State>);

#[derive(Debug)]
struct State {
    cut: AtomicBool,
    /// When the pending write began to wait, in milliseconds of the relay's clock.
    stalled_since: AtomicU64,
    owner: AtomicWaker,
    closed: AtomicBool,
    gone: Notify,
}

impl Line {
    pub(crate) fn new(socket: impl Into<Stream>, clock: Clock) -> Self {
        Self {
            socket: socket.into(),
            clock,
            control: LineControl(Arc::new(State {
                cut: AtomicBool::new(false),
                stalled_since: AtomicU64::new(FLOWING),
                owner: AtomicWaker::new(),
                closed: AtomicBool::new(false),
                gone: Notify::new(),
            })),
        }
    }

    pub(crate) fn control(&self) -> LineControl {
        self.control.clone()
    }

    fn check(&self, context: &Context<'_>) -> io::Result<()> {
        self.control.0.owner.register(context.waker());
        if self.control.0.cut.load(Ordering::Acquire) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(())
    }

    fn note<T>(&self, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        let stalled_since = &self.control.0.stalled_since;
        if written.is_ready() {
            stalled_since.store(FLOWING, Ordering::Relaxed);
        } else if stalled_since.load(Ordering::Relaxed) == FLOWING {
            let now = u64::try_from(self.clock.now().as_millis()).unwrap_or(FLOWING - 1);
            stalled_since.store(now, Ordering::Relaxed);
        }
        written
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.control.0.closed.store(true, Ordering::Release);
        self.control.0.gone.notify_one();
    }
}

impl LineControl {
    /// Breaks the connection at once, whatever its owner is waiting for.
    pub(crate) fn cut(&self) {
        self.0.cut.store(true, Ordering::Release);
        self.0.owner.wake();
    }

    /// Since when a write has been waiting for the other end, if one is.
    pub(crate) fn stalled_since(&self) -> Option<Duration> {
        match self.0.stalled_since.load(Ordering::Relaxed) {
            FLOWING => None,
            milliseconds => Some(Duration::from_millis(milliseconds)),
        }
    }

    /// Waits until the socket is closed. For one waiter.
    pub(crate) async fn gone(&self) {
        while !self.0.closed.load(Ordering::Acquire) {
            self.0.gone.notified().await;
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.socket).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check(context)?;
        let written = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.note(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check(context)?;
        ready!(Pin::new(&mut self.socket).poll_shutdown(context))?;
        Poll::Ready(Ok(()))
    }
}
