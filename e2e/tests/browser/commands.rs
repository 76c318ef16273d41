//! Slash commands do what the buttons do, with the same questions before what cannot be taken back.

use anyhow::{Result, ensure};
use roomkey_e2e::axe::{inspect, inspect_in_both_schemes};
use roomkey_e2e::browser::Browser;
use roomkey_e2e::native::Native;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::pair::{Pair, ROOM};
use serde_json::json;

const ENTER: &str = "\u{e007}";
const TAB: &str = "\u{e004}";

/// Types into the text field, as a person does.
async fn types(browser: &Browser, text: &str) -> Result<()> {
    let field = browser.find("textbox", "Message").await?;
    field.click().await?;
    field.send_keys(text).await?;
    Ok(())
}

async fn field(browser: &Browser, holds: &str) -> Result<()> {
    browser
        .until(
            "one('textbox', 'Message').value === a[0]",
            vec![json!(holds)],
        )
        .await?;
    Ok(())
}

#[tokio::test]
async fn commands_about_the_room_ask_what_its_buttons_ask() -> Result<()> {
    let room = Pair::meet(Newcomers::SeeLast35).await?;
    let Pair {
        relay, anna, bert, ..
    } = &room;
    let _cleo = Native::enter(&relay.url(), ROOM, "Cleo", None, |_| {}).await?;
    anna.hears("Cleo").await?;
    for (line, heard) in [
        ("/lock", "locked the room"),
        ("/unlock", "unlocked the room"),
        ("/ttl 24h", "set the time left to"),
    ] {
        types(anna, &format!("{line}{ENTER}")).await?;
        field(anna, "").await?;
        bert.hears(heard).await?;
    }
    // Whoever does not govern is told so, and the line stays where it is.
    types(bert, &format!("/lock{ENTER}")).await?;
    bert.reads("You do not govern this room.").await?;
    field(bert, "/lock").await?;
    bert.paste("Message", "").await?;

    types(anna, &format!("/file{ENTER}")).await?;
    anna.find("dialog", "Send files").await?;
    anna.click("button", "Close").await?;

    types(anna, &format!("/kick Cleo{ENTER}")).await?;
    anna.reads("Remove Cleo?").await?;
    inspect_in_both_schemes(anna, "command-remove").await?;
    anna.click("button", "Cancel").await?;
    anna.until(
        "!document.querySelector('dialog[open]') && wordsOf(one('list', 'People')).includes('Cleo')",
        vec![],
    )
    .await?;
    types(anna, &format!("/ban Cleo{ENTER}")).await?;
    anna.click("button", "Remove").await?;
    bert.hears("removed Cleo").await?;

    // Tab completes a command; closing the room is still held, or pressed twice, and undone.
    types(anna, &format!("/pur{TAB}")).await?;
    field(anna, "/purge ").await?;
    types(anna, ENTER).await?;
    anna.find("dialog", "Close this room?").await?;
    inspect(anna, "command-purge").await?;
    for label in ["Hold to close the room", "Press again to close the room"] {
        anna.find("button", label).await?;
        anna.eval("one('button', arguments[0]).focus()", vec![json!(label)])
            .await?;
        let button = anna.client.active_element().await?;
        button.send_keys(ENTER).await?;
    }
    anna.reads("Closing the room for everybody in").await?;
    types(anna, &format!("/purge stop{ENTER}")).await?;
    anna.until(
        "!document.body.innerText.includes('Closing the room')",
        vec![],
    )
    .await?;
    anna.say("still here").await?;
    bert.hears("still here").await?;

    types(anna, &format!("/help{ENTER}")).await?;
    anna.find("dialog", "Keys and commands").await?;
    let help = anna.words().await?;
    for name in [
        "nick", "me", "w", "r", "clear", "help", "topic", "lock", "unlock", "kick", "ban", "purge",
        "ttl", "invite", "verify", "ignore", "file", "exit",
    ] {
        ensure!(help.contains(&format!("/{name}")), "no /{name} in the help");
    }
    inspect(anna, "command-help").await?;
    anna.click("button", "Close").await?;
    types(anna, &format!("/verify @Bert{ENTER}{ENTER}")).await?;
    anna.find("dialog", "Is it really Bert?").await?;
    anna.click("button", "Close").await?;
    ensure!(!bert.log().await?.contains("/lock"));
    types(bert, &format!("/exit{ENTER}")).await?;
    bert.reads("You left").await?;
    room.part().await
}
