//! Where the states are played, and what is looked at in each.

use anyhow::Result;
use anyhow::ensure;
use crypto::wire::Opening;
use roomkey_e2e::axe;
use roomkey_e2e::browser::Browser;
use roomkey_e2e::browser::Screen;
use roomkey_e2e::driver::Kind;
use roomkey_e2e::native::Native;
use roomkey_e2e::relay::Relay;
use serde_json::json;

use super::Next::{At, One};
use super::State;

/// One browser and one relay for many states; what a state needs besides is dropped after it.
pub(super) struct Stage {
    pub(super) relay: Relay,
    pub(super) eva: Browser,
    pub(super) rooms: usize,
    pub(super) others: Vec<Native>,
    pub(super) relays: Vec<Relay>,
}

impl Stage {
    pub(super) async fn set() -> Result<Self> {
        Ok(Self {
            relay: Relay::start().await?,
            // An address in the network that is this very machine: the page comes without https and not from localhost.
            eva: Browser::start(
                Kind::Chromium,
                Screen::Desktop,
                &["--host-resolver-rules=MAP 10.11.12.13 127.0.0.1"],
            )
            .await?,
            rooms: 0,
            others: Vec::new(),
            relays: Vec::new(),
        })
    }

    /// A name that no state has used yet.
    pub(super) fn fresh(&mut self) -> String {
        self.rooms += 1;
        format!("ripping-huntress-crease-anaconda-{:03}", self.rooms)
    }

    /// Hugo opens a room on `relay`; the link to it.
    pub(super) async fn hugo(
        &mut self,
        relay: &str,
        shape: impl FnOnce(&mut Opening),
    ) -> Result<String> {
        let room = self.fresh();
        let hugo = Native::enter(relay, &room, "Hugo", None, shape).await?;
        self.others.push(hugo);
        Ok(format!("{relay}/#/r/{room}"))
    }

    /// Hugo and Eva are in a room.
    pub(super) async fn both(&mut self) -> Result<()> {
        let link = self.hugo(&self.relay.url(), |_| {}).await?;
        self.eva.join(&link, "Eva").await
    }

    /// Eva presses Join on a link, and what comes of it is not waited for.
    pub(super) async fn knock(&self, link: &str) -> Result<()> {
        self.eva.goto(link).await?;
        self.eva.fill("Your name", "Eva").await?;
        self.eva.click("button", "Join").await
    }

    /// A relay for one state, and its address.
    pub(super) async fn own_relay(&mut self, options: &[&str]) -> Result<String> {
        let relay = Relay::start_with(options).await?;
        let url = relay.url();
        self.relays.push(relay);
        Ok(url)
    }

    /// Goes through a table and reports what is wrong with any of it.
    pub(super) async fn play(mut self, states: &[State]) -> Result<()> {
        let mut wrong = Vec::new();
        for state in states {
            self.eva.start_afresh().await?;
            if let Err(error) = self.show(state).await {
                self.eva
                    .picture(&format!("state-{}-wrong", state.0))
                    .await?;
                wrong.push(format!("{}: {error:#}", state.0));
            }
            self.others.clear();
            self.relays.clear();
        }
        self.eva.close().await?;
        ensure!(wrong.is_empty(), "{}", wrong.join("\n\n"));
        Ok(())
    }

    pub(super) async fn show(&mut self, State(name, words, next, reach): &State) -> Result<()> {
        reach(self).await?;
        let eva = &self.eva;
        eva.reads(words).await?;
        match next {
            One(label) => {
                eva.find("button", label).await?;
                let loud = eva
                    .eval(
                        "return [...document.querySelectorAll('.button-primary')].filter(isVisible).map(nameOf)",
                        vec![],
                    )
                    .await?;
                ensure!(loud == json!([label]), "the obvious next steps are {loud}");
            }
            At(role, label) => {
                eva.find(role, label).await?;
            }
        }
        for (screen, scheme, picture) in [
            (Screen::Desktop, "light", format!("state-{name}-desktop")),
            (Screen::Phone, "dark", format!("state-{name}-phone")),
        ] {
            eva.resize(screen).await?;
            eva.prefer(scheme).await?;
            axe::inspect(eva, &picture).await?;
        }
        eva.resize(Screen::Narrow).await?;
        axe::fits(eva, name).await?;
        ensure!(
            self.eva.words().await?.contains(words),
            "the state did not last"
        );
        Ok(())
    }
}
