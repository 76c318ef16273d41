//! The browsers of the tests. A path in `CHROME`, `CHROMEDRIVER` or `FIREFOX` comes first, then `PATH`, then apt.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::system;
use crate::shell;

/// Where the browsers and their drivers are.
pub(crate) struct Browsers {
    pub(crate) chromium: PathBuf,
    /// Chromium without windows: the tests are twice as quick with it, and work without it.
    pub(crate) headless_shell: Option<PathBuf>,
    pub(crate) chromedriver: PathBuf,
    pub(crate) firefox: PathBuf,
    pub(crate) geckodriver: PathBuf,
}

/// Variable, names on `PATH`, and Debian's package of one program.
struct Program(&'static str, &'static [&'static str], &'static str);

const CHROMIUM: Program = Program(
    "CHROME",
    &["chromium", "chromium-browser", "google-chrome", "chrome"],
    "chromium",
);
const HEADLESS_SHELL: Program = Program(
    "CHROME_HEADLESS_SHELL",
    &["chromium-headless-shell", "chrome-headless-shell"],
    "chromium-headless-shell",
);
const CHROMEDRIVER: Program = Program("CHROMEDRIVER", &["chromedriver"], "chromium-driver");
const FIREFOX: Program = Program("FIREFOX", &["firefox-esr", "firefox"], "firefox-esr");

/// Fonts without which emoji and foreign names are boxes in every screenshot.
const FONTS: [(&str, &str); 2] = [
    (
        "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
        "fonts-noto-color-emoji",
    ),
    (
        "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
        "fonts-noto-core",
    ),
];

/// All of them, in one call of apt where some are missing.
pub(super) fn find_or_install(geckodriver: impl FnOnce() -> Result<PathBuf>) -> Result<Browsers> {
    let programs = [CHROMIUM, CHROMEDRIVER, FIREFOX];
    let mut missing: Vec<&str> = programs
        .iter()
        .filter(|program| program.find().is_none())
        .map(|program| program.2)
        .collect();
    let needed = !missing.is_empty();
    if needed || (shell::on_path("apt-get").is_some() && system::is_root()) {
        missing.extend(
            FONTS
                .iter()
                .filter(|(file, _)| !Path::new(file).is_file())
                .map(|(_, package)| *package),
        );
        // Only beside Debian's own Chromium: its driver wants one version of both.
        let is_debians = std::env::var_os(CHROMIUM.0).is_none();
        if is_debians && HEADLESS_SHELL.find().is_none() {
            missing.push(HEADLESS_SHELL.2);
        }
    }
    if !missing.is_empty() {
        system::apt_install(
            &missing,
            "a browser for the tests, or its driver or fonts",
            "install Chromium with chromedriver and Firefox, and name them in CHROME, CHROMEDRIVER and FIREFOX \
             if they are not on PATH; `cargo xtask test --quick` needs none of them",
        )?;
    }
    let found = |program: Program| {
        let package = program.2;
        program
            .find()
            .with_context(|| format!("{package} was installed but is not on PATH"))
    };
    Ok(Browsers {
        chromium: found(CHROMIUM)?,
        headless_shell: HEADLESS_SHELL.find(),
        chromedriver: found(CHROMEDRIVER)?,
        firefox: found(FIREFOX)?,
        geckodriver: geckodriver()?,
    })
}

impl Program {
    fn find(&self) -> Option<PathBuf> {
        let named = std::env::var_os(self.0).map(PathBuf::from);
        named
            .filter(|path| path.is_file())
            .or_else(|| self.1.iter().find_map(|name| shell::on_path(name)))
    }
}
