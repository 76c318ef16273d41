//! W2: 1,000 rooms of five, 256 bytes; and the first half of W7: what a delivery costs as rooms become more.

use anyhow::Result;

use super::Results;
use crate::crowd::{Crowd, LETTERS};
use crate::machine::Process;
use crate::run::Plan;
use crate::server::{Contender, Server, Stable};

const MEMBERS: usize = 5;
/// Of these, who open every record even where the rest only measures: the author, and one who hears it.
const OPEN: usize = 2;
/// What still counts as keeping up, in milliseconds.
const PROMPT: f64 = 50.0;

/// Runs it against all contenders: as many at once, taking turns, as this process may have connections to.
///
/// # Errors
/// Where the load itself fails.
pub async fn run(
    plan: &Plan,
    stable: &Stable,
    who: &[Contender],
    results: &mut Results,
) -> Result<()> {
    let abreast = (plan.connections / (plan.rooms * MEMBERS)).max(1);
    for some in who.chunks(abreast) {
        turns(plan, stable, some, results).await?;
    }
    Ok(())
}

async fn turns(
    plan: &Plan,
    stable: &Stable,
    who: &[Contender],
    results: &mut Results,
) -> Result<()> {
    let mut lanes: Vec<(Server, Crowd)> = Vec::new();
    for contender in who {
        let server = match stable.start(*contender).await {
            Ok(server) => server,
            Err(error) => {
                results.remark(format!("W2, {}: {error:#}", contender.name()));
                continue;
            }
        };
        let crowd = Crowd::new(server.address, contender.dialect(), 256);
        lanes.push((server, crowd));
    }
    let stages = [plan.rooms / 100, plan.rooms / 10, plan.rooms];
    for rooms in stages.map(|rooms| rooms.max(1)) {
        let mut failed = Vec::new();
        for (server, crowd) in &mut lanes {
            let slow = server.contender == Contender::Flask;
            if slow && rooms == plan.rooms {
                // It takes minutes to let so many in; what it has is told by the stage before.
                continue;
            }
            if let Err(error) = crowd.grow(rooms, MEMBERS, LETTERS).await {
                results.remark(format!("W2, {}: {error:#}", server.contender.name()));
                failed.push(server.contender);
            }
        }
        lanes.retain(|(server, _)| !failed.contains(&server.contender));
        for turn in 0..plan.repeats {
            for (server, crowd) in &lanes {
                let again = turn > 0 && !server.contender.is_judged();
                if again || crowd.len() != rooms * MEMBERS {
                    continue;
                }
                match crowd.measure_one_by_one(&server.process, plan.time).await {
                    Ok(window) => {
                        let measure = format!("cpu us/delivery, {rooms} rooms");
                        results.add("W7", server.contender, &measure, window.cost());
                    }
                    Err(error) => {
                        results.remark(format!("W7, {}: {error:#}", server.contender.name()));
                    }
                }
            }
        }
    }
    for turn in 0..plan.repeats {
        for (server, crowd) in &lanes {
            if turn > 0 && !server.contender.is_judged() {
                continue;
            }
            for number in 0..plan.rooms {
                crowd.measure_only(number, OPEN);
            }
            let slow = server.contender == Contender::Flask;
            let pace = if slow { 100.0 } else { plan.pace };
            match crowd.measure_pace(&server.process, pace, plan.time).await {
                Ok(window) => results.add_window("W2", server.contender, &window),
                Err(error) => {
                    results.remark(format!("W2, {}: {error:#}", server.contender.name()));
                }
            }
        }
    }
    for (server, crowd) in &lanes {
        if server.contender == Contender::Flask {
            continue;
        }
        if let Ok(counter) = server.process.count_calls()
            && let Ok(window) = crowd
                .measure_pace(&server.process, plan.pace, plan.time)
                .await
            && let Some(calls) = counter.finish().await
        {
            // The count includes the warming up before the window.
            let all = window.deliveries as f64 * (1.0 + 0.2 / window.seconds);
            results.add(
                "W2",
                server.contender,
                "syscalls/delivery",
                calls as f64 / all,
            );
        }
        if !plan.is_smoke && server.contender.is_judged() {
            let cost = results.median("W2", server.contender, "cpu us/delivery");
            let best = climb(plan, crowd, &server.process, cost.unwrap_or(10.0)).await?;
            if best.is_none() {
                let who = server.contender.name();
                results.remark(format!("W2, {who}: at none of the rates that were tried did 99 of 100 arrive in {PROMPT} ms; is the machine busy?"));
            }
            results.add("W2", server.contender, "messages/s, p99 < 50 ms", best);
        }
    }
    Ok(())
}

/// The highest rate of messages that still arrives in time. Starts where the server's core should be busy most of the
/// time and goes on in steps of an eighth until one step works and the next does not.
async fn climb(plan: &Plan, crowd: &Crowd, process: &Process, cost: f64) -> Result<Option<f64>> {
    const STEP: f64 = 1.125;
    let copies = (MEMBERS - 1) as f64;
    let mut rate = 0.9e6 / cost / copies;
    let mut best: Option<f64> = None;
    for _ in 0..7 {
        let window = crowd.measure_pace(process, rate, plan.time).await?;
        let whole = window.published as f64 / window.seconds >= rate * 0.97;
        let prompt = window.latency.is_some_and(|latency| latency.p99 < PROMPT);
        if whole && prompt && window.lost == 0 {
            let tried_above = best.is_some_and(|best| best > rate);
            best = Some(best.unwrap_or(0.0).max(rate));
            if tried_above {
                break;
            }
            rate *= STEP;
        } else {
            if best.is_some() {
                break;
            }
            rate /= STEP;
        }
    }
    Ok(best)
}
