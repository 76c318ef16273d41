//! Panic: everything gone at once, without a question.

use std::time::Duration;

use wasm_bindgen::prelude::wasm_bindgen;

use super::Shell;
use crate::{browser, device};

/// Escape pressed this often is a call for help.
const PRESSES: usize = 3;
/// But only if it was this quick: closing three sheets in a row is not.
const WITHIN: Duration = Duration::from_millis(1_200);

#[wasm_bindgen]
extern "C" {
    /// Overwrites the memory that this very code lives in, so the boot script does it.
    #[wasm_bindgen(js_namespace = roomkey, js_name = panic)]
    fn vanish();
}

/// The last few times at which Escape was pressed.
#[derive(Default)]
pub(super) struct Escapes([Option<Duration>; PRESSES - 1]);

impl Escapes {
    /// Notes a press. True if it completes a call for help.
    pub(super) fn press(&mut self, at: Duration) -> bool {
        let first = self.0[0];
        self.0.rotate_left(1);
        self.0[PRESSES - 2] = Some(at);
        first.is_some_and(|first| at.saturating_sub(first) <= WITHIN)
    }
}

impl Shell {
    /// Leaves, wipes the keys, this tab's storage and the screen, and puts a blank page in the
    /// place of this one.
    pub(super) fn panic(&self) {
        browser::veil(true);
        // Nothing of this page is to be woken any more, least of all to keep something.
        self.listeners.borrow_mut().clear();
        self.with_session(|session, now| session.leave(now));
        self.forget_room();
        device::forget();
        self.cleaner.forget();
        vanish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help_after(milliseconds: &[u64]) -> bool {
        let mut escapes = Escapes::default();
        let presses = milliseconds.iter().map(|at| Duration::from_millis(*at));
        presses
            .map(|at| escapes.press(at))
            .last()
            .unwrap_or_default()
    }

    #[test]
    fn three_quick_presses_are_a_call_for_help_and_two_or_slow_ones_are_not() {
        assert!(help_after(&[5_000, 5_400, 5_900]));
        assert!(!help_after(&[5_000, 5_400]));
        assert!(!help_after(&[5_000, 6_000, 7_000]));
        assert!(help_after(&[1_000, 5_000, 5_300, 5_600]));
    }
}
