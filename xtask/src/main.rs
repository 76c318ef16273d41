//! `cargo xtask …`: everything a person or a CI machine does with this repository, in one place.
//!
//! Each command installs what it needs and is missing, says so in one line, and is quick when nothing is missing.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool: printing is what it is for"
)]

mod app;
mod args;
mod bench;
mod chaos;
mod dev;
mod dist;
mod minify;
mod project;
mod relay;
mod shell;
mod size;
mod split;
mod test;
mod tidy;
mod tools;
mod vectors;
mod wasm_file;
mod wire_hash;

use std::process::ExitCode;

use anyhow::{Result, bail};
use args::Args;
use project::Project;

const HELP: &str = "\
usage: cargo xtask COMMAND

  run [-- RELAY ARGS]   install what is missing, build the app and the relay, start the relay
  test                  every check and test; --quick leaves the browsers out, --only STEP runs one step,
                        --list names the steps
  dev [-- RELAY ARGS]   the app rebuilt on change at http://127.0.0.1:8081, with a debug relay behind it
  build                 the app and the release relay; prints where the binary is
  dist                  the release binary and SHA256SUMS in target/dist
  tidy                  the rules of the house that no compiler checks
  size                  download size by file, against the budgets
  bench relay           the relay beside what is possible and what others do; under 10 minutes, on a quiet machine;
                        -- --help shows what can be chosen
  bench web             the app in Chromium: loading, stretching, talking, long conversations, download
  bench crypto          figures of the cryptography, native and in a browser
  chaos                 20 members talk for 5 minutes while sockets are cut, held and delayed and the relay is killed;
                        is anything lost? --seconds N, --seed N
  vectors               write the frozen test vectors anew (only when the wire is meant to change)
  doc-hash              record in docs/protocol.md that it describes the wire code as it is now
  tools                 only install what `test` needs
";

fn main() -> ExitCode {
    match dispatch(std::env::args().skip(1).collect()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: Vec<String>) -> Result<ExitCode> {
    let mut args = Args::new(words);
    let Some(command) = args.word() else {
        print!("{HELP}");
        return Ok(ExitCode::FAILURE);
    };
    if args.help() || matches!(command.as_str(), "help" | "--help" | "-h") {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    }
    let project = Project::find()?;
    match command.as_str() {
        "run" => {
            let passed_on = args.rest()?;
            let app = app::build(&project)?;
            let binary = relay::build(&project, &app)?;
            return relay::start(&binary, &passed_on);
        }
        "test" => return test::command(&project, args),
        "chaos" => return chaos::command(&project, args),
        "dev" => {
            let passed_on = args.rest()?;
            return dev::serve(&project, &passed_on);
        }
        "bench" => {
            let what = args.word();
            let passed_on = args.rest()?;
            bench::command(&project, what.as_deref(), &passed_on)?;
        }
        name => {
            let task: fn(&Project) -> Result<()> = match name {
                "build" => build,
                "dist" => dist::command,
                "tidy" => tidy::command,
                "size" => size::command,
                "vectors" => vectors::command,
                "doc-hash" => wire_hash::record,
                "tools" => tools::everything,
                other => bail!("no command {other:?}\n\n{HELP}"),
            };
            args.finish()?;
            task(&project)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn build(project: &Project) -> Result<()> {
    let app = app::build(project)?;
    let binary = relay::build(project, &app)?;
    println!("{}", binary.display());
    Ok(())
}
