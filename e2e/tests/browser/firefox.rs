//! The other engine: Firefox and Chromium in one room.

use anyhow::Result;
use roomkey_e2e::browser::{Browser, Screen};
use roomkey_e2e::driver::Kind;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;

#[tokio::test]
async fn firefox_and_chromium_talk_in_a_forward_secret_room() -> Result<()> {
    let relay = Relay::start().await?;
    let fox = Browser::start(Kind::Firefox, Screen::Desktop, &[]).await?;
    fox.open_room(
        &relay.url(),
        "ended unsecured anaconda handyman krypton",
        "Reynard",
        Newcomers::SeeNothing,
    )
    .await?;
    let link = fox.invitation().await?;
    let anna = Browser::chromium().await?;
    anna.join(&link, "Anna").await?;
    fox.hears("Anna").await?;
    fox.say("hello from another engine").await?;
    anna.hears("hello from another engine").await?;
    anna.say("and hello back").await?;
    fox.hears("and hello back").await?;
    fox.picture("firefox-desktop").await?;
    fox.client.refresh().await?;
    fox.in_room().await?;
    fox.hears("and hello back").await?;
    anna.say("after the reload").await?;
    fox.hears("after the reload").await?;
    fox.close().await?;
    anna.close().await
}
