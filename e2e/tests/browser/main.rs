//! Real browsers against the real relay, one file per promise.

mod access;
mod conversation;
mod door;
mod doors;
mod downloads;
mod files;
mod filters;
mod firefox;
mod formatting;
mod governing;
mod history;
mod hostile;
mod hostile_formatted;
mod interop;
mod leaving;
mod long_log;
mod measure;
mod preflight;
mod privacy;
mod reconnect;
mod secret;
mod sheets;
mod states;
mod talk;
