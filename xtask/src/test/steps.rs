//! The steps themselves. Each installs what it uses, so that one step alone works on a fresh machine too.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::{Outcome, count};
use crate::app::App;
use crate::project::Project;
use crate::tools::Browsers;
use crate::{app, relay, shell, size, tidy, tools};

/// One step: a name to call it by, and a function.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    /// Needs a browser or the release build, and is left out by `--quick`.
    pub(super) slow: bool,
    pub(super) run: fn(&Project) -> Result<Outcome>,
}

/// In order of cost: what fails quickly fails first.
pub(super) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        what: "formatting",
        slow: false,
        run: fmt,
    },
    Step {
        name: "tidy",
        what: "rules of the house, spelling, links, wire document",
        slow: false,
        run: tidy,
    },
    Step {
        name: "deny",
        what: "licences, sources, bans and advisories of the dependencies",
        slow: false,
        run: deny,
    },
    Step {
        name: "clippy",
        what: "lints, warnings are errors",
        slow: false,
        run: clippy,
    },
    Step {
        name: "unit",
        what: "unit, vector, property and relay tests",
        slow: false,
        run: unit,
    },
    Step {
        name: "doc",
        what: "examples in the documentation",
        slow: false,
        run: doc,
    },
    Step {
        name: "app",
        what: "the browser app, release",
        slow: true,
        run: app,
    },
    Step {
        name: "size",
        what: "download size against the budgets",
        slow: true,
        run: size,
    },
    Step {
        name: "relay",
        what: "the relay with the app inside, release",
        slow: true,
        run: relay,
    },
    Step {
        name: "wasm",
        what: "cryptography in headless Chromium",
        slow: true,
        run: wasm,
    },
    Step {
        name: "e2e",
        what: "real browsers against the real relay",
        slow: true,
        run: e2e,
    },
];

/// Browser tests are apart from the rest: nextest tells them by this package.
const E2E: &str = "roomkey-e2e";
/// The terminal's program, which meets the browsers there.
const CLI: &str = "roomkey-cli";

/// A cargo for debug builds. They embed no app: its every change would compile the relay's tests again.
fn cargo(project: &Project, args: &[&str]) -> Result<Command> {
    let mut cargo = shell::cargo();
    cargo
        .args(args)
        .env("ROOMKEY_APP_DIR", App::none(project)?.dir)
        .current_dir(&project.root);
    Ok(cargo)
}

fn note(text: impl Into<String>) -> Outcome {
    Outcome {
        tests: None,
        note: Some(text.into()),
    }
}

fn tests(output: &str) -> Outcome {
    Outcome {
        tests: Some(count::passed(output)),
        note: None,
    }
}

fn fmt(project: &Project) -> Result<Outcome> {
    shell::run(&mut cargo(project, &["fmt", "--all", "--check"])?)
        .context("`cargo fmt` sets it right")?;
    Ok(Outcome::default())
}

fn tidy(project: &Project) -> Result<Outcome> {
    tidy::command(project)?;
    Ok(Outcome::default())
}

fn clippy(project: &Project) -> Result<Outcome> {
    shell::run(&mut cargo(
        project,
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
    )?)?;
    Ok(Outcome::default())
}

fn deny(project: &Project) -> Result<Outcome> {
    let deny = tools::deny(project)?;
    let command = |words: &[&str]| {
        let mut command = shell::command(&deny);
        command.args(words).current_dir(&project.root);
        command
    };
    shell::run(&mut command(&[
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]))?;
    // The advisory database is a git repository, which not every network lets through.
    if !shell::succeeds_within(&mut command(&["fetch", "db"]), Duration::from_secs(90)) {
        return Ok(note(
            "bans, licences, sources; NOT advisories: their database could not be fetched",
        ));
    }
    shell::run(&mut command(&[
        "check",
        "--disable-fetch",
        "--hide-inclusion-graph",
        "advisories",
    ]))?;
    Ok(note("bans, licences, sources, advisories"))
}

/// Always builds the whole workspace and selects when running: another selection of packages would select other
/// features, and compile the big dependencies a second time.
fn unit(project: &Project) -> Result<Outcome> {
    tools::python()?;
    tools::nginx()?;
    tools::tor()?;
    let output = if has_nextest() {
        shell::tee(&mut cargo(project, &["nextest", "run", "--workspace"])?)?
    } else {
        let words = [
            "test",
            "--workspace",
            "--exclude",
            E2E,
            "--lib",
            "--bins",
            "--tests",
        ];
        shell::tee(&mut cargo(project, &words)?)?
    };
    let found = tests(&output);
    if found.tests == Some(0) {
        bail!("no test ran");
    }
    Ok(found)
}

fn doc(project: &Project) -> Result<Outcome> {
    let output = shell::tee(&mut cargo(
        project,
        &["test", "--workspace", "--doc", "--quiet"],
    )?)?;
    Ok(tests(&output))
}

fn app(project: &Project) -> Result<Outcome> {
    app::build(project)?;
    Ok(Outcome::default())
}

fn size(project: &Project) -> Result<Outcome> {
    size::command(project)?;
    Ok(Outcome::default())
}

fn relay(project: &Project) -> Result<Outcome> {
    relay::build(project, &app::build(project)?)?;
    Ok(Outcome::default())
}

/// Every integration test of these crates that asks for a browser.
fn wasm(project: &Project) -> Result<Outcome> {
    let browsers = tools::browsers(project)?;
    let mut passed = 0;
    for (dir, package) in [("crypto", "roomkey-crypto"), ("web", "roomkey-web")] {
        let targets = browser_tests(&project.root.join(dir).join("tests"))?;
        if targets.is_empty() {
            continue;
        }
        let mut cargo = wasm_cargo(project, &browsers)?;
        cargo.args(["--package", package]);
        for target in targets {
            cargo.args(["--test", &target]);
        }
        passed += count::passed(&shell::tee(&mut cargo)?);
    }
    if passed == 0 {
        bail!("no test ran in the browser");
    }
    Ok(Outcome {
        tests: Some(passed),
        note: None,
    })
}

/// Names of the test targets in `dir` that configure themselves for a browser; benches are called by `bench` alone.
fn browser_tests(dir: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for file in app::files_below(dir)? {
        let parts: Vec<&str> = file.iter().filter_map(|part| part.to_str()).collect();
        let name = match parts[..] {
            [file] => file.strip_suffix(".rs"),
            [dir, "main.rs"] => Some(dir),
            _ => None,
        };
        let Some(name) = name.filter(|name| !name.starts_with("bench")) else {
            continue;
        };
        let text = std::fs::read_to_string(dir.join(&file)).unwrap_or_default();
        if text.contains("wasm_bindgen_test_configure!") {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// A `cargo test` whose tests run in headless Chromium.
pub(crate) fn wasm_cargo(project: &Project, browsers: &Browsers) -> Result<Command> {
    let runner = tools::wasm_bindgen(project)?.join("wasm-bindgen-test-runner");
    let mut cargo = tools::wasm(project)?.cargo(project)?;
    cargo
        .args(["test", "--profile", "web"])
        .args(["--target", "wasm32-unknown-unknown"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CHROMEDRIVER", &browsers.chromedriver)
        // Stretching a name takes its time on a slow machine; the default of 20 s is for quick tests.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
        .current_dir(&project.root);
    Ok(cargo)
}

fn e2e(project: &Project) -> Result<Outcome> {
    let browsers = tools::browsers(project)?;
    let axe = tools::axe(project)?;
    let binary = relay::build(project, &app::build(project)?)?;
    shell::run(&mut cargo(project, &["build", "--package", CLI])?)?;
    let words: &[&str] = if has_nextest() {
        &["nextest", "run", "--workspace", "--profile", "e2e"]
    } else {
        &["test", "--package", E2E, "--", "--test-threads=1"]
    };
    let mut run = cargo(project, words)?;
    run.env("ROOMKEY_E2E_RELAY", binary)
        .env("ROOMKEY_E2E_CLI", program(project))
        .env("ROOMKEY_E2E_CHROMIUM", browsers.chromium)
        .env("ROOMKEY_E2E_CHROMEDRIVER", browsers.chromedriver)
        .env("ROOMKEY_E2E_FIREFOX", browsers.firefox)
        .env("ROOMKEY_E2E_GECKODRIVER", browsers.geckodriver)
        .env("ROOMKEY_E2E_AXE", axe);
    if let Some(shell) = browsers.headless_shell {
        run.env("ROOMKEY_E2E_HEADLESS_SHELL", shell);
    }
    let found = tests(&shell::tee(&mut run)?);
    if found.tests == Some(0) {
        bail!("no browser test ran");
    }
    Ok(found)
}

/// Where cargo leaves the program for terminals.
fn program(project: &Project) -> PathBuf {
    let file = Path::new("roomkey").with_extension(std::env::consts::EXE_EXTENSION);
    project.target.join("debug").join(file)
}

fn has_nextest() -> bool {
    shell::on_path("cargo-nextest").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browser_tests_are_found_in_both_layouts_and_benches_left_out() {
        let temp = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let file = temp.path().join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        };
        let configured = "wasm_bindgen_test_configure!(run_in_browser);";
        write("formats/main.rs", configured);
        write("formats/frames.rs", configured);
        write("page.rs", configured);
        write("bench_wasm.rs", configured);
        write("members/main.rs", "mod attacks;");
        let mut found = browser_tests(temp.path()).unwrap();
        found.sort();
        assert_eq!(found, ["formats", "page"]);
    }
}
