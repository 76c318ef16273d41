//! The bytes of files, which the session never holds: what this page offers, as the browser's own handles, and what
//! comes, as blobs. All of it goes with the connection.

mod content;
mod picture;
mod prepare;

use std::cell::RefCell;
use std::collections::HashMap;

use client::FileRef;
use gloo_timers::callback::Timeout;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use crate::browser;
use crate::state::Preview;

pub(crate) use prepare::{Trouble, length, prepare};

/// The only type that anything gets here: a browser saves it and does nothing else with it.
const SAFE_TYPE: &str = "application/octet-stream";
/// What a file is shows in its beginning.
const HEAD: usize = 256 * 1024;
/// So many pieces are put into one blob, which the browser may keep outside of memory.
const GATHERED: u32 = 64;
/// How long the browser may take to begin saving.
const SAVING_MS: u32 = 60_000;

/// The bytes of one stay's files.
#[derive(Default)]
pub(crate) struct Shelf {
    offered: RefCell<HashMap<FileRef, Blob>>,
    coming: RefCell<HashMap<FileRef, Coming>>,
    here: RefCell<HashMap<FileRef, Blob>>,
    /// Addresses of what is shown, to be taken back in the end.
    urls: RefCell<Vec<String>>,
}

/// What has come of a file.
#[derive(Default)]
struct Coming {
    blobs: Array,
    pieces: Array,
}

impl Shelf {
    /// This page offers these bytes.
    pub(crate) fn offer(&self, file: FileRef, bytes: Blob) {
        self.offered.borrow_mut().insert(file, bytes);
    }

    pub(crate) fn offered(&self, file: FileRef) -> Option<Blob> {
        self.offered.borrow().get(&file).cloned()
    }

    /// The next bytes of a file that comes.
    pub(crate) fn add(&self, file: FileRef, bytes: &[u8]) {
        let mut coming = self.coming.borrow_mut();
        let coming = coming.entry(file).or_default();
        coming.pieces.push(&Uint8Array::from(bytes));
        if coming.pieces.length() >= GATHERED {
            coming.gather();
        }
    }

    /// All of it is here.
    pub(crate) fn complete(&self, file: FileRef) -> Option<Blob> {
        let mut coming = self.coming.borrow_mut().remove(&file)?;
        coming.gather();
        let whole = blob_of(&coming.blobs, SAFE_TYPE).ok()?;
        self.here.borrow_mut().insert(file, whole.clone());
        Some(whole)
    }

    /// Nothing more comes of it, or it is not offered any more.
    pub(crate) fn forget(&self, file: FileRef) {
        self.coming.borrow_mut().remove(&file);
        self.offered.borrow_mut().remove(&file);
    }

    /// Has the browser save a file that is here.
    pub(crate) fn save(&self, file: FileRef, name: &str) {
        if let Some(bytes) = self.here.borrow().get(&file) {
            // A page that may not save has no other way; there is nothing to say that the browser does not say.
            let _ = save(bytes, name);
        }
    }

    /// What can be shown of a file: a picture drawn anew, a sound, the beginning of a text. What it is follows from its
    /// bytes alone.
    pub(crate) async fn preview(&self, bytes: &Blob) -> Option<Preview> {
        let head = slice(bytes, 0, HEAD).await.ok()?;
        if let Some(drawn) = picture::draw(bytes, &head).await {
            let url = drawn.and_then(|drawn| self.address(&drawn));
            return Some(url.map_or(Preview::TooLarge, Preview::Picture));
        }
        if let Some(kind) = content::sound(&head) {
            let sound = bytes.slice_with_f64_and_f64_and_content_type(0.0, bytes.size(), kind);
            return Some(Preview::Sound(self.address(&sound.ok()?)?));
        }
        let (text, is_cut) = content::text(&head, length(bytes))?;
        Some(Preview::Text {
            text: text.into(),
            is_cut,
        })
    }

    /// Where the page finds a blob, until the stay is over.
    fn address(&self, blob: &Blob) -> Option<String> {
        let url = Url::create_object_url_with_blob(blob).ok()?;
        self.urls.borrow_mut().push(url.clone());
        Some(url)
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        for url in self.urls.borrow().iter() {
            let _ = Url::revoke_object_url(url);
        }
    }
}

impl Coming {
    fn gather(&mut self) {
        if self.pieces.length() > 0
            && let Ok(blob) = blob_of(&std::mem::take(&mut self.pieces), SAFE_TYPE)
        {
            self.blobs.push(&blob);
        }
    }
}

/// A blob of parts: blobs and arrays of bytes.
fn blob_of(parts: &Array, media_type: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    Blob::new_with_blob_sequence_and_options(parts, &options)
}

/// A part of a blob. An error where the file behind it is gone, or was changed since.
pub(crate) async fn slice(blob: &Blob, offset: u64, length: usize) -> Result<Vec<u8>, JsValue> {
    let part = part_of(blob, offset, length)?;
    let buffer: ArrayBuffer = JsFuture::from(part.array_buffer()).await?.dyn_into()?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// A part of a blob, of which nothing is read yet.
fn part_of(blob: &Blob, offset: u64, length: usize) -> Result<Blob, JsValue> {
    #[expect(clippy::cast_precision_loss, reason = "files are far below 2^53 bytes")]
    let (start, end) = (offset as f64, (offset + length as u64) as f64);
    blob.slice_with_f64_and_f64(start, end)
}

fn save(bytes: &Blob, name: &str) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(bytes)?;
    let document = browser::document();
    let link: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(name);
    link.set_rel("noopener");
    link.click();
    Timeout::new(SAVING_MS, move || {
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}
