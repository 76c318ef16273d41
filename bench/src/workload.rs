//! What is done to a server. Each workload adds its figures to the [`Results`].

pub mod flood;
pub mod idle;
pub mod join;
pub mod large;
pub mod rooms;
pub mod stalled;

use std::collections::BTreeMap;

use crate::server::Contender;
use crate::stats::median;

/// What a figure is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// `W1` to `W7`.
    pub workload: &'static str,
    /// Whose it is.
    pub contender: Contender,
    /// Its name and unit.
    pub measure: String,
}

/// Every figure of a run, one for each repetition.
#[derive(Clone, Debug, Default)]
pub struct Results {
    /// In the order of workloads.
    pub figures: BTreeMap<Key, Vec<f64>>,
    /// Sentences about what could not be measured.
    pub remarks: Vec<String>,
}

impl Results {
    /// Adds a figure, if there is one.
    pub fn add(
        &mut self,
        workload: &'static str,
        contender: Contender,
        measure: &str,
        figure: impl Into<Option<f64>>,
    ) {
        if let Some(figure) = figure.into() {
            let key = Key {
                workload,
                contender,
                measure: measure.to_owned(),
            };
            self.figures.entry(key).or_default().push(figure);
        }
    }

    /// Adds what every window has.
    pub fn add_window(
        &mut self,
        workload: &'static str,
        contender: Contender,
        window: &crate::crowd::Window,
    ) {
        self.add(workload, contender, "deliveries/s", window.rate());
        self.add(workload, contender, "cpu us/delivery", window.cost());
        self.add(workload, contender, "lost", window.lost as f64);
        self.add(workload, contender, "load's own core, busy", window.busy);
        if let Some(latency) = window.latency {
            self.add(workload, contender, "p50 ms", latency.p50);
            self.add(workload, contender, "p99 ms", latency.p99);
            self.add(workload, contender, "p99.9 ms", latency.p999);
        }
    }

    /// The median of a figure over the repetitions.
    pub fn median(
        &self,
        workload: &'static str,
        contender: Contender,
        measure: &str,
    ) -> Option<f64> {
        let key = Key {
            workload,
            contender,
            measure: measure.to_owned(),
        };
        median(self.figures.get(&key)?.iter().copied())
    }

    /// Ours divided by theirs.
    pub fn ratio(&self, workload: &'static str, theirs: Contender, measure: &str) -> Option<f64> {
        let ours = self.median(workload, Contender::Roomkey, measure)?;
        Some(ours / self.median(workload, theirs, measure)?)
    }

    /// Adds a sentence.
    pub fn remark(&mut self, sentence: impl Into<String>) {
        self.remarks.push(sentence.into());
    }
}
