//! Medians and quantiles.

use std::time::Duration;

/// The middle one of some figures; of an even number the lower of the two.
pub fn median(figures: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = figures.into_iter().filter(|n| n.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}

/// How long deliveries took, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Latency {
    /// Half of them were quicker.
    pub p50: f64,
    /// 99 of 100 were quicker.
    pub p99: f64,
    /// 999 of 1,000 were quicker.
    pub p999: f64,
}

impl Latency {
    /// Of some durations; `None` of none.
    pub fn of(mut all: Vec<Duration>) -> Option<Self> {
        all.sort_unstable();
        let last = all.len().checked_sub(1)?;
        let at = |thousandths: usize| {
            let index = (last * thousandths).div_ceil(1000);
            all.get(index).map_or(0.0, |time| time.as_secs_f64() * 1e3)
        };
        Some(Self {
            p50: at(500),
            p99: at(990),
            p999: at(999),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_ignores_what_is_far_out() {
        assert_eq!(median([3.0, 1.0, 900.0]), Some(3.0));
        assert_eq!(median([4.0, 2.0]), Some(2.0));
        assert_eq!(median([]), None);
    }

    #[test]
    fn quantiles_are_of_the_sorted_times() {
        let times = (1..=1000).rev().map(Duration::from_millis).collect();
        let latency = Latency::of(times).unwrap();
        assert_eq!(
            (latency.p50, latency.p99, latency.p999),
            (501.0, 991.0, 1000.0)
        );
        assert_eq!(Latency::of(Vec::new()), None);
    }
}
