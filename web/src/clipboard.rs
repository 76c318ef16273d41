//! Copying, also where the modern interface is missing because the page came over plain http.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlTextAreaElement;

use crate::browser;

/// How long a copied link stays on the clipboard, where the browser lets a page decide that.
const LINK_STAYS_MS: u32 = 60_000;

/// Copies `text`. False if the person has to do it by hand.
pub(crate) async fn copy(text: &str) -> bool {
    if let Some(clipboard) = modern()
        && JsFuture::from(clipboard.write_text(text)).await.is_ok()
    {
        return true;
    }
    old_way(text).is_ok_and(|done| done)
}

/// Empties the clipboard after a minute, provided that `text` is what it still holds. Without
/// permission to look, that is certain only if nothing else can have been copied meanwhile.
pub(crate) fn clear_later(text: String) {
    let Some(clipboard) = modern() else { return };
    let untouched = Rc::new(Cell::new(true));
    let touch = |event: &'static str, flag: &Rc<Cell<bool>>| {
        let flag = Rc::clone(flag);
        EventListener::once(&browser::window(), event, move |_| flag.set(false))
    };
    let listeners = ["copy", "cut", "blur"].map(|event| touch(event, &untouched));
    wasm_bindgen_futures::spawn_local(async move {
        TimeoutFuture::new(LINK_STAYS_MS).await;
        drop(listeners);
        let ours = if may_read().await.unwrap_or(false) {
            let held = JsFuture::from(clipboard.read_text()).await;
            held.is_ok_and(|held| held.as_string().as_deref() == Some(text.as_str()))
        } else {
            untouched.get()
        };
        if ours {
            // Refused where the page is not in front; then the link stays, as the sheet says.
            let _ = JsFuture::from(clipboard.write_text("")).await;
        }
    });
}

/// The modern interface. Absent outside secure contexts, which the bindings do not know.
fn modern() -> Option<web_sys::Clipboard> {
    let navigator = browser::window().navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into()).ok()?;
    (!clipboard.is_undefined()).then(|| clipboard.unchecked_into())
}

async fn may_read() -> Option<bool> {
    let navigator = browser::window().navigator();
    let permissions = Reflect::get(&navigator, &"permissions".into()).ok()?;
    let query: Function = Reflect::get(&permissions, &"query".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let wanted = Object::new();
    Reflect::set(&wanted, &"name".into(), &"clipboard-read".into()).ok()?;
    let asked: Promise = query.call1(&permissions, &wanted).ok()?.dyn_into().ok()?;
    let answer = JsFuture::from(asked).await.ok()?;
    let state = Reflect::get(&answer, &"state".into()).ok()?;
    Some(state.as_string().as_deref() == Some("granted"))
}

fn old_way(text: &str) -> Result<bool, JsValue> {
    let document = browser::document();
    let body = document.body().ok_or(JsValue::NULL)?;
    // Inside an open dialog, only elements of that dialog can take the focus.
    let place = document
        .query_selector("dialog[open]")?
        .unwrap_or_else(|| body.into());
    let area: HtmlTextAreaElement = document.create_element("textarea")?.dyn_into()?;
    area.set_class_name("off-screen");
    area.set_read_only(true);
    area.set_value(text);
    let focused = document.active_element();
    place.append_child(&area)?;
    area.select();
    let command: Function = Reflect::get(&document, &"execCommand".into())?.dyn_into()?;
    let done = command.call1(&document, &"copy".into());
    area.remove();
    if let Some(focused) =
        focused.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
    {
        // The button that was pressed gets the focus back.
        let _ = focused.focus();
    }
    Ok(done?.is_truthy())
}

/// Whether the system has a share sheet.
pub(crate) fn can_share() -> bool {
    let navigator = browser::window().navigator();
    Reflect::get(&navigator, &"share".into()).is_ok_and(|share| share.is_function())
}

/// Opens the system's share sheet.
pub(crate) async fn share(link: &str) {
    let data = web_sys::ShareData::new();
    data.set_url(link);
    // Rejected when the person closes the sheet, which is an answer and no error.
    let _ = JsFuture::from(browser::window().navigator().share_with_data(&data)).await;
}
