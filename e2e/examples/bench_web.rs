//! `cargo xtask bench web`: prints how quick the app is.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use anyhow::Result;
use roomkey_e2e::measure::{Plan, everything};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let plan = match std::env::args().nth(1).as_deref() {
        Some("--smoke") => Plan::SMOKE,
        _ => Plan::FULL,
    };
    let figures = everything(plan).await?;
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
