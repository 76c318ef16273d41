//! The paperclip, and the other ways in which files get to this page: dropped on it, or pasted.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ClipboardEvent, DragEvent, File, FileList};
use yew::prelude::*;

use super::attach_sheet::AttachSheetProps;
use super::icon::{Glyph, icon};
use crate::state::Relay;
use crate::words::files;
use crate::{handed, later};

/// The files of a list.
pub fn files_of(list: Option<FileList>) -> Vec<File> {
    let list = list.into_iter();
    list.flat_map(|list| (0..list.length()).filter_map(move |at| list.get(at)))
        .collect()
}

/// A button beside the composer; what was dropped or pasted opens the same sheet. Not there where the relay takes no
/// files.
#[component]
pub fn Attach() -> Html {
    let limit = use_context::<Relay>().unwrap_or_default().file_limit();
    let staged = use_state(|| None::<Vec<File>>);
    // The newest list, for listeners that were made when it was another one.
    let newest = use_mut_ref(Vec::<File>::new);
    let add = {
        let (staged, newest) = (staged.clone(), newest.clone());
        Callback::from(move |more: Vec<File>| {
            newest.borrow_mut().extend(more);
            staged.set(Some(newest.borrow().clone()));
        })
    };
    {
        let add = add.clone();
        use_effect_with(limit > 0, move |takes_files| {
            let listeners = takes_files.then(|| listen(&add));
            move || drop(listeners)
        });
    }
    {
        let add = add.clone();
        use_effect_with(limit > 0, move |takes_files| {
            if *takes_files {
                spawn_local(async move { give(&add, handed::files().await) });
            }
        });
    }
    if limit == 0 {
        return Html::default();
    }
    let onremove = {
        let (staged, newest) = (staged.clone(), newest.clone());
        Callback::from(move |at: usize| {
            let mut files = newest.borrow_mut();
            if at < files.len() {
                files.remove(at);
            }
            staged.set(Some(files.clone()));
        })
    };
    let onclose = {
        let (staged, newest) = (staged.clone(), newest);
        Callback::from(move |()| {
            newest.borrow_mut().clear();
            staged.set(None);
        })
    };
    let open = add.reform(|_: MouseEvent| Vec::new());
    html! {
        <>
            <button type="button" class="attach" aria-label={files().attach} title={files().attach} onclick={open}>
                { icon(Glyph::Attach) }
            </button>
            if let Some(picked) = &*staged {
                { later::attach(AttachSheetProps { picked: picked.clone(), limit, onadd: add, onremove, onclose }) }
            }
        </>
    }
}

/// Files that are dropped anywhere or pasted. Without this the browser would show a dropped file in place of the page.
fn listen(add: &Callback<Vec<File>>) -> [EventListener; 3] {
    let window = crate::browser::window();
    let options = EventListenerOptions::enable_prevent_default();
    let over = EventListener::new_with_options(&window, "dragover", options, |event| {
        event.prevent_default();
    });
    let dropped = {
        let add = add.clone();
        EventListener::new_with_options(&window, "drop", options, move |event| {
            event.prevent_default();
            let data = event
                .dyn_ref::<DragEvent>()
                .and_then(DragEvent::data_transfer);
            give(&add, files_of(data.and_then(|data| data.files())));
        })
    };
    let pasted = {
        let add = add.clone();
        EventListener::new(&window, "paste", move |event| {
            let data = event
                .dyn_ref::<ClipboardEvent>()
                .and_then(ClipboardEvent::clipboard_data);
            give(&add, files_of(data.and_then(|data| data.files())));
        })
    };
    [over, dropped, pasted]
}

fn give(add: &Callback<Vec<File>>, files: Vec<File>) {
    if !files.is_empty() {
        add.emit(files);
    }
}
