//! One member's way to the relay: a TCP proxy that can be told to misbehave.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

/// What one connection goes through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Weather {
    /// Nothing passes this way, and nobody is told: `[to the relay, from the relay]`.
    held: [bool; 2],
    /// Holding ends after this long; for good without it.
    lasts: Option<Duration>,
    /// Everything takes this much longer.
    delay: Duration,
    /// It breaks, at once or inside of what is sent next.
    cut: Option<Cut>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    Now,
    MidFrame,
}

impl Weather {
    /// Half of the connection, or all of it, passes nothing.
    pub(crate) fn held(to_relay: bool, from_relay: bool) -> Self {
        Self {
            held: [to_relay, from_relay],
            ..Self::default()
        }
    }

    /// The holding is over after this long.
    pub(crate) fn until(self, lasts: Duration) -> Self {
        Self {
            lasts: Some(lasts),
            ..self
        }
    }

    /// Everything is late.
    pub(crate) fn delayed(delay: Duration) -> Self {
        Self {
            delay,
            ..Self::default()
        }
    }

    /// Whether the connection lives on without anything passing.
    pub(crate) fn is_half_open(&self) -> bool {
        self.held != [false; 2] && self.lasts.is_none()
    }

    /// Whether it is only slow.
    pub(crate) fn is_delay(&self) -> bool {
        !self.delay.is_zero()
    }
}

struct State {
    /// The newest connection.
    present: Option<watch::Sender<Weather>>,
    /// Older ones that may still hang about.
    older: Vec<watch::Sender<Weather>>,
    away_until: Option<Instant>,
}

/// See the module. It ends with the runtime.
#[derive(Clone)]
pub(crate) struct Line {
    /// Where the member calls.
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Line {
    pub(crate) async fn open(relay: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let line = Self {
            address: listener.local_addr()?,
            state: Arc::new(Mutex::new(State {
                present: None,
                older: Vec::new(),
                away_until: None,
            })),
        };
        let accepting = line.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if let Some(weather) = accepting.connected() {
                    tokio::spawn(carry(near, relay, weather));
                }
            }
        });
        Ok(line)
    }

    fn connected(&self) -> Option<watch::Receiver<Weather>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.away_until.is_some_and(|until| Instant::now() < until) {
            return None;
        }
        let (sender, weather) = watch::channel(Weather::default());
        state.older.retain(|older| older.receiver_count() > 0);
        let former = state.present.replace(sender);
        state.older.extend(former);
        Some(weather)
    }

    /// The present connection goes through this from now on. False where there is none.
    pub(crate) fn set(&self, weather: Weather) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state
            .present
            .as_ref()
            .is_some_and(|present| present.send(weather).is_ok())
    }

    /// The present connection breaks. False where there is none.
    pub(crate) fn cut(&self, mid_frame: bool) -> bool {
        let cut = if mid_frame { Cut::MidFrame } else { Cut::Now };
        self.set(Weather {
            cut: Some(cut),
            ..Weather::default()
        })
    }

    /// No network for a while.
    pub(crate) fn absent_for(&self, lasts: Duration) {
        self.cut(false);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.away_until = Some(Instant::now() + lasts);
    }

    /// Everything passes again, what was held included.
    pub(crate) fn heal(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.away_until = None;
        for connection in state.older.iter().chain(&state.present) {
            // One that has ended meanwhile needs no healing.
            let _ = connection.send(Weather::default());
        }
    }
}

/// One connection, until either side or the weather ends it.
async fn carry(near: TcpStream, relay: SocketAddr, weather: watch::Receiver<Weather>) {
    let Ok(far) = TcpStream::connect(relay).await else {
        return;
    };
    // A delay of the system's own would hide those of the weather.
    if near.set_nodelay(true).is_err() || far.set_nodelay(true).is_err() {
        return;
    }
    let (near_read, near_write) = near.into_split();
    let (far_read, far_write) = far.into_split();
    // Whichever way ends first ends both: a broken connection does not half live on unless it is held.
    tokio::select! {
        () = pump(near_read, far_write, 0, weather.clone()) => {}
        () = pump(far_read, near_write, 1, weather) => {}
    }
}

/// One direction.
async fn pump(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    way: usize,
    mut weather: watch::Receiver<Weather>,
) {
    let mut buffer = vec![0; 16 * 1024];
    // The weather that has been waited out.
    let mut over = None;
    loop {
        let now = *weather.borrow_and_update();
        if now.cut == Some(Cut::Now) {
            return;
        }
        if now.held.get(way) == Some(&true) && over != Some(now) {
            let waited = async {
                match now.lasts {
                    Some(lasts) => sleep(lasts).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                changed = weather.changed() => if changed.is_err() { return },
                () = waited => over = Some(now),
            }
            continue;
        }
        let read = tokio::select! {
            changed = weather.changed() => {
                if changed.is_err() { return }
                continue;
            }
            read = from.read(&mut buffer) => read,
        };
        let Some(bytes) = read.ok().and_then(|length| buffer.get(..length)) else {
            return;
        };
        if bytes.is_empty() {
            return;
        }
        sleep(now.delay).await;
        if now.cut == Some(Cut::MidFrame) {
            // Nobody waits for the rest.
            let _ = to
                .write_all(bytes.get(..bytes.len() / 2).unwrap_or_default())
                .await;
            return;
        }
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
}
