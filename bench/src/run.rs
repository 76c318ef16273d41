//! A whole run: which workloads, against whom, how long.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::life;
use crate::machine::{hold_to, open_files};
use crate::report;
use crate::server::{Contender, Stable};
use crate::workload::{Results, flood, idle, join, large, rooms, stalled};

/// How much of everything.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How often each figure is taken.
    pub repeats: usize,
    /// How long a window is.
    pub time: Duration,
    /// Members of W1's room.
    pub flood_members: usize,
    /// Rooms of W2.
    pub rooms: usize,
    /// Messages a second of W2.
    pub pace: f64,
    /// Members of W3.
    pub idle: usize,
    /// Members of W5's room.
    pub large: usize,
    /// Messages of W6 that no buffer of the system holds.
    pub overflow: u64,
    /// How many connections there may be at once.
    pub connections: usize,
    /// A few seconds that only show that everything works; no figure of it means anything.
    pub is_smoke: bool,
}

impl Plan {
    /// What a verdict needs; four to seven minutes.
    pub fn full() -> Self {
        Self {
            repeats: 3,
            time: Duration::from_millis(1500),
            flood_members: 100,
            rooms: 1000,
            pace: 4000.0,
            idle: 10_000,
            large: 2000,
            overflow: 16_000,
            connections: usize::MAX,
            is_smoke: false,
        }
    }

    /// Everything once, small.
    pub fn smoke() -> Self {
        Self {
            repeats: 1,
            time: Duration::from_millis(200),
            flood_members: 6,
            rooms: 3,
            pace: 100.0,
            idle: 20,
            large: 6,
            overflow: 0,
            connections: usize::MAX,
            is_smoke: true,
        }
    }

    /// Shrinks what needs more connections than this process may have open, and says so.
    fn fit(&mut self, files: usize, lanes: usize, results: &mut Results) {
        let spare = 200;
        let connections = files.saturating_sub(spare);
        self.connections = connections;
        let most = [
            (&mut self.idle, 1, "idle members"),
            (&mut self.rooms, 5, "rooms"),
            (&mut self.large, lanes, "members of the large room"),
        ];
        for (wanted, each, what) in most {
            let possible = connections / each.max(1);
            if *wanted > possible {
                results.remark(format!(
                    "Only {possible} instead of {wanted} {what}: this process may open {files} files (raise it with ulimit -n)."
                ));
                *wanted = possible;
            }
        }
    }
}

/// What somebody asked for.
#[derive(Clone, Debug)]
pub struct Order {
    /// How much.
    pub plan: Plan,
    /// Where the servers come from.
    pub stable: Stable,
    /// Workloads by name; all if empty.
    pub only: Vec<String>,
    /// Contenders by name; all that are there if empty.
    pub against: Vec<String>,
    /// Where results are written.
    pub out: Option<PathBuf>,
}

/// After this long nothing new is begun: a whole run takes less than ten minutes, on a busy machine as well.
const ENOUGH: Duration = Duration::from_secs(480);

const STEPS: [(&[&str], &str); 7] = [
    (&["W0"], "W0: two whole members"),
    (&["W1"], "W1: a flood in one room"),
    (&["W2", "W7"], "W2: many rooms"),
    (&["W3"], "W3: idle members"),
    (&["W4"], "W4: joins"),
    (&["W5", "W7"], "W5: one large room"),
    (&["W6"], "W6: one that does not read"),
];
const WORKLOADS: [&str; 8] = ["W0", "W1", "W2", "W3", "W4", "W5", "W6", "W7"];

/// Runs everything that was asked for and can run, prints the table and returns whether all goals were met.
///
/// # Errors
/// Where an order makes no sense or our own relay cannot run, with one sentence.
pub async fn execute(mut order: Order) -> Result<report::Verdict> {
    let began = Instant::now();
    for name in &order.only {
        if !WORKLOADS.contains(&name.as_str()) {
            bail!(
                "There is no workload {name}: there are {}.",
                WORKLOADS.join(", ")
            );
        }
    }
    let mut results = Results::default();
    let who = contenders(&order, &mut results)?;
    order.plan.fit(open_files(), who.len(), &mut results);
    hold_to(order.stable.cores.load);
    let (plan, stable) = (&order.plan, &order.stable);
    let wanted = |names: &[&str]| {
        order.only.is_empty() || order.only.iter().any(|name| names.contains(&name.as_str()))
    };
    let ours = who.contains(&Contender::Roomkey);
    for (names, what) in STEPS {
        if !wanted(names) || (!ours && ["W0", "W6"].contains(&names[0])) {
            continue;
        }
        if began.elapsed() > ENOUGH {
            results.remark(format!("{what} was left out: the run took too long. Free the machine, or choose with --only."));
            continue;
        }
        eprint_step(what);
        let done = match names[0] {
            "W0" => whole(plan, stable, &mut results).await,
            "W1" => flood::run(plan, stable, &who, &mut results).await,
            "W2" => rooms::run(plan, stable, &who, &mut results).await,
            "W3" => idle::run(plan, stable, &who, &mut results).await,
            "W4" => join::run(plan, stable, &who, &mut results).await,
            "W5" => large::run(plan, stable, &who, &mut results).await,
            _ => stalled::run(plan, stable, &mut results).await,
        };
        // One workload that cannot run costs nobody the others.
        if let Err(error) = done {
            results.remark(format!("{}: {error:#}", names[0]));
        }
    }
    let verdict = report::finish(&order, &who, &results, began.elapsed())?;
    Ok(verdict)
}

#[expect(clippy::print_stderr, reason = "somebody waits for minutes")]
fn eprint_step(step: &str) {
    eprintln!("{step}");
}

fn contenders(order: &Order, results: &mut Results) -> Result<Vec<Contender>> {
    for name in &order.against {
        if Contender::ALL.iter().all(|one| one.name() != name) {
            let names: Vec<&str> = Contender::ALL.iter().map(|one| one.name()).collect();
            bail!(
                "There is no contender {name}: there are {}.",
                names.join(", ")
            );
        }
    }
    let mut who = Vec::new();
    for contender in Contender::ALL {
        if !order.against.is_empty() && order.against.iter().all(|name| name != contender.name()) {
            continue;
        }
        match order.stable.obstacle(contender) {
            None => who.push(contender),
            Some(obstacle) => results.remark(obstacle),
        }
    }
    if who.is_empty() {
        bail!("{}", results.remarks.join(" "));
    }
    Ok(who)
}

/// W0: two sessions with everything that a member computes.
async fn whole(plan: &Plan, stable: &Stable, results: &mut Results) -> Result<()> {
    let server = stable.start(Contender::Roomkey).await?;
    let salt = life::salt(server.address).await?;
    let count = if plan.is_smoke { 3 } else { 300 };
    let latency = life::converse(server.address, salt, count).await?;
    results.add("W0", Contender::Roomkey, "p50 ms", latency.p50);
    results.add("W0", Contender::Roomkey, "p99 ms", latency.p99);
    Ok(())
}
