//! A page without https says so.

use yew::prelude::*;

use super::icon::{Glyph, icon};
use crate::state::Page;
use crate::words::words;

/// The banner; nothing on a secure page.
#[component]
pub fn InsecureBanner() -> Html {
    let page = use_context::<Page>().unwrap_or_default();
    if page.secure {
        return Html::default();
    }
    let words = words();
    html! {
        <div class="banner" role="note">
            { icon(Glyph::Warning) }
            <details>
                <summary>{ words.insecure_title }</summary>
                <p>{ words.insecure_text }</p>
            </details>
        </div>
    }
}
