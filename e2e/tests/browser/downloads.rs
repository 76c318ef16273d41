//! What is fetched when: nothing that a conversation does not need, and what cannot be fetched is asked for again.

use anyhow::Result;
use roomkey_e2e::browser::Browser;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;
use serde_json::json;

const ROOM: &str = "anaconda huntress krypton handyman crease";
/// The names of everything that the page has fetched.
const FETCHED: &str =
    "performance.getEntriesByType('resource').map((it) => new URL(it.name).pathname)";

async fn has_fetched(browser: &Browser, part: &str) -> Result<bool> {
    let script = format!("return {FETCHED}.some((it) => it.includes(arguments[0]));");
    let answer = browser.eval(&script, vec![json!(part)]).await?;
    Ok(answer.as_bool() == Some(true))
}

#[tokio::test]
async fn plain_words_and_links_need_no_parser_and_markup_fetches_it() -> Result<()> {
    let relay = Relay::start().await?;
    let (anna, bert) = (Browser::chromium().await?, Browser::chromium().await?);
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeNothing)
        .await?;
    let link = anna.invitation().await?;
    bert.join(&link, "Bert").await?;
    anna.hears("Bert").await?;
    for words in ["I <3 plain words", "look at https://example.org/a"] {
        bert.say(words).await?;
        anna.hears(words).await?;
    }
    for browser in [&anna, &bert] {
        assert!(has_fetched(browser, "roomkey").await?);
        assert!(!has_fetched(browser, "sanitizer").await?);
    }
    bert.say("this is <b>strong</b> language").await?;
    anna.hears("strong").await?;
    anna.until(
        &format!("{FETCHED}.some((it) => it.includes('sanitizer'))"),
        vec![],
    )
    .await?;
    anna.close().await?;
    bert.close().await?;
    Ok(())
}

#[tokio::test]
async fn a_part_of_the_app_that_cannot_be_fetched_is_said_so_and_asked_for_again() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    anna.devtools("Network.enable", json!({})).await?;
    let block = |urls: &[&str]| json!({ "urls": urls });
    anna.devtools("Network.setBlockedURLs", block(&["*/later-*"]))
        .await?;
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeNothing)
        .await?;
    anna.click("button", "Settings").await?;
    // The quick build of a developer has the app in one piece: there is nothing to be fetched.
    let is_split = "return !!document.querySelector('script[data-later]');";
    if anna.eval(is_split, vec![]).await?.as_bool() == Some(true) {
        anna.reads("This part of the app could not be fetched.")
            .await?;
        anna.devtools("Network.setBlockedURLs", block(&[])).await?;
        anna.click("button", "Try again").await?;
    }
    anna.find("dialog", "Settings").await?;
    anna.close().await?;
    Ok(())
}
