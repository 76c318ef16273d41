//! A queue that most often holds one parcel or none, which then needs no memory of its own.

use std::collections::VecDeque;

use super::Parcel;

/// See the module's description.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    first: Option<Parcel>,
    /// Empty while there is no first.
    rest: VecDeque<Parcel>,
}

impl Queue {
    pub(crate) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.rest.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    pub(crate) fn push_back(&mut self, parcel: Parcel) {
        if self.first.is_none() {
            self.first = Some(parcel);
        } else {
            self.rest.push_back(parcel);
        }
    }

    /// The oldest. Whoever takes the last one gives back what the queue has grown to.
    pub(crate) fn pop_front(&mut self) -> Option<Parcel> {
        let oldest = self.first.take()?;
        self.first = self.rest.pop_front();
        if self.first.is_none() {
            self.rest = VecDeque::new();
        }
        Some(oldest)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Parcel> {
        self.first.iter().chain(&self.rest)
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&Parcel) -> bool) {
        self.rest.retain(&mut keep);
        self.first = self.first.take().filter(keep);
        if self.first.is_none() {
            self.first = self.rest.pop_front();
        }
    }
}

impl IntoIterator for Queue {
    type Item = Parcel;
    type IntoIter = std::iter::Chain<
        std::option::IntoIter<Parcel>,
        std::collections::vec_deque::IntoIter<Parcel>,
    >;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter().chain(self.rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(lengths: impl IntoIterator<Item = usize>) -> Queue {
        let mut queue = Queue::default();
        for length in lengths {
            queue.push_back(Parcel::Record(vec![0; length].into()));
        }
        queue
    }

    fn lengths(queue: &Queue) -> Vec<usize> {
        queue.iter().map(Parcel::weight).collect()
    }

    #[test]
    fn what_went_in_first_comes_out_first_whatever_was_dropped_meanwhile() {
        for kept in [0..5, 1..5, 2..3, 4..5, 5..5] {
            let mut queue = queue(0..5);
            queue.retain(|parcel| kept.contains(&parcel.weight()));
            assert_eq!(lengths(&queue), kept.clone().collect::<Vec<_>>());
            assert_eq!(queue.len(), kept.len());
            queue.push_back(Parcel::Record(vec![0; 9].into()));
            for expected in kept.clone().chain([9]) {
                let parcel = queue.pop_front();
                assert_eq!(parcel.map(|parcel| parcel.weight()), Some(expected));
            }
            assert!(queue.is_empty() && queue.pop_front().is_none());
        }
        let all: Vec<_> = queue(0..3).into_iter().map(|one| one.weight()).collect();
        assert_eq!(all, [0, 1, 2]);
    }
}
