//! Where the keyboard is after something new has appeared.

use web_sys::HtmlElement;
use yew::prelude::*;

/// Puts the focus on an element once it is on the page, so that a screen reader starts there.
#[hook]
pub fn use_focus(target: &NodeRef) {
    let target = target.clone();
    use_effect_with((), move |()| {
        if let Some(element) = target.cast::<HtmlElement>() {
            let _ = element.focus();
        }
    });
}
