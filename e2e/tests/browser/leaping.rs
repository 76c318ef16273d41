//! Leaping: those who are ticked move to a fresh room, and nobody else learns where.

use anyhow::{Context as _, Result, ensure};
use roomkey_e2e::axe::inspect_in_both_schemes;
use roomkey_e2e::browser::{Browser, Screen};
use roomkey_e2e::driver::Kind;
use roomkey_e2e::memory;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::pair::{Pair, ROOM};
use roomkey_e2e::relay::Relay;
use roomkey_e2e::tap::Tap;
use serde_json::json;

const ENTER: &str = "\u{e007}";

/// Opens the sheet with the command, as somebody does who likes to type.
async fn leap(browser: &Browser) -> Result<()> {
    let field = browser.find("textbox", "Message").await?;
    field.click().await?;
    field.send_keys(&format!("/leap{ENTER}")).await?;
    browser.find("dialog", "Leap to a fresh room").await?;
    Ok(())
}

/// Ticks somebody on the sheet, or not.
async fn turn(browser: &Browser, name: &str) -> Result<()> {
    let tick = "all('checkbox', null).find((box) => nameOf(box).startsWith(a[0]))";
    browser
        .until(&format!("{tick}.checked"), vec![json!(name)])
        .await?;
    browser
        .eval(
            "const a = arguments; all('checkbox', null).find((box) => nameOf(box).startsWith(a[0])).click()",
            vec![json!(name)],
        )
        .await?;
    browser
        .until(&format!("!{tick}.checked"), vec![json!(name)])
        .await?;
    Ok(())
}

/// The tag beside one's own name.
async fn tag(browser: &Browser) -> Result<String> {
    let tag = browser
        .until("document.querySelector('.person .tag')?.innerText", vec![])
        .await?;
    Ok(tag.as_str().context("a tag is a text")?.to_owned())
}

async fn lacks(browser: &Browser, text: &str) -> Result<()> {
    browser
        .until("!wordsOf(document.body).includes(a[0])", vec![json!(text)])
        .await?;
    Ok(())
}

#[tokio::test]
async fn two_of_three_move_to_a_room_that_the_third_and_the_relay_know_nothing_of() -> Result<()> {
    let relay = Relay::start().await?;
    let tap = Tap::start(relay.address()).await?;
    let (anna, bert, cleo) = tokio::try_join!(
        Browser::chromium(),
        Browser::chromium(),
        Browser::start(Kind::Chromium, Screen::Phone, &[])
    )?;
    anna.open_room(&tap.url(), ROOM, "Anna", Newcomers::SeeLast35)
        .await?;
    let old = anna.invitation().await?;
    for (browser, name) in [(&bert, "Bert"), (&cleo, "Cleo")] {
        browser.join(&old, name).await?;
        anna.hears(name).await?;
    }
    bert.say("before").await?;
    cleo.hears("before").await?;
    let tags = (tag(&anna).await?, tag(&bert).await?);

    leap(&anna).await?;
    inspect_in_both_schemes(&anna, "leap-sheet-desktop").await?;
    turn(&anna, "Cleo").await?;
    anna.eval(
        "one('button', 'Hold to leap and close this room').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0 }))",
        vec![],
    )
    .await?;
    bert.reads("Anna wants to move to a new room with you")
        .await?;
    // The old room is closed; what was asked in it still stands, with the face of where it leads.
    bert.reads("The room was closed").await?;
    bert.reads("The new room's face").await?;
    inspect_in_both_schemes(&bert, "leap-asked-ended-desktop").await?;
    cleo.reads("The room was closed").await?;
    ensure!(
        !cleo.words().await?.contains("wants to move"),
        "the third person was asked"
    );
    anna.in_room().await?;
    anna.reads("Still awaited:").await?;
    inspect_in_both_schemes(&anna, "leap-awaited-desktop").await?;
    bert.click("button", "Go").await?;
    bert.in_room().await?;
    for browser in [&anna, &bert] {
        browser.reads("Everybody who was asked is here.").await?;
    }
    anna.say("just the two of us").await?;
    bert.hears("just the two of us").await?;
    ensure!(
        (tag(&anna).await?, tag(&bert).await?) == tags,
        "they are not known by the tags they had"
    );

    let new = anna.invitation().await?;
    let slug = new.split('/').nth(5).context("a link names its room")?;
    ensure!(!old.contains(slug) && slug.split('-').count() == 5);
    let needles: Vec<Vec<u8>> = std::iter::once(slug)
        .chain([&slug[..slug.len() / 2], &slug[slug.len() / 2..]])
        .map(|part| part.as_bytes().to_vec())
        .collect();
    let seen = [tap.bytes(), relay.log().into_bytes()];
    for (needle, bytes) in needles
        .iter()
        .flat_map(|it| seen.iter().map(move |b| (it, b)))
    {
        let found = bytes.windows(needle.len()).any(|window| window == needle);
        ensure!(!found, "the new name crossed the wire or is in the log");
    }
    let pid = relay.pid().context("the relay is gone")?;
    ensure!(
        memory::count(pid, &needles)?
            .iter()
            .all(|count| *count == 0)
    );
    // Nor does it stay where the third person, or a copied tab, would find it.
    for browser in [&anna, &bert, &cleo] {
        let kept = browser
            .eval(
                "return JSON.stringify(sessionStorage) + JSON.stringify(localStorage) + location.href + document.title",
                vec![],
            )
            .await?;
        ensure!(!kept.to_string().contains(slug));
    }
    anna.close().await?;
    bert.close().await?;
    cleo.close().await
}

#[tokio::test]
async fn whoever_is_asked_may_stay_and_whoever_does_not_govern_leaves_the_room_open() -> Result<()>
{
    let room = Pair::on(Screen::Phone, Newcomers::SeeNothing, "Bert").await?;
    let (anna, bert) = (&room.anna, &room.bert);
    leap(bert).await?;
    bert.reads("This room stays open").await?;
    bert.click("button", "Leap").await?;
    anna.reads("Bert wants to move to a new room with you")
        .await?;
    anna.reads("The new room's face").await?;
    inspect_in_both_schemes(anna, "leap-asked-phone").await?;
    anna.click("button", "Stay").await?;
    lacks(anna, "wants to move").await?;
    anna.in_room().await?;
    bert.reads("0 of 1 came along. Still awaited: Anna").await?;

    // Back by the link of old, and asked again by somebody who can be muted.
    bert.goto("about:blank").await?;
    bert.join(&room.link, "Bert").await?;
    anna.hears("Bert").await?;
    leap(anna).await?;
    inspect_in_both_schemes(anna, "leap-sheet-phone").await?;
    room.part().await
}

#[tokio::test]
async fn a_removal_and_a_rewritten_link_are_reasons_to_leap() -> Result<()> {
    let room = Pair::meet(Newcomers::SeeLast35).await?;
    let Pair {
        relay, anna, bert, ..
    } = &room;
    let field = anna.find("textbox", "Message").await?;
    field.click().await?;
    field.send_keys(&format!("/kick Bert{ENTER}")).await?;
    anna.click("button", "Remove").await?;
    anna.reads("Bert still knows the room's name. Leap to be sure.")
        .await?;
    inspect_in_both_schemes(anna, "leap-removed-desktop").await?;
    anna.click("button", "Leap…").await?;
    anna.find("dialog", "Leap to a fresh room").await?;
    anna.reads("Nobody else is here.").await?;

    bert.goto(&format!("{}/%23/r/oak-elm-ash-fig-yew", relay.url()))
        .await?;
    bert.click("link", "Join anyway").await?;
    bert.fill("Your name", "Bert").await?;
    bert.click("button", "Join").await?;
    bert.in_room().await?;
    bert.reads("This server has now seen the room's name.")
        .await?;
    bert.click("button", "Not now").await?;
    lacks(bert, "has now seen").await?;
    room.part().await
}
