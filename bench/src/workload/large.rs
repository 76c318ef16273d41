//! W5: one room of 2,000, 50 messages a second; and the second half of W7: what a delivery costs as a room grows.

use anyhow::Result;

use super::Results;
use crate::crowd::{Crowd, LETTERS};
use crate::run::Plan;
use crate::server::{Contender, Server, Stable};

/// Members that open every record even where the rest only measures.
const OPEN: usize = 40;
/// Messages a second.
const PACE: f64 = 50.0;

/// Runs it against all contenders, taking turns.
///
/// # Errors
/// Where the load itself fails.
pub async fn run(
    plan: &Plan,
    stable: &Stable,
    who: &[Contender],
    results: &mut Results,
) -> Result<()> {
    let mut lanes: Vec<(Server, Crowd)> = Vec::new();
    for contender in who.iter().filter(|one| **one != Contender::Flask) {
        match stable.start(*contender).await {
            Ok(server) => {
                let crowd = Crowd::new(server.address, contender.dialect(), 256);
                lanes.push((server, crowd));
            }
            Err(error) => results.remark(format!("W5, {}: {error:#}", contender.name())),
        }
    }
    let stages = [plan.large / 100, plan.large / 10, plan.large];
    for members in stages.map(|members| members.max(3)) {
        let mut failed = Vec::new();
        for (server, crowd) in &mut lanes {
            if let Err(error) = crowd.grow(1, members, LETTERS * 16).await {
                results.remark(format!("W5, {}: {error:#}", server.contender.name()));
                failed.push(server.contender);
            }
        }
        lanes.retain(|(server, _)| !failed.contains(&server.contender));
        for turn in 0..plan.repeats {
            for (server, crowd) in &lanes {
                if turn > 0 && !server.contender.is_judged() {
                    continue;
                }
                match crowd.measure_one_by_one(&server.process, plan.time).await {
                    Ok(window) => {
                        let measure = format!("cpu us/delivery, room of {members}");
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
            crowd.measure_only(0, OPEN);
            match crowd
                .measure_pace(&server.process, PACE, plan.time * 2)
                .await
            {
                Ok(window) => results.add_window("W5", server.contender, &window),
                Err(error) => {
                    results.remark(format!("W5, {}: {error:#}", server.contender.name()));
                }
            }
        }
    }
    Ok(())
}
