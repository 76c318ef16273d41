//! A conversation that is longer than what is on the page.

use anyhow::{Result, anyhow};
use crypto::kdf::{Salt, stretch};
use crypto::name::RoomName;
use roomkey_bench::life::{Person, salt};
use roomkey_e2e::browser::Browser;
use roomkey_e2e::relay::Relay;
use serde_json::json;

const ROOM: &str = "gutter unpaved ambush yodel";
/// More than the page shows at its end.
const LINES: usize = 160;

/// A room in which newcomers see all of it, and nobody is slowed down.
async fn crowded() -> Result<(Relay, Person)> {
    let relay = Relay::start_with(&[
        "--frames-per-second",
        "10000",
        "--room-frames-per-second",
        "10000",
    ])
    .await?;
    let salt = salt(relay.address()).await?;
    let name = RoomName::parse(ROOM).map_err(|error| anyhow!("{error:?}"))?;
    let keys = stretch(&name, None, &Salt(salt));
    let mut cleo = Person::enter(relay.address(), salt, keys, 200, "Cleo").await?;
    let lines = (1..=LINES).map(|number| format!("line {number} of many;"));
    cleo.say_all(lines).await?;
    Ok((relay, cleo))
}

#[tokio::test]
async fn a_new_line_leaves_the_lines_above_it_as_they_are() -> Result<()> {
    let (relay, mut cleo) = crowded().await?;
    let dora = Browser::chromium().await?;
    let link = format!("{}/#/r/{}", relay.url(), ROOM.replace(' ', "-"));
    dora.join(&link, "Dora").await?;
    dora.hears(&format!("line {LINES} of many;")).await?;
    let marked = dora
        .eval(
            "const lines = [...one('log', 'Messages').querySelectorAll('article')];
             lines.forEach((line) => { line.isOld = true; });
             return lines.length;",
            vec![],
        )
        .await?;
    let marked = marked.as_u64().unwrap_or_default();
    assert!(marked > 100, "{marked} lines are not a long log");
    cleo.say_all(["and one more;".to_owned()]).await?;
    dora.hears("and one more;").await?;
    let old = dora
        .eval(
            "return [...one('log', 'Messages').querySelectorAll('article')].filter((line) => line.isOld).length",
            vec![],
        )
        .await?;
    // The first ones may have left the page; the others have not been touched.
    let left = old.as_u64().unwrap_or_default();
    assert!(left + 5 > marked, "of {marked} lines {left} are the same");
    dora.until(
        "wordsOf(one('log', 'Messages')).includes(a[0])",
        vec![json!(format!("line {LINES} of many;"))],
    )
    .await?;
    dora.close().await
}
