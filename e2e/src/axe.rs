//! axe-core, the accessibility checker, run inside the page.

use crate::browser::Browser;
use crate::{root, setting};
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use std::path::PathBuf;

fn script() -> PathBuf {
    setting(
        "ROOMKEY_E2E_AXE",
        root().join("target/tools/node_modules/axe-core/axe.min.js"),
    )
}

/// Whether there is an axe-core to run.
#[must_use]
pub fn is_installed() -> bool {
    script().is_file()
}

/// Every violation axe-core finds on the page as it is now: one line per element, empty when there is none.
///
/// # Errors
/// When axe-core is not installed or does not run.
pub async fn violations(browser: &Browser) -> Result<Vec<String>> {
    let path = script();
    let axe = std::fs::read_to_string(&path)
        .with_context(|| format!("no axe-core at {}", path.display()))?;
    // Colours on their way from one theme to the other are nobody's choice: wait until everything that ends has ended.
    let settled = "document.getAnimations().every((one) => one.playState !== 'running' ||
                     one.effect.getComputedTiming().endTime === Infinity)";
    browser.until(settled, vec![]).await?;
    browser.client.execute(&axe, vec![]).await?;
    let found = browser
        .client
        .execute_async(
            "const done = arguments[arguments.length - 1];
             window.axe.run(document, { resultTypes: ['violations'] }).then(
               (result) => done(result.violations.flatMap((rule) =>
                 rule.nodes.map((node) => `${rule.id}: ${rule.help}: ${node.html.slice(0, 200)} (${node.failureSummary || ''})`))),
               (error) => done(['axe failed: ' + error]));",
            vec![],
        )
        .await?;
    let lines = found.as_array().cloned().unwrap_or_default();
    Ok(lines
        .iter()
        .filter_map(|line| Value::as_str(line).map(str::to_owned))
        .collect())
}

/// Takes a picture of the page as it is, and finds nothing to object to: no violation, and nothing wider than the window.
///
/// # Errors
/// When there is a violation, or something is cut off.
pub async fn inspect(browser: &Browser, picture: &str) -> Result<()> {
    let violations = violations(browser).await?;
    browser.picture(picture).await?;
    ensure!(
        violations.is_empty(),
        "{picture}:\n{}",
        violations.join("\n")
    );
    fits(browser, picture).await
}

/// Nothing on the page is wider than the window.
///
/// # Errors
/// When something is cut off.
pub async fn fits(browser: &Browser, picture: &str) -> Result<()> {
    let root = "document.documentElement";
    let overflow = browser
        .eval(
            &format!("return {root}.scrollWidth - {root}.clientWidth"),
            vec![],
        )
        .await?;
    ensure!(
        overflow.as_i64() <= Some(0),
        "{picture} is {overflow} px too wide"
    );
    Ok(())
}

/// [`inspect`] in the light and in the dark scheme.
///
/// # Errors
/// As there.
pub async fn inspect_in_both_schemes(browser: &Browser, picture: &str) -> Result<()> {
    for scheme in ["light", "dark"] {
        browser.prefer(scheme).await?;
        inspect(browser, &format!("{picture}-{scheme}")).await?;
    }
    Ok(())
}
