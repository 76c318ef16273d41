//! How text written by strangers becomes something that is safe to look at.
//!
//! Everything a member wrote (messages, names, file names, the document title) passes through this crate before it is
//! shown. Nothing here knows about keys, the network or the DOM: text goes in, a small tree of text and vetted links
//! comes out, and the caller turns every node into a DOM *text* node or into an `<a>` it builds itself.
//!
//! ```text
//! typed text ─► display: one canonical spelling, nothing invisible
//!                  │                      └─► display_name, skeleton      (always there, light)
//!                  ▼
//!               markup: tags, handlers, scripts cut out, each with a label
//!                  ▼
//!               links:  what is, or pretends to be, an address             (feature `markup`)
//!                  ▼
//!               filter: the two switches, three states each
//!                  ▼
//!               Rendered { nodes: Text | Link | Neutral | Filtered | Blocked | LineBreak }
//! ```
//!
//! The light half ([`canonical`], [`display_name`], [`skeleton`], the tree and its byte form) needs nothing but small
//! Unicode tables. The feature `markup` adds the rest, in three tiers. [`render_words`] answers for texts in which nothing can
//! be markup or an address, which are most. [`render_plain`] answers for texts in which nothing can be markup, and knows links. [`render`] answers for every text and brings an HTML parser, which is as large as
//! everything else together, so it can live in a module of its own and hand its [`Rendered`] over as bytes.

mod display;
mod file_name;
mod filter;
mod invisible;
#[cfg(feature = "markup")]
mod links;
mod lookalikes;
mod marks;
#[cfg(feature = "markup")]
mod markup;
#[cfg(feature = "markup")]
mod render;
#[cfg(feature = "markup")]
mod rich;
mod size;
mod style;
#[cfg(feature = "markup")]
mod suspicion;
mod tree;

pub use display::{NAMELESS, canonical, display_line, display_name, escape_invisible, skeleton};
pub use file_name::{FileName, FileWarning};
pub use filter::{FilterState, Filters};
#[cfg(feature = "markup")]
pub use render::{render, render_plain, render_words};
#[cfg(feature = "markup")]
pub use rich::render_formatted;
pub use size::bytes_in_words;
pub use style::may_be_formatted;
pub use tree::{
    BLOCKED, BlockedBy, DEEPEST, DecodeError, Element, FILTERED, Host, Node, Rendered, Run,
    SPOILER, Token,
};
