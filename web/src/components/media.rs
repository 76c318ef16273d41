//! What the window looks like: wide or narrow, and how much of it a phone's keyboard leaves.

use yew::prelude::*;

/// From this width on the people list and the drawer stand beside the conversation.
pub const WIDE: &str = "(min-width: 62rem)";

/// Whether a media query holds now.
#[cfg(target_arch = "wasm32")]
pub fn media(query: &str) -> bool {
    list(query).is_some_and(|list| list.matches())
}

/// Tests on the host have a wide window.
#[cfg(not(target_arch = "wasm32"))]
pub fn media(query: &str) -> bool {
    query == WIDE
}

/// Whether the window is wide, kept up to date.
#[hook]
pub fn use_wide() -> bool {
    let is_wide = use_state_eq(|| media(WIDE));
    {
        let is_wide = is_wide.clone();
        use_effect_with((), move |()| {
            let listener = list(WIDE).map(|list| {
                let target = list.clone();
                gloo_events::EventListener::new(&target, "change", move |_| {
                    is_wide.set(list.matches())
                })
            });
            move || drop(listener)
        });
    }
    *is_wide
}

/// Keeps the height that is really visible in a custom property of the page, for browsers whose
/// keyboard covers the page instead of making it shorter.
#[hook]
pub fn use_visible_height() {
    use_effect_with((), move |()| {
        let viewport = web_sys::window().and_then(|window| window.visual_viewport());
        let listener = viewport.map(|viewport| {
            let target = viewport.clone();
            gloo_events::EventListener::new(&target, "resize", move |_| {
                set_visible_height(Some((viewport.height() * viewport.scale()) as i32));
            })
        });
        move || {
            drop(listener);
            set_visible_height(None);
        }
    });
}

fn set_visible_height(pixels: Option<i32>) {
    let root = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element());
    let Some(style) =
        root.and_then(|root| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(root).ok())
    else {
        return;
    };
    let style = style.style();
    let _ = match pixels {
        Some(pixels) => style.set_property("--visible-height", &format!("{pixels}px")),
        None => style.remove_property("--visible-height").map(|_| ()),
    };
}

fn list(query: &str) -> Option<web_sys::MediaQueryList> {
    web_sys::window().and_then(|window| window.match_media(query).ok().flatten())
}
