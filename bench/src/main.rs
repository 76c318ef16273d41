//! `roomkey-bench`: see the library, and `roomkey-bench --help`.
#![expect(
    clippy::print_stderr,
    reason = "a command line tool: printing is what it is for"
)]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use roomkey_bench::floor::{self, Writes};
use roomkey_bench::machine::Cores;
use roomkey_bench::run::{Order, Plan, execute};
use roomkey_bench::server::Stable;

#[derive(Parser)]
#[command(
    name = "roomkey-bench",
    about = "Measures the relay side by side with its limits and its peers."
)]
struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Measure
    Relay {
        /// The relay's binary, a release build
        #[arg(long, default_value = "target/release/roomkey-relay")]
        relay: PathBuf,
        /// Only these workloads, W0 to W7
        #[arg(long, value_delimiter = ',')]
        only: Vec<String>,
        /// Only these contenders: roomkey, floor, floor-each, nats, flask
        #[arg(long, value_delimiter = ',')]
        against: Vec<String>,
        /// A Python that has flask-socketio and eventlet
        #[arg(long)]
        python: Option<PathBuf>,
        /// The port to serve on, one server at a time [default: a free one]
        #[arg(long)]
        port: Option<u16>,
        /// Where keys are kept between runs
        #[arg(long, default_value = "target/bench")]
        state: PathBuf,
        /// Where the figures and the chart are written
        #[arg(long)]
        out: Option<PathBuf>,
        /// How often every figure is taken
        #[arg(long)]
        repeats: Option<usize>,
        /// A few seconds that only show that everything works
        #[arg(long)]
        smoke: bool,
    },
    /// Serve as the floor that gathers its writes
    Floor {
        /// Where to listen
        address: SocketAddr,
    },
    /// Serve as the floor that writes every delivery by itself
    FloorEach {
        /// Where to listen
        address: SocketAddr,
    },
}

fn main() -> ExitCode {
    match dispatch(Command::parse().what) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(what: What) -> anyhow::Result<ExitCode> {
    match what {
        What::Floor { address } => floor::serve(address, Writes::Gathered)?,
        What::FloorEach { address } => floor::serve(address, Writes::Each)?,
        What::Relay {
            relay,
            only,
            against,
            python,
            port,
            state,
            out,
            repeats,
            smoke,
        } => {
            let mut plan = if smoke { Plan::smoke() } else { Plan::full() };
            plan.repeats = repeats.unwrap_or(plan.repeats);
            let order = Order {
                plan,
                stable: Stable {
                    relay,
                    python,
                    port,
                    cores: Cores::choose(),
                    state,
                },
                only,
                against,
                out,
            };
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let local = tokio::task::LocalSet::new();
            let verdict = local.block_on(&runtime, execute(order))?;
            // A missed goal is a finding and no failure of the command.
            drop(verdict);
        }
    }
    Ok(ExitCode::SUCCESS)
}
