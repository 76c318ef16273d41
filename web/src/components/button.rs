//! A button with words on it.

use yew::prelude::*;

use super::icon::{Glyph, icon};

/// How much attention a button asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// The one thing to do on this screen.
    Primary,
    /// Everything else.
    #[default]
    Plain,
    /// Lighter than its surroundings.
    Quiet,
    /// Ends something.
    Danger,
    /// A second look is asked for.
    Brass,
    /// Looks like a link in a sentence.
    Link,
}

impl Weight {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button-primary",
            Self::Plain => "button-plain",
            Self::Quiet => "button-quiet",
            Self::Danger => "button-danger",
            Self::Brass => "button-brass",
            Self::Link => "button-link",
        }
    }
}

/// What [`Button`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct ButtonProps {
    /// How much attention it asks for.
    #[prop_or_default]
    pub weight: Weight,
    /// A picture before the words.
    #[prop_or_default]
    pub glyph: Option<Glyph>,
    /// More classes: `button-wide`, `button-small`.
    #[prop_or_default]
    pub class: Classes,
    /// Sends the form it stands in.
    #[prop_or_default]
    pub submits: bool,
    /// When it is pressed.
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
    /// The words.
    pub children: Html,
}

/// A button with words on it, and perhaps an icon before them.
#[component]
pub fn Button(props: &ButtonProps) -> Html {
    html! {
        <button
            type={if props.submits { "submit" } else { "button" }}
            class={classes!("button", props.weight.class(), props.class.clone())}
            onclick={props.onclick.clone()}
        >
            if let Some(glyph) = props.glyph {
                { icon(glyph) }
            }
            <span class="button-text">{ props.children.clone() }</span>
        </button>
    }
}
