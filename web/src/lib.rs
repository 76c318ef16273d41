//! The Roomkey app for browsers.
//!
//! Three parts, one direction: the shell ([`handle`] in front, effects behind) turns what happens
//! into [`state::Action`]s, [`state`] turns actions into data, components turn data into pixels.
//!
//! Contexts that the app provides to components:
//!
//! | context | when it changes |
//! |---|---|
//! | [`handle::Handle`] | never |
//! | [`contexts::Dispatch`] | never |
//! | [`cleaner::Cleaner`] | when the module for markup arrives, if a message needs it |
//! | [`state::Page`], [`state::Relay`] | seldom |
//! | `Shared<Settings>` | when the person chooses |
//! | [`contexts::CopiedNow`] | when something is copied |
//! | `Shared<RoomCard>`, `Shared<Log>`, `Shared<People>`, `Shared<Talk>`, [`state::Status`], `Shared<Wire>` | inside a room, each on its own |

pub mod alert;
pub mod app;
pub mod broken;
mod browser;
pub mod cleaner;
mod clipboard;
pub mod components;
mod connection;
pub mod contexts;
mod device;
mod download;
pub mod editing;
pub mod entropy;
mod files;
mod handed;
pub mod handle;
pub mod hooks;
mod kdf;
mod later;
pub mod naming;
mod relay;
mod sanitizer;
pub mod shared;
mod shell;
pub mod state;
mod tab;
pub mod talk;
mod translate;
mod voice;
pub mod words;
