//! A room's name, stretched for one relay: what it takes to enter.

use client::{BotDisclosure, Config, DisplayName, Passport};
use crypto::kdf::{Salt, SecondSecret, stretch};
use crypto::name::RoomName;
use crypto::room::RoomKeys;
use crypto::tunnel::{Fingerprint, Pin};
use crypto::wire::{Lifetime, Opening, RoomMode};
use std::time::Duration;

use crate::{Error, Facts, Member, Relay};

/// A room on a relay, ready to be entered.
pub struct Door {
    relay: Relay,
    keys: RoomKeys,
    salt: Salt,
    max_file: u64,
    /// What the room is to be like if nobody is in it yet.
    pub opening: Opening,
    /// The relay's key to insist on. Without one, whatever it shows first is taken.
    pub pin: Option<Fingerprint>,
    /// Set for programs that read along; everybody in the room is told.
    pub bot: Option<BotDisclosure>,
    /// Stop before a room that nobody is in ([`Status::AtDoor`](client::Status::AtDoor)) rather than open it: where others should
    /// be there, an empty room means that the second secret is another one than theirs.
    pub waits_where_empty: bool,
}

impl Door {
    /// Asks the relay for its salt and stretches the name with it, on a thread of its own: this takes about a third of
    /// a second.
    ///
    /// # Errors
    /// As [`Relay::facts`].
    pub async fn find(
        relay: Relay,
        name: RoomName,
        second: Option<SecondSecret>,
        pin: Option<Fingerprint>,
    ) -> Result<Self, Error> {
        let Facts {
            salt,
            max_members,
            max_file,
            ..
        } = relay.facts().await?;
        let keys = tokio::task::spawn_blocking(move || stretch(&name, second.as_ref(), &salt))
            .await
            .expect("invariant: stretching does not panic and is not cancelled");
        let opening = Opening {
            mode: RoomMode::OpenHistory,
            history: 35,
            lifetime: Lifetime::For(Duration::from_secs(3600)),
            max_members,
            control_key: None,
            purge_digest: None,
        };
        Ok(Self {
            relay,
            keys,
            salt,
            max_file,
            opening,
            pin,
            bot: None,
            waits_where_empty: false,
        })
    }

    /// The room's keys.
    pub fn keys(&self) -> &RoomKeys {
        &self.keys
    }

    /// The longest file that the relay takes, in bytes.
    pub fn max_file(&self) -> u64 {
        self.max_file
    }

    /// Enters under `name`. Events tell how it goes; see [`Member::next`].
    ///
    /// `any_mode`: the room may be of either kind if it exists already.
    pub fn enter(self, name: DisplayName, any_mode: bool) -> Member {
        let (relay, config) = self.config(name, any_mode);
        Member::start(relay, config)
    }

    /// Enters as somebody who comes from another room, known there by what `passport` holds. A session's
    /// [`passport`](client::Session::passport) and its [`invitation`](client::Session::invitation) are all that it takes to follow
    /// one.
    pub fn arrive(self, name: DisplayName, any_mode: bool, passport: &Passport) -> Member {
        let (relay, config) = self.config(name, any_mode);
        Member::arrive(relay, config, passport)
    }

    /// What [`enter`](Self::enter) enters with, for a program that means to [freeze](Member::freeze) its member.
    pub fn config(self, name: DisplayName, any_mode: bool) -> (Relay, Config) {
        let config = Config {
            keys: self.keys,
            name,
            opening: self.opening,
            pin: self.pin.map_or(Pin::FirstUse, Pin::Known),
            salt: self.salt,
            bot: self.bot,
            auto_enter: true,
            accepts_any_mode: any_mode,
            rules: client::Rules::default(),
            second_secret: self.waits_where_empty,
        };
        (self.relay, config)
    }
}
