//! Who opened a room governs it: lock, time, removing, sharing, closing for everybody; and comparing keys with somebody.

use anyhow::{Context as _, Result};
use client::{End, Event, Status};
use roomkey_e2e::axe::inspect_in_both_schemes as is_accessible;
use roomkey_e2e::browser::{Browser, Screen};
use roomkey_e2e::native::Native;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::pair::{Pair, ROOM};
use serde_json::json;

const LONG: &str = "Ωκεανίδα-Ψαροπούλα-Ξυλοφόρτωτη-Χ";

/// Anna has opened a room and somebody is in it.
async fn room(screen: Screen, name: &str) -> Result<Pair> {
    Pair::on(screen, Newcomers::SeeLast35, name).await
}

/// Opens the room's card with a press on the face.
async fn open_card(browser: &Browser) -> Result<()> {
    browser
        .until(
            "all('button', null).some((b) => nameOf(b).startsWith('Room card'))",
            vec![],
        )
        .await?;
    browser
        .eval(
            "all('button', null).find((b) => nameOf(b).startsWith('Room card')).click()",
            vec![],
        )
        .await?;
    browser.find("dialog", "This room").await?;
    Ok(())
}

/// Opens what can be done about a person, on a wide screen.
async fn open_person(browser: &Browser, name: &str) -> Result<()> {
    browser.click("button", &format!("More about {name}")).await
}

/// Holds the button that closes the room for as long as it takes.
async fn hold(browser: &Browser) -> Result<()> {
    browser
        .eval(
            "one('button', 'Hold to close the room').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0 }))",
            vec![],
        )
        .await?;
    browser.reads("Closing the room for everybody in").await
}

#[tokio::test]
async fn a_locked_room_refuses_newcomers_and_takes_its_own_back() -> Result<()> {
    let room = room(Screen::Desktop, "Bert").await?;
    let (anna, bert) = (&room.anna, &room.bert);
    open_card(anna).await?;
    anna.click("button", "Lock the room").await?;
    anna.find("button", "Unlock the room").await?;
    anna.click("button", "Close").await?;
    bert.hears("Anna locked the room").await?;
    let cleo = Browser::chromium().await?;
    cleo.goto(&room.link).await?;
    cleo.fill("Your name", "Cleo").await?;
    cleo.click("button", "Join").await?;
    cleo.reads("This room is locked").await?;
    is_accessible(&cleo, "locked-desktop").await?;
    bert.client.refresh().await?;
    bert.in_room().await?;
    bert.say("still inside").await?;
    anna.hears("still inside").await?;
    // The opener's reload keeps the opener's powers.
    anna.client.refresh().await?;
    anna.in_room().await?;
    open_card(anna).await?;
    anna.click("button", "Unlock the room").await?;
    anna.find("button", "Lock the room").await?;
    cleo.click("button", "Try again").await?;
    cleo.in_room().await?;
    bert.hears("Cleo").await?;
    room.anna.close().await?;
    room.bert.close().await?;
    cleo.close().await
}

#[tokio::test]
async fn the_time_left_is_changed_for_everybody_and_amber_when_short() -> Result<()> {
    let room = room(Screen::Desktop, "Bert").await?;
    let (anna, bert) = (&room.anna, &room.bert);
    open_card(anna).await?;
    anna.click("button", "24 hours").await?;
    bert.hears("set the time left to 24 h").await?;
    bert.until(
        "/^23:59:/.test(document.querySelector('[role=timer]').innerText.trim())",
        vec![],
    )
    .await?;
    anna.click("button", "Until empty").await?;
    bert.hears("open until it is empty").await?;
    anna.click("button", "15 min").await?;
    bert.until(
        "/^1[45]:/.test(document.querySelector('[role=timer]').innerText.trim())",
        vec![],
    )
    .await?;
    // Ten and a half minutes pass for this page only.
    bert.eval(
        "const real = Date.now; Date.now = () => real() + 10.5 * 60 * 1000;",
        vec![],
    )
    .await?;
    bert.until("document.querySelector('.fact-soon')", vec![])
        .await?;
    open_card(bert).await?;
    bert.reads("Whoever opened the room decides").await?;
    bert.click("button", "Ask for more time").await?;
    anna.hears("Could this room stay open for longer?").await?;
    room.anna.close().await?;
    room.bert.close().await
}

#[tokio::test]
async fn a_removed_person_is_told_honestly_and_hears_nothing_more() -> Result<()> {
    let room = room(Screen::Desktop, "Bert").await?;
    let (anna, bert) = (&room.anna, &room.bert);
    open_person(anna, "Bert").await?;
    anna.click("button", "Remove").await?;
    anna.reads("They still know the room name").await?;
    is_accessible(anna, "remove-desktop").await?;
    anna.click("button", "Remove").await?;
    bert.reads("You were removed").await?;
    bert.reads("Anna (").await?;
    is_accessible(bert, "removed-desktop").await?;
    anna.hears("removed Bert").await?;
    anna.until("!wordsOf(one('list', 'People')).includes('Bert')", vec![])
        .await?;
    anna.say("without Bert").await?;
    assert!(!bert.words().await?.contains("without Bert"));
    room.anna.close().await?;
    room.bert.close().await
}

#[tokio::test]
async fn a_bot_says_where_it_sends_things_and_goes_by_the_button_beside_that() -> Result<()> {
    let room = room(Screen::Phone, "Bert").await?;
    let (anna, bert) = (&room.anna, &room.bert);
    let mut bot = Native::enter_as_bot(&room.relay.url(), ROOM, "Clippy", "office.example").await?;
    for person in [anna, bert] {
        person
            .hears("Clippy is a bot and may send what is said here to office.example")
            .await?;
    }
    is_accessible(anna, "bot-phone").await?;
    // Whoever does not govern can only stop listening, and change that again.
    bert.click("button", "Mute Clippy").await?;
    bert.click("button", "Hear Clippy again").await?;
    anna.click("button", "Remove").await?;
    anna.reads("They still know the room name").await?;
    is_accessible(anna, "bot-remove-phone").await?;
    anna.click("button", "Remove").await?;
    bot.until(|event| matches!(event, Event::Status(Status::Ended(End::Removed { .. }))))
        .await?;
    bert.hears("removed Clippy").await?;
    room.anna.close().await?;
    room.bert.close().await
}

#[tokio::test]
async fn closing_the_room_can_be_undone_and_then_names_who_did_it_and_when() -> Result<()> {
    let room = room(Screen::Desktop, "Bert").await?;
    let (anna, bert) = (&room.anna, &room.bert);
    open_card(anna).await?;
    is_accessible(anna, "card-desktop").await?;
    // A short press is not enough.
    anna.click("button", "Hold to close the room").await?;
    hold(anna).await?;
    is_accessible(anna, "closing-desktop").await?;
    anna.click("button", "Undo").await?;
    anna.until(
        "!document.body.innerText.includes('Closing the room')",
        vec![],
    )
    .await?;
    anna.say("we stay").await?;
    bert.hears("we stay").await?;
    open_card(anna).await?;
    hold(anna).await?;
    bert.reads("The room was closed").await?;
    bert.until("/Anna \\(\\w{4}\\) closed it for everybody at \\d\\d:\\d\\d/.test(document.body.innerText)", vec![])
        .await?;
    is_accessible(bert, "closed-desktop").await?;
    anna.reads("You closed it for everybody").await?;
    let cleo = Browser::chromium().await?;
    cleo.goto(&room.link).await?;
    cleo.fill("Your name", "Cleo").await?;
    cleo.click("button", "Join").await?;
    cleo.reads("This room is closed").await?;
    is_accessible(&cleo, "tombstone-desktop").await?;
    drop(room.relay);
    room.anna.close().await?;
    room.bert.close().await?;
    cleo.close().await
}

#[tokio::test]
async fn shared_control_is_control_and_everybody_may_close_where_that_was_said() -> Result<()> {
    let room = room(Screen::Desktop, "Bert").await?;
    let (anna, bert) = (&room.anna, &room.bert);
    open_card(anna).await?;
    anna.eval(
        "all('checkbox', null).find((box) => nameOf(box).startsWith('Everybody inside may close')).click()",
        vec![],
    )
    .await?;
    bert.hears("lets everybody close the room").await?;
    anna.click("button", "Close").await?;
    open_card(bert).await?;
    bert.find("button", "Hold to close the room").await?;
    assert!(!bert.shows("button", "Lock the room").await?);
    open_person(anna, "Bert").await?;
    anna.click("button", "Share control").await?;
    bert.click("button", "Lock the room").await?;
    anna.hears("Bert locked the room").await?;
    hold(bert).await?;
    anna.reads("closed it for everybody").await?;
    room.anna.close().await?;
    room.bert.close().await
}

#[tokio::test]
async fn two_people_see_the_same_five_pictures_and_a_check_stays() -> Result<()> {
    let room = room(Screen::Desktop, "Bert").await?;
    let (anna, bert) = (&room.anna, &room.bert);
    let mut seen = Vec::new();
    for (browser, other) in [(anna, "Bert"), (bert, "Anna")] {
        open_person(browser, other).await?;
        browser.click("button", "Compare").await?;
        let pictures = browser
            .until(
                "document.querySelectorAll('.picture').length === 5 && [...document.querySelectorAll('.pictures li')].map((li) => li.innerText).join(' ')",
                vec![],
            )
            .await?;
        seen.push(pictures.as_str().context("no pictures")?.to_owned());
    }
    assert_eq!(seen[0], seen[1], "they see different pictures");
    is_accessible(anna, "compare-desktop").await?;
    bert.click("button", "They don't match").await?;
    bert.reads("Do not go on").await?;
    anna.click("button", "They match").await?;
    anna.until(
        "wordsOf(one('list', 'People')).includes('compared')",
        vec![],
    )
    .await?;
    // The check belongs to the key and outlives a reload.
    anna.client.refresh().await?;
    anna.in_room().await?;
    anna.until(
        "wordsOf(one('list', 'People')).includes('compared')",
        vec![],
    )
    .await?;
    room.anna.close().await?;
    room.bert.close().await
}

async fn on_a_narrow_screen(screen: Screen, suffix: &str) -> Result<()> {
    let room = room(screen, LONG).await?;
    let anna = &room.anna;
    open_card(anna).await?;
    is_accessible(anna, &format!("card-{suffix}")).await?;
    hold(anna).await?;
    is_accessible(anna, &format!("closing-{suffix}")).await?;
    anna.click("button", "Undo").await?;
    anna.eval(
        "all('button', null).find((b) => nameOf(b).startsWith('People,')).click()",
        vec![],
    )
    .await?;
    open_person(anna, LONG).await?;
    is_accessible(anna, &format!("person-{suffix}")).await?;
    anna.click("button", "Compare").await?;
    anna.until("document.querySelectorAll('.picture').length === 5", vec![])
        .await?;
    is_accessible(anna, &format!("compare-{suffix}")).await?;
    let cut = anna
        .eval(
            "return [...document.querySelectorAll('dialog[open] .button')].filter((b) => b.getBoundingClientRect().right > innerWidth).map(nameOf)",
            vec![],
        )
        .await?;
    assert_eq!(cut, json!([]), "buttons cut off at the right");
    room.anna.close().await?;
    room.bert.close().await
}

#[tokio::test]
async fn the_card_and_the_powers_fit_on_a_phone() -> Result<()> {
    on_a_narrow_screen(Screen::Phone, "phone").await
}

#[tokio::test]
async fn the_card_and_the_powers_fit_on_320_pixels() -> Result<()> {
    on_a_narrow_screen(Screen::Narrow, "narrow").await
}
