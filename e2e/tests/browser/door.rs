//! The door: what is behind it is said before anybody enters, and nobody walks into the wrong room by themselves.

use anyhow::Result;
use roomkey_e2e::browser::Browser;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;

const ROOM: &str = "parsnip velcro harmony obtuse skyline";

/// Types a room's name and presses the button, no further.
async fn knock(browser: &Browser, relay: &Relay, name: &str, newcomers: Newcomers) -> Result<()> {
    browser.goto(&relay.url()).await?;
    browser.fill("Room name", ROOM).await?;
    browser.fill("Your name", name).await?;
    if newcomers == Newcomers::SeeNothing {
        browser.click("button", "Room options").await?;
        browser.pick("Newcomers see", "Nothing").await?;
    }
    browser.click("button", "Open room").await
}

#[tokio::test]
async fn a_typed_name_is_told_who_is_inside_before_entering() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    let bert = Browser::chromium().await?;
    knock(&anna, &relay, "Anna", Newcomers::SeeLast35).await?;
    anna.reads("Nobody is here yet").await?;
    anna.picture("door-empty-desktop").await?;
    anna.click("button", "Empty: you open it").await?;
    anna.in_room().await?;
    knock(&bert, &relay, "Bert", Newcomers::SeeLast35).await?;
    bert.reads("1 person is inside").await?;
    bert.reads("last 35 messages").await?;
    bert.picture("door-people-desktop").await?;
    assert!(
        !anna.log().await?.contains("Bert"),
        "somebody in front of the door was announced"
    );
    bert.click("button", "Join 1 person").await?;
    bert.in_room().await?;
    anna.hears("Bert").await?;
    anna.close().await?;
    bert.close().await
}

#[tokio::test]
async fn a_room_of_another_kind_is_asked_about_at_the_door_and_can_then_be_entered() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    let bert = Browser::chromium().await?;
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeNothing)
        .await?;
    knock(&bert, &relay, "Bert", Newcomers::SeeLast35).await?;
    bert.reads("not what you chose").await?;
    bert.picture("door-differs-desktop").await?;
    bert.click("button", "Join 1 person").await?;
    bert.in_room().await?;
    anna.hears("Bert").await?;
    bert.say("so be it").await?;
    anna.hears("so be it").await?;
    anna.close().await?;
    bert.close().await
}

#[tokio::test]
async fn a_made_up_name_and_a_link_open_the_door_by_themselves() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    let bert = Browser::chromium().await?;
    anna.goto(&relay.url()).await?;
    anna.fill("Your name", "Anna").await?;
    anna.click("button", "Open room").await?;
    anna.in_room().await?;
    let link = anna.invitation().await?;
    bert.join(&link, "Bert").await?;
    anna.hears("Bert").await?;
    anna.close().await?;
    bert.close().await
}

#[tokio::test]
async fn a_full_room_says_so_and_lets_in_as_soon_as_there_is_a_seat() -> Result<()> {
    let relay = Relay::start_with(&["--max-members", "2"]).await?;
    let anna = Browser::chromium().await?;
    let bert = Browser::chromium().await?;
    let cleo = Browser::chromium().await?;
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeLast35)
        .await?;
    let link = anna.invitation().await?;
    bert.join(&link, "Bert").await?;
    cleo.goto(&link).await?;
    cleo.fill("Your name", "Cleo").await?;
    cleo.click("button", "Join").await?;
    cleo.reads("The room is full").await?;
    cleo.reads("Trying again in").await?;
    cleo.picture("full-desktop").await?;
    bert.click("button", "Leave").await?;
    bert.reads("You left").await?;
    // By itself or with the button, whatever comes first.
    cleo.until(
        "one('log', 'Messages') || (one('button', 'Try again')?.click(), false)",
        vec![],
    )
    .await?;
    anna.hears("Cleo").await?;
    anna.close().await?;
    bert.close().await?;
    cleo.close().await
}
