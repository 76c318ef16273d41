//! Asks once before somebody is removed, and says what that does not do.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::icon::{Glyph, icon};
use crate::handle::Handle;
use crate::state::{Order, PersonId};
use crate::words::{fill, life, words};

/// What [`RemoveQuestion`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct RemoveQuestionProps {
    /// Who would be removed.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// Called with the answer.
    pub onanswer: Callback<bool>,
}

/// The question and its two answers.
#[component]
pub fn RemoveQuestion(props: &RemoveQuestionProps) -> Html {
    let life = life();
    let handle = use_context::<Handle>();
    let answer = |yes: bool| {
        let (id, handle, onanswer) = (props.id, handle.clone(), props.onanswer.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = handle.as_ref().filter(|_| yes) {
                handle.govern(Order::Remove(id));
            }
            onanswer.emit(yes);
        })
    };
    let question = fill(life.remove_question, &[("name", &props.name)]);
    html! {
        <div class="question">
            <p class="warning-box" role="alert">{ icon(Glyph::Warning) }<span dir="auto">{ question }{ " " }{ life.remove_honest }</span></p>
            <div class="powers-row">
                <Button weight={Weight::Danger} class="button-small" onclick={answer(true)}>{ life.remove }</Button>
                <Button weight={Weight::Quiet} class="button-small" onclick={answer(false)}>{ words().cancel }</Button>
            </div>
        </div>
    }
}
