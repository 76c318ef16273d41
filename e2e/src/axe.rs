//! axe-core, the accessibility checker, run inside the page.

use crate::browser::Browser;
use crate::{root, setting};
use anyhow::{Context as _, Result};
use serde_json::Value;

/// Every violation axe-core finds on the page as it is now: one line per element, empty when there is none.
///
/// # Errors
/// When axe-core is not installed or does not run.
pub async fn violations(browser: &Browser) -> Result<Vec<String>> {
    let path = setting(
        "ROOMKEY_E2E_AXE",
        root().join("target/tools/node_modules/axe-core/axe.min.js"),
    );
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
