//! `cargo xtask chaos [--seconds N] [--seed N]`: is anything lost while everything breaks?

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::app::App;
use crate::args::Args;
use crate::project::Project;
use crate::{relay, shell};

/// Builds a release relay without the app, which no member here needs, and has it tormented.
pub(crate) fn command(project: &Project, mut args: Args) -> Result<ExitCode> {
    let mut passed_on = Vec::new();
    for name in ["--seconds", "--seed"] {
        if let Some(value) = args.values(name)?.pop() {
            if value.parse::<u64>().is_err() {
                bail!("{name} wants a number, not {value:?}");
            }
            passed_on.extend([name.to_owned(), value]);
        }
    }
    args.finish()?;
    let binary = relay::build(project, &App::none(project)?)?;
    let mut run = shell::cargo();
    run.args(["run", "--quiet", "--package", "roomkey-chaos", "--"])
        .arg("--relay")
        .arg(binary)
        .args(passed_on)
        .current_dir(&project.root);
    // What it found it has said itself.
    let succeeded = run.status()?.success();
    Ok(if succeeded {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
