//! A second secret: typed where a link asks for it, and slowed down where it may be a wrong one.

use std::rc::Rc;
use std::time::Duration;

use crypto::kdf::SecondSecret;

use super::{Key, Shell};
use crate::browser;
use crate::state::{Doubt, Options};

/// So many tries are free.
const FREE: u32 = 5;
/// The first pause; each further wrong try doubles it.
const PAUSE: Duration = Duration::from_secs(30);
/// No pause is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(3_600);

/// The tries that led to an empty room.
#[derive(Default)]
pub(super) struct Doubts {
    tries: u32,
    pause: Option<Duration>,
}

impl Doubts {
    /// One more.
    pub(super) fn wrong(&mut self, now: Duration) -> Doubt {
        self.tries += 1;
        let over = self.tries.checked_sub(FREE);
        self.pause = over.map(|over| {
            let pause = PAUSE.saturating_mul(1 << over.min(16));
            now + pause.min(LONGEST_PAUSE)
        });
        Doubt {
            left: FREE.saturating_sub(self.tries),
            pause: self.pause,
        }
    }

    fn may_try(&self, now: Duration) -> bool {
        self.pause.is_none_or(|until| until <= now)
    }
}

impl Shell {
    /// Joins the room of a link, with its second secret if it has one.
    pub(super) fn join(self: &Rc<Self>, your_name: String, second: &str) {
        self.use_secret(second);
        self.press(your_name, false, Options::default());
    }

    /// Knocks at the same door with another second secret.
    pub(super) fn try_secret(self: &Rc<Self>, second: &str) {
        let entry = {
            let inner = self.inner.borrow();
            let may = inner.doubts.may_try(browser::wall());
            inner.entry.clone().filter(|_| may)
        };
        let Some(entry) = entry else { return };
        self.hang_up();
        self.inner.borrow_mut().waits = entry.saved;
        self.use_secret(second);
        self.press(entry.your_name, false, entry.options);
    }

    fn use_secret(&self, second: &str) {
        let mut inner = self.inner.borrow_mut();
        if inner.room.as_ref().is_some_and(|room| room.second) {
            inner.second = SecondSecret::parse(second);
            inner.key = Key::None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_tries_are_free_and_then_each_costs_twice_the_time() {
        let mut doubts = Doubts::default();
        let now = Duration::from_secs(1_000);
        let left: Vec<_> = (0..4).map(|_| doubts.wrong(now).left).collect();
        assert_eq!(left, [4, 3, 2, 1]);
        assert!(doubts.may_try(now));
        let pauses: Vec<_> = (0..9)
            .map(|_| doubts.wrong(now).pause.expect("a pause") - now)
            .map(|pause| pause.as_secs())
            .collect();
        assert_eq!(pauses, [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
        assert!(!doubts.may_try(now));
        assert!(doubts.may_try(now + LONGEST_PAUSE));
    }
}
