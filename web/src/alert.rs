//! Being told: notifications, sounds, and the mark on the tab's icon. What deserves one is decided by [`news`], which
//! is plain data; the rest is the browser's.

mod icon;
mod news;
mod sound;

use std::cell::RefCell;

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

use self::icon::mark;
use self::news::{News, news, sentence};
use self::sound::Sounds;
use crate::state::{Notify, State};
use crate::words::talk;

pub use self::news::mentions;

/// The effects, one per page.
#[derive(Default)]
pub(crate) struct Alerts {
    sounds: Sounds,
    unread: RefCell<usize>,
}

impl Alerts {
    /// Does what the difference between two states calls for.
    pub(crate) fn observe(&self, before: Option<&State>, after: &State) {
        let unread = after.room().map_or(0, |room| room.log.unread());
        if self.unread.replace(unread) != unread {
            mark(unread > 0);
        }
        if let Some(news) = before.and_then(|before| news(before, after)) {
            self.sounds.play(news, after.settings.volume);
            if news.notifies(mode(after)) {
                show(after, news);
            }
        }
    }

    /// The same for a try-out.
    pub(crate) fn test(&self, state: &State) {
        self.sounds.play(News::Message, state.settings.volume);
        show(state, News::Message);
    }
}

/// Asks for permission to notify. Only ever called from a click.
pub(crate) async fn ask() -> Option<bool> {
    if let Ok(answer) = Notification::request_permission() {
        // Whatever the answer is, and also where none is given: what counts is what holds afterwards.
        let _ = JsFuture::from(answer).await;
    }
    permission()
}

/// Whether the browser lets this page notify; `None` where it cannot.
pub fn permission() -> Option<bool> {
    let global = js_sys::global();
    if !Reflect::has(&global, &JsValue::from_str("Notification")).unwrap_or(false) {
        return None;
    }
    match Notification::permission() {
        NotificationPermission::Granted => Some(true),
        NotificationPermission::Denied => Some(false),
        _ => None,
    }
}

fn show(state: &State, news: News) {
    if permission() != Some(true) {
        return;
    }
    let options = NotificationOptions::new();
    // One notification at a time, so that twenty messages are not twenty of them.
    options.set_tag("roomkey");
    // On phones only a service worker may notify; the sound and the mark on the tab are what there is then.
    let _ = Notification::new_with_options(&sentence(state, news), &options);
}

/// How many characters of a message a notification shows at most.
const SHOWN: usize = 120;

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// What this person wants to be notified of in the room they are in.
fn mode(state: &State) -> Notify {
    let here = state.room().and_then(|room| room.talk.notify);
    here.unwrap_or(state.settings.notify)
}

impl News {
    fn notifies(self, mode: Notify) -> bool {
        match mode {
            Notify::Nothing => false,
            Notify::Personal => matches!(self, Self::Private | Self::Mention),
            Notify::All => self != Self::Arrival,
        }
    }
}

/// What a notification says when it says nothing of the message.
fn discreet(face: &str) -> String {
    crate::words::fill(talk().notify_discreet, &[("faces", face)])
}
