//! A button that copies something and then says so.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::icon::Glyph;
use crate::contexts::CopiedNow;
use crate::handle::Handle;
use crate::state::Copied;
use crate::words::words;

/// What is copied.
#[derive(Clone, Debug, PartialEq)]
pub enum Copies {
    /// The room's link.
    Link,
    /// This text.
    Text(AttrValue),
}

/// What [`CopyButton`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct CopyButtonProps {
    /// What is copied.
    pub copies: Copies,
    /// The words on it.
    pub label: AttrValue,
    /// How much attention it asks for.
    #[prop_or_default]
    pub weight: Weight,
    /// More classes.
    #[prop_or_default]
    pub class: Classes,
}

/// A button that copies. Its accessible name stays; the news is announced beside it.
#[component]
pub fn CopyButton(props: &CopyButtonProps) -> Html {
    let handle = use_context::<Handle>();
    let CopiedNow(copied) = use_context::<CopiedNow>().unwrap_or_default();
    let pressed = use_state_eq(|| false);
    let onclick = {
        let (copies, pressed) = (props.copies.clone(), pressed.clone());
        Callback::from(move |_: MouseEvent| {
            pressed.set(true);
            match (&handle, &copies) {
                (Some(handle), Copies::Link) => handle.copy_link(),
                (Some(handle), Copies::Text(text)) => handle.copy_text(text.to_string()),
                (None, _) => {}
            }
        })
    };
    {
        let pressed = pressed.clone();
        use_effect_with(copied.is_some(), move |is_shown| {
            if !is_shown {
                pressed.set(false);
            }
        });
    }
    let words = words();
    let news = copied.filter(|_| *pressed);
    let is_done = matches!(news, Some(Copied::Link | Copied::Text));
    html! {
        <>
            <Button
                weight={props.weight}
                glyph={if is_done { Glyph::Check } else { Glyph::Copy }}
                class={props.class.clone()}
                {onclick}
            >
                { props.label.clone() }
            </Button>
            <span class={if news == Some(Copied::Failed) { "copy-failed" } else { "only-spoken" }} role="status">
                { match news {
                    Some(Copied::Failed) => words.copy_failed,
                    Some(_) => words.copied,
                    None => "",
                } }
            </span>
        </>
    }
}
