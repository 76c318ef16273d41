//! A second secret: not in the link, asked for where it is needed, and a wrong one is told plainly.

use anyhow::Result;
use roomkey_e2e::axe::inspect_in_both_schemes as is_accessible;
use roomkey_e2e::browser::Browser;
use roomkey_e2e::relay::Relay;
use serde_json::json;

const ROOM: &str = "ripping huntress crease anaconda handyman";
const SECRET: &str = "Éclair über alles";
const FIELD: &str = "Password (ask the person who invited you)";

/// Opens a room that takes a second secret; its link.
async fn open(anna: &Browser, relay: &Relay) -> Result<String> {
    anna.goto(&relay.url()).await?;
    anna.fill("Room name", ROOM).await?;
    anna.fill("Your name", "Anna").await?;
    anna.click("button", "Room options").await?;
    anna.paste("Password, if the name is not to be enough", SECRET)
        .await?;
    is_accessible(anna, "options-desktop").await?;
    anna.click("button", "Open room").await?;
    anna.go_in().await?;
    anna.click("button", "Invite").await?;
    anna.reads("The password is not in the link").await?;
    anna.click("button", "Show the link").await?;
    let link = anna
        .until("document.querySelector('.share-link')?.textContent", vec![])
        .await?;
    anna.click("button", "Close").await?;
    Ok(link.as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_wrong_second_secret_is_told_with_the_tries_left_and_the_right_one_opens() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    let bert = Browser::chromium().await?;
    let link = open(&anna, &relay).await?;
    assert!(link.contains("/#/s/"), "{link}");
    assert!(!link.contains("clair"), "the secret is in the link: {link}");
    bert.goto(&link).await?;
    bert.fill("Your name", "Bert").await?;
    bert.click("button", "Join").await?;
    bert.reads("Type the password").await?;
    is_accessible(&bert, "password-asked-desktop").await?;
    bert.paste(FIELD, "eclair uber alles").await?;
    bert.click("button", "Join").await?;
    bert.reads("That's not it, or nobody is here yet").await?;
    bert.reads("4 tries left before a pause").await?;
    bert.until(
        "document.activeElement === one('textbox', a[0])",
        vec![json!(FIELD)],
    )
    .await?;
    is_accessible(&bert, "password-wrong-desktop").await?;
    for left in [
        "3 tries left",
        "2 tries left",
        "1 try left",
        "The next one in",
    ] {
        bert.paste(FIELD, "still not it").await?;
        bert.click("button", "Try again").await?;
        bert.reads(left).await?;
    }
    // Half a minute passes, for this page's clock.
    bert.eval(
        "const real = Date.now; Date.now = () => real() + 31000;",
        vec![],
    )
    .await?;
    bert.reads("You can try once more now").await?;
    bert.paste(FIELD, SECRET).await?;
    bert.click("button", "Try again").await?;
    bert.in_room().await?;
    anna.hears("Bert").await?;
    bert.say("inside with both").await?;
    anna.hears("inside with both").await?;
    anna.close().await?;
    bert.close().await
}

#[tokio::test]
async fn a_reload_asks_for_the_second_secret_again_and_then_takes_the_same_seat() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    let bert = Browser::chromium().await?;
    let link = open(&anna, &relay).await?;
    bert.goto(&link).await?;
    bert.fill("Your name", "Bert").await?;
    bert.paste(FIELD, SECRET).await?;
    bert.click("button", "Join").await?;
    bert.in_room().await?;
    bert.say("said before the reload").await?;
    anna.hears("said before the reload").await?;
    bert.client.refresh().await?;
    bert.find("textbox", FIELD).await?;
    let kept = bert
        .eval(
            "return JSON.stringify({ ...sessionStorage, ...localStorage })",
            vec![],
        )
        .await?;
    assert!(!kept.to_string().contains("clair"), "{kept}");
    bert.paste(FIELD, SECRET).await?;
    bert.click("button", "Join").await?;
    bert.in_room().await?;
    bert.hears("said before the reload").await?;
    assert!(!anna.log().await?.contains("Bert left"));
    anna.close().await?;
    bert.close().await
}
