//! Stretching a room's name into its keys, in a Web Worker of its own.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use crypto::kdf::{self, Salt, SecondSecret, Stretch};
use crypto::name::RoomName;
use crypto::room::RoomKeys;
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker};
use zeroize::Zeroizing;

use crate::browser;
use crate::state::Progress;

/// The one script that may become a worker.
const SCRIPT: &str = "/stretch_loader.js";
/// The name of the Trusted Types policy; the relay's headers allow no other.
const POLICY: &str = "roomkey-worker";
/// Rounds in one go where no worker can be had: short enough to keep the page moving.
const SMALL_SLICE: u32 = 2_500;

/// What a stretch reports.
pub(crate) enum Report {
    /// It is this far.
    Progress(Progress),
    /// It is done; the time it took.
    Ready(Box<RoomKeys>, Duration),
}

/// A stretch under way. Dropping it stops the calculation and ends the worker.
pub(crate) struct Stretching {
    _alive: Rc<()>,
    _work: Work,
}

/// What carries a stretch.
enum Work {
    Worker {
        worker: Worker,
        _listeners: [EventListener; 2],
    },
    Page,
}

impl Drop for Work {
    fn drop(&mut self) {
        if let Self::Worker { worker, .. } = self {
            worker.terminate();
        }
    }
}

/// What is stretched.
#[derive(Clone)]
pub(crate) struct Secrets {
    /// The room's name.
    pub(crate) name: RoomName,
    /// What else its members agreed on.
    pub(crate) second: Option<SecondSecret>,
}

/// A worker that has no job yet. Its code is loaded and has run for a while, so that the browser has compiled it well by
/// the time that somebody waits for it.
struct Spare {
    worker: Worker,
    is_ready: Rc<Cell<bool>>,
    _listeners: [EventListener; 2],
}

thread_local! {
    static SPARE: RefCell<Option<Spare>> = const { RefCell::new(None) };
}

/// Gets a worker ready for the next [`start`]. Does nothing where one is waiting, or where none can be had.
pub(crate) fn prepare() {
    if SPARE.with_borrow(Option::is_some) {
        return;
    }
    let Ok(worker) = spawn() else { return };
    let is_ready = Rc::new(Cell::new(false));
    let heard = Rc::clone(&is_ready);
    let on_message = EventListener::once(&worker, "message", move |_| heard.set(true));
    let on_error = EventListener::once(&worker, "error", |_| {
        SPARE.take();
    });
    SPARE.set(Some(Spare {
        worker,
        is_ready,
        _listeners: [on_message, on_error],
    }));
}

/// Starts to stretch. Falls back to the page's own thread, in small slices, where the
/// browser refuses the worker.
pub(crate) fn start(secrets: Secrets, salt: Salt, report: Rc<dyn Fn(Report)>) -> Stretching {
    let alive = Rc::new(());
    let spare = SPARE.take();
    let worker = match spare {
        Some(spare) => Ok((spare.worker, spare.is_ready.get())),
        None => spawn().map(|worker| (worker, false)),
    };
    let work = match worker {
        Ok((worker, is_ready)) => in_worker(worker, is_ready, secrets, salt, &alive, report),
        Err(_) => {
            in_page(secrets, salt, &alive, report);
            Work::Page
        }
    };
    Stretching {
        _alive: alive,
        _work: work,
    }
}

fn in_worker(
    worker: Worker,
    is_ready: bool,
    secrets: Secrets,
    salt: Salt,
    alive: &Rc<()>,
    report: Rc<dyn Fn(Report)>,
) -> Work {
    let started = browser::now().mono;
    let secret = kdf::secret(&secrets.name, secrets.second.as_ref());
    if is_ready {
        give(&worker, &secret, &salt);
    }
    let port = worker.clone();
    let fallback = Rc::clone(&report);
    let on_message = EventListener::new(&worker, "message", move |event| {
        let data = event.unchecked_ref::<MessageEvent>().data();
        if let Some(bytes) = data.dyn_ref::<Uint8Array>() {
            if let Some(keys) = take_keys(bytes) {
                report(Report::Ready(
                    Box::new(keys),
                    browser::now().mono.saturating_sub(started),
                ));
            }
        } else if let Some(pair) = data.dyn_ref::<Array>() {
            report(Report::Progress(Progress {
                done: number(&pair.get(0)),
                total: number(&pair.get(1)),
            }));
        } else if data.as_string().as_deref() == Some("ready") {
            give(&port, &secret, &salt);
        }
    });
    let weak = Rc::downgrade(alive);
    let on_error = EventListener::once(&worker, "error", move |_| {
        // A worker that does not even load (an old browser, a filtering proxy) must not end here.
        if let Some(alive) = weak.upgrade() {
            in_page(secrets, salt, &alive, fallback);
        }
    });
    Work::Worker {
        worker,
        _listeners: [on_message, on_error],
    }
}

/// Gives a worker that has said that it is ready its job.
fn give(worker: &Worker, secret: &[u8], salt: &Salt) {
    let secret = Uint8Array::from(secret);
    let message = Array::of2(&secret, &Uint8Array::from(salt.0.as_slice()));
    // The port is open: it has spoken. Transferred: the page's heap keeps no copy.
    let _ = worker.post_message_with_transfer(&message, &Array::of1(&secret.buffer()));
}

fn in_page(secrets: Secrets, salt: Salt, alive: &Rc<()>, report: Rc<dyn Fn(Report)>) {
    let alive = Rc::downgrade(alive);
    let started = browser::now().mono;
    wasm_bindgen_futures::spawn_local(async move {
        let mut stretch = Stretch::new(&secrets.name, secrets.second.as_ref(), &salt);
        while alive.upgrade().is_some() {
            let progress = stretch.advance(SMALL_SLICE);
            let progress = Progress {
                done: progress.done,
                total: progress.total,
            };
            report(Report::Progress(progress));
            if progress.is_done() {
                if let Some(keys) = stretch.finish() {
                    report(Report::Ready(
                        Box::new(keys),
                        browser::now().mono.saturating_sub(started),
                    ));
                }
                return;
            }
            TimeoutFuture::new(0).await;
        }
    });
}

/// Copies the root out of the transferred buffer and wipes the buffer.
fn take_keys(bytes: &Uint8Array) -> Option<RoomKeys> {
    if bytes.length() != 64 {
        return None;
    }
    let mut root = Zeroizing::new([0; 64]);
    bytes.copy_to(root.as_mut_slice());
    bytes.fill(0, 0, 64);
    Some(RoomKeys::from_bytes(&root))
}

fn number(value: &JsValue) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates"
    )]
    let number = value.as_f64().unwrap_or_default() as u32;
    number
}

fn spawn() -> Result<Worker, JsValue> {
    let constructor: Function = Reflect::get(&js_sys::global(), &"Worker".into())?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &"type".into(), &"module".into())?;
    let made = Reflect::construct(&constructor, &Array::of2(&script_url()?, &options))?;
    Ok(made.unchecked_into())
}

thread_local! {
    static TRUSTED: OnceCell<JsValue> = const { OnceCell::new() };
}

/// The worker's address as a `TrustedScriptURL`, or as a string where the browser has no such type.
/// A policy can be created only once, so its one product is kept.
fn script_url() -> Result<JsValue, JsValue> {
    if let Some(known) = TRUSTED.with(|cell| cell.get().cloned()) {
        return Ok(known);
    }
    let factory = Reflect::get(&js_sys::global(), &"trustedTypes".into())?;
    let url = if factory.is_undefined() {
        JsValue::from_str(SCRIPT)
    } else {
        let rules = Object::new();
        let pass = Closure::<dyn Fn(String) -> JsValue>::new(|asked: String| {
            if asked == SCRIPT {
                JsValue::from_str(SCRIPT)
            } else {
                JsValue::NULL
            }
        });
        Reflect::set(&rules, &"createScriptURL".into(), pass.as_ref())?;
        let create: Function = Reflect::get(&factory, &"createPolicy".into())?.dyn_into()?;
        let policy = create.call2(&factory, &POLICY.into(), &rules)?;
        let make: Function = Reflect::get(&policy, &"createScriptURL".into())?.dyn_into()?;
        make.call1(&policy, &SCRIPT.into())?
    };
    TRUSTED.with(|cell| {
        // Set twice only if two stretches started at once, and then both values are the same.
        let _ = cell.set(url.clone());
    });
    Ok(url)
}
