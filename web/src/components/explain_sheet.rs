//! "How it works", for those who ask before they enter.

use yew::prelude::*;

use super::explanation::{explanation, limits};
use super::sheet::{Place, Sheet};
use crate::words::words;

/// What [`ExplainSheet`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct ExplainSheetProps {
    /// It asks to be closed.
    pub onclose: Callback<()>,
}

/// The sheet.
#[component]
pub fn ExplainSheet(props: &ExplainSheetProps) -> Html {
    html! {
        <Sheet title={words().how_it_works} place={Place::Middle} onclose={props.onclose.clone()}>
            <div class="shield">
                { explanation(None) }
                { limits() }
            </div>
        </Sheet>
    }
}
