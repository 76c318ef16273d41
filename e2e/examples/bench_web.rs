//! `cargo xtask bench web`: prints how quick the app is. With `--stretch`, as `bench crypto` calls
//! it: the key alone. With `--file`: a file alone. With `--checks`: what axe-core and Lighthouse think.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use roomkey_e2e::measure::{Plan, checks, everything, key, moving};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let (mut plan, mut profiles) = (Plan::FULL, None);
    let (mut is_key_alone, mut is_file_alone, mut is_check_alone) = (false, false, false);
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--smoke") => plan = Plan::SMOKE,
            Some("--stretch") => is_key_alone = true,
            Some("--file") => is_file_alone = true,
            Some("--checks") => is_check_alone = true,
            Some("--profiles") => {
                let folder = arguments.next().context("--profiles needs a folder")?;
                profiles = Some(PathBuf::from(folder));
            }
            _ => bail!(
                "bench web takes --smoke, --stretch, --file, --checks, and --profiles with a folder"
            ),
        }
    }
    let figures = if is_key_alone {
        key(plan).await?
    } else if is_file_alone {
        moving(plan, profiles.as_deref()).await?
    } else if is_check_alone {
        checks().await?
    } else {
        everything(plan, profiles.as_deref()).await?
    };
    let mut missed = Vec::new();
    for figure in &figures {
        let goal = figure.goal.map(|goal| {
            let met = figure.value <= goal;
            if !met {
                missed.push(format!("{} ({:.2})", figure.what, figure.value));
            }
            format!("goal {goal:.2}: {}", if met { "met" } else { "MISSED" })
        });
        let line = format!(
            "{:<64}{:>12.2}  {}",
            figure.what,
            figure.value,
            goal.unwrap_or_default()
        );
        println!("{}", line.trim_end());
    }
    if missed.is_empty() {
        println!("goals met");
    } else {
        println!("goals missed: {}", missed.join(", "));
    }
    Ok(())
}
