//! Real browsers against the real relay, one file per promise.

mod access;
mod door;
mod doors;
mod filters;
mod firefox;
mod formatting;
mod governing;
mod history;
mod hostile;
mod leaving;
mod preflight;
mod privacy;
mod reconnect;
mod secret;
mod talk;
