//! The field for a second secret.

use yew::prelude::*;

use super::field::{Field, Input};
use super::icon::Glyph;
use super::icon_button::IconButton;
use crate::words::life;

/// What [`SecretField`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct SecretFieldProps {
    /// What it is called here.
    pub label: AttrValue,
    /// The text.
    pub value: AttrValue,
    /// The new text, with every keystroke.
    pub ontext: Callback<String>,
    /// What is wrong with it.
    #[prop_or_default]
    pub trouble: Option<AttrValue>,
    /// To put the focus on it.
    #[prop_or_default]
    pub input: NodeRef,
}

/// Drawn as dots unless asked otherwise. Not a field that browsers offer to remember.
#[component]
pub fn SecretField(props: &SecretFieldProps) -> Html {
    let life = life();
    let shown = use_state_eq(|| false);
    let toggle = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(!*shown))
    };
    let (glyph, label) = if *shown {
        (Glyph::EyeOff, life.secret_hide)
    } else {
        (Glyph::Eye, life.secret_show)
    };
    html! {
        <Field id="second-secret" label={props.label.clone()} trouble={props.trouble.clone()}>
            <Input
                id="second-secret"
                value={props.value.clone()}
                ontext={props.ontext.clone()}
                class={classes!((!*shown).then_some("is-hidden"))}
                wrong={props.trouble.is_some()}
                input={props.input.clone()}
            />
            <span class="field-tools">
                <IconButton {glyph} {label} onclick={toggle} />
            </span>
        </Field>
    }
}
