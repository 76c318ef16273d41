//! Roomkey in a terminal.
//!
//! ```text
//!   args ──▶ room: which relay, which room, which name (asked for, never needed on the command line)
//!              │
//!              ▼
//!   sdk::Member ──events──▶ lines: one event, one safe line of text ──▶ talk (join), tail
//!        ▲                └─▶ bot::event: one event, one JSON object ──▶ a program's standard input
//!        └── typed lines, bot::command
//! ```
//!
//! Nothing that a member wrote reaches the terminal except through `safe`.

mod args;
mod bot;
mod doctor;
mod exit;
mod files;
mod lines;
mod new;
mod output;
mod people;
mod room;
mod safe;
mod scopes;
mod send;
mod tail;
mod talk;
mod verify;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory as _, Parser as _};

pub use args::Arguments;
pub use exit::{Exit, Failure};

use args::{Command, FileCommand};

/// What was begun when the program was interrupted has this long for its goodbye: the room is to be left, not abandoned.
const GOODBYE: Duration = Duration::from_secs(2);

/// The whole program.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            return Failure::new(Exit::Failed, format!("could not start: {error}")).report();
        }
    };
    let sentence = when_interrupted(&arguments.command);
    let ended = runtime.block_on(async {
        let interrupted = tokio::select! {
            ended = run(arguments) => return ended,
            () = interrupted() => Failure::interrupted(sentence),
            // `roomkey tail | head`: nobody reads any more, and perhaps nothing will ever be written that would show it.
            () = output::closed() => Failure::silent(Exit::Failed),
        };
        // Whatever was dropped with the command says goodbye in tasks of its own.
        let _ = tokio::time::timeout(GOODBYE, sdk::goodbyes()).await;
        Err(interrupted)
    });
    // A thread that still waits for the keyboard must not keep the program alive.
    runtime.shutdown_background();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// What has become of a command's work, where that cannot be seen.
fn when_interrupted(command: &Command) -> Option<&'static str> {
    match command {
        Command::File(FileCommand::Send(_)) => {
            Some("interrupted: what nobody had whole was taken back")
        }
        Command::File(FileCommand::Receive(_)) => {
            Some("interrupted: what was not whole was thrown away")
        }
        _ => None,
    }
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { command, relay } = arguments;
    match command {
        Command::New(new) => new::run(new, &relay),
        Command::Join(join) => talk::run(join, &relay).await,
        Command::Send(send) => send::run(send, &relay).await,
        Command::Tail(tail) => tail::run(tail, &relay).await,
        Command::File(FileCommand::Send(send)) => files::give::run(send, &relay).await,
        Command::File(FileCommand::Receive(receive)) => files::take::run(receive, &relay).await,
        Command::Bot(bot) => bot::run(bot, &relay).await,
        Command::Verify { url, app } => verify::run(&url, app.as_deref(), &relay).await,
        Command::Doctor { url } => doctor::run(&url, &relay).await,
        Command::Completions { shell } => {
            clap_complete::generate(
                shell,
                &mut Arguments::command(),
                "roomkey",
                &mut std::io::stdout(),
            );
            Ok(())
        }
        Command::Man { of } => manual(&of),
    }
}

/// The manual page of the program, or of the command with these names.
fn manual(of: &[String]) -> Result<(), Failure> {
    let mut program = Arguments::command();
    // Gives the commands their whole names.
    program.build();
    let mut found = &program;
    for name in of {
        found = found.find_subcommand(name).ok_or_else(|| {
            let sentence = format!("there is no command {}", of.join(" "));
            Failure::new(Exit::Usage, sentence)
        })?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(found.clone())
        .render(&mut page)
        .and_then(|()| std::io::stdout().write_all(&page))
        .map_err(Failure::output)
}

/// Resolves on Ctrl+C and on a polite request to end.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut interrupt), Ok(mut terminate)) = (
            signal(SignalKind::interrupt()),
            signal(SignalKind::terminate()),
        ) {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without handlers the system's default ends the program just as well.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
