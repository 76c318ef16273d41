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

/// Keeps what a phone's keyboard leaves of the page in custom properties, for browsers whose keyboard covers the page
/// instead of making it shorter: its height, and how far down it begins.
#[hook]
pub fn use_visible_height() {
    use_effect_with((), move |()| {
        let viewport = web_sys::window().and_then(|window| window.visual_viewport());
        let listeners = viewport.map(|viewport| {
            ["resize", "scroll"].map(|kind| {
                let target = viewport.clone();
                let viewport = viewport.clone();
                gloo_events::EventListener::new(&target, kind, move |_| {
                    // Whoever zooms in moves about on a page that stays as it is.
                    let is_zoomed = viewport.scale() > 1.01;
                    let top = if is_zoomed {
                        0.0
                    } else {
                        viewport.offset_top()
                    };
                    set(HEIGHT, Some(viewport.height() * viewport.scale()));
                    set(TOP, Some(top));
                })
            })
        });
        move || {
            drop(listeners);
            set(HEIGHT, None);
            set(TOP, None);
        }
    });
}

const HEIGHT: &str = "--visible-height";
const TOP: &str = "--visible-top";

fn set(property: &str, pixels: Option<f64>) {
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
        Some(pixels) => style.set_property(property, &format!("{}px", pixels as i32)),
        None => style.remove_property(property).map(|_| ()),
    };
}

fn list(query: &str) -> Option<web_sys::MediaQueryList> {
    web_sys::window().and_then(|window| window.match_media(query).ok().flatten())
}
