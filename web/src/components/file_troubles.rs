//! Files that are being read, and files that could not be offered.

use yew::prelude::*;

use super::button::{Button, Weight};
use crate::contexts::Dispatch;
use crate::shared::Shared;
use crate::state::{Action, FileAction, Files};
use crate::words::{files, fill};

/// Sentences above the composer, until they are read.
#[component]
pub fn FileTroubles() -> Html {
    let words = files();
    let known = use_context::<Shared<Files>>().unwrap_or_default();
    let dispatch = use_context::<Dispatch>();
    let onread = Callback::from(move |_: MouseEvent| {
        if let Some(dispatch) = &dispatch {
            dispatch.dispatch(Action::File(FileAction::TroublesRead));
        }
    });
    html! {
        <div class="file-troubles" role="status">
            if let Some(name) = &known.preparing {
                <p>{ fill(words.preparing, &[("name", name)]) }</p>
            }
            if !known.troubles.is_empty() {
                { for known.troubles.iter().map(|sentence| html! { <p class="is-bad">{ sentence }</p> }) }
                <Button weight={Weight::Link} onclick={onread}>{ words.dismiss }</Button>
            }
        </div>
    }
}
