//! A word before the room closes.

use std::rc::Rc;
use std::time::Duration;

use gloo_timers::callback::Timeout;

use super::Shell;
use crate::browser;
use crate::state::{Action, Notice};

/// How many minutes before the end something is said.
const MINUTES: [u8; 2] = [5, 1];

impl Shell {
    /// Arms the warnings of a room that closes at `closes_at` (wall clock).
    pub(super) fn warn_before(self: &Rc<Self>, closes_at: Option<Duration>) {
        let now = browser::wall();
        let timers = MINUTES.into_iter().filter_map(|minutes| {
            let wait = wait(closes_at?, now, minutes)?;
            let weak = Rc::downgrade(self);
            Some(Timeout::new(wait, move || {
                if let Some(shell) = weak.upgrade() {
                    shell.send(Action::Notice {
                        notice: Notice::ClosesSoon { minutes },
                        at: browser::wall(),
                    });
                }
            }))
        });
        self.inner.borrow_mut().warnings = timers.collect();
    }
}

/// Milliseconds until there are `minutes` left; `None` if there are fewer already.
fn wait(closes_at: Duration, now: Duration, minutes: u8) -> Option<u32> {
    let rest = closes_at.checked_sub(now)?;
    let wait = rest.checked_sub(Duration::from_secs(60 * u64::from(minutes)))?;
    u32::try_from(wait.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_armed_only_while_there_is_more_time_than_it_speaks_of() {
        let at = Duration::from_secs;
        assert_eq!(wait(at(1_000), at(400), 5), Some(300_000));
        assert_eq!(wait(at(1_000), at(700), 5), Some(0));
        assert_eq!(wait(at(1_000), at(701), 5), None);
        assert_eq!(wait(at(1_000), at(2_000), 1), None);
        // Farther away than a timer reaches: nobody keeps a tab open for two months.
        assert_eq!(wait(at(60 * 86_400), at(0), 1), None);
    }
}
