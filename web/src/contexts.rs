//! Names for the contexts whose plain type would say too little.

use yew::UseReducerDispatcher;

use crate::state::{Copied, State};

/// Sends an [`Action`](crate::state::Action) to the reducer. For choices that concern only what
/// is shown: theme, filters, revealing. Everything else goes through
/// [`Handle`](crate::handle::Handle).
pub type Dispatch = UseReducerDispatcher<State>;

/// What was copied a moment ago.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CopiedNow(pub Option<Copied>);
