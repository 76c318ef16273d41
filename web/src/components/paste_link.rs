//! "Have a link? Paste it".

use yew::prelude::*;

use super::button::{Button, Weight};
use super::field::{Field, Input};
use super::icon::Glyph;
use super::sheet::{Place, Sheet};
use crate::handle::Handle;
use crate::words::words;

/// The button, and the little sheet that it opens.
#[component]
pub fn PasteLink() -> Html {
    let words = words();
    let is_open = use_state_eq(|| false);
    let open = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(true))
    };
    let onclose = {
        let is_open = is_open.clone();
        Callback::from(move |()| is_open.set(false))
    };
    html! {
        <>
            <Button weight={Weight::Quiet} glyph={Glyph::Link} class="button-wide" onclick={open}>{ words.have_link }</Button>
            if *is_open {
                <Sheet title={words.have_link} place={Place::Middle} {onclose}>
                    <PasteForm />
                </Sheet>
            }
        </>
    }
}

/// One field that takes a link.
#[component]
pub fn PasteForm() -> Html {
    let words = words();
    let handle = use_context::<Handle>();
    let text = use_state_eq(String::new);
    let tried = use_state_eq(|| false);
    let ontext = {
        let (text, tried) = (text.clone(), tried.clone());
        Callback::from(move |new: String| {
            tried.set(false);
            text.set(new);
        })
    };
    let go = {
        let (text, tried) = (text.clone(), tried.clone());
        Callback::from(move |()| match &handle {
            Some(handle) if handle.look(&text).pasted.is_some() => handle.follow((*text).clone()),
            _ => tried.set(true),
        })
    };
    // This form stands inside the sheet, which stands inside the first screen's form: a nested
    // form would not be one, so Enter and the button are handled here.
    let onkeydown = {
        let go = go.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                go.emit(());
            }
        })
    };
    let trouble = tried.then(|| AttrValue::from(words.paste_wrong));
    html! {
        <div class="share-part" role="group" aria-label={words.have_link} {onkeydown}>
            <Field id="pasted-link" label={words.paste_label} trouble={trouble.clone()}>
                <Input id="pasted-link" class="is-key" value={(*text).clone()} {ontext} wrong={trouble.is_some()} />
            </Field>
            <Button weight={Weight::Primary} class="button-wide" onclick={go.reform(|_: MouseEvent| ())}>{ words.paste_go }</Button>
        </div>
    }
}
