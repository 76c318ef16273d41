//! How quick the app is, in Chromium against a relay on the same machine. Nothing here is an assertion about time: the
//! figures are for people, and a test only looks whether there are any.

mod check;
mod file;
mod long;
mod profile;

use crate::browser::Browser;
use crate::page::Newcomers;
use crate::relay::Relay;
use crate::stretching::stretching;
use anyhow::{Context as _, Result};
use crypto::kdf::{Salt, stretch};
use crypto::name::RoomName;
use profile::Profile;
use roomkey_bench::life::{Person, salt};
use roomkey_bench::stats::Latency;
use serde_json::json;
use std::path::Path;
use std::time::Duration;

/// A room whose name nobody guesses.
pub(crate) const ROOM: &str = "unsecured handstand ripping huntress crease";
/// A relay whose limits do not get in the way of somebody who says ten thousand things at once.
const PATIENT: [&str; 8] = [
    "--frames-per-second",
    "1000000",
    "--kib-per-second",
    "1000000",
    "--room-frames-per-second",
    "1000000",
    "--room-kib-per-second",
    "1000000",
];
/// Runs before the page's own scripts: when the first field can be typed into, and how long it takes from the press of the
/// button until the worker has stretched the name.
const WATCH: &str = r"
  window.usable = 0;
  const look = () => {
    const field = document.querySelector('input:not([type=radio]):not([type=checkbox])');
    if (field && !field.disabled && field.getClientRects().length) window.usable = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  addEventListener('submit', () => { window.pressed = performance.now(); }, true);
  const Plain = window.Worker;
  window.Worker = class extends Plain {
    constructor(...all) {
      super(...all);
      this.addEventListener('message', ({ data }) => {
        if (data instanceof Uint8Array) window.stretched = performance.now() - window.pressed;
      });
    }
  };";
/// The clock that two browsers share, and the moment after the next picture.
const CLOCK: &str = r"
  window.clock = () => performance.timeOrigin + performance.now();
  window.painted = (then) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = then;
    channel.port2.postMessage(null);
  });";

/// How much is done.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Fresh pages on which a room's name is stretched.
    pub pages: usize,
    /// Lines from one screen to the other.
    pub lines: usize,
    /// Messages in the room that is opened.
    pub history: usize,
    /// Messages that arrive in one go.
    pub many: usize,
    /// Bytes of the file that is moved.
    pub file: u64,
}

impl Plan {
    /// What the figures of a release are taken with.
    pub const FULL: Self = Self {
        pages: 7,
        lines: 200,
        history: 200,
        many: 10_000,
        file: 25 * 1024 * 1024,
    };
    /// Everything once.
    pub const SMOKE: Self = Self {
        pages: 1,
        lines: 2,
        history: 3,
        many: 20,
        file: 300_000,
    };
}

/// One figure.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it is, with its unit.
    pub what: String,
    /// How much.
    pub value: f64,
    /// The most that it should be.
    pub goal: Option<f64>,
}

pub(crate) fn figure(what: impl Into<String>, value: f64, goal: Option<f64>) -> Figure {
    Figure {
        what: what.into(),
        value,
        goal,
    }
}

/// All figures. Where `profiles` names a folder, what the page's processor did in the two busiest parts is written there,
/// as files that Chromium's developer tools open.
///
/// # Errors
/// When a browser or the relay does not do what it should.
pub async fn everything(plan: Plan, profiles: Option<&Path>) -> Result<Vec<Figure>> {
    let relay = Relay::start_with(&PATIENT).await?;
    let mut figures = Vec::new();
    loading(&relay, &mut figures).await?;
    figures.extend(stretching(&relay, plan.pages).await?);
    talking(&relay, plan, profiles, &mut figures).await?;
    let (address, salt) = (relay.address(), salt(relay.address()).await?);
    opening(&relay, address, salt, plan, &mut figures).await?;
    long::many(&relay, address, salt, plan, profiles, &mut figures).await?;
    figures.extend(moving(plan, profiles).await?);
    figures.extend(checks().await?);
    Ok(figures)
}

/// What axe-core and Lighthouse think of the join screen and of a room.
///
/// # Errors
/// When a browser or the relay does not do what it should.
pub async fn checks() -> Result<Vec<Figure>> {
    check::checked(&Relay::start().await?).await
}

/// A file from one browser to the other.
///
/// # Errors
/// When a browser or the relay does not do what it should.
pub async fn moving(plan: Plan, profiles: Option<&Path>) -> Result<Vec<Figure>> {
    file::moving(&Relay::start().await?, plan, profiles).await
}

/// The key alone: what everybody waits for.
///
/// # Errors
/// When a browser or the relay does not do what it should.
pub async fn key(plan: Plan) -> Result<Vec<Figure>> {
    stretching(&Relay::start().await?, plan.pages).await
}

pub(crate) async fn watched() -> Result<Browser> {
    let browser = Browser::unlogged().await?;
    for source in [WATCH, CLOCK] {
        let script = json!({ "source": source });
        browser
            .devtools("Page.addScriptToEvaluateOnNewDocument", script)
            .await?;
    }
    Ok(browser)
}

pub(crate) async fn number(browser: &Browser, expression: &str) -> Result<f64> {
    let value = browser.until(expression, vec![]).await?;
    value.as_f64().context("the page gave no number")
}

async fn loading(relay: &Relay, figures: &mut Vec<Figure>) -> Result<()> {
    let browser = watched().await?;
    browser.goto(&relay.url()).await?;
    let cold = number(&browser, "window.usable").await?;
    figures.push(figure("first load to a usable screen, ms", cold, None));
    browser.client.refresh().await?;
    let warm = number(&browser, "window.usable").await?;
    figures.push(figure("next load to a usable screen, ms", warm, None));
    browser.close().await?;
    Ok(())
}

/// From Enter in one browser to the picture in the other.
async fn talking(
    relay: &Relay,
    plan: Plan,
    profiles: Option<&Path>,
    figures: &mut Vec<Figure>,
) -> Result<()> {
    let (anna, bert) = (watched().await?, watched().await?);
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeNothing)
        .await?;
    let link = anna.invitation().await?;
    bert.join(&link, "Bert").await?;
    anna.hears("Bert").await?;
    let (mut there, mut times) = (Vec::new(), Vec::new());
    let profile = Profile::start(&bert, profiles).await?;
    for line in 0..plan.lines {
        let text = format!("line {line} of the measurement;");
        bert.eval(
            "window.seen = 0;
             const text = arguments[0], log = one('log', 'Messages');
             const look = new MutationObserver(() => {
               if (!log.textContent.includes(text)) return;
               look.disconnect();
               window.there = clock();
               painted(() => { window.seen = clock(); });
             });
             look.observe(document.body, { childList: true, subtree: true, characterData: true });",
            vec![json!(text)],
        )
        .await?;
        anna.paste("Message", &text).await?;
        let sent = anna
            .eval(
                "const field = one('textbox', 'Message'), sent = clock();
                 field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true }));
                 return sent;",
                vec![],
            )
            .await?;
        let seen = number(&bert, "window.seen").await?;
        let heard = number(&bert, "window.there").await?;
        let sent = sent.as_f64().context("no time of sending")?;
        let since = |then: f64| Duration::from_secs_f64((then - sent).max(0.0) / 1e3);
        there.push(since(heard));
        times.push(since(seen));
    }
    profile.write(&bert, "talking").await?;
    // What the app takes, without the display's next picture.
    let latency = Latency::of(there).context("no line was sent")?;
    let from = "Enter to the words in the other page";
    figures.push(figure(format!("{from}, p50 ms"), latency.p50, None));
    figures.push(figure(format!("{from}, p99 ms"), latency.p99, None));
    let latency = Latency::of(times).context("no line was sent")?;
    let from = "Enter to the picture on the other screen";
    figures.push(figure(format!("{from}, p50 ms"), latency.p50, Some(10.0)));
    figures.push(figure(format!("{from}, p99 ms"), latency.p99, Some(30.0)));
    figures.push(figure(
        "panic, from the press to a blank page, ms",
        panic(&anna).await?,
        Some(200.0),
    ));
    anna.close().await?;
    bert.close().await
}

async fn panic(browser: &Browser) -> Result<f64> {
    let pressed = browser
        .eval(
            "const button = all('button', null).find((one) => nameOf(one).startsWith('Panic:'));
             const pressed = Date.now();
             button.click();
             return pressed;",
            vec![],
        )
        .await?;
    let blank = "location.href === 'about:blank' && performance.timing.loadEventEnd";
    let gone = number(browser, blank).await?;
    let pressed = pressed.as_f64().context("no time of the press")?;
    Ok((gone - pressed).max(0.0))
}

fn keys(name: &str, salt: [u8; 16]) -> Result<crypto::room::RoomKeys> {
    let name = RoomName::parse(name).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    Ok(stretch(&name, None, &Salt(salt)))
}

/// A room with something to read.
async fn opening(
    relay: &Relay,
    address: std::net::SocketAddr,
    salt: [u8; 16],
    plan: Plan,
    figures: &mut Vec<Figure>,
) -> Result<()> {
    let name = "upheaval crumpet lasso vividly";
    let mut cleo = Person::enter(address, salt, keys(name, salt)?, 200, "Cleo").await?;
    let lines = (1..=plan.history).map(|line| format!("line {line} of the history;"));
    cleo.say_all(lines).await?;
    let browser = watched().await?;
    let link = format!("{}/#/r/{}", relay.url(), name.replace(' ', "-"));
    browser.goto(&link).await?;
    browser.fill("Your name", "Dora").await?;
    browser
        .eval(
            "window.opened = 0;
             const text = arguments[0], began = performance.now();
             const look = new MutationObserver(() => {
               const log = one('log', 'Messages');
               if (!log || !log.textContent.includes(text)) return;
               look.disconnect();
               painted(() => { window.opened = performance.now() - began; });
             });
             look.observe(document.body, { childList: true, subtree: true, characterData: true });
             one('button', 'Join').click();",
            vec![json!(format!("line {} of the history;", plan.history))],
        )
        .await?;
    let opened = number(&browser, "window.opened").await?;
    let stretched = number(&browser, "window.stretched").await?;
    let what = format!("opening a room with {} messages", plan.history);
    figures.push(figure(format!("{what}, ms"), opened, None));
    let rest = opened - stretched;
    figures.push(figure(
        format!("{what}, without stretching, ms"),
        rest,
        None,
    ));
    browser.close().await
}
