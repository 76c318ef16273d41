//! Loads the second module, when the first message needs it.

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::cleaner::Module;

#[wasm_bindgen]
extern "C" {
    /// `import()` is syntax and not a function, so the boot script wraps it.
    #[wasm_bindgen(js_namespace = roomkey, js_name = sanitizer, catch)]
    fn import(attempt: u32) -> Result<Promise, JsValue>;

    /// What the import gives: the module's exports.
    type Exports;
    #[wasm_bindgen(method)]
    fn render(this: &Exports, text: &str, filters: u8) -> Vec<u8>;
    #[wasm_bindgen(method)]
    fn render_formatted(this: &Exports, text: &str, filters: u8) -> Vec<u8>;
}

struct Loaded(Exports);

impl Module for Loaded {
    fn render(&self, text: &str, filters: u8) -> Vec<u8> {
        self.0.render(text, filters)
    }

    fn render_formatted(&self, text: &str, filters: u8) -> Vec<u8> {
        self.0.render_formatted(text, filters)
    }
}

/// Fetches and starts the module. `attempt` counts from 0.
pub(crate) async fn load(attempt: u32) -> Result<Box<dyn Module>, JsValue> {
    let exports = JsFuture::from(import(attempt)?).await?;
    if !Reflect::get(&exports, &"render".into())?.is_function() {
        return Err(JsValue::NULL);
    }
    Ok(Box::new(Loaded(exports.unchecked_into())))
}
