//! Time as the relay sees it: a span since its start. Handed in everywhere, so that tests move it instead of sleeping.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// Where the time comes from.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System(Instant),
    Manual(watch::Receiver<Duration>),
}

impl Clock {
    /// The machine's monotonic clock, counted from now.
    pub fn system() -> Self {
        Self(Source::System(Instant::now()))
    }

    /// The time since the clock's start.
    pub fn now(&self) -> Duration {
        match &self.0 {
            Source::System(start) => start.elapsed(),
            Source::Manual(time) => *time.borrow(),
        }
    }

    /// Waits until [`Clock::now`] has reached `time`.
    pub async fn sleep_until(&self, time: Duration) {
        match &self.0 {
            Source::System(start) => tokio::time::sleep_until((*start + time).into()).await,
            Source::Manual(now) => {
                let mut now = now.clone();
                if now.wait_for(|now| *now >= time).await.is_err() {
                    // Its hands are gone, so this time never comes.
                    std::future::pending::<()>().await;
                }
            }
        }
    }
}

/// The hands of a clock that stands still until somebody moves them.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<watch::Sender<Duration>>);

impl ManualClock {
    /// A clock at zero and its hands.
    pub fn new() -> (Self, Clock) {
        let (hands, face) = watch::channel(Duration::ZERO);
        (Self(Arc::new(hands)), Clock(Source::Manual(face)))
    }

    /// Moves the time forward and wakes whoever waited for it.
    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|now| *now += by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let (hands, clock) = ManualClock::new();
        let waiting = clock.sleep_until(Duration::from_secs(10));
        let mut waiting = Box::pin(waiting);
        assert!(waiting.as_mut().now_or_never().is_none());
        hands.advance(Duration::from_secs(9));
        assert!(waiting.as_mut().now_or_never().is_none());
        hands.advance(Duration::from_secs(1));
        assert!(waiting.as_mut().now_or_never().is_some());
        assert_eq!(clock.now(), Duration::from_secs(10));
    }
}
