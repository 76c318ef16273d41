//! The scene that most tests begin with: Anna has opened a room, and Bert has followed her link.

use crate::browser::{Browser, Screen};
use crate::driver::Kind;
use crate::page::Newcomers;
use crate::relay::Relay;
use anyhow::Result;

/// The room's name.
pub const ROOM: &str = "anaconda huntress krypton handyman crease";

/// Two people in one room.
pub struct Pair {
    /// What runs between them.
    pub relay: Relay,
    /// Who opened the room.
    pub anna: Browser,
    /// Who followed the link, on a desktop.
    pub bert: Browser,
    /// The invitation.
    pub link: String,
}

impl Pair {
    /// Both on a desktop.
    ///
    /// # Errors
    /// When they do not get together.
    pub async fn meet(newcomers: Newcomers) -> Result<Self> {
        Self::on(Screen::Desktop, newcomers, "Bert").await
    }

    /// Both in the whole of Chromium.
    ///
    /// # Errors
    /// When they do not get together.
    pub async fn in_full_chromium(newcomers: Newcomers) -> Result<Self> {
        Self::with(Kind::FullChromium, Screen::Desktop, newcomers, "Bert").await
    }

    /// Anna on `screen`, and the other under the name that is given.
    ///
    /// # Errors
    /// When they do not get together.
    pub async fn on(screen: Screen, newcomers: Newcomers, name: &str) -> Result<Self> {
        Self::with(Kind::Chromium, screen, newcomers, name).await
    }

    async fn with(kind: Kind, screen: Screen, newcomers: Newcomers, name: &str) -> Result<Self> {
        // Browsers take their time to start: let them do it together.
        let (relay, anna, bert) = tokio::try_join!(
            Relay::start(),
            Browser::start(kind, screen, &[]),
            Browser::start(kind, Screen::Desktop, &[])
        )?;
        anna.open_room(&relay.url(), ROOM, "Anna", newcomers)
            .await?;
        let link = anna.invitation().await?;
        bert.join(&link, name).await?;
        anna.hears(name).await?;
        Ok(Self {
            relay,
            anna,
            bert,
            link,
        })
    }

    /// Closes both browsers.
    ///
    /// # Errors
    /// When one does not close.
    pub async fn part(self) -> Result<()> {
        self.anna.close().await?;
        self.bert.close().await
    }
}
