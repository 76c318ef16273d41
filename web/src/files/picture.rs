//! A picture from somebody else is shown only as this page draws it anew: its header decides whether it is decoded at
//! all, the browser decodes it, and what goes on the screen are pixels that a canvas has written down again.

use client::picture;
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

use crate::browser;

/// The most pixels on a side of what is shown.
const SHOWN: f64 = 1600.0;

/// The picture in `bytes`, which begin with `head`, drawn anew. `None`: it is none. `Some(None)`: it is one that cannot be decoded safely.
pub(super) async fn draw(bytes: &Blob, head: &[u8]) -> Option<Option<Blob>> {
    picture::kind(head)?;
    match picture::head(head) {
        Some(head) if head.is_reasonable() => Some(redraw(bytes).await.ok()),
        _ => Some(None),
    }
}

async fn redraw(bytes: &Blob) -> Result<Blob, JsValue> {
    let decoded = browser::window().create_image_bitmap_with_blob(bytes)?;
    let decoded: ImageBitmap = JsFuture::from(decoded).await?.dyn_into()?;
    let (width, height) = (f64::from(decoded.width()), f64::from(decoded.height()));
    let scale = (SHOWN / width.max(height)).min(1.0);
    let canvas: HtmlCanvasElement = browser::document().create_element("canvas")?.dyn_into()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and 1600"
    )]
    let side = |pixels: f64| (pixels * scale).round().max(1.0) as u32;
    canvas.set_width(side(width));
    canvas.set_height(side(height));
    let context = canvas.get_context("2d")?.ok_or(JsValue::NULL)?;
    let context: CanvasRenderingContext2d = context.dyn_into()?;
    context.draw_image_with_image_bitmap_and_dw_and_dh(
        &decoded,
        0.0,
        0.0,
        f64::from(canvas.width()),
        f64::from(canvas.height()),
    )?;
    decoded.close();
    let mut written = |resolve: Function, reject: Function| {
        if let Err(error) = canvas.to_blob_with_type(&resolve, "image/webp") {
            let _ = reject.call1(&JsValue::NULL, &error);
        }
    };
    JsFuture::from(Promise::new(&mut written)).await?.dyn_into()
}
