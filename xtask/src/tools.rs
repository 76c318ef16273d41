//! Installs what is missing, and only that. Two kinds of machine work: one with rustup and the internet, and a
//! Debian one that reaches package registries only. Which kind this is shows in what succeeds, not in a setting.

mod browsers;
mod cargo;
mod peers;
mod system;
mod wasm;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

pub(crate) use browsers::Browsers;
pub(crate) use wasm::{TARGET as WASM_TARGET, Wasm};

use crate::project::Project;
use crate::shell;

/// Trunk above 0.21 wants a newer Rust than this workspace does.
const TRUNK: &str = "0.21.14";
const WASM_SPLIT: &str = "0.2.4";
const CARGO_DENY: &str = "0.20.2";
const GECKODRIVER: &str = "0.37.1";
const AXE_CORE: &str = "4.10.3";
const LIGHTHOUSE: &str = "12.8.2";

/// Everything that `test` uses, so that a machine can be prepared ahead.
pub(crate) fn everything(project: &Project) -> Result<()> {
    app_builder(project)?;
    splitter(project)?;
    deny(project)?;
    browsers(project)?;
    axe(project)?;
    Ok(())
}

/// Trunk, and everything it calls.
pub(crate) fn app_builder(project: &Project) -> Result<(PathBuf, Wasm)> {
    let wasm = wasm(project)?;
    wasm_bindgen(project)?;
    let trunk = cargo::Tool {
        package: "trunk",
        version: TRUNK,
        binary: "trunk",
        why: "bundles the browser app",
        // Its own downloads and update check are what the default features are for; neither is wanted.
        options: &["--locked", "--debug", "--no-default-features"],
    };
    Ok((cargo::install(project, &trunk)?, wasm))
}

/// What takes the app apart, and what joins a part to its JavaScript.
pub(crate) struct Splitter {
    pub(crate) splitter: PathBuf,
    pub(crate) bindgen: PathBuf,
}

/// Both tools that [`crate::split`] calls.
pub(crate) fn splitter(project: &Project) -> Result<Splitter> {
    let tool = cargo::Tool {
        package: "wasm_split_cli_support",
        version: WASM_SPLIT,
        binary: "wasm-split-cli",
        why: "takes the browser app apart, so that what few need comes later",
        options: &["--locked", "--debug", "--features", "build-binary"],
    };
    let bindgen = wasm_bindgen(project)?.join("wasm-bindgen");
    Ok(Splitter {
        splitter: cargo::install(project, &tool)?,
        bindgen: bindgen.with_extension(std::env::consts::EXE_EXTENSION),
    })
}

/// A compiler for the browser.
pub(crate) fn wasm(project: &Project) -> Result<Wasm> {
    wasm::find_or_install(project)
}

/// The directory with `wasm-bindgen` and its test runner, of exactly the version in `Cargo.lock`.
pub(crate) fn wasm_bindgen(project: &Project) -> Result<PathBuf> {
    let version = project.locked_version("wasm-bindgen")?;
    let tool = cargo::Tool {
        package: "wasm-bindgen-cli",
        version: &version,
        binary: "wasm-bindgen",
        why: "joins WebAssembly to JavaScript; the version follows Cargo.lock",
        // Without --locked: its own lock file names a crate version that not every mirror still has.
        options: &["--no-default-features"],
    };
    let binary = cargo::install(project, &tool)?;
    Ok(binary.parent().unwrap_or(&binary).to_owned())
}

/// The licence, ban and advisory checker.
pub(crate) fn deny(project: &Project) -> Result<PathBuf> {
    let tool = cargo::Tool {
        package: "cargo-deny",
        version: CARGO_DENY,
        binary: "cargo-deny",
        why: "checks licences, sources and advisories of the dependencies",
        options: &["--locked", "--debug", "--no-default-features"],
    };
    cargo::install(project, &tool)
}

/// Makes sure of a Python: some tests run a bot that is written in it.
pub(crate) fn python() -> Result<()> {
    if shell::on_path("python3").is_some() {
        return Ok(());
    }
    system::apt_install(
        &["python3"],
        "python3, for the tests of bots in other languages",
        "install Python 3",
    )
}

/// Makes sure of nginx: the recipe for it is tested with the real one.
pub(crate) fn nginx() -> Result<()> {
    recipe_for("nginx", "nginx-light")
}

/// Makes sure of tor: the recipe for it is tested in a network of real ones.
pub(crate) fn tor() -> Result<()> {
    recipe_for("tor", "tor")
}

fn recipe_for(program: &str, package: &str) -> Result<()> {
    // Debian puts some where only root looks for programs.
    if shell::on_path(program).is_some() || Path::new("/usr/sbin").join(program).is_file() {
        return Ok(());
    }
    system::apt_install(
        &[package],
        &format!("{program}, which the recipe in deploy/ is tested with,"),
        &format!("install {program}"),
    )?;
    // Debian starts what it installs; the tests start their own.
    if let Some(systemctl) = shell::on_path("systemctl") {
        let mut stop = shell::command(systemctl);
        stop.args(["--quiet", "disable", "--now", program]);
        shell::probe(&mut stop);
    }
    Ok(())
}

/// Chromium and Firefox with their drivers.
pub(crate) fn browsers(project: &Project) -> Result<Browsers> {
    let geckodriver = cargo::Tool {
        package: "geckodriver",
        version: GECKODRIVER,
        binary: "geckodriver",
        why: "drives Firefox in the tests",
        options: &["--locked", "--debug"],
    };
    browsers::find_or_install(|| cargo::install(project, &geckodriver))
}

/// What the relay is measured beside, as far as it can be had here: a Python with Flask-SocketIO.
pub(crate) fn peers(project: &Project) -> Option<PathBuf> {
    peers::find_or_install(project)
}

/// The checker that judges whole pages: the folder that it is in. It is for figures alone, so nothing fails without it.
pub(crate) fn lighthouse(project: &Project) -> Option<PathBuf> {
    let place = project.tools().join("lighthouse");
    let modules = place.join("node_modules");
    let installed = std::fs::read_to_string(modules.join("lighthouse").join("package.json"))
        .is_ok_and(|text| text.contains(&format!("\"version\": \"{LIGHTHOUSE}\"")));
    if installed {
        return Some(modules);
    }
    let Some(npm) = shell::on_path("npm") else {
        eprintln!("no figures of Lighthouse: it comes from npm, which is not here");
        return None;
    };
    eprintln!("installing Lighthouse {LIGHTHOUSE} (judges the app's screens in bench web)");
    let mut install = shell::command(npm);
    install
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
        ])
        .arg(&place)
        .arg(format!("lighthouse@{LIGHTHOUSE}"));
    if let Err(error) = system::twice(&mut install) {
        eprintln!("no figures of Lighthouse: npm could not install it: {error:#}");
        return None;
    }
    Some(modules)
}

/// The accessibility checker that runs inside the tested pages.
pub(crate) fn axe(project: &Project) -> Result<PathBuf> {
    let package = project.tools().join("node_modules").join("axe-core");
    let script = package.join("axe.min.js");
    let installed = std::fs::read_to_string(package.join("package.json"))
        .is_ok_and(|text| text.contains(&format!("\"version\": \"{AXE_CORE}\"")));
    if installed && script.is_file() {
        return Ok(script);
    }
    let Some(npm) = shell::on_path("npm") else {
        bail!(
            "axe-core comes from npm, which is not here: install Node.js (Debian: apt-get install npm) and repeat"
        );
    };
    eprintln!("installing axe-core {AXE_CORE} (checks the app's accessibility in the tests)");
    let mut install = shell::command(npm);
    install
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
        ])
        .arg(project.tools())
        .arg(format!("axe-core@{AXE_CORE}"));
    system::twice(&mut install).context("npm could not install axe-core")?;
    Ok(script)
}
