//! A text as a file on the person's own device.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

use crate::browser;

/// How long the browser gets to take the file, in milliseconds.
const PATIENCE_MS: u32 = 10_000;

/// Offers `text` as a file of this name and media type.
pub(crate) fn save(name: &str, kind: &str, text: &str) {
    // A browser that cannot do it does nothing, as it does for any link that it does not like.
    let _ = offer(name, kind, text);
}

fn offer(name: &str, kind: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link = browser::document().create_element("a")?;
    Reflect::set(&link, &"href".into(), &address.as_str().into())?;
    Reflect::set(&link, &"download".into(), &name.into())?;
    link.unchecked_into::<HtmlElement>().click();
    gloo_timers::callback::Timeout::new(PATIENCE_MS, move || {
        let _ = Url::revoke_object_url(&address);
    })
    .forget();
    Ok(())
}
