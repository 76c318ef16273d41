//! A labelled text field.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::icon::{Glyph, icon};

/// What [`Field`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct FieldProps {
    /// The input's id; also the stem of its description's id.
    pub id: AttrValue,
    /// The label above it.
    pub label: AttrValue,
    /// What is wrong with the text, in one sentence.
    #[prop_or_default]
    pub trouble: Option<AttrValue>,
    /// Buttons above the box, so that they take nothing from a long text.
    #[prop_or_default]
    pub tools: Html,
    /// The input, perhaps with a button beside it.
    pub children: Html,
}

/// A label, a box around whatever is inside, and one line for what is wrong.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    html! {
        <div class="field">
            <div class="field-top">
                <label class="field-label" for={props.id.clone()}>{ props.label.clone() }</label>
                { props.tools.clone() }
            </div>
            <div class={classes!("field-box", props.trouble.is_some().then_some("is-wrong"))}>
                { props.children.clone() }
            </div>
            if let Some(trouble) = &props.trouble {
                <p class="field-error" id={trouble_id(&props.id)} role="alert">
                    { icon(Glyph::Warning) }
                    <span>{ trouble.clone() }</span>
                </p>
            }
        </div>
    }
}

/// What [`Input`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct InputProps {
    /// Its id, the same as the field's.
    pub id: AttrValue,
    /// The text.
    pub value: AttrValue,
    /// The new text, with every keystroke.
    pub ontext: Callback<String>,
    /// More classes: `is-key` for room names, `is-hidden` to draw dots.
    #[prop_or_default]
    pub class: Classes,
    /// The field shows a trouble.
    #[prop_or_default]
    pub wrong: bool,
    /// To focus or select it.
    #[prop_or_default]
    pub input: NodeRef,
}

/// One line of text. Nothing typed here is remembered or sent anywhere by the browser.
#[component]
pub fn Input(props: &InputProps) -> Html {
    let ontext = props.ontext.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        ontext.emit(event.target_unchecked_into::<HtmlInputElement>().value());
    });
    html! {
        <input
            ref={props.input.clone()}
            id={props.id.clone()}
            class={classes!("field-input", props.class.clone())}
            type="text"
            dir="auto"
            value={props.value.clone()}
            {oninput}
            autocomplete="off"
            autocapitalize="none"
            autocorrect="off"
            spellcheck="false"
            aria-invalid={props.wrong.then_some("true")}
            aria-describedby={props.wrong.then(|| trouble_id(&props.id))}
        />
    }
}

fn trouble_id(id: &AttrValue) -> String {
    format!("{id}-trouble")
}
