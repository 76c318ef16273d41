//! The rooms that everybody sits in.

use std::time::Duration;

use anyhow::{Context as _, Result};
use client::{Config, DisplayName, Rules};
use crypto::kdf::{Salt, stretch};
use crypto::name::RoomName;
use crypto::room::RoomKeys;
use crypto::tunnel::{Fingerprint, Pin};
use crypto::wire::{Lifetime, Opening, RoomMode};
use sdk::Relay;

/// One room.
#[derive(Clone)]
pub(crate) struct Room {
    keys: RoomKeys,
    salt: Salt,
    pin: Fingerprint,
    mode: RoomMode,
    history: u16,
}

impl Room {
    /// Stretches the names: the first room forgets, the second keeps a long history and the third a short one.
    pub(crate) async fn all(relay: &Relay) -> Result<Vec<Self>> {
        let facts = relay.facts().await?;
        let kinds = [
            ("copper-lantern", RoomMode::ForwardSecret, 0),
            ("quiet-harbour", RoomMode::OpenHistory, 200),
            ("paper-kite", RoomMode::OpenHistory, 35),
        ];
        let mut rooms = Vec::new();
        for (name, mode, history) in kinds {
            let name = RoomName::parse(name).map_err(|error| anyhow::anyhow!("{error}"))?;
            let salt = facts.salt;
            let keys = tokio::task::spawn_blocking(move || stretch(&name, None, &salt))
                .await
                .context("stretching a name")?;
            rooms.push(Self {
                keys,
                salt,
                pin: facts.fingerprint,
                mode,
                history,
            });
        }
        Ok(rooms)
    }

    /// What somebody of this name enters with.
    pub(crate) fn config(&self, name: &str) -> Result<Config> {
        Ok(Config {
            keys: self.keys.clone(),
            name: DisplayName::parse(name).map_err(|error| anyhow::anyhow!("{error}"))?,
            opening: Opening {
                mode: self.mode,
                history: self.history,
                lifetime: Lifetime::For(Duration::from_secs(24 * 60 * 60)),
                max_members: 32,
                control_key: None,
                purge_digest: None,
            },
            pin: Pin::Known(self.pin),
            salt: self.salt,
            bot: None,
            auto_enter: true,
            rules: Rules::default(),
            second_secret: false,
            accepts_any_mode: false,
        })
    }
}
