//! The two filters change what is shown, forwards and backwards, and never what was sent.

use anyhow::Result;
use roomkey_e2e::browser::Browser;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;
use serde_json::json;

const BLOCKED: &str = "[Message blocked because of a filter!]";

#[tokio::test]
async fn filters_apply_to_everything_already_said_and_back_again() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    anna.open_room(
        &relay.url(),
        "crazed ended unsecured handstand ripping",
        "Anna",
        Newcomers::SeeLast35,
    )
    .await?;
    anna.say("see https://example.com/page for more").await?;
    anna.say("innocent words, isn't it? (yes) ünïcödé 日本語 🌷")
        .await?;
    anna.hears("🌷").await?;
    anna.find("link", "https://example.com/page").await?;

    anna.pick("Links", "Hide").await?;
    anna.hears(BLOCKED).await?;
    assert!(
        !anna.log().await?.contains("for more"),
        "a hidden message still shows its words"
    );
    assert!(
        anna.log()
            .await?
            .contains("isn't it? (yes) ünïcödé 日本語 🌷"),
        "an innocent message was filtered"
    );
    anna.picture("links-hidden-desktop").await?;

    anna.pick("Links", "Neutralise").await?;
    anna.hears("for more").await?;
    anna.until(
        "all('link', null, one('log', 'Messages')).length === 0",
        vec![],
    )
    .await?;
    anna.hears("example.com").await?;

    anna.pick("Links", "Show").await?;
    anna.until(
        "all('link', null, one('log', 'Messages')).length === 1",
        vec![],
    )
    .await?;
    anna.hears("isn't it? (yes) ünïcödé 日本語 🌷").await?;
    anna.close().await
}

#[tokio::test]
async fn special_characters_are_labelled_hidden_or_shown() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    anna.open_room(
        &relay.url(),
        "crazed ended unsecured handstand ripping",
        "Anna",
        Newcomers::SeeLast35,
    )
    .await?;
    anna.say("markup {<b>} and \u{202e}reversed\u{202c} words")
        .await?;
    anna.hears("words").await?;
    let log = anna.log().await?;
    assert!(
        !log.contains('\u{202e}'),
        "a bidi override reached the page: {log:?}"
    );
    anna.pick("Special characters", "Hide").await?;
    anna.hears(BLOCKED).await?;
    anna.pick("Special characters", "Neutralise").await?;
    anna.hears("[FILTERED!]").await?;
    anna.pick("Special characters", "Show").await?;
    anna.until(
        "!wordsOf(one('log', 'Messages')).includes(a[0])",
        vec![json!(BLOCKED)],
    )
    .await?;
    anna.close().await
}
