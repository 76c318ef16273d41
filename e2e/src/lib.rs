//! The harness of the end-to-end tests: the real relay binary, real browsers driven over WebDriver, a recording tap on the
//! wire between them, and axe-core for accessibility.
//!
//! The tests themselves are in `tests/browser/`. They find everything on a page by its accessible role and name, as a person
//! with a screen reader would; what cannot be found that way cannot be tested, and should not exist.
//!
//! | variable | names | default |
//! |---|---|---|
//! | `ROOMKEY_E2E_RELAY` | the relay binary with the app embedded | `target/release/roomkey-relay` |
//! | `ROOMKEY_E2E_CLI` | the program `roomkey` | `target/debug/roomkey` |
//! | `ROOMKEY_E2E_CHROMEDRIVER`, `ROOMKEY_E2E_CHROMIUM` | Chromium and its driver | found on `PATH` |
//! | `ROOMKEY_E2E_GECKODRIVER`, `ROOMKEY_E2E_FIREFOX` | Firefox and its driver | `target/tools/bin/geckodriver`, `PATH` |
//! | `ROOMKEY_E2E_AXE` | `axe.min.js` | `target/tools/node_modules/axe-core/axe.min.js` |
//! | `ROOMKEY_E2E_SHOTS` | a folder for screenshots of every screen | none are taken |

pub mod axe;
pub mod browser;
pub mod driver;
pub mod heap;
pub mod measure;
pub mod memory;
pub mod native;
pub mod page;
pub mod pair;
pub mod program;
pub mod relay;
pub mod stretching;
pub mod tap;
pub mod window;

use std::path::PathBuf;

/// The root of the checkout.
#[must_use]
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}

/// The value of a harness variable, or `default` when it is unset.
#[must_use]
pub fn setting(name: &str, default: impl Into<PathBuf>) -> PathBuf {
    std::env::var_os(name).map_or_else(|| default.into(), PathBuf::from)
}
