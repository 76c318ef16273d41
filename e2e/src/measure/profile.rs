//! What the page's processor does meanwhile, for Chromium's developer tools.

use crate::browser::Browser;
use anyhow::Result;
use serde_json::json;
use std::path::Path;

/// A running record of what the page's processor does, if one is wanted.
pub(super) struct Profile<'a>(Option<&'a Path>);

impl<'a> Profile<'a> {
    pub(super) async fn start(browser: &Browser, folder: Option<&'a Path>) -> Result<Self> {
        if folder.is_some() {
            for command in ["Profiler.enable", "Profiler.start"] {
                browser.devtools(command, json!({})).await?;
            }
        }
        Ok(Self(folder))
    }

    pub(super) async fn write(self, browser: &Browser, name: &str) -> Result<()> {
        if let Some(folder) = self.0 {
            let answer = browser.devtools("Profiler.stop", json!({})).await?;
            std::fs::create_dir_all(folder)?;
            let file = folder.join(name).with_extension("cpuprofile");
            std::fs::write(file, answer["profile"].to_string())?;
        }
        Ok(())
    }
}
