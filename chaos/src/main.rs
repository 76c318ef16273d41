//! `roomkey-chaos`: see the library, and `roomkey-chaos --help`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool: printing is what it is for"
)]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::Parser;
use roomkey_chaos::{Plan, run};

#[derive(Parser)]
#[command(
    name = "roomkey-chaos",
    about = "Twenty members of three rooms talk while everything around them breaks: is anything lost?"
)]
struct Command {
    /// The relay's binary
    #[arg(long, default_value = "target/release/roomkey-relay")]
    relay: PathBuf,
    /// How long everything breaks
    #[arg(long, default_value_t = 300)]
    seconds: u64,
    /// Draws what breaks when; printed, so that the same can be done again [default: the time]
    #[arg(long)]
    seed: Option<u64>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let command = Command::parse();
    let time = || SystemTime::now().duration_since(UNIX_EPOCH);
    let seed = command
        .seed
        .unwrap_or_else(|| time().map_or(0, |time| time.as_secs()));
    println!("seed {seed}, {} seconds", command.seconds);
    let plan = Plan {
        relay: command.relay,
        lasts: Duration::from_secs(command.seconds),
        seed,
        people: 20,
    };
    match run(plan).await {
        Ok(report) => {
            println!("{report}");
            if report.is_good() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
