//! The app on a device whose person asked for it: it opens while the relay is out of reach, is never an old one, keeps
//! nothing of a room, and takes what other apps share without the relay learning of it.

use anyhow::{Context as _, Result, ensure};
use roomkey_e2e::browser::Browser;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;
use roomkey_e2e::tap::Tap;
use serde_json::{Value, json};

const ROOM: &str = "gravel unicorn spoils tablet hamper";
const LINK: &str = "gravel-unicorn-spoils-tablet-hamper";

/// Evaluates an expression that gives a promise.
async fn promised(browser: &Browser, expression: &str) -> Result<Value> {
    browser
        .eval(
            &format!("window.given = undefined; Promise.resolve({expression}).then((it) => {{ window.given = {{ it }}; }}, (why) => {{ window.given = {{ it: String(why) }}; }});"),
            vec![],
        )
        .await?;
    Ok(browser.until("window.given", vec![]).await?["it"].clone())
}

/// Asks for the app to be kept, as a person does, and waits until it is.
async fn keep(browser: &Browser) -> Result<()> {
    browser.click("button", "Settings").await?;
    let tick = "all('checkbox', null).find((b) => nameOf(b).startsWith('Keep the app'))";
    browser.until(tick, vec![]).await?;
    browser.eval(&format!("{tick}.click()"), vec![]).await?;
    browser.until(&format!("{tick}.checked"), vec![]).await?;
    browser.click("button", "Close").await?;
    let is_kept = "(window.asked || (window.asked = setInterval(() => roomkey.keeps().then((it) => { window.kept = it; }), 50))) && window.kept";
    browser
        .until(is_kept, vec![])
        .await
        .context("it is not kept")?;
    Ok(())
}

#[tokio::test]
async fn the_app_opens_without_its_relay_says_so_and_goes_on_when_it_is_back() -> Result<()> {
    let mut relay = Relay::start().await?;
    let eva = Browser::chromium().await?;
    let everything = "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((it) => it.keys())))).then((all) => all.flat().map((one) => one.url.replace(location.origin, '')))";
    eva.open_room(&relay.url(), ROOM, "Eva", Newcomers::SeeNothing)
        .await?;
    let registrations = "navigator.serviceWorker.getRegistrations().then((all) => all.length)";
    ensure!(
        promised(&eva, registrations).await? == 0,
        "it was kept unasked"
    );
    keep(&eva).await?;
    eva.say("something that nobody keeps").await?;
    let kept = promised(&eva, everything).await?;
    let kept = kept.as_array().context("nothing is kept")?;
    ensure!(kept.contains(&json!("/")), "{kept:?}");
    for path in kept.iter().filter_map(Value::as_str) {
        let is_file = path == "/" || path.rsplit_once('.').is_some();
        ensure!(
            is_file && !path.contains(['#', '?']) && !path.ends_with(".json"),
            "{path} is kept"
        );
        ensure!(
            !path.contains("later") && !path.contains("sanitizer"),
            "{path}"
        );
    }
    eva.click("button", "Leave").await?;
    eva.goto("about:blank").await?;
    relay.kill().await;
    // By a link: what it says is still there afterwards.
    eva.goto(&format!("{}/#/r/{LINK}", relay.url())).await?;
    eva.reads("Can't reach the relay").await?;
    eva.reads("goes on by itself").await?;
    eva.picture("kept-offline").await?;
    // In a task of its own: what the driver runs is exempt from the page's policy.
    let is_refused = "new Promise((done) => setTimeout(() => { try { (0, eval)('1'); done(false); } catch { done(true); } }))";
    ensure!(
        promised(&eva, is_refused).await? == true,
        "the policy is gone from the kept page"
    );
    let kept = promised(&eva, everything).await?.to_string();
    ensure!(!kept.contains("gravel"), "{kept}");
    relay.restart().await?;
    eva.find("button", "Join").await?;
    eva.reads("You're invited").await?;
    // An old app in the cache is never shown beside a relay that answers.
    promised(
        &eva,
        "caches.keys().then(([name]) => caches.open(name)).then((it) => it.put('/', new Response('<p>an old app</p>', { headers: { 'content-type': 'text/html' } })))",
    )
    .await?;
    eva.goto("about:blank").await?;
    eva.goto(&relay.url()).await?;
    eva.find("button", "Open room").await?;
    // Whoever does not want it any more has nothing left.
    eva.eval("roomkey.forget()", vec![]).await?;
    eva.until(
        "(window.asked || (window.asked = setInterval(() => caches.keys().then((it) => { window.none = it.length === 0; }), 50))) && window.none",
        vec![],
    )
    .await?;
    eva.close().await
}

#[tokio::test]
async fn what_is_shared_becomes_a_draft_and_the_relay_never_hears_of_it() -> Result<()> {
    let relay = Relay::start().await?;
    let tap = Tap::start(relay.address()).await?;
    let eva = Browser::chromium().await?;
    eva.open_room(&tap.url(), ROOM, "Eva", Newcomers::SeeNothing)
        .await?;
    keep(&eva).await?;
    eva.click("button", "Leave").await?;
    eva.goto("about:blank").await?;
    eva.goto(&tap.url()).await?;
    eva.until("navigator.serviceWorker.controller", vec![])
        .await?;
    // What the system does when something is shared with an installed app.
    let share = "(() => {
        const form = new FormData();
        form.set('title', 'sharedtitle');
        form.set('text', 'sharedwords for a room');
        form.set('url', 'https://example.com/sharedurl');
        form.append('files', new File(['sharedbytes'.repeat(99)], 'sharedname.txt', { type: 'text/plain' }));
        return fetch('/share', { method: 'POST', body: form }).then((it) => it.ok && new URL(it.url).pathname);
      })()";
    let answer = promised(&eva, share).await?;
    ensure!(answer == "/", "it was not taken: {answer}");
    eva.goto("about:blank").await?;
    eva.goto(&tap.url()).await?;
    eva.open_room_here(ROOM, "Eva", Newcomers::SeeNothing)
        .await?;
    eva.until(
        "document.querySelector('.composer-text').value === a[0]",
        vec![json!(
            "sharedtitle\nsharedwords for a room\nhttps://example.com/sharedurl"
        )],
    )
    .await?;
    eva.find("dialog", "Send files").await?;
    eva.reads("sharedname.txt").await?;
    eva.picture("kept-shared").await?;
    // Once: the next page has a draft of its own.
    ensure!(
        promised(&eva, "roomkey.shared('text')").await?.is_null(),
        "it is given twice"
    );
    let heard = tap.bytes();
    for planted in [
        "sharedtitle",
        "sharedwords",
        "sharedurl",
        "sharedbytes",
        "sharedname",
        "/share",
    ] {
        let found = heard
            .windows(planted.len())
            .any(|bytes| bytes == planted.as_bytes());
        // The worker itself has the word in it, compressed or not; a request for it would begin so.
        let asked = format!("POST {planted}");
        let asked = heard
            .windows(asked.len())
            .any(|bytes| bytes == asked.as_bytes());
        ensure!(
            !asked && (planted == "/share" || !found),
            "{planted} went over the wire"
        );
    }
    ensure!(!relay.log().contains("share"), "{}", relay.log());
    eva.close().await
}
