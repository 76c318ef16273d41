//! W1: one room of 100, 1 KiB, four who send as fast as the slowest reads.

use anyhow::Result;

use super::Results;
use crate::crowd::Crowd;
use crate::run::Plan;
use crate::server::{Contender, Server, Stable};

/// Messages that may be on their way to a member: far fewer than what a mailbox of the relay holds.
pub const WINDOW: u64 = 512;
/// Members that open every record even where the rest only measures.
pub const OPEN: usize = 8;
/// Who sends.
pub const SENDERS: usize = 4;

/// Runs it against all contenders, taking turns.
///
/// # Errors
/// Where nobody can be measured.
pub async fn run(
    plan: &Plan,
    stable: &Stable,
    who: &[Contender],
    results: &mut Results,
) -> Result<()> {
    let mut lanes: Vec<(Server, Crowd)> = Vec::new();
    for contender in who {
        match prepare(plan, stable, *contender).await {
            Ok(lane) => lanes.push(lane),
            Err(error) => results.remark(format!("W1, {}: {error:#}", contender.name())),
        }
    }
    for _ in 0..plan.repeats {
        for (server, crowd) in &lanes {
            let process = &server.process;
            let flooded = crowd.measure_flood(process, SENDERS, WINDOW, plan.time);
            match flooded.await {
                Ok(window) => results.add_window("W1", server.contender, &window),
                Err(error) => {
                    results.remark(format!("W1, {}: {error:#}", server.contender.name()));
                }
            }
        }
    }
    // Counting slows a server down, so it has a turn of its own.
    for (server, crowd) in &lanes {
        if let Ok(counter) = server.process.count_calls()
            && let Ok(window) = crowd
                .measure_flood(&server.process, SENDERS, WINDOW, plan.time / 2)
                .await
            && let Some(calls) = counter.finish().await
        {
            // The count includes the warming up before the window.
            let all = window.deliveries as f64 * (1.0 + 0.3 / window.seconds);
            let each = calls as f64 / all;
            results.add("W1", server.contender, "syscalls/delivery", each);
        }
    }
    Ok(())
}

async fn prepare(plan: &Plan, stable: &Stable, contender: Contender) -> Result<(Server, Crowd)> {
    let server = stable.start(contender).await?;
    let mut crowd = Crowd::new(server.address, contender.dialect(), 1024);
    let letters = usize::try_from(WINDOW * 2).unwrap_or(1024).min(900);
    crowd.grow(1, plan.flood_members, letters).await?;
    crowd.measure_only(0, OPEN);
    Ok((server, crowd))
}
