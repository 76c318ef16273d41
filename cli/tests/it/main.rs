//! The program itself, against a real relay.

mod agent;
mod bots;
mod cable;
mod files;
mod governing;
mod inspect;
#[cfg(unix)]
mod installed;
mod leaping;
mod program;
#[cfg(unix)]
mod proxies;
#[path = "../../../sdk/tests/support/relay.rs"]
mod relay;
mod talk;
#[cfg(unix)]
mod tor;
