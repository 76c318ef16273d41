//! A long conversation.

use super::{Figure, Plan, Profile, figure, keys, number, watched};
use crate::browser::Browser;
use crate::page::Newcomers;
use crate::relay::Relay;
use anyhow::{Context as _, Result};
use roomkey_bench::life::Person;
use serde_json::{Value, json};
use std::path::Path;

/// A long conversation: how long it takes to arrive, and what it does to scrolling and typing.
pub(super) async fn many(
    relay: &Relay,
    address: std::net::SocketAddr,
    salt: [u8; 16],
    plan: Plan,
    profiles: Option<&Path>,
    figures: &mut Vec<Figure>,
) -> Result<()> {
    let name = "gutter unpaved ambush yodel";
    let browser = watched().await?;
    browser
        .open_room(&relay.url(), name, "Emil", Newcomers::SeeNothing)
        .await?;
    let mut fritz = Person::enter(address, salt, keys(name, salt)?, 0, "Fritz").await?;
    browser.hears("Fritz").await?;
    fritz
        .say_all((0..10).map(|line| format!("line {line} of a few;")))
        .await?;
    browser.hears("line 9 of a few;").await?;
    let few = feel(&browser).await?;
    let count = plan.many;
    // Only the newest lines are looked at, whenever the page changes: looking must not be what takes the time.
    browser
        .eval(
            "window.took = 0;
             const text = arguments[0], log = one('log', 'Messages'), began = performance.now();
             const look = new MutationObserver(() => {
               if (![...log.querySelectorAll('article:nth-last-of-type(-n+3)')].some((line) => line.textContent.includes(text))) return;
               look.disconnect();
               painted(() => { window.took = performance.now() - began; });
             });
             look.observe(log, { childList: true, subtree: true, characterData: true });",
            vec![json!(format!("line {count} of many;"))],
        )
        .await?;
    let profile = Profile::start(&browser, profiles).await?;
    let began = std::time::Instant::now();
    fritz
        .say_all((1..=count).map(|line| format!("line {line} of many;")))
        .await?;
    let said = began.elapsed().as_secs_f64() * 1e3;
    let took = number(&browser, "window.took").await?;
    profile.write(&browser, "many").await?;
    figures.push(figure(format!("{count} messages are said, ms"), said, None));
    figures.push(figure(format!("{count} messages arrive, ms"), took, None));
    let much = feel(&browser).await?;
    for (what, few, much) in [
        ("scrolling, frame p99 ms", few.0, much.0),
        ("typing, key to picture p99 ms", few.1, much.1),
    ] {
        figures.push(figure(format!("{what}, with 10"), few, None));
        // As with ten, as far as a frame can tell.
        figures.push(figure(
            format!("{what}, with {count}"),
            much,
            Some(few + 17.0),
        ));
    }
    browser.close().await
}

/// Scrolling and typing: the slowest frames of a hundred, and the slowest letters of thirty.
async fn feel(browser: &Browser) -> Result<(f64, f64)> {
    browser
        .eval(
            "window.feel = null;
             const log = one('log', 'Messages'), field = one('textbox', 'Message');
             let box = log;
             while (box && box.scrollHeight <= box.clientHeight) box = box.parentElement;
             box = box || document.scrollingElement;
             const frames = [], letters = [];
             const set = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set;
             const worst = (all) => all.sort((a, b) => a - b)[Math.ceil((all.length - 1) * 0.99)];
             const type = () => {
               if (letters.length === 30) { window.feel = [worst(frames), worst(letters)]; return; }
               const began = performance.now();
               set.call(field, 'x'.repeat(letters.length + 1));
               field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: 'x' }));
               painted(() => { letters.push(performance.now() - began); type(); });
             };
             let before = performance.now();
             const scroll = (now) => {
               frames.push(now - before);
               before = now;
               box.scrollTop = box.scrollHeight * Math.abs(Math.cos(frames.length / 12));
               if (frames.length < 100) requestAnimationFrame(scroll); else { frames.shift(); type(); }
             };
             requestAnimationFrame(scroll);",
            vec![],
        )
        .await?;
    let felt = browser.until("window.feel", vec![]).await?;
    let at = |index: usize| felt.get(index).and_then(Value::as_f64);
    let both = at(0).zip(at(1)).context("the page gave no numbers")?;
    browser
        .eval(
            "one('log', 'Messages').lastElementChild?.scrollIntoView()",
            vec![],
        )
        .await?;
    Ok(both)
}
