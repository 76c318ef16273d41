//! Details that open on demand.

use yew::prelude::*;

use super::icon::{Glyph, icon};

/// What [`Disclosure`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct DisclosureProps {
    /// What is inside.
    pub title: AttrValue,
    /// What is set inside, shown while it is closed.
    #[prop_or_default]
    pub hint: AttrValue,
    /// The content.
    pub children: Html,
}

/// A native `<details>` with a summary line.
#[component]
pub fn Disclosure(props: &DisclosureProps) -> Html {
    html! {
        <details class="disclosure">
            <summary class="disclosure-summary">
                { icon(Glyph::Chevron) }
                <span class="nowrap">{ props.title.clone() }</span>
                <span class="disclosure-hint">{ props.hint.clone() }</span>
            </summary>
            <div class="disclosure-body">{ props.children.clone() }</div>
        </details>
    }
}
