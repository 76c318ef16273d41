//! What a member of a room does.
//!
//! [`Session`] is a state machine that is fed socket messages, clock readings and randomness, and hands back what to
//! send and what happened. It performs no I/O, reads no clock and owns no source of randomness, so the browser app,
//! a terminal program and the tests all drive the same code:
//!
//! ```text
//!            opened · receive · closed · tick · wake             enter · post · rename · retry · leave
//!   socket ─────────────────────────────────────────▶ Session ◀──────────────────────────────────────── person
//!          ◀─────────────────────────────────────────         ────────────────────────────────────────▶
//!                      poll_transmit · deadline                              poll_event
//! ```
//!
//! After every call into a session, drain [`Session::poll_transmit`] and [`Session::poll_event`], and arm one timer
//! for [`Session::deadline`]; when it fires, call [`Session::tick`].
#![warn(missing_docs)]
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod backoff;
mod body;
mod charter;
mod config;
mod event;
mod facts;
mod governance;
mod held;
mod leap;
pub mod link;
mod name;
mod outbox;
pub mod picture;
mod roster;
mod session;
mod told;
mod transfer;

pub use body::{
    Body, FileBytes, FileOffer, LONGEST_FILE_NAME, LONGEST_REACTION, LONGEST_TEXT, LONGEST_TOPIC,
    MOST_INVITED, SayError, Style, TIMER, Text,
};
pub use config::{BotDisclosure, Config, Now};
pub use event::{
    Direction, End, Event, FrameSummary, Late, Message, MessageId, NotSent, Person, Since, Status,
    Transmit, WireRecord,
};
pub use facts::{Facts, NoFacts, RawFacts};
pub use governance::{By, Governance, OrderError, Ordered, Rules};
pub use leap::{Invitation, InvitationId, Invited, Passport};
pub use name::{DisplayName, DisplayNameError, LONGEST_NAME};
pub use session::{AWAY_MEANS_LEFT, Session, ThawError};
pub use transfer::{Answer, FileDigest, FileNews, FileRef, FileTrouble, NewFile};
