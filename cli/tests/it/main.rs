//! The program itself, against a real relay.

mod bots;
mod cable;
mod files;
mod governing;
mod inspect;
mod program;
#[cfg(unix)]
mod proxies;
#[path = "../../../sdk/tests/support/relay.rs"]
mod relay;
mod talk;
