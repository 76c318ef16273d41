//! A few choices in a row, of which one holds.

use yew::prelude::*;

/// What [`Segments`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct SegmentsProps {
    /// The radio buttons' common name.
    pub name: AttrValue,
    /// What is chosen, for assistive technology.
    pub label: AttrValue,
    /// The choices.
    pub labels: Vec<&'static str>,
    /// The index of the one that holds.
    pub chosen: usize,
    /// Another one was chosen.
    pub onchoose: Callback<usize>,
}

/// Radio buttons in a row.
#[component]
pub fn Segments(props: &SegmentsProps) -> Html {
    let segments = props.labels.iter().enumerate().map(|(index, label)| {
        let onchange = props.onchoose.reform(move |_: Event| index);
        html! {
            <label class="segment" key={index}>
                <input type="radio" name={props.name.clone()} checked={index == props.chosen} {onchange} />
                <span>{ *label }</span>
            </label>
        }
    });
    html! {
        <div class="segments" role="group" aria-label={props.label.clone()}>{ for segments }</div>
    }
}
