//! Bytes of files between the session and the browser: read when the session asks for them, kept when they come.

use std::rc::Rc;

use client::{Event, FileNews, FileRef};

use super::{Connection, Inner};
use crate::entropy;
use crate::files::{self, Shelf};
use crate::state::{Action, FileAction};

impl Connection {
    /// The files of this stay.
    pub(crate) fn shelf(&self) -> &Shelf {
        &self.0.shelf
    }
}

impl Inner {
    /// Does what an event asks for with bytes. `None`: that was all there was to it.
    pub(super) fn move_bytes(self: &Rc<Self>, event: Event) -> Option<Event> {
        let Event::File { file, news } = &event else {
            return Some(event);
        };
        match news {
            FileNews::Wanted {
                index,
                offset,
                length,
            } => {
                self.read(*file, *index, *offset, *length);
                return None;
            }
            FileNews::Bytes(bytes) => {
                self.shelf.add(*file, &bytes.0);
                return None;
            }
            FileNews::Received { .. } => self.complete(*file),
            FileNews::Failed(_) => self.shelf.forget(*file),
            _ => {}
        }
        Some(event)
    }

    fn read(self: &Rc<Self>, file: FileRef, index: u32, offset: u64, length: usize) {
        let weak = Rc::downgrade(self);
        let bytes = self.shelf.offered(file);
        wasm_bindgen_futures::spawn_local(async move {
            let read = match &bytes {
                Some(bytes) => files::slice(bytes, offset, length).await.ok(),
                None => None,
            };
            let Some(inner) = weak.upgrade() else { return };
            inner.drive(|session, now| match read {
                Some(bytes) => session.file_slice(file, index, &bytes, now, &mut entropy::rng()),
                None => session.file_vanished(file, now, &mut entropy::rng()),
            });
        });
    }

    /// A file is here. What of it can be shown is made ready.
    fn complete(self: &Rc<Self>, file: FileRef) {
        let Some(bytes) = self.shelf.complete(file) else {
            return;
        };
        let weak = Rc::downgrade(self);
        wasm_bindgen_futures::spawn_local(async move {
            // Held while it is drawn: a room that is left meanwhile goes a moment later.
            let Some(inner) = weak.upgrade() else { return };
            if let Some(preview) = inner.shelf.preview(&bytes).await {
                let action = FileAction::Preview(file, preview);
                (inner.out)(vec![Action::File(action)]);
            }
        });
    }
}
