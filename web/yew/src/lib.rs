//! Yew, with two things done differently so that an app of many small components stays small.
//!
//! Upstream compiles its whole component life cycle once for every component type, and its
//! context machinery once for every context type. Here every function component is mounted through
//! one component ([`part`]), and every context travels through one channel ([`context`]). What
//! is written inside `html!` and `#[component]` stays the same; this crate is called `yew` because
//! those macros write `::yew::…` into the code they make.
//!
//! Two rules follow: components are functions (a struct component is mounted by a
//! [`Renderer`](upstream::Renderer) only), and a list of components that change places needs keys,
//! as it does upstream.

// The macros' paths have to resolve inside this crate too.
extern crate self as yew;

pub mod context;
pub mod part;

pub use upstream::*;

pub use context::{ContextProvider, use_context};

/// What an app imports.
pub mod prelude {
    pub use crate::context::{ContextProvider, use_context};
    pub use upstream::prelude::*;
}

/// The nodes of a page. [`VChild`](crate::part::VChild) is what `html!` makes of a component.
pub mod virtual_dom {
    pub use crate::part::VChild;
    pub use upstream::virtual_dom::*;
}
