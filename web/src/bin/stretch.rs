//! The Web Worker that stretches a room's name into its keys. One job, then it is terminated.
//!
//! ```text
//! worker → page   "ready"
//! page → worker   [secret, salt (16 bytes)]   the secret as `crypto::kdf::secret` makes it
//! worker → page   [done, total] …            after every slice
//! worker → page   root (64 bytes, the buffer is transferred)
//! worker → page   "failed"                   the job could not be read
//! ```

use crypto::kdf::{Salt, Stretch};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};
use zeroize::Zeroizing;

/// Rounds between two reports: about sixty reports in all.
const SLICE: u32 = 10_000;

fn main() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let port = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if run(&port, &event.data()).is_none() {
            send(&port, &JsValue::from_str("failed"));
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The worker lives exactly as long as this closure is needed.
    on_message.forget();
    send(&scope, &JsValue::from_str("ready"));
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
