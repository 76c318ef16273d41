//! Something that opens beside or above the page: a native `<dialog>`.

use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::focus;
use super::icon::Glyph;
use super::icon_button::IconButton;
use super::media::{WIDE, media};
use crate::words::words;

/// Where a sheet stands on a wide screen. On a phone both rise from the bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the middle; the rest of the page waits.
    Middle,
    /// At the side; the conversation goes on beside it.
    Side,
}

/// What [`Sheet`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct SheetProps {
    /// Its name, shown at the top.
    pub title: AttrValue,
    /// Where it stands.
    pub place: Place,
    /// It asks to be closed.
    pub onclose: Callback<()>,
    /// Between the title and the content, such as tabs.
    #[prop_or_default]
    pub under_title: Html,
    /// The content.
    pub children: Html,
}

/// A sheet. It is open for as long as it is on the page; whoever shows it listens to `onclose`.
#[component]
pub fn Sheet(props: &SheetProps) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        let place = props.place;
        use_effect_with((), move |()| {
            focus::lend();
            if let Some(element) = dialog.cast::<HtmlDialogElement>() {
                if place == Place::Side && media(WIDE) {
                    element.show();
                } else {
                    let _ = element.show_modal();
                }
            }
            move || {
                if let Some(element) = dialog.cast::<HtmlDialogElement>() {
                    element.close();
                }
                focus::give_back();
            }
        });
    }
    let close = props.onclose.reform(|_: MouseEvent| ());
    let oncancel = props.onclose.reform(|event: Event| event.prevent_default());
    let onkeydown = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                // A sheet that was opened from another one closes alone.
                event.stop_propagation();
                onclose.emit(());
            }
        })
    };
    // The veil belongs to the dialog: a press on it has the dialog itself as its target.
    let onclick = {
        let (dialog, onclose) = (dialog.clone(), props.onclose.clone());
        Callback::from(move |event: MouseEvent| {
            let pressed = event.target_dyn_into::<HtmlDialogElement>();
            if pressed.is_some_and(|it| dialog.cast().as_ref() == Some(&it) && is_modal(&it)) {
                onclose.emit(());
            }
        })
    };
    let class = match props.place {
        Place::Middle => "sheet-middle",
        Place::Side => "sheet-side",
    };
    html! {
        <dialog
            ref={dialog}
            class={classes!("sheet", class)}
            aria-label={props.title.clone()}
            {oncancel}
            {onkeydown}
            {onclick}
        >
            <div class="sheet-head">
                <h2 class="sheet-title">{ props.title.clone() }</h2>
                <IconButton glyph={Glyph::Close} label={words().close} onclick={close} />
            </div>
            { props.under_title.clone() }
            <div class="sheet-body" tabindex="0">{ props.children.clone() }</div>
        </dialog>
    }
}

fn is_modal(dialog: &HtmlDialogElement) -> bool {
    dialog.matches(":modal").unwrap_or(false)
}
