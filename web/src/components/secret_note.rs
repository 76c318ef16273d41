//! A word beside every way to pass a room on whose link is not enough.

use yew::prelude::*;

use crate::words::life;

/// The word, if `link` is that of a room with a second secret.
pub fn secret_note(link: &str) -> Html {
    if link.contains("#/s/") {
        html! { <p class="soft small">{ life().secret_share }</p> }
    } else {
        Html::default()
    }
}
