//! W6: one of 100 stops reading. The others must not notice, the relay must not grow, and the one must be cut.

use anyhow::Result;

use super::Results;
use super::flood::{OPEN, SENDERS, WINDOW};
use crate::crowd::Crowd;
use crate::run::Plan;
use crate::server::{Contender, Stable};

/// How often the flood is repeated at most until the stalled one must have been noticed.
const ROUNDS: usize = 12;

/// Runs it against our relay.
///
/// # Errors
/// Where the relay cannot be measured.
pub async fn run(plan: &Plan, stable: &Stable, results: &mut Results) -> Result<()> {
    for _ in 0..plan.repeats {
        let contender = Contender::Roomkey;
        let server = stable.start(contender).await?;
        let mut crowd = Crowd::new(server.address, contender.dialect(), 1024);
        crowd.grow(1, plan.flood_members, 900).await?;
        crowd.measure_only(0, OPEN);
        let process = &server.process;
        let calm = crowd
            .measure_flood(process, SENDERS, WINDOW, plan.time)
            .await?;
        let before = process.peak();
        let stalled = crowd.stall_one();
        let rough = crowd
            .measure_flood(process, SENDERS, WINDOW, plan.time)
            .await?;
        // The system's own buffers take some megabytes before the relay has to hold anything.
        let mut published = rough.published;
        for _ in 0..ROUNDS {
            if published >= plan.overflow {
                break;
            }
            let more = crowd
                .measure_flood(process, SENDERS, WINDOW, plan.time)
                .await?;
            published += more.published;
        }
        let grown = process
            .peak()
            .zip(before)
            .map(|(after, before)| (after - before) as f64 / 1024.0);
        let cut = match stalled {
            Some(index) => crowd.release(index).await,
            None => None,
        };
        // Before and after, so that what changes with time alone is not held against the stalled one.
        let again = crowd
            .measure_flood(process, SENDERS, WINDOW, plan.time)
            .await?;
        // One reader fewer for every message.
        let readers = (plan.flood_members - 1) as f64;
        let calm_rate = f64::midpoint(calm.rate() / readers, again.rate() / (readers - 1.0));
        let ratio = rough.rate() / (readers - 1.0) / calm_rate;
        results.add("W6", contender, "others, ratio of rates", ratio);
        let costs = rough.cost().zip(calm.cost()).zip(again.cost());
        let ratio = costs.map(|((rough, calm), again)| f64::midpoint(calm, again) / rough);
        results.add("W6", contender, "others, ratio of cpu", ratio);
        results.add("W6", contender, "memory grown KiB", grown);
        results.add(
            "W6",
            contender,
            "stalled one cut",
            f64::from(u8::from(cut.is_some())),
        );
        results.add("W6", contender, "lost", rough.lost as f64);
    }
    Ok(())
}
