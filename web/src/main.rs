//! The app's entry: a readable page should anything break, then the app.

use roomkey_web::app::App;
use std::alloc::System;
use zeroizing_alloc::ZeroAlloc;

/// What is given back is overwritten first: after a room has been left, no word of it lies about.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() {
    roomkey_web::broken::watch();
    if let Some(root) = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id("app"))
    {
        root.set_text_content(None);
        yew::Renderer::<App>::with_root(root).render();
    }
}
