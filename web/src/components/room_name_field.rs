//! "Room name": suggested and selected, so that typing replaces it.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::copied_mark::CopiedMark;
use super::field::{Field, Input};
use super::icon::Glyph;
use super::icon_button::IconButton;
use super::strength::strength_meter;
use crate::handle::Handle;
use crate::naming::Typed;
use crate::words::words;

/// What [`RoomNameField`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct RoomNameFieldProps {
    /// The name as typed.
    pub typed: AttrValue,
    /// What is to be said about it.
    pub verdict: Typed,
    /// It was changed.
    pub ontyped: Callback<String>,
    /// Another suggestion is asked for.
    pub onsuggest: Callback<MouseEvent>,
    /// It is drawn as dots.
    pub hidden: bool,
    /// Dots or letters.
    pub onhide: Callback<bool>,
    /// A trouble from outside, such as an empty field when the button was pressed.
    #[prop_or_default]
    pub trouble: Option<AttrValue>,
}

/// The field for the room's name with its meter.
#[component]
pub fn RoomNameField(props: &RoomNameFieldProps) -> Html {
    let words = words();
    let handle = use_context::<Handle>();
    let input = use_node_ref();
    {
        let input = input.clone();
        use_effect_with((), move |()| select_all(&input));
    }
    let hide = {
        let (onhide, hidden) = (props.onhide.clone(), props.hidden);
        Callback::from(move |_: MouseEvent| onhide.emit(!hidden))
    };
    let copy = {
        let typed = props.typed.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                handle.copy_text(typed.to_string());
            }
        })
    };
    let trouble = props
        .verdict
        .trouble
        .clone()
        .map(AttrValue::from)
        .or_else(|| props.trouble.clone());
    let canonical = props
        .verdict
        .canonical
        .as_ref()
        .filter(|_| props.verdict.differs && !props.hidden);
    let (eye, eye_label) = if props.hidden {
        (Glyph::Eye, words.room_name_show)
    } else {
        (Glyph::EyeOff, words.room_name_hide)
    };
    let tools = html! {
        <span class="field-tools">
            <IconButton glyph={Glyph::Again} label={words.room_name_again} onclick={props.onsuggest.clone()} />
            <IconButton glyph={eye} label={eye_label} onclick={hide} />
            <IconButton glyph={Glyph::Copy} label={words.room_name_copy} onclick={copy} />
        </span>
    };
    html! {
        <div class="room-name">
            <Field id="room-name" label={words.room_name} trouble={trouble.clone()} {tools}>
                <Input
                    id="room-name"
                    value={props.typed.clone()}
                    ontext={props.ontyped.clone()}
                    class={classes!("is-key", props.hidden.then_some("is-hidden"))}
                    wrong={trouble.is_some()}
                    {input}
                />
            </Field>
            <CopiedMark />
            if let Some(canonical) = canonical {
                <p class="canonical">{ words.room_name_becomes }{ " " }<b dir="auto">{ canonical }</b></p>
            }
            if let Some(strength) = &props.verdict.strength {
                { strength_meter(strength) }
            }
        </div>
    }
}

fn select_all(input: &NodeRef) {
    if let Some(element) = input.cast::<HtmlInputElement>() {
        let _ = element.focus();
        element.select();
    }
}
