//! The effects behind the [`Handle`](crate::handle::Handle): which room, which key, which session.
//!
//! ```text
//!   link or typed name ──▶ stretch (worker) ──▶ keys ─┐
//!   /relay.json ─────────────────▶ salt ──▲           ├─▶ Connection (from the button on)
//!   button ──▶ your name, options ────────────────────┘
//! ```
//!
//! The order does not matter: whatever comes last starts the next step. The relay's socket is not
//! opened before a button was pressed.

mod assemble;
mod commands;
mod enter;
mod files;
mod govern;
mod keep;
mod leap;
mod panic;
mod secret;
mod talk;
mod warn;

use assemble::Entry;
pub(crate) use commands::Desk;
use panic::Escapes;
use secret::Doubts;

use std::cell::RefCell;
use std::rc::Rc;

use crypto::kdf::SecondSecret;
use crypto::room::RoomKeys;
use crypto::tunnel::Fingerprint;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use gloo_timers::future::TimeoutFuture;

use crate::alert::Alerts;
use crate::browser;
use crate::cleaner::Cleaner;
use crate::connection::Connection;
use crate::contexts::Dispatch;
use crate::device;
use crate::kdf::{self, Report, Secrets, Stretching};
use crate::naming::{self, Grade, Strength};
use crate::relay::{self, RelayCard};
use crate::sanitizer;
use crate::state::{
    Action, Advice, Blocked, Door, Invited, LeapAction, LinkTrouble, Making, Options, Progress,
    State, Step,
};
use crate::tab::{self, Kept, Saved};
use crate::translate;
use client::link::{self, RoomLink, Target};

/// How often the relay may stay silent before the screen says so: about four seconds.
const PATIENCE: u32 = 3;

/// The effects. One per page.
pub(crate) struct Shell {
    dispatch: Dispatch,
    cleaner: Cleaner,
    inner: RefCell<Inner>,
    /// The state as last drawn, for what a reload needs.
    seen: RefCell<Option<State>>,
    /// What stands in the text field.
    draft: RefCell<String>,
    alerts: Alerts,
    listeners: RefCell<Vec<EventListener>>,
    escapes: RefCell<Escapes>,
}

#[derive(Default)]
struct Inner {
    relay: Option<RelayCard>,
    /// The room this page is about. Dropping it wipes the name.
    room: Option<RoomLink>,
    came_by_link: bool,
    /// What makes the room's key together with its name.
    second: Option<SecondSecret>,
    /// How many second secrets led to an empty room, and when the next may be tried.
    doubts: Doubts,
    /// What a reload kept of a room whose second secret has to be typed again.
    waits: Option<Saved>,
    key: Key,
    /// Set by the button that was pressed.
    entry: Option<Entry>,
    /// Goes through the door in a moment. Dropping it stays outside.
    going: Option<Timeout>,
    /// Say that the room is about to close.
    warnings: Vec<Timeout>,
    /// Closes the room for everybody in a moment.
    purging: Option<Timeout>,
    /// The name that this person used last, for coming back.
    last_name: Option<String>,
    /// The relay's new key, while the person decides.
    found: Option<Fingerprint>,
    connection: Option<Connection>,
    /// What this tab knew of the conversation before its reload.
    kept: Option<Kept>,
    /// Moving to another room.
    leap: leap::Leap,
    /// Leave the link in the address bar.
    keeps_address: bool,
}

#[derive(Default)]
enum Key {
    #[default]
    None,
    /// Waits for the relay's salt.
    Wanted,
    /// Dropping it stops the worker.
    Running(#[expect(dead_code, reason = "held for its drop")] Stretching),
    Ready(Box<RoomKeys>, std::time::Duration),
}

impl Shell {
    /// Starts everything that needs no decision: the relay's facts, and the
    /// screen that the address bar or an earlier life of this tab asks for.
    pub(crate) fn start(dispatch: Dispatch, cleaner: Cleaner) -> Rc<Self> {
        let shell = Rc::new(Self {
            dispatch,
            cleaner,
            inner: RefCell::default(),
            seen: RefCell::default(),
            draft: RefCell::default(),
            alerts: Alerts::default(),
            listeners: RefCell::default(),
            escapes: RefCell::default(),
        });
        if let Some(settings) = device::kept() {
            shell.send(Action::SetSettings(settings));
        }
        shell.listen();
        kdf::prepare();
        match tab::kept() {
            Some(saved) => shell.resume(saved),
            None => shell.read_address(),
        }
        wasm_bindgen_futures::spawn_local(Rc::clone(&shell).ask_relay());
        let weak = Rc::downgrade(&shell);
        shell.cleaner.when_needed(Box::new(move || {
            if let Some(shell) = weak.upgrade() {
                wasm_bindgen_futures::spawn_local(shell.load_cleaner());
            }
        }));
        shell
    }

    /// Notes what is on the screen, and does what follows from a change of it.
    pub(crate) fn observe(self: &Rc<Self>, state: State) {
        let before = self.seen.replace(Some(state.clone()));
        self.alerts.observe(before.as_ref(), &state);
        let Some(before) = before else { return };
        self.accept_pictures(&before, &state);
        if before.settings != state.settings {
            device::keep(&state.settings);
            if before.settings.shares_signals != state.settings.shares_signals {
                self.share_signals(state.settings.shares_signals);
            }
        }
        if before.room().is_none() && state.room().is_some() && state.settings.shares_signals {
            self.share_signals(true);
        }
    }

    /// Asks until the relay answers. After some silence the screen says so; when the relay is back
    /// the page is loaded again, because it may be another version of it.
    async fn ask_relay(self: Rc<Self>) {
        let mut attempt = 0;
        let card = loop {
            match relay::ask().await {
                Ok(card) => break card,
                Err(Blocked::Unreachable) => {
                    if attempt == PATIENCE {
                        self.send(Action::Block(Blocked::Unreachable));
                    }
                    TimeoutFuture::new(500 << attempt.min(5)).await;
                    attempt += 1;
                }
                Err(blocked) => return self.send(Action::Block(blocked)),
            }
        };
        if attempt > PATIENCE {
            browser::reload();
            return;
        }
        self.send(Action::RelayKnown(card.shown()));
        let found = card.facts.fingerprint;
        let expected = {
            let mut inner = self.inner.borrow_mut();
            inner.relay = Some(card);
            inner.room.as_ref().and_then(|room| room.fingerprint)
        };
        match expected {
            Some(expected) if expected != found => self.ask_about_key(&expected, found),
            _ => self.want_key(),
        }
    }

    /// The link and the relay name different keys. Nothing goes on before somebody has decided.
    fn ask_about_key(&self, expected: &Fingerprint, found: Fingerprint) {
        let (expected, shown) = (expected.to_string(), found.to_string());
        self.inner.borrow_mut().found = Some(found);
        self.send(Action::Block(Blocked::KeyChanged {
            expected,
            found: shown,
        }));
    }

    /// Fetches the second module, for the first message that needs it. Tries until it is there: what cannot be shown
    /// safely meanwhile is not shown.
    async fn load_cleaner(self: Rc<Self>) {
        let mut attempt = 0;
        let module = loop {
            match sanitizer::load(attempt).await {
                Ok(module) => break module,
                Err(_) => TimeoutFuture::new(500 << attempt.min(6)).await,
            }
            attempt += 1;
        };
        self.cleaner.arrived(module);
        self.send(Action::CleanerReady);
    }

    /// Shows what the address bar asks for.
    fn read_address(self: &Rc<Self>) {
        let (path, hash) = browser::address();
        self.go(link::read(&path, &hash));
        if browser::was_seen() {
            self.send(Action::Leap(LeapAction::Advice(Some(Advice::Rewritten))));
        }
    }

    fn go(self: &Rc<Self>, target: Target) {
        self.forget_room();
        kdf::prepare();
        match target {
            Target::Front => self.show_door(None),
            Target::Room(room) => self.invite(room),
            Target::Rewritten(room) => {
                let can_join = room.is_some();
                self.inner.borrow_mut().room = room;
                self.send(Action::ShowLinkTrouble(LinkTrouble::Rewritten { can_join }));
            }
            Target::Incomplete => self.send(Action::ShowLinkTrouble(LinkTrouble::Incomplete)),
            Target::Newer => self.send(Action::ShowLinkTrouble(LinkTrouble::Newer)),
        }
    }

    fn show_door(&self, notice: Option<String>) {
        let suggested_name = naming::suggest_your_name();
        self.send(Action::ShowDoor(Door {
            notice,
            suggested_name,
        }));
    }

    /// Shows the link recipient's screen and makes the key while they read.
    fn invite(self: &Rc<Self>, room: RoomLink) {
        let name = room.name.as_str();
        let last_name = self.inner.borrow().last_name.clone();
        let invited = Invited {
            masked: naming::mask(name),
            face: None,
            progress: Progress::default(),
            suggested_name: last_name.unwrap_or_else(naming::suggest_your_name),
            pinned: room.fingerprint.is_some(),
            guessable: !room.second && Strength::of(name).level == Grade::Guessable,
            second: room.second,
        };
        let conflict = {
            let mut inner = self.inner.borrow_mut();
            let expected = room.fingerprint;
            let found = inner.relay.as_ref().map(|relay| relay.facts.fingerprint);
            // Without its second secret there is no key to make yet.
            inner.key = if room.second { Key::None } else { Key::Wanted };
            inner.room = Some(room);
            inner.second = None;
            inner.came_by_link = true;
            expected
                .zip(found)
                .filter(|(expected, found)| expected != found)
        };
        match conflict {
            Some((expected, found)) => self.ask_about_key(&expected, found),
            None => {
                self.send(Action::ShowInvited(invited));
                self.want_key();
            }
        }
    }

    /// Goes on where this tab was before it was reloaded.
    fn resume(self: &Rc<Self>, saved: Saved) {
        let (path, hash) = browser::address();
        let room = link::saved(&saved.slug, saved.fingerprint.as_deref(), saved.second);
        let elsewhere = match link::read(&path, &hash) {
            Target::Front => false,
            Target::Room(other) => room
                .as_ref()
                .is_none_or(|room| room.name.as_str() != other.name.as_str()),
            _ => true,
        };
        let (Some(room), false) = (room, elsewhere) else {
            // The tab was sent to another address meanwhile, and that is where it goes.
            tab::wipe();
            self.read_address();
            return;
        };
        if room.second {
            self.invite(room);
            self.inner.borrow_mut().waits = Some(saved);
            return;
        }
        let making = Making {
            masked: naming::mask(room.name.as_str()),
            face: None,
            step: Step::Key(Progress::default()),
            resuming: true,
        };
        {
            let mut inner = self.inner.borrow_mut();
            inner.room = Some(room);
            inner.key = Key::Wanted;
            inner.entry = Some(Entry {
                your_name: naming::suggest_your_name(),
                is_fresh: false,
                options: Options::default(),
                saved: Some(saved),
                moves: None,
            });
        }
        self.send(Action::ShowMaking(making));
        self.want_key();
    }

    /// Starts the stretch if a key is wanted and the salt is known.
    fn want_key(self: &Rc<Self>) {
        let mut inner = self.inner.borrow_mut();
        let (Key::Wanted, Some(room), Some(relay)) = (&inner.key, &inner.room, &inner.relay) else {
            return;
        };
        let weak = Rc::downgrade(self);
        let report = Rc::new(move |report| {
            if let Some(shell) = weak.upgrade() {
                shell.key_report(report);
            }
        });
        let secrets = Secrets {
            name: room.name.clone(),
            second: inner.second.clone(),
        };
        let stretching = kdf::start(secrets, relay.facts.salt, report);
        inner.key = Key::Running(stretching);
    }

    fn key_report(self: &Rc<Self>, report: Report) {
        match report {
            Report::Progress(progress) => self.send(Action::KeyProgress(progress)),
            Report::Ready(keys, took) => {
                let face = translate::face(keys.face());
                // This drops the stretch, and with it the worker that has just reported.
                self.inner.borrow_mut().key = Key::Ready(keys, took);
                self.send(Action::KeyReady(face));
                self.enter_if_ready();
            }
        }
    }

    /// Drops the room, its key, the session and everything this tab kept.
    fn forget_room(&self) {
        let leap = std::mem::take(&mut self.inner.borrow_mut().leap);
        drop(leap);
        let mut inner = self.inner.borrow_mut();
        inner.connection = None;
        inner.key = Key::None;
        inner.entry = None;
        inner.going = None;
        inner.warnings.clear();
        inner.purging = None;
        inner.room = None;
        inner.found = None;
        inner.second = None;
        inner.waits = None;
        inner.last_name = None;
        inner.came_by_link = false;
        inner.kept = None;
        drop(inner);
        self.draft.take();
        tab::wipe();
    }

    fn send(&self, action: Action) {
        self.dispatch.dispatch(action);
    }
}
