//! Wrong names, broken links, wrong keys, missing WebAssembly, a clock that is hours off: one clear sentence each.

use anyhow::{Context as _, Result};
use roomkey_e2e::browser::Browser;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;
use serde_json::json;

const ROOM: &str = "ripping huntress crease anaconda handyman";

#[tokio::test]
async fn bad_room_names_are_refused_with_a_sentence_and_stay_in_the_field() -> Result<()> {
    let relay = Relay::start().await?;
    let browser = Browser::chromium().await?;
    browser.goto(&relay.url()).await?;
    browser.fill("Your name", "Anna").await?;
    for name in [
        "",
        "   ",
        "tab\u{7}bell",
        "left\u{202e}right",
        "zero\u{200b}width",
        &"a".repeat(129),
    ] {
        browser.paste("Room name", name).await?;
        browser.click("button", "Open room").await?;
        browser
            .until(
                "one('textbox', 'Room name').getAttribute('aria-invalid') === 'true'",
                vec![],
            )
            .await?;
        browser
            .until(
                "(one('textbox', 'Room name').getAttribute('aria-describedby') || '').split(' ')
                   .some((id) => (document.getElementById(id)?.textContent || '').length > 10)",
                vec![],
            )
            .await?;
        let kept = browser
            .eval("return one('textbox', 'Room name').value", vec![])
            .await?;
        assert_eq!(kept, json!(name), "what was typed was lost");
    }
    browser.picture("bad-name-desktop").await?;
    browser.paste("Room name", &"a".repeat(128)).await?;
    browser
        .until(
            "one('textbox', 'Room name').getAttribute('aria-invalid') !== 'true'",
            vec![],
        )
        .await?;
    browser.close().await
}

#[tokio::test]
async fn a_pasted_link_leads_to_its_invitation() -> Result<()> {
    let relay = Relay::start().await?;
    let browser = Browser::chromium().await?;
    browser.goto(&relay.url()).await?;
    let link = format!(
        "{}/#/r/ripping-huntress-crease-anaconda-handyman",
        relay.url()
    );
    browser.paste("Room name", &link).await?;
    browser.find("button", "Join").await?;
    browser.reads("invited").await?;
    browser.close().await
}

#[tokio::test]
async fn broken_links_lead_to_pages_that_say_what_to_do() -> Result<()> {
    let relay = Relay::start().await?;
    let browser = Browser::chromium().await?;
    for (path, words) in [
        ("/#/r/", "lost its room name"),
        ("/#/r/~%%%", "lost its room name"),
        ("/%23/r/some-room", "rewritten on the way"),
        ("/#/x9/some-room", "Update needed"),
    ] {
        browser.goto("about:blank").await?;
        browser.goto(&format!("{}{path}", relay.url())).await?;
        browser.reads(words).await?;
    }
    let log = relay.log();
    assert!(
        !log.contains("some-room"),
        "a rewritten link reached the log:\n{log}"
    );
    browser.close().await
}

#[tokio::test]
async fn a_wrong_relay_key_stops_with_both_fingerprints() -> Result<()> {
    let relay = Relay::start().await?;
    let browser = Browser::chromium().await?;
    let wrong = "a".repeat(26);
    browser
        .goto(&format!(
            "{}/#/r/ripping-huntress-crease-anaconda-handyman/{wrong}",
            relay.url()
        ))
        .await?;
    browser.reads("not the one").await?;
    let words = browser.words().await?.replace([' ', '\u{a0}', '-'], "");
    assert!(
        words.contains(&wrong),
        "the expected fingerprint is not shown: {words}"
    );
    browser.picture("wrong-key-desktop").await?;
    assert!(
        !browser.shows("textbox", "Message").await?,
        "the room opened in spite of a wrong key"
    );
    // Trusting it takes the beginning of the new key, typed.
    let found = browser
        .until(
            "document.querySelectorAll('.print .key')[1].textContent.replaceAll(' ', '')",
            vec![],
        )
        .await?;
    let found = found.as_str().context("no key")?.to_owned();
    browser.click("button", "Trust the new key").await?;
    let field = "If the host confirmed the new key to you, type its first 8 characters";
    let trusts = "!!document.querySelector('.prints .button-danger')";
    for (typed, may) in [
        (&wrong[..8], false),
        (&found[..7], false),
        (&found[..8], true),
    ] {
        browser.fill(field, typed).await?;
        browser
            .until(&format!("{trusts} === {may}"), vec![])
            .await?;
    }
    browser
        .eval(
            "document.querySelector('.prints .button-danger').click()",
            vec![],
        )
        .await?;
    browser.reads("You're invited").await?;
    browser.close().await
}

#[tokio::test]
async fn a_relay_that_is_gone_keeps_what_was_typed() -> Result<()> {
    let mut relay = Relay::start().await?;
    let browser = Browser::chromium().await?;
    browser.goto(&relay.url()).await?;
    browser.fill("Room name", ROOM).await?;
    browser.fill("Your name", "Anna").await?;
    relay.kill().await;
    browser.click("button", "Open room").await?;
    browser
        .until(
            "!!document.body.innerText.match(/reach the relay|Reconnecting/i)",
            vec![],
        )
        .await?;
    browser.picture("relay-gone-desktop").await?;
    relay.restart().await?;
    browser.go_in().await?;
    browser.close().await
}

#[tokio::test]
async fn a_clock_that_is_hours_off_is_told_and_costs_nothing() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    let bert = Browser::chromium().await?;
    let off = "const real = Date.now; Date.now = () => real() - 5 * 3600 * 1000;";
    bert.devtools(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": off }),
    )
    .await?;
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeNothing)
        .await?;
    let link = anna.invitation().await?;
    bert.join(&link, "Bert").await?;
    anna.say("what time is it?").await?;
    bert.hears("what time is it?").await?;
    bert.say("my clock is slow").await?;
    anna.hears("my clock is slow").await?;
    anna.until(
        "/clock/i.test(document.body.innerText.replace('my clock is slow', ''))",
        vec![],
    )
    .await?;
    anna.close().await?;
    bert.close().await
}

#[tokio::test]
async fn a_guessable_name_needs_a_second_click() -> Result<()> {
    let relay = Relay::start().await?;
    let browser = Browser::chromium().await?;
    browser.goto(&relay.url()).await?;
    browser.fill("Room name", "room-123").await?;
    browser.fill("Your name", "Anna").await?;
    browser.click("button", "Open room").await?;
    browser.click("button", "Enter anyway").await?;
    browser.go_in().await?;
    browser.reads("uessable").await?;
    browser.close().await
}
