//! Measures the relay side by side with what is possible at all and with what others do.
//!
//! ```text
//! run ── workload/*   what is done to a server, one file each
//!  │      └─ crowd     many members at once: who sent what when, what arrived
//!  │          └─ member one connection in the dialect of its server; ours with a real tunnel
//!  ├─ server          starts a relay, a floor or a peer on a core of its own; floor: the two floors themselves
//!  └─ report          medians, ratios, goals, JSON, a picture
//! ```
//!
//! Envelopes are sealed ahead with a member's real keys and sent again and again, because a load that seals every one of
//! them afresh would measure itself. Each member's tunnel is real, on every record. Where a flood would keep the load from
//! keeping up, most members only measure the records that they get, and the others open every one.
#![warn(missing_docs)]

pub mod crowd;
pub mod floor;
pub mod letter;
pub mod life;
pub mod machine;
pub mod member;
pub mod report;
pub mod run;
pub mod server;
pub mod stats;
pub mod workload;
pub mod ws;
