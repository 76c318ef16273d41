//! How long the page's own worker stretches a room's name, beside `crypto.subtle` in the same page.

use crate::browser::Browser;
use crate::measure::{Figure, ROOM, figure, number, watched};
use crate::page::Newcomers;
use crate::relay::Relay;
use anyhow::{Context as _, Result};
use roomkey_bench::stats::median;

/// The most that ours may take, of what the browser's own code takes.
const GOAL: f64 = 1.25;

/// What one page took, in milliseconds.
struct Page {
    ours: f64,
    theirs: f64,
}

/// Opens a room in `pages` fresh browsers, each of which has stretched nothing before. Every second one asks
/// `crypto.subtle` first, so that whatever the first of two has to pay is paid by both.
///
/// # Errors
/// When a browser or the relay does not do what it should.
pub async fn stretching(relay: &Relay, pages: usize) -> Result<Vec<Figure>> {
    let mut all = Vec::new();
    for page in 0..pages {
        all.push(once(relay, page % 2 == 1).await?);
    }
    let middle = |of: fn(&Page) -> f64| median(all.iter().map(of)).context("no page was measured");
    let (what, beside) = (
        "stretching a room name, cold page, ms",
        "the same, crypto.subtle, ms",
    );
    Ok(vec![
        figure(what, middle(|page| page.ours)?, None),
        figure(beside, middle(|page| page.theirs)?, None),
        figure(
            "stretching, ratio to crypto.subtle",
            middle(|page| page.ours / page.theirs)?,
            Some(GOAL),
        ),
    ])
}

async fn once(relay: &Relay, native_first: bool) -> Result<Page> {
    let browser = watched().await?;
    browser.goto(&relay.url()).await?;
    let before = if native_first {
        Some(native(&browser).await?)
    } else {
        None
    };
    browser
        .open_room_here(ROOM, "Anna", Newcomers::SeeNothing)
        .await?;
    // From the press of the button on: a worker that had to be waited for would count.
    let ours = number(&browser, "window.stretched").await?;
    let theirs = match before {
        Some(before) => before,
        None => native(&browser).await?,
    };
    browser.close().await?;
    Ok(Page { ours, theirs })
}

async fn native(browser: &Browser) -> Result<f64> {
    // Another salt each time: some browsers remember results.
    browser
        .eval(
            "window.native = 0;
             const text = new TextEncoder(), salt = crypto.getRandomValues(new Uint8Array(16));
             crypto.subtle.importKey('raw', text.encode('a name of a room'), 'PBKDF2', false, ['deriveBits'])
               .then((key) => {
                 const began = performance.now();
                 const how = { name: 'PBKDF2', hash: 'SHA-512', salt, iterations: 600000 };
                 return crypto.subtle.deriveBits(how, key, 512).then(() => { window.native = performance.now() - began; });
               });",
            vec![],
        )
        .await?;
    number(browser, "window.native").await
}
