//! What the relay must reach, as ratios within one run.

use super::curve::{Growth, growth};
use crate::server::Contender;
use crate::workload::Results;

/// One goal and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Goal {
    /// In words, with the bound.
    pub what: &'static str,
    /// What was measured.
    pub figure: Option<f64>,
    /// `None` where it could not be measured.
    pub met: Option<bool>,
    /// Digits worth showing.
    pub decimals: usize,
}

impl Goal {
    /// The figure for people.
    pub fn shown(&self) -> String {
        match self.figure {
            None => "–".to_owned(),
            Some(figure) => format!("{figure:.*}", self.decimals),
        }
    }
}

fn at_least(what: &'static str, bound: f64, figure: Option<f64>) -> Goal {
    Goal {
        what,
        figure,
        met: figure.map(|figure| figure >= bound),
        decimals: 2,
    }
}

fn at_most(what: &'static str, bound: f64, figure: Option<f64>) -> Goal {
    Goal {
        what,
        figure,
        met: figure.map(|figure| figure <= bound),
        decimals: 2,
    }
}

/// All goals.
pub fn judge(results: &Results) -> Vec<Goal> {
    const COST: &str = "cpu us/delivery";
    let ours = |workload, measure| results.median(workload, Contender::Roomkey, measure);
    // What a core can do in a second is the reciprocal of what one delivery costs it.
    let per_core = |workload, theirs| results.ratio(workload, theirs, COST).map(|cost| 1.0 / cost);
    let joins = |kind: &str, theirs| {
        let name = |kind: &str| format!("{kind} cpu us/join");
        let ours = results.median("W4", Contender::Roomkey, &name(kind))?;
        Some(results.median("W4", theirs, &name("new"))? / ours)
    };
    let rsa = ours("W4", "rsa operation us").zip(ours("W4", "new cpu us/join"));
    let whole = |figure: Option<f64>, mut goal: Goal| {
        goal.decimals = 0;
        goal.figure = figure;
        goal
    };
    let memory = ours("W3", "bytes/idle member");
    let grown = ours("W6", "memory grown KiB");
    let cut = ours("W6", "stalled one cut");
    let lost = ["W1", "W2", "W5", "W6"]
        .into_iter()
        .filter_map(|workload| ours(workload, "lost"))
        .reduce(|a, b| a + b);
    vec![
        at_least(
            "W1 deliveries/s/core ≥ 0.40 × unsealed floor",
            0.40,
            per_core("W1", Contender::Gathered),
        ),
        at_least(
            "W1 deliveries/s/core ≥ NATS, which seals nothing",
            1.0,
            per_core("W1", Contender::Nats),
        ),
        at_least(
            "W2 messages/s in time ≥ 0.6 × floor",
            0.6,
            results.ratio("W2", Contender::Gathered, "messages/s, p99 < 50 ms"),
        ),
        at_most(
            "W2 CPU per delivery ≤ 1.7 × floor",
            1.7,
            results.ratio("W2", Contender::Gathered, COST),
        ),
        whole(
            memory,
            at_most("W3 bytes per idle member ≤ 14336", 14_336.0, memory),
        ),
        at_least(
            "W4 new joins/s/core ≥ 0.8 × what RSA allows",
            0.8,
            rsa.map(|(rsa, join)| rsa / join),
        ),
        at_least(
            "W4 resumed joins/s/core ≥ 0.3 × floor",
            0.3,
            joins("resumed", Contender::Gathered),
        ),
        at_most(
            "W5 p99 ≤ 1.5 × floor",
            1.5,
            results.ratio("W5", Contender::Gathered, "p99 ms"),
        ),
        at_least(
            "W6 others' throughput ≥ 0.9 × without a stalled member",
            0.9,
            ours("W6", "others, ratio of rates"),
        ),
        whole(
            grown,
            at_most("W6 memory grown by ≤ 4096 KiB meanwhile", 4096.0, grown),
        ),
        whole(cut, at_least("W6 the stalled one is cut", 1.0, cut)),
        at_most(
            "W7 CPU per delivery grows with 100 × the rooms ≤ 1.2 × floor's",
            1.2,
            beside_the_floor(results, Growth::Rooms),
        ),
        at_most(
            "W7 CPU per delivery grows with 100 × the members ≤ 1.2 × floor's",
            1.2,
            beside_the_floor(results, Growth::Members),
        ),
        whole(lost, at_most("nothing lost", 0.0, lost)),
    ]
}

/// How much dearer a delivery becomes here, over how much dearer it becomes for a server that does nothing but write: a
/// thousand sockets are in nobody's cache.
fn beside_the_floor(results: &Results, which: Growth) -> Option<f64> {
    let ours = growth(results, Contender::Roomkey, which)?;
    Some(ours / growth(results, Contender::Gathered, which)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_for_the_floor_as_well_is_not_held_against_the_relay() {
        let mut results = Results::default();
        for (rooms, ours, floor) in [(10, 10.0, 8.0), (1000, 15.0, 12.0)] {
            let measure = format!("cpu us/delivery, {rooms} rooms");
            results.add("W7", Contender::Roomkey, &measure, ours);
            results.add("W7", Contender::Gathered, &measure, floor);
        }
        assert_eq!(beside_the_floor(&results, Growth::Rooms), Some(1.0));
        assert_eq!(beside_the_floor(&results, Growth::Members), None);
    }

    #[test]
    fn a_lost_message_is_a_goal_missed() {
        let mut results = Results::default();
        results.add("W2", Contender::Roomkey, "lost", 1.0);
        let goals = judge(&results);
        let lost = goals.iter().find(|goal| goal.what == "nothing lost");
        assert_eq!(lost.and_then(|goal| goal.met), Some(false));
    }
}
