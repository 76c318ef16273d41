//! Which numbers of a sequence were taken already, for envelopes whose keys do not depend on their order.

use sorted::Set;

use crate::wire::DecodeError;
use crate::wire::codec::{Reader, Writer};

/// How many numbers are remembered.
const REMEMBERED: usize = 256;

/// The highest numbers that were taken. However far the numbers jump, as they do when a tab is reloaded, what was sent
/// before the jump and comes after it is still known to be new.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Taken(Set<u32>);

impl Taken {
    /// Whether this number is new and not too far behind to know.
    pub(crate) fn is_new(&self, number: u32) -> bool {
        let is_known = self.0.len() < REMEMBERED || self.0.first() < Some(&number);
        is_known && !self.0.contains(&number)
    }

    pub(crate) fn take(&mut self, number: u32) {
        self.0.insert(number);
        if self.0.len() > REMEMBERED {
            self.0.pop_first();
        }
    }

    pub(crate) fn freeze(&self, writer: &mut Writer) {
        writer.u16(u16::try_from(self.0.len()).unwrap_or(u16::MAX));
        for number in &self.0 {
            writer.u32(*number);
        }
    }

    pub(crate) fn thaw(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let length = usize::from(reader.u16()?);
        if length > REMEMBERED {
            return Err(DecodeError::Invalid("numbers"));
        }
        let numbers = (0..length).map(|_| reader.u32());
        Ok(Self(numbers.collect::<Result<_, _>>()?))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_jump_makes_nothing_before_it_old() {
        let mut taken = Taken::default();
        for number in [0, 1, 3, 1_000_000] {
            taken.take(number);
        }
        assert!(taken.is_new(2) && taken.is_new(999));
        assert!(!taken.is_new(3) && !taken.is_new(1_000_000));
    }

    proptest! {
        #[test]
        fn no_number_is_taken_twice(
            numbers in prop::collection::vec(prop_oneof![0..400u32, 0..5_000u32, u32::MAX - 300..=u32::MAX], 1..600),
        ) {
            let (mut taken, mut all) = (Taken::default(), BTreeSet::new());
            for number in numbers {
                let newer = all.range(number..).count();
                prop_assert_eq!(taken.is_new(number), !all.contains(&number) && newer < REMEMBERED);
                if taken.is_new(number) {
                    taken.take(number);
                    all.insert(number);
                }
                let mut writer = Writer::with_capacity(8);
                taken.freeze(&mut writer);
                let bytes = writer.finish();
                prop_assert!(Taken::thaw(&mut Reader::new(&bytes)).is_ok_and(|thawed| thawed == taken));
            }
        }
    }
}
