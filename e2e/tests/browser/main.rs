//! Real browsers against the real relay, one file per promise.

mod access;
mod doors;
mod filters;
mod firefox;
mod history;
mod hostile;
mod privacy;
mod reconnect;
mod talk;
