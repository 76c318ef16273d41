//! One of several, as radio buttons with a line about what each choice means.

use yew::prelude::*;

/// One choice.
#[derive(Clone, PartialEq)]
pub struct Choice {
    /// What it is called.
    pub title: AttrValue,
    /// What it leads to; empty if the title says it all.
    pub note: AttrValue,
}

/// What [`Choices`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct ChoicesProps {
    /// The question.
    pub legend: AttrValue,
    /// The radio buttons' common name.
    pub name: AttrValue,
    /// The choices.
    pub choices: Vec<Choice>,
    /// The index of the chosen one.
    pub chosen: usize,
    /// Another one was chosen.
    pub onchoose: Callback<usize>,
}

/// A group of radio buttons.
#[component]
pub fn Choices(props: &ChoicesProps) -> Html {
    let rows = props.choices.iter().enumerate().map(|(index, choice)| {
        let onchange = props.onchoose.reform(move |_: Event| index);
        html! {
            <label class="choice" key={index}>
                <input type="radio" name={props.name.clone()} checked={index == props.chosen} {onchange} />
                <span class="choice-title">{ choice.title.clone() }</span>
                if !choice.note.is_empty() {
                    <span class="choice-note">{ choice.note.clone() }</span>
                }
            </label>
        }
    });
    html! {
        <fieldset class="choices">
            <legend class="field-label">{ props.legend.clone() }</legend>
            { for rows }
        </fieldset>
    }
}
