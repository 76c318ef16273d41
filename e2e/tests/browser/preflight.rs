//! What a page finds out about its browser before anything is promised: one cause, one way on.

use anyhow::Result;
use roomkey_e2e::axe::inspect_in_both_schemes as is_accessible;
use roomkey_e2e::browser::Browser;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;
use roomkey_e2e::tap::Tap;
use serde_json::json;

const ROOM: &str = "ripping huntress crease anaconda handyman";

/// Runs a script in every page before the page's own.
async fn before(browser: &Browser, script: &str) -> Result<()> {
    let source = json!({ "source": script });
    browser
        .devtools("Page.addScriptToEvaluateOnNewDocument", source)
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_clock_that_is_off_is_said_before_anybody_enters() -> Result<()> {
    let relay = Relay::start().await?;
    let browser = Browser::chromium().await?;
    before(
        &browser,
        "const real = Date.now; Date.now = () => real() + 7 * 60 * 1000 + 5000;",
    )
    .await?;
    browser.goto(&relay.url()).await?;
    browser.reads("Your clock is 7 min ahead").await?;
    is_accessible(&browser, "clock-off").await?;
    browser
        .open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeLast35)
        .await?;
    browser.close().await
}

#[tokio::test]
async fn the_strip_counts_down_and_tries_at_once_when_asked_or_when_the_network_is_back()
-> Result<()> {
    let mut relay = Relay::start().await?;
    let tap = Tap::start(relay.address()).await?;
    let anna = Browser::chromium().await?;
    anna.open_room(&tap.url(), ROOM, "Anna", Newcomers::SeeLast35)
        .await?;
    relay.kill().await;
    tap.cut();
    anna.until(
        "/Reconnecting in [0-9]+ s/.test(document.body.innerText)",
        vec![],
    )
    .await?;
    anna.say("this one waits").await?;
    anna.reads("1 message waiting").await?;
    is_accessible(&anna, "strip").await?;
    relay.restart().await?;
    // The longest wait is a quarter of a minute: with the event it does not matter how long is left.
    anna.eval("dispatchEvent(new Event('online'))", vec![])
        .await?;
    anna.until("!document.body.innerText.includes('Reconnecting')", vec![])
        .await?;
    relay.kill().await;
    tap.cut();
    anna.find("button", "Try now").await?;
    relay.restart().await?;
    anna.until(
        "!document.body.innerText.includes('Reconnecting') || (one('button', 'Try now')?.click(), false)",
        vec![],
    )
    .await?;
    anna.hears("this one waits").await?;
    anna.close().await
}
