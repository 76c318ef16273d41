//! What a browser is started with: its window and its switches.

use crate::setting;
use fantoccini::wd::Capabilities;
use serde_json::{Map, json};

/// What a window looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// 1280 × 800.
    Desktop,
    /// 390 × 844, a current phone.
    Phone,
    /// 320 × 568, the narrowest phone in use.
    Narrow,
}

impl Screen {
    pub(crate) fn size(self) -> (u32, u32) {
        match self {
            Self::Desktop => (1280, 800),
            Self::Phone => (390, 844),
            Self::Narrow => (320, 568),
        }
    }
}

/// What chromedriver is told. The shell is the same engine in a program of its own.
pub(crate) fn chromium(whole: bool, screen: Screen, switches: &[&str], logs: bool) -> Capabilities {
    let (width, height) = screen.size();
    let mut arguments: Vec<String> = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--force-color-profile=srgb",
    ]
    .iter()
    .chain(switches)
    .map(ToString::to_string)
    .collect();
    arguments.push(format!("--window-size={width},{height}"));
    let mut options = json!({ "args": arguments });
    let shell = setting("ROOMKEY_E2E_HEADLESS_SHELL", "");
    let binary = if whole || shell.as_os_str().is_empty() {
        setting("ROOMKEY_E2E_CHROMIUM", "")
    } else {
        shell
    };
    if !binary.as_os_str().is_empty() {
        options["binary"] = json!(binary);
    }
    let mut capabilities = Map::new();
    capabilities.insert("goog:chromeOptions".into(), options);
    if logs {
        capabilities.insert(
            "goog:loggingPrefs".into(),
            json!({ "browser": "ALL", "performance": "ALL" }),
        );
    }
    capabilities.insert("unhandledPromptBehavior".into(), json!("ignore"));
    capabilities
}

pub(crate) fn firefox(screen: Screen) -> Capabilities {
    let (width, height) = screen.size();
    let mut options =
        json!({ "args": ["-headless", format!("--width={width}"), format!("--height={height}")] });
    let binary = setting("ROOMKEY_E2E_FIREFOX", "");
    if !binary.as_os_str().is_empty() {
        options["binary"] = json!(binary);
    }
    let mut capabilities = Map::new();
    capabilities.insert("moz:firefoxOptions".into(), options);
    capabilities.insert("unhandledPromptBehavior".into(), json!("ignore"));
    capabilities
}
