//! The Web Worker that stretches a room's name into its keys. One job, then it is terminated.
//!
//! Browsers compile code well once they see it run often, and take a moment for it. So that nobody waits for that, the
//! worker begins with some rounds over nothing.
//!
//! ```text
//! worker → page   "ready"
//! page → worker   [secret, salt (16 bytes)]   the secret as `crypto::kdf::secret` makes it
//! worker → page   [done, total] …            after every slice
//! worker → page   root (64 bytes, the buffer is transferred)
//! worker → page   "failed"                   the job could not be read
//! ```

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use crypto::kdf::{Salt, Stretch};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};
use zeroize::Zeroizing;

/// Rounds between two reports: about sixty reports in all.
const SLICE: u32 = 10_000;

/// Rounds over nothing, in slices between which a job may come: a few milliseconds each.
const WARM_UP: u32 = 30_000;
const WARM_SLICE: u32 = 1_500;

fn main() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let port = scope.clone();
    let has_job = Rc::new(Cell::new(false));
    let taken = Rc::clone(&has_job);
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        taken.set(true);
        if run(&port, &event.data()).is_none() {
            send(&port, &JsValue::from_str("failed"));
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker lives exactly as long as this closure is needed.
    on_message.forget();
    send(&scope, &JsValue::from_str("ready"));
    warm_up(&scope, &has_job);
}

/// Runs until it is warm or has a job, a slice at a time.
fn warm_up(scope: &DedicatedWorkerGlobalScope, has_job: &Rc<Cell<bool>>) {
    let mut stretch = Stretch::of_secret(&[], &Salt([0; 16]));
    let has_job = Rc::clone(has_job);
    let port = scope.clone();
    let next = Rc::new(OnceCell::<Closure<dyn FnMut()>>::new());
    let again = Rc::clone(&next);
    let slice = Closure::<dyn FnMut()>::new(move || {
        if !has_job.get() && stretch.advance(WARM_SLICE).done < WARM_UP {
            later(&port, &again);
        }
    });
    // Set once, just above its only use.
    let _ = next.set(slice);
    later(scope, &next);
}

fn later(scope: &DedicatedWorkerGlobalScope, slice: &OnceCell<Closure<dyn FnMut()>>) {
    if let Some(slice) = slice.get() {
        // It can fail only where the worker is being ended.
        let _ = scope.set_timeout_with_callback(slice.as_ref().unchecked_ref());
    }
}

fn run(port: &DedicatedWorkerGlobalScope, job: &JsValue) -> Option<()> {
    let job = job.dyn_ref::<Array>()?;
    let secret: Uint8Array = job.get(0).dyn_into().ok()?;
    let salt: Uint8Array = job.get(1).dyn_into().ok()?;
    let salt = <[u8; 16]>::try_from(salt.to_vec()).ok()?;
    let known = Zeroizing::new(secret.to_vec());
    secret.fill(0, 0, secret.length());
    let mut stretch = Stretch::of_secret(&known, &Salt(salt));
    loop {
        let progress = stretch.advance(SLICE);
        send(
            port,
            &Array::of2(&progress.done.into(), &progress.total.into()),
        );
        if progress.done >= progress.total {
            break;
        }
    }
    let root = Uint8Array::from(stretch.root()?.as_slice());
    // Transferred, not copied: nothing of it stays in this worker's JavaScript heap.
    port.post_message_with_transfer(&root, &Array::of1(&root.buffer()))
        .ok()
}

fn send(port: &DedicatedWorkerGlobalScope, message: &JsValue) {
    // It can fail only once the page has gone, and then nobody waits for an answer.
    let _ = port.post_message(message);
}
