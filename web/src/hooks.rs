//! Hooks that more than one component uses.

mod clock;

pub use clock::use_now;
