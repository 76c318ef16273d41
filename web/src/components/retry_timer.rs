//! Another try in a while, with the seconds counted down.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::clock::use_now;
use crate::words::{fill, life};

/// How long to wait, in seconds: long enough for a crowd at a door not to become a storm.
const WAIT: u32 = 20;

/// What [`RetryTimer`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct RetryTimerProps {
    /// The time has come.
    pub onretry: Callback<()>,
}

/// A line that counts down and then tries again.
#[component]
pub fn RetryTimer(props: &RetryTimerProps) -> Html {
    let now = use_now(true).as_secs();
    let start = use_mut_ref(|| None::<u64>);
    {
        let onretry = props.onretry.clone();
        use_effect_with((), move |()| {
            let timer = Timeout::new(WAIT * 1_000, move || onretry.emit(()));
            move || drop(timer)
        });
    }
    let since = now.saturating_sub(*start.borrow_mut().get_or_insert(now));
    let rest = u64::from(WAIT).saturating_sub(since);
    html! {
        <p class="soft small nowrap" role="timer">{ fill(life().retry_in, &[("n", &rest.to_string())]) }</p>
    }
}
