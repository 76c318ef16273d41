//! What the boot script knows about this device: whether the app itself is kept on it, and what another app has shared.

use js_sys::Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

#[wasm_bindgen]
extern "C" {
    /// True or false; nothing where the browser cannot keep the app.
    #[wasm_bindgen(js_namespace = roomkey, js_name = keeps)]
    async fn keeps() -> JsValue;

    #[wasm_bindgen(js_namespace = roomkey, js_name = keep)]
    async fn keep() -> JsValue;

    #[wasm_bindgen(js_namespace = roomkey, js_name = forget)]
    fn forget();

    #[wasm_bindgen(js_namespace = roomkey, js_name = shared)]
    async fn shared(what: &str) -> JsValue;
}

/// Whether the app is kept on this device; `None` where it cannot be.
pub(crate) async fn is_kept() -> Option<bool> {
    keeps().await.as_bool()
}

/// Keeps the app on this device from now on, and says whether that worked.
pub(crate) async fn keep_app() -> bool {
    keep().await.is_truthy()
}

/// What was kept of the app goes.
pub(crate) fn forget_app() {
    forget();
}

/// The text that another app has shared, once.
pub(crate) async fn text() -> Option<String> {
    let text = shared("text").await.as_string()?;
    (!text.is_empty()).then_some(text)
}

/// The files that another app has shared, once.
pub(crate) async fn files() -> Vec<File> {
    let files = shared("files").await.dyn_into::<Array>();
    let files = files.iter().flat_map(Array::iter);
    files.filter_map(|file| file.dyn_into().ok()).collect()
}
