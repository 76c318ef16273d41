//! What this tab keeps for its own reload, in `sessionStorage` and nowhere else.
//!
//! ```text
//! entry  = "1" LF slug LF 0 or 1 LF fingerprint or "-" LF base64(session) LF base64(memory)
//! session  frozen and sealed by the session itself
//! memory   name, choices and the visible lines, sealed under the room's tab key
//! ```
//!
//! The entry is written when the page is hidden or goes away, and removed when the page is in
//! front again or the session has been thawed. Leaving a room removes it for good.

use base64ct::{Base64, Encoding as _};
use web_sys::Storage;

use crate::browser;

mod kept;
mod memory;
mod said;

pub(crate) use kept::Kept;
pub(crate) use memory::Memory;

const KEY: &str = "roomkey.tab";
const VERSION: &str = "1";

/// What is needed to go on after a reload.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Saved {
    /// The room's name as a slug. It must be readable: everything else is sealed under it.
    pub(crate) slug: String,
    /// The room takes a second secret, which is not kept: it has to be typed again.
    pub(crate) second: bool,
    /// The relay's key that the link insisted on.
    pub(crate) fingerprint: Option<String>,
    /// The frozen session.
    pub(crate) session: Vec<u8>,
    /// The sealed [`Memory`].
    pub(crate) memory: Vec<u8>,
}

impl Saved {
    /// The text to store.
    pub(crate) fn encode(&self) -> String {
        let fingerprint = self.fingerprint.as_deref().unwrap_or("-");
        let (session, memory) = (
            Base64::encode_string(&self.session),
            Base64::encode_string(&self.memory),
        );
        format!(
            "{VERSION}\n{}\n{}\n{fingerprint}\n{session}\n{memory}",
            self.slug,
            u8::from(self.second),
        )
    }

    /// Reads a stored text. Anything but exactly that is nothing.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        if lines.next()? != VERSION {
            return None;
        }
        let slug = lines.next()?.to_owned();
        let second = match lines.next()? {
            "0" => false,
            "1" => true,
            _ => return None,
        };
        let fingerprint = Some(lines.next()?.to_owned()).filter(|text| text != "-");
        let session = Base64::decode_vec(lines.next()?).ok()?;
        let memory = Base64::decode_vec(lines.next()?).ok()?;
        if lines.next().is_some() {
            return None;
        }
        Some(Self {
            slug,
            second,
            fingerprint,
            session,
            memory,
        })
    }
}

/// Keeps `saved` for the next life of this tab. A browser that forbids storage just forgets.
pub(crate) fn keep(saved: &Saved) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(KEY, &saved.encode());
    }
}

/// What an earlier life of this tab kept. It stays until [`wipe`].
pub(crate) fn kept() -> Option<Saved> {
    let text = storage()?.get_item(KEY).ok()??;
    Saved::decode(&text)
}

/// Removes everything.
pub(crate) fn wipe() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEY);
    }
}

fn storage() -> Option<Storage> {
    browser::window().session_storage().ok()?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved() -> Saved {
        Saved {
            slug: "maple-orbit".to_owned(),
            second: true,
            fingerprint: Some("abcdefghijklmnopqrstuvwxya".to_owned()),
            session: vec![0, 1, 2, 255],
            memory: vec![9; 40],
        }
    }

    #[test]
    fn what_is_kept_comes_back() {
        assert!(Saved::decode(&saved().encode()) == Some(saved()));
        let unpinned = Saved {
            fingerprint: None,
            ..saved()
        };
        assert!(Saved::decode(&unpinned.encode()) == Some(unpinned));
    }

    #[test]
    fn a_damaged_entry_is_nothing() {
        let whole = saved().encode();
        assert!(Saved::decode("").is_none());
        assert!(Saved::decode(&whole.replacen('1', "2", 1)).is_none());
        assert!(Saved::decode(&format!("{whole}\nmore")).is_none());
        assert!(Saved::decode(&whole[..whole.len() - 1]).is_none());
    }
}
