//! Members without a browser: the other people in a room, where only one page is looked at.

use anyhow::{Context as _, Result, anyhow};
use client::{Body, BotDisclosure, DisplayName, Event, Now, OrderError, Session, Status};
use crypto::kdf::SecondSecret;
use crypto::name::RoomName;
use crypto::room::RoomKeys;
use crypto::wire::envelope::{bucket, sealed_len};
use crypto::wire::{Keep, Opening};
use roomkey_bench::member::{Dialect, Member as RawMember};
use sdk::{Door, Member, Relay, Rng};
use std::net::SocketAddr;

async fn find(relay: &str, room: &str, second: Option<&str>) -> Result<Door> {
    let relay = Relay::new(relay, None, None)?;
    let room = RoomName::parse(room).map_err(|error| anyhow!("{room:?}: {error:?}"))?;
    let second = second.and_then(SecondSecret::parse);
    Ok(Door::find(relay, room, second, None).await?)
}

/// A member that can do whatever a session can. Dropping it leaves the room.
pub struct Native {
    member: Member,
    keys: RoomKeys,
}

impl Native {
    /// Enters `room`, or opens it as `shape` wants it, and waits until that is done.
    ///
    /// # Errors
    /// When the relay does not let it in.
    pub async fn enter(
        relay: &str,
        room: &str,
        name: &str,
        second: Option<&str>,
        shape: impl FnOnce(&mut Opening),
    ) -> Result<Self> {
        let mut door = find(relay, room, second).await?;
        shape(&mut door.opening);
        Self::through(door, name).await
    }

    /// Enters `room` as a bot that declares where it sends what it hears.
    ///
    /// # Errors
    /// When the relay does not let it in.
    pub async fn enter_as_bot(
        relay: &str,
        room: &str,
        name: &str,
        destination: &str,
    ) -> Result<Self> {
        let mut door = find(relay, room, None).await?;
        door.bot = Some(BotDisclosure {
            destination: destination.to_owned(),
        });
        Self::through(door, name).await
    }

    async fn through(door: Door, name: &str) -> Result<Self> {
        let keys = door.keys().clone();
        let name = DisplayName::parse(name).map_err(|error| anyhow!("{name:?}: {error:?}"))?;
        let member = door.enter(name, true);
        let mut native = Self { member, keys };
        native
            .until(|event| matches!(event, Event::CaughtUp))
            .await?;
        Ok(native)
    }

    /// Waits for an event.
    ///
    /// # Errors
    /// When the session ends before it comes.
    pub async fn until(&mut self, mut is_it: impl FnMut(&Event) -> bool) -> Result<Event> {
        loop {
            let event = self.member.next().await.context("the session is gone")?;
            if is_it(&event) {
                return Ok(event);
            }
            if let Event::Status(Status::Ended(end)) = event {
                return Err(anyhow!("the session ended: {end:?}"));
            }
        }
    }

    /// Waits until somebody of this name is in the room, and says which member that is.
    ///
    /// # Errors
    /// When the session ends before they come.
    pub async fn meets(&mut self, name: &str) -> Result<crypto::wire::SenderId> {
        let is_them =
            |event: &Event| matches!(event, Event::PersonArrived(person) if person.name == name);
        match self.until(is_them).await? {
            Event::PersonArrived(person) => Ok(person.sid),
            other => Err(anyhow!("unexpected: {other:?}")),
        }
    }

    /// Says something to everybody.
    ///
    /// # Errors
    /// When the session is gone or does not take it.
    pub async fn say(&self, text: &str) -> Result<()> {
        let body = Body::text(text.to_owned());
        self.member
            .drive(move |session, now, rng| session.post(body, now, rng))
            .await
            .context("the session is gone")?
            .map_err(|error| anyhow!("not said: {error:?}"))?;
        Ok(())
    }

    /// Gives an order about the room.
    ///
    /// # Errors
    /// When the session is gone or does not govern.
    pub async fn order(
        &self,
        give: impl FnOnce(&mut Session, Now, &mut Rng) -> Result<(), OrderError> + Send + 'static,
    ) -> Result<()> {
        self.member
            .drive(give)
            .await
            .context("the session is gone")?
            .map_err(|error| anyhow!("not ordered: {error:?}"))
    }

    /// Publishes an envelope that nobody sealed: somebody who knows the room and means harm.
    ///
    /// # Errors
    /// When the relay does not take them.
    pub async fn vandalise(&self, relay: SocketAddr) -> Result<()> {
        let vandal = RawMember::connect(relay, Dialect::Roomkey, 0, None).await?;
        let vandal = vandal.with_keys(self.keys.clone());
        vandal.ask(None).await?;
        vandal.entered().await?;
        let (mut bytes, envelope) = (Vec::new(), vec![0xA5; sealed_len(bucket(1))]);
        vandal.compose(&envelope, Keep::Ring, &mut bytes)?;
        vandal.write(&bytes).await?;
        vandal.leave(true).await;
        Ok(())
    }
}
