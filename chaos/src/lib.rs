//! Is anything ever lost? Twenty members in three rooms talk all the time, each through a line that is cut, delayed and held
//! while the relay is killed and started again. At the end everybody's diary is compared with what the others said.
//!
//! ```text
//!   person ── sdk::Member ── line (a TCP proxy of its own) ──┐
//!   person ── sdk::Member ── line ───────────────────────────┼── the relay, a process that is killed and comes back
//!   …                                                        ┘
//!     │ diary: what I said, what I heard                 script: what happens when, drawn from the seed
//!     └──▶ verdict: lost, doubled, reordered
//! ```
//!
//! Nothing is pretended: the members are those of the terminal client, every byte is sealed, and the relay is its binary.
//! The seed draws what is done to whom and when. What the machine makes of it is not repeatable to the byte.
#![warn(missing_docs)]

mod diary;
mod dice;
mod line;
mod person;
mod process;
mod room;
mod run;
mod script;
mod verdict;

pub use run::{Plan, Report, run};
pub use verdict::Verdict;
