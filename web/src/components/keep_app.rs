//! Whether the app itself stays on this device.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::handed;
use crate::words::talk;

/// The choice; nothing where the browser has none.
#[component]
pub fn KeepApp() -> Html {
    let words = talk();
    let is_kept = use_state_eq(|| None::<bool>);
    let failed = use_state_eq(|| false);
    {
        let is_kept = is_kept.clone();
        use_effect_with((), move |()| {
            spawn_local(async move { is_kept.set(handed::is_kept().await) });
        });
    }
    let Some(on) = *is_kept else {
        return Html::default();
    };
    let onchange = {
        let failed = failed.clone();
        Callback::from(move |_: Event| {
            let (is_kept, failed) = (is_kept.clone(), failed.clone());
            if on {
                handed::forget_app();
                is_kept.set(Some(false));
            } else {
                spawn_local(async move {
                    let worked = handed::keep_app().await;
                    is_kept.set(Some(worked));
                    failed.set(!worked);
                });
            }
        })
    };
    html! {
        <>
            <label class="choice">
                <input type="checkbox" checked={on} {onchange} />
                <span class="choice-title">{ words.keep_app }</span>
                <span class="choice-note">{ words.keep_app_note }</span>
            </label>
            if *failed {
                <p class="small" role="alert">{ words.keep_app_failed }</p>
            }
        </>
    }
}
