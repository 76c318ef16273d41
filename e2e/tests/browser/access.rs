//! Every screen in both themes, on a desktop and on a narrow phone: nothing for axe-core to object to, nothing cut off.

use anyhow::Result;
use roomkey_e2e::axe::inspect_in_both_schemes as inspect;
use roomkey_e2e::browser::{Browser, Screen};
use roomkey_e2e::driver::Kind;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;

const ROOM: &str = "huntress crease anaconda handyman krypton";
const LONG: &str = "Ωκεανίδα-Ψαροπούλα-Ξυλοφόρτωτη-Χ";

async fn walk(screen: Screen, suffix: &str) -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::start(Kind::Chromium, screen, &[]).await?;
    anna.goto(&relay.url()).await?;
    anna.find("button", "Open room").await?;
    inspect(&anna, &format!("first-{suffix}")).await?;
    anna.fill("Room name", "room-123").await?;
    anna.click("button", "Room options").await?;
    anna.reads("guess").await?;
    inspect(&anna, &format!("guessable-{suffix}")).await?;

    anna.open_room(&relay.url(), ROOM, LONG, Newcomers::SeeLast35)
        .await?;
    inspect(&anna, &format!("empty-room-{suffix}")).await?;
    anna.click("button", "Invite").await?;
    anna.find("button", "Copy link").await?;
    inspect(&anna, &format!("invite-{suffix}")).await?;
    anna.click("button", "Close").await?;
    let link = anna.invitation().await?;

    let bert = Browser::start(Kind::Chromium, screen, &[]).await?;
    bert.goto(&link).await?;
    bert.find("button", "Join").await?;
    inspect(&bert, &format!("invited-{suffix}")).await?;
    bert.join(&link, "Bert").await?;
    bert.say(&format!(
        "a link https://example.com/{} and a very long word {}",
        "path".repeat(20),
        "w".repeat(300)
    ))
    .await?;
    bert.say("<script>alert(1)</script> مرحبا بالعالم hello")
        .await?;
    anna.hears("hello").await?;
    inspect(&anna, &format!("room-{suffix}")).await?;
    anna.click("button", "What the server sees").await?;
    anna.until(
        "all('dialog', 'What the server sees')[0] || all('region', 'What the server sees')[0]",
        vec![],
    )
    .await?;
    inspect(&anna, &format!("server-view-{suffix}")).await?;
    anna.click("button", "Close").await?;
    bert.click("button", "Leave").await?;
    bert.reads("You left").await?;
    inspect(&bert, &format!("left-{suffix}")).await?;
    bert.goto(&format!("{}/#/r/", relay.url())).await?;
    bert.client.refresh().await?;
    bert.reads("lost its room name").await?;
    inspect(&bert, &format!("broken-link-{suffix}")).await?;
    anna.close().await?;
    bert.close().await
}

#[tokio::test]
async fn every_screen_is_accessible_on_a_desktop() -> Result<()> {
    walk(Screen::Desktop, "desktop").await
}

#[tokio::test]
async fn every_screen_is_accessible_on_a_phone() -> Result<()> {
    walk(Screen::Phone, "phone").await
}

#[tokio::test]
async fn every_screen_is_accessible_at_320_pixels() -> Result<()> {
    walk(Screen::Narrow, "narrow").await
}
