//! A stretch of time and what happened in it.

use std::time::{Duration, Instant};

use crate::stats::Latency;

/// What happened in a stretch of time.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// Its length.
    pub seconds: f64,
    /// Messages that were published.
    pub published: u64,
    /// Copies that arrived.
    pub deliveries: u64,
    /// Copies that never did.
    pub lost: u64,
    /// Processor time of the server, in seconds.
    pub cpu: Option<f64>,
    /// The share of its core that the load itself was busy: near 1 it measures itself.
    pub busy: Option<f64>,
    /// From the intended time of sending to arrival.
    pub latency: Option<Latency>,
}

impl Window {
    /// Copies a second.
    pub fn rate(&self) -> f64 {
        self.deliveries as f64 / self.seconds
    }

    /// Microseconds of the server's processor time for one copy.
    pub fn cost(&self) -> Option<f64> {
        Some(self.cpu? * 1e6 / self.deliveries as f64)
    }
}

/// What stands at one moment.
pub(super) struct Moment {
    pub(super) at: Instant,
    pub(super) cpu: Option<Duration>,
    pub(super) load: Option<Duration>,
    pub(super) deliveries: u64,
    pub(super) published: u64,
}

impl Moment {
    pub(super) fn until(&self, after: &Self) -> Window {
        let cpu = self.cpu.zip(after.cpu);
        let load = self.load.zip(after.load);
        let seconds = (after.at - self.at).as_secs_f64();
        Window {
            seconds,
            published: after.published - self.published,
            deliveries: after.deliveries - self.deliveries,
            lost: 0,
            cpu: cpu.map(|(before, after)| after.saturating_sub(before).as_secs_f64()),
            busy: load.map(|(before, after)| after.saturating_sub(before).as_secs_f64() / seconds),
            latency: None,
        }
    }
}
