//! Figures of the cryptography: the same measurements on the host and in a browser.

use anyhow::{Result, bail};

use crate::project::Project;
use crate::{shell, test, tools};

/// `cargo xtask bench crypto`.
pub(crate) fn command(project: &Project, what: Option<&str>) -> Result<()> {
    if what != Some("crypto") {
        bail!("say what to measure: cargo xtask bench crypto");
    }
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
    shell::run(&mut cargo)
}
