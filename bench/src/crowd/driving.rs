//! How a crowd talks: as fast as the slowest reader allows, or at a steady pace.

use std::cell::Cell;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use crypto::wire::Keep;
use tokio::time::{sleep, timeout};

use super::{Crowd, PATIENCE, Window};
use crate::machine::Process;
use crate::stats::Latency;

/// A stride without a common factor visits every room before it comes back to the first.
const STRIDE: usize = 7919;

impl Crowd {
    /// `senders` members of room 0 publish as fast as the slowest reader allows, with at most `window` messages on
    /// their way to anybody, until `stop`.
    async fn flood(&self, nth: usize, window: u64, stop: &Cell<bool>) -> Result<()> {
        let mut bytes = Vec::new();
        while !stop.get() {
            let behind = self.behind();
            let free = window.saturating_sub(behind).min(16);
            if free == 0 {
                // A notice that comes between looking and waiting is made up for by the next one.
                timeout(Duration::from_millis(5), self.shared.progress.notified())
                    .await
                    .ok();
                continue;
            }
            bytes.clear();
            let mut author = None;
            for _ in 0..free {
                author = Some(self.compose(0, nth, Instant::now(), Keep::Ring, &mut bytes)?);
            }
            if let Some(author) = author {
                author.write(&bytes).await?;
            }
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// How many messages the slowest reader of room 0 has still to get.
    fn behind(&self) -> u64 {
        let (received, published) = (
            self.shared.received.borrow(),
            self.shared.published.borrow(),
        );
        let all: u64 = published.iter().sum();
        let progress = received.iter().zip(published.iter()).enumerate();
        let slowest = progress
            .filter(|(index, _)| self.shared.is_reading(*index))
            .map(|(_, (received, published))| received + published)
            .min();
        all - slowest.unwrap_or(all).min(all)
    }

    /// Floods room 0 for `time` after warming up, and measures.
    ///
    /// # Errors
    /// Where a connection breaks.
    pub async fn measure_flood(
        &self,
        process: &Process,
        senders: usize,
        window: u64,
        time: Duration,
    ) -> Result<Window> {
        let stop = Cell::new(false);
        let work = async {
            let floods = (0..senders).map(|nth| self.flood(nth, window, &stop));
            all_of(floods).await
        };
        let watch = async {
            sleep(Duration::from_millis(300)).await;
            let before = self.now(process);
            self.shared.times.borrow_mut().record(false);
            sleep(time).await;
            let after = self.now(process);
            self.shared.times.borrow_mut().stop();
            stop.set(true);
            before.until(&after)
        };
        let (mut window, flooded) = tokio::join!(watch, work);
        flooded?;
        window.lost = self.drain().await;
        window.latency = Latency::of(self.shared.times.borrow_mut().take());
        self.check()?;
        Ok(window)
    }

    /// Publishes `per_second` messages for `time`, spread over the first `rooms` rooms, and measures. Lateness of the
    /// load itself counts against the server: times run from when a message was due.
    ///
    /// # Errors
    /// Where a connection breaks.
    pub async fn measure_pace(
        &self,
        process: &Process,
        per_second: f64,
        time: Duration,
    ) -> Result<Window> {
        self.pace(per_second, Duration::from_millis(200)).await?;
        self.drain().await;
        let before = self.now(process);
        self.shared.times.borrow_mut().record(true);
        let began = Instant::now();
        self.pace(per_second, time).await?;
        let seconds = began.elapsed().as_secs_f64();
        let lost = self.drain().await;
        self.shared.times.borrow_mut().stop();
        let after = self.now(process);
        self.check()?;
        Ok(Window {
            lost,
            // Without the time of waiting for the last ones, but not less than was asked for.
            seconds: seconds.max(time.as_secs_f64()),
            latency: Latency::of(self.shared.times.borrow_mut().take()),
            ..before.until(&after)
        })
    }

    /// Publishes one message after the other for `time`, each when the one before has reached everybody, in one room
    /// after the other. However many rooms and members there are, every delivery is a record and a write of its own and
    /// nothing is gathered: what changes from size to size is the size.
    ///
    /// # Errors
    /// Where a connection breaks or a message does not arrive.
    pub async fn measure_one_by_one(&self, process: &Process, time: Duration) -> Result<Window> {
        self.one_by_one(Duration::from_millis(200)).await?;
        let before = self.now(process);
        self.one_by_one(time).await?;
        let after = self.now(process);
        self.check()?;
        Ok(before.until(&after))
    }

    async fn one_by_one(&self, time: Duration) -> Result<()> {
        let began = Instant::now();
        let mut turn = 0usize;
        while began.elapsed() < time {
            let number = (turn * STRIDE) % self.rooms.len();
            let others = self.rooms.get(number).map_or(0, |room| room.members.len());
            let wanted = self.shared.heard.get() + others.saturating_sub(1) as u64;
            self.publish(number, 0, Instant::now(), Keep::Ring).await?;
            // Looking instead of sleeping: whether the load falls asleep between two deliveries hangs on how quickly they
            // follow each other, and waking it would be the server's expense.
            let said = Instant::now();
            while self.shared.heard.get() < wanted {
                if said.elapsed() > PATIENCE {
                    bail!("a message did not arrive");
                }
                tokio::task::yield_now().await;
            }
            turn += 1;
        }
        Ok(())
    }

    async fn pace(&self, per_second: f64, time: Duration) -> Result<()> {
        let began = Instant::now();
        let step = Duration::from_secs_f64(1.0 / per_second);
        let mut due = began;
        let mut turn = 0usize;
        while due < began + time {
            let now = Instant::now();
            if due > now {
                // The timer's grain is a millisecond; the rest is waited out by looking at the sockets.
                if due - now > Duration::from_millis(3) {
                    sleep(due - now - Duration::from_millis(2)).await;
                } else {
                    tokio::task::yield_now().await;
                }
                continue;
            }
            let number = (turn * STRIDE) % self.rooms.len();
            self.publish(number, 0, due, Keep::Ring).await?;
            turn += 1;
            due += step;
        }
        Ok(())
    }
}

/// Waits for all, and fails with the first that fails.
async fn all_of(all: impl Iterator<Item = impl Future<Output = Result<()>>>) -> Result<()> {
    let mut waiting: Vec<_> = all.map(Box::pin).collect();
    std::future::poll_fn(|context| {
        let mut failed = None;
        waiting.retain_mut(|one| match one.as_mut().poll(context) {
            std::task::Poll::Pending => true,
            std::task::Poll::Ready(Ok(())) => false,
            std::task::Poll::Ready(Err(error)) => {
                failed = Some(error);
                false
            }
        });
        match failed {
            Some(error) => std::task::Poll::Ready(Err(error)),
            None if waiting.is_empty() => std::task::Poll::Ready(Ok(())),
            None => std::task::Poll::Pending,
        }
    })
    .await
}
