//! How each state is reached.

use anyhow::Result;
use anyhow::ensure;
use crypto::control::PurgePolicy;
use crypto::wire::Lifetime;
use roomkey_e2e::browser::Browser;
use roomkey_e2e::native::Native;
use serde_json::json;
use std::time::Duration;

use super::stage::Stage;

pub(super) async fn at(stage: &mut Stage, path: &str) -> Result<()> {
    let url = stage.relay.url();
    stage.eva.goto(&format!("{url}{path}")).await
}

pub(super) async fn rewritten_pasted(stage: &mut Stage) -> Result<()> {
    let url = stage.relay.url();
    stage.eva.goto(&url).await?;
    stage
        .eva
        .paste("Room name", &format!("{url}/%23/r/oak-elm-ash"))
        .await
}

pub(super) async fn other_relay(stage: &mut Stage) -> Result<()> {
    stage.eva.goto(&stage.relay.url()).await?;
    stage
        .eva
        .paste("Room name", "https://elsewhere.example/#/r/oak-elm-ash")
        .await
}

pub(super) async fn without(stage: &mut Stage, script: &str) -> Result<()> {
    stage.eva.before_pages(script).await?;
    at(stage, "/").await
}

pub(super) async fn no_https(stage: &mut Stage) -> Result<()> {
    let port = stage.relay.address().port();
    stage.eva.goto(&format!("http://10.11.12.13:{port}/")).await
}

const SEVEN_MINUTES_AHEAD: &str =
    "const real = Date.now; Date.now = () => real() + 7 * 60 * 1000 + 5000;";

pub(super) async fn own_clock(stage: &mut Stage) -> Result<()> {
    without(stage, SEVEN_MINUTES_AHEAD).await
}

/// The page has come, and then the relay is silent.
pub(super) async fn relay_gone(stage: &mut Stage) -> Result<()> {
    let script = "const real = window.fetch;
        window.fetch = (what, how) => what === '/relay.json' ? Promise.reject(new TypeError()) : real(what, how);";
    without(stage, script).await
}

/// The relay speaks another version of the protocol than this page.
pub(super) async fn relay_says(stage: &mut Stage, version: &str) -> Result<()> {
    let script = format!(
        "const real = window.fetch;
         window.fetch = (what, how) => what === '/relay.json'
           ? Promise.resolve(new Response('{{\"version\":{version}}}')) : real(what, how);"
    );
    without(stage, &script).await
}

/// How many WebSockets the page has opened since this was asked last.
pub(super) async fn sockets(eva: &Browser) -> Result<usize> {
    let events = eva.network().await?;
    let is_opened = |(method, _): &&(String, _)| method == "Network.webSocketCreated";
    Ok(events.iter().filter(is_opened).count())
}

pub(super) async fn key_changed(stage: &mut Stage) -> Result<()> {
    let other = "a".repeat(26);
    sockets(&stage.eva).await?;
    at(stage, &format!("/#/r/oak-elm-ash-birch-maple/{other}")).await?;
    stage.eva.reads("not the one you met").await?;
    let shown = stage.eva.words().await?.replace([' ', '\u{a0}'], "");
    ensure!(shown.contains(&other), "the expected key is not shown");
    ensure!(
        sockets(&stage.eva).await? == 0,
        "a socket was opened to a relay that is not the one"
    );
    Ok(())
}

pub(super) async fn wrong_password(stage: &mut Stage) -> Result<()> {
    let (url, room) = (stage.relay.url(), stage.fresh());
    let hugo = Native::enter(&url, &room, "Hugo", Some("Éclair über alles"), |_| {}).await?;
    stage.others.push(hugo);
    stage.eva.goto(&format!("{url}/#/s/{room}")).await?;
    stage.eva.fill("Your name", "Eva").await?;
    let field = "Password (ask the person who invited you)";
    stage.eva.paste(field, "eclair uber alles").await?;
    stage.eva.click("button", "Join").await
}

pub(super) async fn nobody_there(stage: &mut Stage) -> Result<()> {
    let link = format!("{}/#/r/{}", stage.relay.url(), stage.fresh());
    stage.eva.join(&link, "Eva").await
}

pub(super) async fn locked(stage: &mut Stage) -> Result<()> {
    let link = stage.hugo(&stage.relay.url(), |_| {}).await?;
    stage.others[0]
        .order(|session, now, rng| session.lock(now, rng))
        .await?;
    stage.knock(&link).await?;
    stage.eva.reads("locked").await?;
    ensure!(
        sockets(&stage.eva).await? > 0,
        "the search for sockets is blind"
    );
    Ok(())
}

pub(super) async fn full(stage: &mut Stage) -> Result<()> {
    let url = stage.relay.url();
    let link = stage.hugo(&url, |opening| opening.max_members = 2).await?;
    let room = format!("ripping-huntress-crease-anaconda-{:03}", stage.rooms);
    let mia = Native::enter(&url, &room, "Mia", None, |_| {}).await?;
    stage.others.push(mia);
    stage.knock(&link).await?;
    stage.eva.reads("Trying again in").await
}

pub(super) async fn busy(stage: &mut Stage) -> Result<()> {
    let url = stage.own_relay(&["--max-rooms", "1"]).await?;
    stage.hugo(&url, |_| {}).await?;
    let other = stage.fresh();
    stage.knock(&format!("{url}/#/r/{other}")).await?;
    stage.eva.reads("Trying again in").await
}

pub(super) async fn closed_before(stage: &mut Stage) -> Result<()> {
    let link = stage.hugo(&stage.relay.url(), |_| {}).await?;
    stage.others[0]
        .order(|session, now, rng| session.purge(now, rng))
        .await?;
    let is_over =
        |event: &client::Event| matches!(event, client::Event::Status(client::Status::Ended(_)));
    stage.others[0].until(is_over).await?;
    stage.knock(&link).await
}

/// Somebody in between ends every live connection.
pub(super) async fn socket_blocked(stage: &mut Stage) -> Result<()> {
    let script = "const Real = WebSocket; window.WebSocket = function (url, protocol) {
        const socket = new Real(url, protocol); socket.close(); return socket;
      }; Object.assign(window.WebSocket, { OPEN: 1 });";
    stage.eva.before_pages(script).await?;
    let link = stage.hugo(&stage.relay.url(), |_| {}).await?;
    stage.knock(&link).await?;
    stage.eva.reads("a WebSocket").await
}

/// Hugo gives the room this long from now on.
pub(super) async fn gives(stage: &Stage, seconds: u64) -> Result<()> {
    let time = Lifetime::For(Duration::from_secs(seconds));
    stage.others[0]
        .order(move |session, now, rng| session.extend(time, now, rng))
        .await
}

pub(super) async fn closes_soon(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    gives(stage, 301).await?;
    stage.eva.hears("This room closes in 5 minutes.").await?;
    stage
        .eva
        .until("document.querySelector('.fact-soon')", vec![])
        .await?;
    gives(stage, 61).await?;
    stage.eva.hears("This room closes in 1 minute.").await?;
    // With the warnings on the screen, there is time to look at them.
    gives(stage, 600).await?;
    stage.eva.hears("set the time left to 10 min").await
}

pub(super) async fn unverifiable(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    stage.others[0].vandalise(stage.relay.address()).await?;
    stage
        .eva
        .hears("1 message could not be verified and is not shown.")
        .await?;
    stage.eva.click("button", "What does that mean?").await?;
    stage.eva.hears("Nothing of it was kept").await
}

pub(super) async fn name_twin(stage: &mut Stage) -> Result<()> {
    let link = stage.hugo(&stage.relay.url(), |_| {}).await?;
    stage.eva.join(&link, "Hugo").await?;
    stage
        .eva
        .until(
            "wordsOf(one('list', 'People')).includes('same name')",
            vec![],
        )
        .await?;
    Ok(())
}

pub(super) async fn clock_skew(stage: &mut Stage) -> Result<()> {
    stage.eva.before_pages(SEVEN_MINUTES_AHEAD).await?;
    stage.both().await?;
    // One alone may have been on its way for long.
    stage.others[0].say("what time is it?").await?;
    stage.others[0].say("and now?").await?;
    stage.eva.hears("Hugo's clock is 7 min behind yours").await
}

pub(super) async fn too_fast(stage: &mut Stage) -> Result<()> {
    let url = stage.own_relay(&["--frames-per-second", "4"]).await?;
    let link = stage.hugo(&url, |_| {}).await?;
    stage.eva.join(&link, "Eva").await?;
    let many: Vec<String> = (0..30).map(|number| format!("line {number}")).collect();
    stage.eva.say_all(&many).await?;
    stage.eva.paste("Message", "half a thought").await?;
    stage.eva.hears("Too fast. Wait").await?;
    let draft = stage
        .eva
        .eval("return one('textbox', 'Message').value", vec![])
        .await?;
    ensure!(draft == json!("half a thought"), "the draft is {draft}");
    Ok(())
}

pub(super) async fn reconnecting(stage: &mut Stage) -> Result<()> {
    let url = stage.own_relay(&[]).await?;
    let link = stage.hugo(&url, |_| {}).await?;
    stage.eva.join(&link, "Eva").await?;
    // The longest wait is a quarter of a minute, and it has to last for as long as somebody looks at it.
    stage.eva.eval("const real = window.setTimeout; window.setTimeout = (act, wait, ...rest) => real(act, wait > 200 ? 3_600_000 : wait, ...rest)", vec![]).await?;
    stage.relays[0].kill().await;
    stage.eva.find("button", "Try now").await?;
    Ok(())
}

pub(super) async fn client_changed(stage: &mut Stage) -> Result<()> {
    let url = stage.own_relay(&[]).await?;
    let link = stage.hugo(&url, |_| {}).await?;
    stage.eva.join(&link, "Eva").await?;
    // The relay comes back with another app in it.
    stage.eva.eval("const real = window.fetch; window.fetch = (what, how) => what === '/build.json'
        ? Promise.resolve(new Response(JSON.stringify({ version: '9', assets: { 'index.html': 'c0ffee'.repeat(10) + 'abcd' } })))
        : real(what, how);", vec![]).await?;
    stage.relays[0].restart().await?;
    stage.eva.hears("c0ffeec0ffeec0ff").await
}

pub(super) async fn key_changed_inside(stage: &mut Stage) -> Result<()> {
    let url = stage.own_relay(&[]).await?;
    let link = stage.hugo(&url, |_| {}).await?;
    stage.eva.join(&link, "Eva").await?;
    stage.relays[0].restart_as_another().await
}

pub(super) async fn expired(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    gives(stage, 2).await?;
    stage.eva.reads("The room closed at").await
}

pub(super) async fn purged_by_other(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    stage.others[0]
        .order(|session, now, rng| session.purge(now, rng))
        .await?;
    stage.eva.until("/Hugo \\(\\w{4}\\) closed it for everybody at \\d\\d:\\d\\d/.test(document.body.innerText)", vec![]).await?;
    Ok(())
}

pub(super) async fn purged_by_me(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    stage.others[0]
        .order(|session, now, rng| session.set_purge_policy(PurgePolicy::Everyone, now, rng))
        .await?;
    let eva = &stage.eva;
    eva.hears("lets everybody close the room").await?;
    let face = "all('button', null).find((b) => nameOf(b).startsWith('Room card'))";
    eva.until(&format!("{face}?.click() ?? true"), vec![])
        .await?;
    eva.find("button", "Hold to close the room").await?;
    let press = "one('button', 'Hold to close the room').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0 }))";
    eva.eval(press, vec![]).await?;
    eva.reads("You closed it for everybody at").await
}

pub(super) async fn removed(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    let eva = stage.others[0].meets("Eva").await?;
    stage.others[0]
        .order(move |session, now, rng| session.remove(eva, now, rng))
        .await
}

pub(super) async fn left(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    stage.eva.click("button", "Leave").await
}

/// A tab that is opened from another one begins with a copy of what that one keeps.
pub(super) async fn other_tab(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    let copy = "dispatchEvent(new Event('pagehide')); window.open('/')";
    stage.eva.eval(copy, vec![]).await?;
    stage.eva.reads("open in another tab").await?;
    stage.eva.devtools("Page.bringToFront", json!({})).await?;
    Ok(())
}

pub(super) async fn forgotten(stage: &mut Stage) -> Result<()> {
    left(stage).await?;
    stage.eva.click("button", "Forget this room").await?;
    stage.eva.reads("Forgotten.").await
}
