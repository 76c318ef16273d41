//! The time of day, as something that changes.

use std::time::Duration;

use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::browser;

/// The time of day since the Unix epoch, renewed every `every`. For countdowns and "2 minutes
/// ago"; use it in the smallest component that shows it, because it draws that again each time.
#[hook]
pub fn use_now(every: Duration) -> Duration {
    let now = use_state_eq(browser::wall);
    let ticking = now.clone();
    use_effect_with(every, move |every| {
        let milliseconds = u32::try_from(every.as_millis()).unwrap_or(u32::MAX).max(50);
        let interval = Interval::new(milliseconds, move || ticking.set(browser::wall()));
        move || drop(interval)
    });
    *now
}
