//! Maps and sets that are one sorted list.
//!
//! They stand in for the standard library's trees, whose code is made anew for each pair of types and was a thirtieth of
//! the browser's download (`docs/adr/0022-what-the-download-is-made-of.md`). Finding takes as many steps as in a tree. Inserting and
//! removing move what comes after, so these are for collections of some thousand at most, or filled in order.

mod map;
mod set;

pub use map::Map;
pub use set::Set;
