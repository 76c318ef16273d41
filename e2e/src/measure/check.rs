//! What the checkers think of the screens on which people spend their time: axe-core, and Lighthouse where it is installed.

use super::{Figure, ROOM, figure};
use crate::axe;
use crate::browser::{Browser, Screen};
use crate::driver::Kind;
use crate::page::Newcomers;
use crate::relay::Relay;

use crate::{root, setting};
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::net::TcpListener;
use tokio::process::Command;

/// What Lighthouse looks at, how it calls that, and how many points of 100 may be missing.
const CATEGORIES: [(&str, &str, f64); 3] = [
    ("accessibility", "accessibility", 0.0),
    ("best-practices", "best practices", 0.0),
    ("performance", "performance", 5.0),
];

/// See the module's description.
pub(super) async fn checked(relay: &Relay) -> Result<Vec<Figure>> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let tools = format!("--remote-debugging-port={port}");
    let browser = Browser::start(Kind::FullChromium, Screen::Desktop, &[&tools]).await?;
    let mut figures = Vec::new();
    browser.goto(&relay.url()).await?;
    browser.find("button", "Open room").await?;
    look(&browser, port, "the join screen", &mut figures).await?;
    browser
        .open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeNothing)
        .await?;
    browser.say("**hello** to whoever comes").await?;
    look(&browser, port, "a room", &mut figures).await?;
    // It was the room that was looked at.
    browser.in_room().await?;
    browser.hears("to whoever comes").await?;
    browser.close().await?;
    Ok(figures)
}

async fn look(browser: &Browser, port: u16, screen: &str, figures: &mut Vec<Figure>) -> Result<()> {
    if axe::is_installed() {
        #[expect(clippy::cast_precision_loss, reason = "a few")]
        let violations = axe::violations(browser).await?.len() as f64;
        let what = format!("{screen}: violations that axe-core finds");
        figures.push(figure(what, violations, Some(0.0)));
    }
    let Some(found) = lighthouse(port).await? else {
        return Ok(());
    };
    for (id, name, most) in CATEGORIES {
        let score = found["scores"][id].as_f64();
        let score = score.with_context(|| format!("Lighthouse says nothing about {name}"))?;
        let what = format!("{screen}: Lighthouse, {name}: points under 100");
        figures.push(figure(what, (100.0 - score * 100.0).round(), Some(most)));
    }
    Ok(())
}

/// What Lighthouse finds on the page that the browser shows; nothing where there is no Lighthouse.
async fn lighthouse(port: u16) -> Result<Option<Value>> {
    let folder = setting(
        "ROOMKEY_E2E_LIGHTHOUSE",
        root().join("target/tools/lighthouse/node_modules"),
    );
    if !folder.join("lighthouse").is_dir() {
        return Ok(None);
    }
    let script = root().join("e2e/src/measure/lighthouse.mjs");
    let mut node = Command::new(setting("ROOMKEY_E2E_NODE", "node"));
    node.arg(script).arg(folder).arg(port.to_string());
    let output = node.kill_on_drop(true).output().await?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "Lighthouse failed: {said}");
    Ok(Some(serde_json::from_slice(&output.stdout)?))
}
