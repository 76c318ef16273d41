//! A button that is only a picture, with its words for assistive technology and as a tooltip.

use yew::prelude::*;

use super::icon::{Glyph, icon};

/// What [`IconButton`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct IconButtonProps {
    /// The picture.
    pub glyph: Glyph,
    /// What it does, in words.
    pub label: AttrValue,
    /// When it is pressed.
    pub onclick: Callback<MouseEvent>,
    /// For a button that opens something: whether that is open.
    #[prop_or_default]
    pub expanded: Option<bool>,
    /// More classes.
    #[prop_or_default]
    pub class: Classes,
    /// Something beside the picture, such as a number.
    #[prop_or_default]
    pub children: Html,
}

/// A button that is only a picture.
#[component]
pub fn IconButton(props: &IconButtonProps) -> Html {
    html! {
        <button
            type="button"
            class={classes!("icon-button", props.class.clone())}
            aria-label={props.label.clone()}
            title={props.label.clone()}
            aria-expanded={props.expanded.map(|open| if open { "true" } else { "false" })}
            onclick={props.onclick.clone()}
        >
            { icon(props.glyph) }
            { props.children.clone() }
        </button>
    }
}
