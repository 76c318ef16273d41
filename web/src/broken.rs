//! What a person sees when the app itself has failed: a sentence and a way on, not a dead screen.

use std::panic;

use wasm_bindgen::JsValue;

use crate::browser;

/// From here on a panic uncovers the page's `#broken` section, which is plain HTML.
pub fn watch() {
    panic::set_hook(Box::new(|info| {
        // The place only: a message could quote what somebody wrote.
        let place = info
            .location()
            .map_or_else(String::new, ToString::to_string);
        web_sys::console::error_2(
            &JsValue::from_str("Roomkey stopped at"),
            &JsValue::from_str(&place),
        );
        let document = browser::document();
        if let Some(app) = document.get_element_by_id("app") {
            // Not only hidden: the last screen may hold what nobody should go on reading.
            app.remove();
        }
        if let Some(broken) = document.get_element_by_id("broken") {
            let _ = broken.remove_attribute("hidden");
        }
    }));
}
