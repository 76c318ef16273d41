//! Where the keyboard is after something has appeared or gone.

use std::cell::RefCell;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::browser;

thread_local! {
    /// What had the focus before each sheet that was opened since none was open.
    static TRAIL: RefCell<Vec<HtmlElement>> = const { RefCell::new(Vec::new()) };
}

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

/// Something takes the focus for a while.
pub fn lend() {
    if let Some(holder) = holder() {
        TRAIL.with_borrow_mut(|trail| trail.push(holder));
    }
}

/// Something that had the focus is going: when it is gone and nothing else has it, it goes back to where it was before, or
/// to the composer where that is gone, too.
pub fn give_back() {
    Timeout::new(0, || {
        let holder = holder();
        if let Some(field) = holder.as_ref().filter(|it| it.tag_name() == "TEXTAREA") {
            // Chromium gives a closed dialog's focus back without the caret: keys would go nowhere.
            let _ = field.blur();
            let _ = field.focus();
        }
        if holder.is_none() {
            let before = TRAIL.with_borrow_mut(|trail| {
                while let Some(last) = trail.pop() {
                    if last.is_connected() && last.get_bounding_client_rect().width() > 0.0 {
                        return Some(last);
                    }
                }
                None
            });
            // In a room the composer, elsewhere whatever comes first.
            let first = |what| {
                let found = browser::document().query_selector(what).ok()??;
                found.dyn_into().ok()
            };
            let heir = before
                .or_else(|| first("textarea"))
                .or_else(|| first("main button"));
            if let Some(heir) = heir {
                let _ = heir.focus();
            }
        }
        if let Ok(None) = browser::document().query_selector("dialog[open]") {
            TRAIL.take();
        }
    })
    .forget();
}

/// What has the focus; a page always has it where nothing else does.
fn holder() -> Option<HtmlElement> {
    let element = browser::document().active_element()?;
    let element: HtmlElement = element.dyn_into().ok()?;
    (element.tag_name() != "BODY").then_some(element)
}
