//! Says "Copied" after an icon was pressed that copies.

use yew::prelude::*;

use crate::contexts::CopiedNow;
use crate::state::Copied;
use crate::words::words;

/// A short confirmation; takes no room while there is nothing to confirm.
#[component]
pub fn CopiedMark() -> Html {
    let CopiedNow(copied) = use_context::<CopiedNow>().unwrap_or_default();
    let words = words();
    html! {
        <span class="copied-mark" role="status">
            { match copied {
                Some(Copied::Failed) => words.copy_failed,
                Some(Copied::Link | Copied::Text) => words.copied,
                None => "",
            } }
        </span>
    }
}
