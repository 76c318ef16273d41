//! "Your name", with a dice for those who do not want to think of one.

use yew::prelude::*;

use super::field::{Field, Input};
use super::icon::Glyph;
use super::icon_button::IconButton;
use crate::handle::Handle;
use crate::words::words;

/// What [`NicknameField`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct NicknameFieldProps {
    /// The name as typed.
    pub name: AttrValue,
    /// It was changed.
    pub onname: Callback<String>,
    /// Troubles are shown only after a first try to go on.
    #[prop_or_default]
    pub tried: bool,
}

/// The field for this person's name.
#[component]
pub fn NicknameField(props: &NicknameFieldProps) -> Html {
    let words = words();
    let handle = use_context::<Handle>();
    let trouble = handle.as_ref().and_then(|handle| {
        let is_worth_saying = props.tried || !props.name.is_empty();
        handle.name_trouble(&props.name).filter(|_| is_worth_saying)
    });
    let suggest = {
        let onname = props.onname.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                onname.emit(handle.suggest_your_name());
            }
        })
    };
    html! {
        <Field id="your-name" label={words.your_name} trouble={trouble.clone().map(AttrValue::from)}>
            <Input id="your-name" value={props.name.clone()} ontext={props.onname.clone()} wrong={trouble.is_some()} />
            <span class="field-tools">
                <IconButton glyph={Glyph::Dice} label={words.your_name_again} onclick={suggest} />
            </span>
        </Field>
    }
}
