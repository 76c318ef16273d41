//! Numbers that follow from a seed: SplitMix64, which is enough to decide whose line is cut.

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Other dice that fall independently of these.
    pub(crate) fn split(&mut self) -> Self {
        Self(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From `from` up to, but not including, `to`.
    pub(crate) fn between(&mut self, from: u64, to: u64) -> u64 {
        // The ranges are tiny beside 2⁶⁴: no draw is noticeably favoured.
        from + self.next() % to.saturating_sub(from).max(1)
    }

    /// An index into something with `count` places.
    pub(crate) fn index(&mut self, count: usize) -> usize {
        let drawn = self.between(0, u64::try_from(count).unwrap_or(u64::MAX));
        usize::try_from(drawn).unwrap_or_default()
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.between(0, 100) < percent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_falls_the_same_way_and_another_one_differently() {
        let throw = |seed| {
            let mut dice = Dice::new(seed);
            (0..20).map(|_| dice.between(3, 9)).collect::<Vec<_>>()
        };
        assert_eq!(throw(7), throw(7));
        assert_ne!(throw(7), throw(8));
        assert!(throw(7).iter().all(|drawn| (3..9).contains(drawn)));
    }
}
