//! Who has read a message is shown between those who both chose so, and to nobody else.

use anyhow::{Result, ensure};
use roomkey_e2e::browser::Browser;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::pair::Pair;

async fn agree(browser: &Browser) -> Result<()> {
    browser.click("button", "Settings").await?;
    let tick = "all('checkbox', null).find((b) => nameOf(b).startsWith('Show when I type'))";
    browser.until(tick, vec![]).await?;
    browser.eval(&format!("{tick}.click()"), vec![]).await?;
    browser.until(&format!("{tick}.checked"), vec![]).await?;
    browser.click("button", "Close").await
}

#[tokio::test]
async fn the_list_of_readers_has_those_who_agreed_and_is_shown_to_them_alone() -> Result<()> {
    let room = Pair::meet(Newcomers::SeeNothing).await?;
    let Pair { anna, bert, .. } = &room;
    let cleo = Browser::chromium().await?;
    cleo.join(&room.link, "Cleo").await?;
    anna.hears("Cleo").await?;
    agree(anna).await?;
    agree(bert).await?;
    anna.say("who has read this?").await?;
    bert.hears("who has read this?").await?;
    cleo.hears("who has read this?").await?;
    anna.click("button", "read by 1").await?;
    anna.until(
        "document.querySelector('.seen-list')?.textContent.includes('Bert')",
        vec![],
    )
    .await?;
    anna.picture("seen-list").await?;
    // Cleo tells nobody, whatever she reads.
    cleo.say("and this?").await?;
    anna.hears("and this?").await?;
    bert.hears("and this?").await?;
    bert.say("I have").await?;
    cleo.hears("I have").await?;
    anna.hears("I have").await?;
    bert.click("button", "read by 1").await?;
    let names = "return document.querySelector('.seen-list').textContent";
    for browser in [anna, bert] {
        let list = browser.eval(names, vec![]).await?;
        ensure!(!list.to_string().contains("Cleo"), "{list}");
    }
    let says = cleo.words().await?;
    ensure!(!says.contains("read by"), "Cleo is told: {says}");
    cleo.close().await?;
    room.part().await
}
