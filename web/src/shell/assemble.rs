//! A session for a room, and what shows it.

use std::time::Duration;

use client::link::RoomLink;
use client::{Config, DisplayName, Rules, Session, ThawError};
use crypto::room::RoomKeys;
use crypto::tunnel::Pin;
use crypto::wire::{Lifetime, Opening, RoomMode};

use super::govern::policy;
use super::leap::Moves;
use crate::naming::{self, Grade, Strength};
use crate::relay::RelayCard;
use crate::state::{Delivery, EntryKind, Mode, Newcomers, Options};
use crate::tab::{Memory, Saved};
use crate::translate::{self, Known, Translator};
use crate::{browser, entropy};

/// How the person wants to enter.
#[derive(Clone)]
pub(super) struct Entry {
    pub(super) your_name: String,
    /// The name was made up here, so nobody can be inside.
    pub(super) is_fresh: bool,
    pub(super) options: Options,
    pub(super) saved: Option<Saved>,
    /// They come from another room.
    pub(super) moves: Option<Moves>,
}

/// A session for this room, thawed, moved or new, and what shows it.
pub(super) fn assemble(
    keys: &RoomKeys,
    took: Duration,
    room: &RoomLink,
    relay: &RelayCard,
    entry: &Entry,
    came_by_link: bool,
) -> (Session, Translator, Option<Memory>) {
    let memory = entry
        .saved
        .as_ref()
        .and_then(|saved| remembered(keys, &saved.memory));
    let your_name = memory
        .as_ref()
        .map_or(&entry.your_name, |memory| &memory.your_name);
    let mut rng = entropy::rng();
    let name = DisplayName::parse(your_name).unwrap_or_else(|_| DisplayName::generate(&mut rng));
    // The link's word counts; without one, the page's own, which at least must agree.
    let key = room.fingerprint.unwrap_or(relay.facts.fingerprint);
    let config = || Config {
        keys: keys.clone(),
        name: name.clone(),
        opening: opening(entry.options, relay.facts.max_members),
        rules: Rules {
            purge: policy(entry.options.everyone_purges),
            filters: entry.moves.as_ref().and_then(|moves| moves.filters.clone()),
        },
        second_secret: room.second,
        pin: Pin::Known(key),
        salt: relay.facts.salt,
        bot: None,
        // A reloaded page goes back to its seat; anybody else is told first what is inside.
        auto_enter: entry.saved.is_some() || (entry.is_fresh && entry.moves.is_some()),
        // Whoever typed a name and chose what newcomers may read gets just that.
        accepts_any_mode: came_by_link || entry.saved.is_some(),
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
    let session = thawed.unwrap_or_else(|| match &entry.moves {
        Some(moves) => Session::arrive(config(), &moves.passport, now, &mut rng),
        None => Session::new(config(), now, &mut rng),
    });
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
        key_took: took,
        wanted: (!came_by_link).then(|| match entry.options.newcomers.history() {
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
    (session, Translator::new(known, lines), memory)
}

pub(super) fn remembered(keys: &RoomKeys, sealed: &[u8]) -> Option<Memory> {
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
