//! Small questions to the browser: clocks, address bar, title.

use std::time::Duration;

use client::Now;
use wasm_bindgen::JsValue;
use web_sys::{Document, Window};

use crate::state::{Page, Settings};

/// The window. Panics outside a page, where nothing of this module makes sense.
pub(crate) fn window() -> Window {
    web_sys::window().expect("invariant: the app runs in a page")
}

/// The document.
pub(crate) fn document() -> Document {
    window()
        .document()
        .expect("invariant: a page has a document")
}

/// Both clocks.
pub(crate) fn now() -> Now {
    let mono = window()
        .performance()
        .map_or(0.0, |performance| performance.now());
    Now {
        wall: wall(),
        mono: milliseconds(mono),
    }
}

/// The time of day since the Unix epoch, by this browser's clock.
pub(crate) fn wall() -> Duration {
    milliseconds(js_sys::Date::now())
}

fn milliseconds(value: f64) -> Duration {
    Duration::try_from_secs_f64(value.max(0.0) / 1000.0).unwrap_or_default()
}

/// The facts about this page.
pub(crate) fn page() -> Page {
    Page {
        secure: window().is_secure_context(),
        online: window().navigator().on_line(),
        visible: !document().hidden(),
        focused: has_focus(),
        may_notify: crate::alert::permission(),
        cleaner: false,
        host: window().location().host().unwrap_or_default(),
    }
}

/// Whether what is typed now comes to this page.
pub(crate) fn has_focus() -> bool {
    document().has_focus().unwrap_or(true)
}

/// `location.pathname` and `location.hash`.
pub(crate) fn address() -> (String, String) {
    let location = window().location();
    (
        location.pathname().unwrap_or_default(),
        location.hash().unwrap_or_default(),
    )
}

/// Whether the page before this one says that the server was sent the room's name.
pub(crate) fn was_seen() -> bool {
    window()
        .location()
        .search()
        .is_ok_and(|query| query == "?seen")
}

/// The address that links are made from: scheme, host, and the path `/`.
pub(crate) fn base() -> String {
    let origin = window().location().origin().unwrap_or_default();
    format!("{origin}/")
}

/// The address of the relay's WebSocket.
pub(crate) fn socket_address() -> String {
    let location = window().location();
    let scheme = match location.protocol().as_deref() {
        Ok("https:") => "wss",
        _ => "ws",
    };
    format!("{scheme}://{}/ws", location.host().unwrap_or_default())
}

/// Puts `address` into the address bar without a new history entry and without loading anything.
pub(crate) fn show_address(address: &str) {
    if let Ok(history) = window().history() {
        // Fails only on pages that have no address of their own; there is nothing to hide there.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// Sets `document.title`.
pub(crate) fn set_title(title: &str) {
    let document = document();
    if document.title() != title {
        document.set_title(title);
    }
}

/// Tells the style sheets, through attributes of `<html>`, how the page is to look.
pub(crate) fn set_look(settings: &Settings) {
    let Some(root) = document().document_element() else {
        return;
    };
    let looks = [
        ("data-theme", settings.theme.attribute()),
        ("data-format", settings.format.attribute()),
        ("data-density", settings.density.attribute()),
        ("data-size", settings.size.attribute()),
    ];
    for (name, value) in looks {
        if root.get_attribute(name).as_deref() == value {
            continue;
        }
        let done = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
        debug_assert!(done.is_ok(), "these are valid attribute names");
    }
}

/// Hides everything on the page, or shows it again.
pub(crate) fn veil(hides: bool) {
    if let Some(root) = document().document_element() {
        let _ = root.toggle_attribute_with_force("data-veil", hides);
    }
}

/// Loads the page anew.
pub(crate) fn reload() {
    let _ = window().location().reload();
}
