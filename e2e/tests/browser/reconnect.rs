//! Reloads, dropped connections and a relay that dies: nothing lost, nothing doubled.

use anyhow::Result;
use roomkey_e2e::browser::Browser;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::pair::Pair;
use serde_json::json;

fn occurrences(log: &str, text: &str) -> usize {
    log.matches(text).count()
}

#[tokio::test]
async fn a_reload_resumes_the_same_seat_with_the_conversation_on_screen() -> Result<()> {
    let room = Pair::meet(Newcomers::SeeNothing).await?;
    let Pair { anna, bert, .. } = &room;
    anna.say("said before the reload").await?;
    bert.hears("said before the reload").await?;
    bert.client.refresh().await?;
    bert.in_room().await?;
    bert.hears("said before the reload").await?;
    anna.say("said after the reload").await?;
    bert.hears("said after the reload").await?;
    bert.say("Bert is still Bert").await?;
    anna.hears("Bert is still Bert").await?;
    let log = anna.log().await?;
    assert_eq!(occurrences(&log, "Bert is still Bert"), 1, "{log}");
    assert!(
        !log.contains("Bert left"),
        "a reload made the noise of leaving: {log}"
    );
    let people = anna
        .eval("return wordsOf(one('list', 'People'))", vec![])
        .await?;
    assert_eq!(
        occurrences(people.as_str().unwrap_or_default(), "Bert"),
        1,
        "a ghost stayed behind: {people}"
    );
    room.part().await
}

#[tokio::test]
async fn a_network_that_goes_away_costs_no_message_and_doubles_none() -> Result<()> {
    let room = Pair::meet(Newcomers::SeeLast35).await?;
    let Pair {
        relay,
        anna,
        bert,
        link,
    } = &room;
    let tap = roomkey_e2e::tap::Tap::start(relay.address()).await?;
    let cleo = Browser::chromium().await?;
    cleo.join(&link.replace(&relay.url(), &tap.url()), "Cleo")
        .await?;
    anna.hears("Cleo").await?;
    tap.cut();
    for number in 1..=5 {
        anna.say(&format!("anna says {number};")).await?;
        cleo.say(&format!("cleo says {number};")).await?;
    }
    for number in 1..=5 {
        cleo.hears(&format!("anna says {number};")).await?;
        anna.hears(&format!("cleo says {number};")).await?;
        bert.hears(&format!("cleo says {number};")).await?;
    }
    for browser in [anna, bert, &cleo] {
        let log = browser.log().await?;
        for number in 1..=5 {
            assert_eq!(
                occurrences(&log, &format!("cleo says {number};")),
                1,
                "{log}"
            );
            assert_eq!(
                occurrences(&log, &format!("anna says {number};")),
                1,
                "{log}"
            );
        }
    }
    cleo.close().await?;
    room.part().await
}

#[tokio::test]
async fn a_relay_that_is_killed_and_restarted_under_an_open_page_loses_nothing() -> Result<()> {
    let mut room = Pair::meet(Newcomers::SeeLast35).await?;
    let Pair {
        relay, anna, bert, ..
    } = &mut room;
    anna.say("before the crash").await?;
    bert.hears("before the crash").await?;
    relay.kill().await;
    anna.until(
        "!!document.body.innerText.match(/Reconnecting|reach the relay/i)",
        vec![],
    )
    .await?;
    anna.say("written while the relay was gone").await?;
    anna.picture("reconnecting-desktop").await?;
    relay.restart().await?;
    bert.hears("written while the relay was gone").await?;
    bert.say("and back").await?;
    anna.hears("and back").await?;
    let log = bert.log().await?;
    assert_eq!(
        occurrences(&log, "written while the relay was gone"),
        1,
        "{log}"
    );
    assert_eq!(occurrences(&log, "before the crash"), 1, "{log}");
    anna.until(
        "!document.body.innerText.includes(a[0])",
        vec![json!("Reconnecting")],
    )
    .await?;
    room.part().await
}
