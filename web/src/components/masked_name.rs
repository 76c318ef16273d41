//! The room's name, hidden until asked for.

use yew::prelude::*;

use super::icon::Glyph;
use super::icon_button::IconButton;
use crate::handle::Handle;
use crate::words::words;

/// What [`MaskedName`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct MaskedNameProps {
    /// The name with all but its beginning hidden.
    pub masked: AttrValue,
    /// The name is the page's heading.
    #[prop_or_default]
    pub heading: bool,
}

/// The masked name and the eye beside it. The name itself is asked for with every click and is
/// kept no longer than it is on the screen.
#[component]
pub fn MaskedName(props: &MaskedNameProps) -> Html {
    let words = words();
    let handle = use_context::<Handle>();
    let shown = use_state_eq(|| None::<String>);
    let onclick = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| {
            let name = handle.as_ref().and_then(Handle::room_name);
            shown.set(if shown.is_some() { None } else { name });
        })
    };
    let is_shown = shown.is_some();
    let text = (*shown)
        .clone()
        .map_or_else(|| props.masked.clone(), AttrValue::from);
    let (glyph, label) = if is_shown {
        (Glyph::EyeOff, words.hide_name)
    } else {
        (Glyph::Eye, words.reveal_name)
    };
    html! {
        <>
            if props.heading {
                <h1 dir="auto" title={is_shown.then(|| text.clone())}>{ text }</h1>
            } else {
                <span dir="auto">{ text }</span>
            }
            <IconButton {glyph} {label} class="icon-button-small" {onclick} />
        </>
    }
}
