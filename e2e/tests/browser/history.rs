//! What a newcomer sees of what was said before.

use anyhow::Result;
use roomkey_e2e::browser::Browser;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::pair::Pair;
use roomkey_e2e::relay::Relay;

const ROOM: &str = "anaconda handyman krypton crazed ended";

#[tokio::test]
async fn a_third_person_sees_exactly_the_last_35_messages_of_an_open_history_room() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeLast35)
        .await?;
    let link = anna.invitation().await?;
    for number in 1..=40 {
        anna.say(&format!("message number {number};")).await?;
    }
    let bert = Browser::chromium().await?;
    bert.join(&link, "Bert").await?;
    bert.hears("message number 40;").await?;
    bert.hears("message number 6;").await?;
    let log = bert.log().await?;
    assert!(
        !log.contains("message number 5;"),
        "a newcomer saw more than 35 messages"
    );
    // The author is gone: the history is still readable and still hers.
    anna.click("button", "Leave").await?;
    anna.reads("You left").await?;
    let cleo = Browser::chromium().await?;
    cleo.join(&link, "Cleo").await?;
    cleo.hears("message number 40;").await?;
    assert!(
        cleo.log().await?.contains("Anna"),
        "the author of the history lost her name"
    );
    anna.close().await?;
    bert.close().await?;
    cleo.close().await
}

#[tokio::test]
async fn a_newcomer_sees_nothing_earlier_in_a_forward_secret_room() -> Result<()> {
    let room = Pair::meet(Newcomers::SeeNothing).await?;
    let Pair {
        anna, bert, link, ..
    } = &room;
    anna.say("before Cleo came").await?;
    bert.hears("before Cleo came").await?;
    let cleo = Browser::chromium().await?;
    cleo.join(link, "Cleo").await?;
    bert.say("after Cleo came").await?;
    anna.say("and from Anna too").await?;
    cleo.hears("after Cleo came").await?;
    cleo.hears("and from Anna too").await?;
    cleo.say("hello from Cleo").await?;
    anna.hears("hello from Cleo").await?;
    bert.hears("hello from Cleo").await?;
    assert!(
        !cleo.log().await?.contains("before Cleo came"),
        "a forward-secret room showed a newcomer its past"
    );
    cleo.picture("forward-secret-desktop").await?;
    cleo.close().await?;
    room.part().await
}
