//! From a key and a pressed button into the room, and out again.

use std::rc::Rc;
use std::time::Duration;

use client::{Config, DisplayName, Rules, Session, ThawError};
use crypto::room::RoomKeys;
use crypto::tunnel::Pin;
use crypto::wire::{Lifetime, Opening, RoomMode};

use gloo_timers::callback::Timeout;

use super::govern::policy;
use super::{Entry, Key, Shell};
use crate::connection::Connection;
use crate::naming::{self, Grade, Strength};
use crate::state::{
    Action, Behind, Blocked, Delivery, EndReason, EntryKind, Making, Mode, Newcomers, Notice,
    Options, Progress, State, Status, Step,
};
use crate::tab::{self, Memory};
use crate::translate::{self, Known, Translator};
use crate::{browser, entropy, relay};

/// How long the door is shown to somebody who has nothing to decide there, in milliseconds.
const GOES_AFTER_MS: u32 = 1_000;

impl Shell {
    /// Takes note that a button was pressed and shows the way in.
    pub(super) fn press(self: &Rc<Self>, your_name: String, is_fresh: bool, options: Options) {
        let making = {
            let mut inner = self.inner.borrow_mut();
            let Some(room) = &inner.room else { return };
            let masked = naming::mask(room.name.as_str());
            let (face, step) = match &inner.key {
                Key::Ready(keys, _) => (
                    Some(translate::face(keys.face())),
                    Step::Reaching { attempt: 1 },
                ),
                _ => (None, Step::Key(Progress::default())),
            };
            if matches!(inner.key, Key::None) {
                inner.key = Key::Wanted;
            }
            inner.last_name = Some(your_name.clone());
            inner.entry = Some(Entry {
                your_name,
                is_fresh,
                options,
                saved: inner.waits.take(),
            });
            Making {
                masked,
                face,
                step,
                resuming: false,
            }
        };
        self.send(Action::ShowMaking(making));
        self.want_key();
        self.enter_if_ready();
    }

    /// Starts the session as soon as there is a key, the relay's card and a pressed button.
    pub(super) fn enter_if_ready(self: &Rc<Self>) {
        let Some((session, translator, memory)) = self.session() else {
            return;
        };
        // Thawed or not: what was kept has done its work, and a copied tab must not find it.
        tab::wipe();
        if let Some(memory) = memory {
            self.restore(&memory);
        }
        let weak = Rc::downgrade(self);
        let out = Box::new(move |actions| {
            if let Some(shell) = weak.upgrade() {
                shell.happened(actions);
            }
        });
        let connection = Connection::new(session, translator, out);
        self.inner.borrow_mut().connection = Some(connection.clone());
        connection.start();
    }

    fn session(&self) -> Option<(Session, Translator, Option<Memory>)> {
        let inner = self.inner.borrow();
        let (Key::Ready(keys, took), Some(room), Some(relay), Some(entry), None) = (
            &inner.key,
            &inner.room,
            &inner.relay,
            &inner.entry,
            &inner.connection,
        ) else {
            return None;
        };
        let memory = entry
            .saved
            .as_ref()
            .and_then(|saved| remembered(keys, &saved.memory));
        let your_name = memory
            .as_ref()
            .map_or(&entry.your_name, |memory| &memory.your_name);
        let mut rng = entropy::rng();
        let name =
            DisplayName::parse(your_name).unwrap_or_else(|_| DisplayName::generate(&mut rng));
        // The link's word counts; without one, the page's own, which at least must agree.
        let key = room.fingerprint.unwrap_or(relay.facts.fingerprint);
        let config = || Config {
            keys: RoomKeys::clone(keys),
            name: name.clone(),
            opening: opening(entry.options, relay.facts.max_members),
            rules: Rules {
                purge: policy(entry.options.everyone_purges),
                filters: None,
            },
            second_secret: room.second,
            pin: Pin::Known(key),
            salt: relay.facts.salt,
            bot: None,
            // A reloaded page goes back to its seat; anybody else is told first what is inside.
            auto_enter: entry.saved.is_some(),
            // Whoever typed a name and chose what newcomers may read gets just that.
            accepts_any_mode: inner.came_by_link || entry.saved.is_some(),
        };
        let now = browser::now();
        let thawed = entry
            .saved
            .as_ref()
            .map(|saved| Session::thaw(config(), &saved.session, now, &mut rng));
        // What was visible is to outlive the session no more than its keys do.
        let is_expired = matches!(thawed, Some(Err(ThawError::Expired)));
        let memory = memory.filter(|_| !is_expired);
        let thawed = thawed.and_then(Result::ok);
        let has_thawed = thawed.is_some();
        let session = thawed.unwrap_or_else(|| Session::new(config(), now, &mut rng));
        let known = Known {
            face: translate::face(keys.face()),
            masked: naming::mask(room.name.as_str()),
            address: session
                .room()
                .0
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
            guessable: !room.second && Strength::of(room.name.as_str()).level == Grade::Guessable,
            pinned: room.fingerprint.is_some(),
            key_took: *took,
            wanted: (!inner.came_by_link).then(|| match entry.options.newcomers.history() {
                0 => Mode::ForwardSecret,
                last => Mode::OpenHistory { last },
            }),
        };
        let mut lines = memory
            .as_ref()
            .map(|memory| memory.lines.clone())
            .unwrap_or_default();
        if !has_thawed {
            settle(&mut lines);
        }
        Some((session, Translator::new(known, lines), memory))
    }

    /// Shows what is behind the door. Where there is nothing to decide, goes in after a moment.
    fn at_door(self: &Rc<Self>, mut behind: Behind) {
        let mut inner = self.inner.borrow_mut();
        let is_fresh = inner.entry.as_ref().is_some_and(|entry| entry.is_fresh);
        let nobody = behind.people == 0;
        // The right secret in front of an empty room is no reason to doubt it.
        let fits = match (&inner.room, &inner.key) {
            (Some(room), Key::Ready(keys, _)) => room.mark.is_some_and(|mark| mark.fits(keys)),
            _ => false,
        };
        let asks = inner.room.as_ref().is_some_and(|room| room.second);
        if nobody && inner.came_by_link && asks && !fits {
            behind.doubt = Some(inner.doubts.wrong(browser::wall()));
        }
        behind.goes = !behind.differs
            && behind.doubt.is_none()
            && (inner.came_by_link || (is_fresh && nobody));
        let weak = Rc::downgrade(self);
        inner.going = behind.goes.then(|| {
            Timeout::new(GOES_AFTER_MS, move || {
                if let Some(shell) = weak.upgrade() {
                    shell.go_in();
                }
            })
        });
        drop(inner);
        self.send(Action::Step(Step::Door(behind)));
    }

    pub(super) fn go_in(&self) {
        self.inner.borrow_mut().going = None;
        self.with_session(|session, now| session.enter(now));
    }

    async fn compare_app(self: Rc<Self>) {
        if let Some(hash) = relay::other_app().await {
            let notice = Notice::OtherApp { hash };
            let at = browser::wall();
            self.send(Action::Notice { notice, at });
        }
    }

    fn restore(&self, memory: &Memory) {
        {
            let mut inner = self.inner.borrow_mut();
            inner.keeps_address = memory.settings.keeps_address;
            inner.kept = Some(memory.kept.clone());
        }
        self.draft.replace(memory.kept.draft.clone());
        self.send(Action::SetSettings(memory.settings.clone()));
    }

    /// Passes on what the session said, and does what follows from it here.
    fn happened(self: &Rc<Self>, actions: Vec<Action>) {
        // What only changes the screen goes there in one step, which copies the log once.
        let mut shown = Vec::new();
        for action in actions {
            match action {
                Action::Entered { ref card, .. } => {
                    self.show(&mut shown);
                    self.warn_before(card.closes_at);
                    self.send(action);
                    self.tidy_address();
                    let kept = self.inner.borrow_mut().kept.take();
                    if let Some(kept) = kept {
                        self.send(Action::TalkKept {
                            scope: kept.scope,
                            muted: kept.muted,
                            topic: kept.topic,
                            notify: kept.notify,
                        });
                    }
                }
                Action::ClosesAt(closes_at) => {
                    self.show(&mut shown);
                    self.warn_before(closes_at);
                    self.send(action);
                }
                Action::Status(Status::Online) => {
                    self.show(&mut shown);
                    // Whatever cut the connection may have been a relay that was brought up to date.
                    let is_lost =
                        |state: &State| state.room().is_some_and(|room| !room.status.is_online());
                    let was_lost = self.seen.borrow().as_ref().is_some_and(is_lost);
                    self.send(action);
                    if was_lost {
                        wasm_bindgen_futures::spawn_local(Rc::clone(self).compare_app());
                    }
                }
                Action::Step(Step::Door(behind)) => {
                    self.show(&mut shown);
                    self.at_door(behind);
                }
                Action::End { why, at, .. } => {
                    self.show(&mut shown);
                    // Who was not let in may knock again with the same press.
                    let again = self.inner.borrow().entry.clone().filter(|_| {
                        matches!(
                            why,
                            EndReason::Full | EndReason::Locked | EndReason::RelayFull
                        )
                    });
                    // The keys go with the session. The name stays for "Rejoin" until it is
                    // forgotten; nothing of it stays in the tab's storage.
                    let can_rejoin = self.hang_up();
                    self.inner.borrow_mut().entry = again;
                    browser::show_address(&browser::base());
                    self.send(Action::End {
                        why,
                        at,
                        can_rejoin,
                    });
                }
                Action::Block(Blocked::KeyChanged { expected, found }) => {
                    self.show(&mut shown);
                    self.inner.borrow_mut().found = found.parse().ok();
                    self.send(Action::Block(Blocked::KeyChanged { expected, found }));
                }
                Action::Block(_) => {
                    self.show(&mut shown);
                    self.hang_up();
                    self.send(action);
                }
                only_shown => shown.push(only_shown),
            }
        }
        self.show(&mut shown);
    }

    fn show(&self, actions: &mut Vec<Action>) {
        if !actions.is_empty() {
            self.send(Action::Several(std::mem::take(actions)));
        }
    }

    /// Ends the session without a word to anybody and drops its keys. True if the name is known.
    pub(super) fn hang_up(&self) -> bool {
        let mut inner = self.inner.borrow_mut();
        let connection = inner.connection.take();
        inner.key = Key::None;
        inner.entry = None;
        inner.going = None;
        inner.warnings.clear();
        inner.purging = None;
        let knows_name = inner.room.is_some();
        drop(inner);
        // Outside the borrow: closing a socket may run other code of this page.
        drop(connection);
        self.cleaner.forget();
        tab::wipe();
        knows_name
    }

    /// Removes the link from the address bar, or puts it there for whoever wants to keep it.
    pub(super) fn tidy_address(&self) {
        let inner = self.inner.borrow();
        let address = match &inner.room {
            Some(room) if inner.keeps_address => room.address(&browser::base()),
            _ => browser::base(),
        };
        browser::show_address(&address);
    }
}

fn remembered(keys: &RoomKeys, sealed: &[u8]) -> Option<Memory> {
    Memory::decode(&keys.open_tab(sealed).ok()?).ok()
}

/// The outbox did not survive: nobody will ever say what became of what it held.
fn settle(lines: &mut [(Duration, EntryKind)]) {
    for (_, kind) in lines {
        if let EntryKind::Said(said) = kind
            && said.local.take().is_some()
        {
            said.delivery = Delivery::Failed("It was lost when the page was reloaded.".to_owned());
        }
    }
}

/// A lifetime in the words of the protocol.
pub(super) fn lifetime(chosen: crate::state::Lifetime) -> Lifetime {
    match chosen.seconds() {
        0 => Lifetime::UntilEmpty,
        seconds => Lifetime::For(Duration::from_secs(seconds.into())),
    }
}

fn opening(options: Options, most: u16) -> Opening {
    Opening {
        mode: match options.newcomers {
            Newcomers::Nothing => RoomMode::ForwardSecret,
            Newcomers::Last35 | Newcomers::Last200 => RoomMode::OpenHistory,
        },
        history: options.newcomers.history(),
        lifetime: lifetime(options.lifetime),
        max_members: options.max_members.unwrap_or(most).min(most),
        control_key: None,
        purge_digest: None,
    }
}
