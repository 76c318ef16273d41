//! Two people open a link and talk.

use anyhow::Result;
use roomkey_e2e::browser::{Browser, Screen};
use roomkey_e2e::driver::Kind;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;

const ROOM: &str = "unsecured handstand ripping huntress crease";

#[tokio::test]
async fn two_people_open_a_link_and_talk_in_both_directions() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::start(Kind::FullChromium, Screen::Desktop, &[]).await?;
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeLast35)
        .await?;
    anna.picture("room-empty-desktop").await?;
    let link = anna.invitation().await?;
    assert!(
        link.starts_with(&format!(
            "{}/#/r/unsecured-handstand-ripping-huntress-crease",
            relay.url()
        )),
        "{link}"
    );

    let bert = Browser::start(Kind::FullChromium, Screen::Phone, &[]).await?;
    bert.join(&link, "Bert").await?;
    anna.hears("Bert").await?;

    anna.say("Good morning, Bert").await?;
    bert.hears("Good morning, Bert").await?;
    bert.say("Good morning,\nAnna — καλημέρα 🌅").await?;
    anna.hears("Anna — καλημέρα 🌅").await?;
    anna.until("wordsOf(one('list', 'People')).includes('Bert')", vec![])
        .await?;
    anna.picture("room-talk-desktop").await?;
    bert.picture("room-talk-phone").await?;
    anna.close().await?;
    bert.close().await
}

#[tokio::test]
async fn spellings_of_a_room_name_lead_to_one_room() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    let bert = Browser::chromium().await?;
    anna.open_room(
        &relay.url(),
        "Unsecured  Handstand RIPPING huntress crease",
        "Anna",
        Newcomers::SeeLast35,
    )
    .await?;
    bert.goto(&relay.url()).await?;
    bert.fill("Room name", "unsecured-handstand-ripping-huntress-crease")
        .await?;
    bert.fill("Your name", "Bert").await?;
    bert.click("button", "Open room").await?;
    bert.go_in().await?;
    anna.say("same room").await?;
    bert.hears("same room").await?;
    anna.close().await?;
    bert.close().await
}

#[tokio::test]
async fn nothing_is_sent_to_the_relay_before_join_is_pressed() -> Result<()> {
    let relay = Relay::start().await?;
    let browser = Browser::chromium().await?;
    browser
        .goto(&format!(
            "{}/#/r/unsecured-handstand-ripping-huntress-crease",
            relay.url()
        ))
        .await?;
    browser.find("button", "Join").await?;
    let opened = browser
        .network()
        .await?
        .iter()
        .any(|(method, _)| method == "Network.webSocketCreated");
    assert!(!opened, "a WebSocket was opened before Join");
    browser.picture("invited-desktop").await?;
    browser.close().await
}

#[tokio::test]
async fn the_room_name_leaves_the_address_bar_and_a_leaver_leaves_nothing_behind() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    let bert = Browser::chromium().await?;
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeLast35)
        .await?;
    let link = anna.invitation().await?;
    bert.join(&link, "Bert").await?;
    anna.hears("Bert").await?;
    assert!(
        !bert
            .client
            .current_url()
            .await?
            .as_str()
            .contains("unsecured"),
        "the name is still in the address bar"
    );
    bert.click("button", "Leave").await?;
    bert.reads("You left").await?;
    bert.picture("left-desktop").await?;
    let kept = bert
        .eval("return JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + location.href", vec![])
        .await?;
    assert!(
        !kept.to_string().contains("unsecured"),
        "the name stayed in storage: {kept}"
    );
    anna.until("wordsOf(one('log', 'Messages')).includes('left')", vec![])
        .await?;
    anna.until("!wordsOf(one('list', 'People')).includes('Bert')", vec![])
        .await?;
    anna.close().await?;
    bert.close().await
}

#[tokio::test]
async fn two_people_of_one_name_are_told_apart_and_warned() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    let twin = Browser::chromium().await?;
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeLast35)
        .await?;
    let link = anna.invitation().await?;
    // A Greek capital alpha looks the same and is another letter.
    twin.join(&link, "\u{391}nna").await?;
    anna.reads("Someone else here").await?;
    twin.reads("Someone else here").await?;
    anna.picture("twins-desktop").await?;
    anna.close().await?;
    twin.close().await
}
