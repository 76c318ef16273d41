//! A second secret that led to an empty room: most likely a wrong one.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::clock::{left, use_now};
use super::focus::use_focus;
use super::secret_field::SecretField;
use crate::handle::Handle;
use crate::state::Doubt;
use crate::words::{count, fill, life, words};

/// What [`SecretDoubt`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct SecretDoubtProps {
    /// How many tries are left.
    pub doubt: Doubt,
}

/// The field again, with the focus in it, and the tries that are left.
#[component]
pub fn SecretDoubt(props: &SecretDoubtProps) -> Html {
    let life = life();
    let handle = use_context::<Handle>();
    let input = use_node_ref();
    use_focus(&input);
    let second = use_state_eq(String::new);
    let pause = props.doubt.pause;
    let now = use_now(pause.is_some());
    let rest = pause
        .map(|until| until.saturating_sub(now))
        .filter(|rest| !rest.is_zero());
    let ontext = {
        let second = second.clone();
        Callback::from(move |text: String| second.set(text))
    };
    let may = rest.is_none()
        && handle
            .as_ref()
            .is_some_and(|handle| handle.is_secret(&second));
    let onsubmit = {
        let (handle, second) = (handle.clone(), second.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(handle) = handle.as_ref().filter(|_| may) {
                handle.try_secret((*second).clone());
            }
        })
    };
    let press = |action: fn(&Handle)| {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                action(handle);
            }
        })
    };
    let tries = match rest {
        Some(rest) => fill(life.secret_pause, &[("t", &left(rest))]),
        None if pause.is_some() => life.secret_once.to_owned(),
        None => {
            let tries = usize::try_from(props.doubt.left).unwrap_or(usize::MAX);
            count(tries, life.secret_left_one, life.secret_left_many)
        }
    };
    html! {
        <form class="invited-actions shake" {onsubmit} novalidate={true}>
            <SecretField label={life.secret_label} value={(*second).clone()} {ontext} trouble={AttrValue::from(tries)} {input} />
            <Button weight={Weight::Primary} class="button-wide button-large" submits={true}>{ words().try_again }</Button>
            <Button class="button-wide" onclick={press(Handle::enter)}>{ life.secret_open }</Button>
            <Button weight={Weight::Quiet} class="button-wide" onclick={press(Handle::cancel)}>{ words().cancel }</Button>
        </form>
    }
}
