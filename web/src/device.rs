//! What stays on this device, only where the person asked for it: choices, in `localStorage`. Never a room's name, a
//! secret, or anybody's words.

use base64ct::{Base64, Encoding as _};
use web_sys::Storage;

use crate::browser;
use crate::state::Settings;

const KEY: &str = "roomkey.settings";

/// The choices kept on this device.
pub(crate) fn kept() -> Option<Settings> {
    let text = storage()?.get_item(KEY).ok()??;
    Settings::from_bytes(&Base64::decode_vec(&text).ok()?)
}

/// Keeps the choices, or what was kept goes, as they say themselves.
pub(crate) fn keep(settings: &Settings) {
    if !settings.remembers {
        return forget();
    }
    if let Some(storage) = storage() {
        let _ = storage.set_item(KEY, &Base64::encode_string(&settings.to_bytes()));
    }
}

/// Everything that this app ever kept here goes.
pub(crate) fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEY);
    }
}

fn storage() -> Option<Storage> {
    browser::window().local_storage().ok()?
}
