//! The program itself, against a real relay.

mod bots;
mod cable;
mod files;
mod governing;
mod inspect;
mod program;
#[path = "../../../sdk/tests/support/relay.rs"]
mod relay;
mod talk;
