//! A file from one browser to another: how fast, and how long each page is kept from answering its person.

use super::{Figure, Plan, Profile, figure, number, watched};
use crate::browser::Browser;
use crate::page::Newcomers;
use crate::relay::Relay;
use anyhow::Result;
use serde_json::json;
use std::path::Path;

/// What the page's own thread did in one go, from now on.
const TASKS: &str = "
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const it of list.getEntries()) window.longest = Math.max(window.longest, it.duration);
    }).observe({ entryTypes: ['longtask'] });";
/// A file is dropped on the page.
const DROP: &str = "
    const bytes = new Uint8Array(arguments[0]);
    for (let at = 0, x = 7; at < bytes.length; at++) { x = (x * 1103515245 + 12345) & 0x7fffffff; bytes[at] = x >> 16; }
    const data = new DataTransfer();
    data.items.add(new File([bytes], 'moved.bin', { type: 'application/octet-stream' }));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));";
/// When the page says so much about the file, by the browser's clock.
const WHEN: &str = "
    window.came = 0;
    const look = () => {
      if (one('log', 'Messages').textContent.includes(arguments[0])) window.came = clock(); else setTimeout(look, 20);
    };
    look();";
/// No task should be longer, in milliseconds: people feel what is.
const RESPONSIVE: f64 = 100.0;

/// See the module's description.
pub(super) async fn moving(
    relay: &Relay,
    plan: Plan,
    profiles: Option<&Path>,
) -> Result<Vec<Figure>> {
    let (anna, bert) = (watched().await?, watched().await?);
    anna.open_room(
        &relay.url(),
        "smelting ocelot vanity brook",
        "Anna",
        Newcomers::SeeNothing,
    )
    .await?;
    bert.join(&anna.invitation().await?, "Bert").await?;
    anna.hears("Bert").await?;
    // What people have seen by the time a file moves is drawn.
    anna.say("ready?").await?;
    bert.hears("ready?").await?;
    for browser in [&anna, &bert] {
        browser.eval(TASKS, vec![]).await?;
    }
    let profile = Profile::start(&anna, profiles).await?;
    anna.eval(DROP, vec![json!(plan.file)]).await?;
    // Making the bytes was the measurement's own work.
    anna.find("button", "Offer 1 file").await?;
    longest(&anna).await?;
    anna.click("button", "Offer 1 file").await?;
    bert.hears("moved.bin").await?;
    profile.write(&anna, "offering").await?;
    let offering = longest(&anna).await?;
    let sending = Profile::start(&anna, profiles).await?;
    let receiving = Profile::start(&bert, profiles).await?;
    let words = format!("Received {} bytes in", plan.file);
    bert.eval(WHEN, vec![json!(words)]).await?;
    let began = bert
        .eval(
            "const began = clock(); one('button', 'Accept').click(); return began;",
            vec![],
        )
        .await?;
    let came = number(&bert, "window.came").await?;
    anna.hears("Bert has it").await?;
    sending.write(&anna, "sending").await?;
    receiving.write(&bert, "receiving").await?;
    let took = came - began.as_f64().unwrap_or_default();
    #[expect(clippy::cast_precision_loss, reason = "a file is far below 2^53 bytes")]
    let size = plan.file as f64 / 1e6;
    let what = format!("a file of {size:.0} MB");
    let figures = vec![
        figure(
            format!("{what}, offered: longest task, ms"),
            offering,
            Some(RESPONSIVE),
        ),
        figure(format!("{what} moves, ms"), took, None),
        figure(format!("{what} moves, MB/s"), size / (took / 1e3), None),
        figure(
            format!("{what}, sending: longest task, ms"),
            longest(&anna).await?,
            Some(RESPONSIVE),
        ),
        figure(
            format!("{what}, receiving: longest task, ms"),
            longest(&bert).await?,
            Some(RESPONSIVE),
        ),
    ];
    anna.close().await?;
    bert.close().await?;
    Ok(figures)
}

/// The longest task since the last time. Chromium tells of those that took 50 ms and more, after the next picture.
async fn longest(browser: &Browser) -> Result<f64> {
    browser
        .eval(
            "window.told = false; requestAnimationFrame(() => setTimeout(() => { window.told = true; }));",
            vec![],
        )
        .await?;
    browser.until("window.told", vec![]).await?;
    let longest = browser
        .eval(
            "const it = window.longest; window.longest = 0; return it;",
            vec![],
        )
        .await?;
    Ok(longest.as_f64().unwrap_or_default())
}
