//! Take another name.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::icon::Glyph;
use super::nickname_field::NicknameField;
use crate::handle::Handle;
use crate::words::words;

/// What [`RenameForm`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct RenameFormProps {
    /// The name in use.
    pub name: AttrValue,
}

/// One button that turns into one field.
#[component]
pub fn RenameForm(props: &RenameFormProps) -> Html {
    let words = words();
    let handle = use_context::<Handle>();
    let draft = use_state_eq(|| None::<AttrValue>);
    let open = {
        let (draft, name) = (draft.clone(), props.name.clone());
        Callback::from(move |_: MouseEvent| draft.set(Some(name.clone())))
    };
    let cancel = {
        let draft = draft.clone();
        Callback::from(move |_: MouseEvent| draft.set(None))
    };
    let onname = {
        let draft = draft.clone();
        Callback::from(move |name: String| draft.set(Some(name.into())))
    };
    let onsubmit = {
        let draft = draft.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (Some(handle), Some(name)) = (&handle, &*draft) else {
                return;
            };
            if handle.rename(name.to_string()).is_ok() {
                draft.set(None);
            }
        })
    };
    match &*draft {
        None => html! {
            <div class="people-foot">
                <Button weight={Weight::Quiet} glyph={Glyph::Pencil} class="button-small" onclick={open}>{ words.rename }</Button>
            </div>
        },
        Some(name) => html! {
            <form class="people-foot" {onsubmit} novalidate={true}>
                <NicknameField name={name.clone()} {onname} tried={true} />
                <div class="warn-actions">
                    <Button weight={Weight::Primary} class="button-small" submits={true}>{ words.rename_save }</Button>
                    <Button weight={Weight::Quiet} class="button-small" onclick={cancel}>{ words.cancel }</Button>
                </div>
            </form>
        },
    }
}
