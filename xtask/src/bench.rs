//! Figures: of the cryptography on the host and in a browser, of the relay beside its limits and its peers, and of the app
//! in a browser.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::app::App;
use crate::project::Project;
use crate::tools::Browsers;
use crate::{app, relay, shell, size, test, tools};

/// `cargo xtask bench WHAT [-- ARGUMENTS]`.
pub(crate) fn command(project: &Project, what: Option<&str>, passed_on: &[OsString]) -> Result<()> {
    match what {
        Some("crypto") if passed_on.is_empty() => crypto(project),
        Some("relay") => beside(project, passed_on),
        Some("web") => web(project, passed_on),
        Some("crypto") => bail!("bench crypto takes nothing after --"),
        _ => bail!("say what to measure: cargo xtask bench relay, web or crypto"),
    }
}

fn crypto(project: &Project) -> Result<()> {
    if project.root.join("crypto/examples/bench.rs").is_file() {
        let mut native = shell::cargo();
        native
            .args([
                "run",
                "--release",
                "--package",
                "roomkey-crypto",
                "--example",
                "bench",
            ])
            .current_dir(&project.root);
        shell::run(&mut native)?;
    }
    // A bench is a browser test of its own that prints its figures, so it needs no second kind of harness.
    if !project.root.join("crypto/tests/bench_wasm.rs").is_file() {
        bail!("crypto/tests/bench_wasm.rs, which measures in a browser, is not there");
    }
    let browsers = tools::browsers(project)?;
    let mut cargo = test::wasm_cargo(project, &browsers)?;
    cargo.args(["--package", "roomkey-crypto", "--test", "bench_wasm"]);
    cargo.args(["--", "--nocapture"]);
    shell::run(&mut cargo)?;
    // The key is stretched by the app's own worker, as people wait for it.
    let app = app::build(project)?;
    in_browser(project, &browsers, &app, &["--stretch".into()])
}

/// The relay, the floors and the peers that can be had.
fn beside(project: &Project, passed_on: &[OsString]) -> Result<()> {
    // The app inside makes no difference to what is measured; the one that is there saves building the relay twice.
    let built = project.target.join("app");
    let app = if built.join("index.html").is_file() {
        App { dir: built }
    } else {
        App::none(project)?
    };
    let relay = relay::build(project, &app)?;
    let mut build = shell::cargo();
    build
        .args(["build", "--release", "--package", "roomkey-bench"])
        .current_dir(&project.root);
    shell::run(&mut build)?;

    let name = PathBuf::from("roomkey-bench").with_extension(std::env::consts::EXE_EXTENSION);
    let mut bench = shell::command(project.target.join("release").join(name));
    bench.arg("relay").arg("--relay").arg(relay);
    bench
        .arg("--state")
        .arg(project.target.join("bench"))
        .arg("--out")
        .arg(project.root.join("bench").join("results"));
    if let Some(python) = tools::peers(project) {
        bench.arg("--python").arg(python);
    }
    bench.args(passed_on).current_dir(&project.root);
    shell::run(&mut bench)
}

/// The app in Chromium.
fn web(project: &Project, passed_on: &[OsString]) -> Result<()> {
    let browsers = tools::browsers(project)?;
    let app = app::build(project)?;
    size::show(&app)?;
    in_browser(project, &browsers, &app, passed_on)
}

/// Measures in Chromium, against a relay with the app inside.
fn in_browser(
    project: &Project,
    browsers: &Browsers,
    app: &App,
    arguments: &[OsString],
) -> Result<()> {
    let binary = relay::build(project, app)?;
    let mut run = shell::cargo();
    run.args(["run", "--package", "roomkey-e2e", "--example", "bench_web"])
        .arg("--")
        .args(arguments)
        .env("ROOMKEY_APP_DIR", App::none(project)?.dir)
        .env("ROOMKEY_E2E_RELAY", binary)
        .env("ROOMKEY_E2E_CHROMIUM", &browsers.chromium)
        .env("ROOMKEY_E2E_CHROMEDRIVER", &browsers.chromedriver)
        .current_dir(&project.root);
    // Where one part is asked for, only that part's tools are wanted.
    let is_part = |part: &OsString| part == "--stretch" || part == "--file";
    if !arguments.iter().any(is_part) {
        if let Err(error) = tools::axe(project) {
            eprintln!("no figures of axe-core: {error:#}");
        }
        if let Some(folder) = tools::lighthouse(project) {
            run.env("ROOMKEY_E2E_LIGHTHOUSE", folder);
        }
    }
    shell::run(&mut run)
}
