//! What of a file is shown in the log: a picture drawn anew, a sound, the beginning of a text. Nothing else ever is.

use std::rc::Rc;

use text::FileWarning;
use yew::prelude::*;

use super::formatted::{FIRST, draw};
use super::sheet::{Place, Sheet};
use crate::cleaner::Cleaner;
use crate::shared::Shared;
use crate::state::{FileShown, Preview, Settings, Wording};
use crate::words::{files, fill};

/// What [`FilePreview`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct FilePreviewProps {
    /// The file.
    pub file: Rc<FileShown>,
    /// What there is to show.
    pub preview: Preview,
}

/// The preview.
#[component]
pub fn FilePreview(props: &FilePreviewProps) -> Html {
    let words = files();
    let name = &props.file.name.shown;
    match &props.preview {
        Preview::Picture(url) => html! { <Picture name={name.clone()} url={url.clone()} /> },
        Preview::TooLarge => html! { <p class="file-note">{ words.no_preview }</p> },
        Preview::Sound(url) => html! {
            <audio class="file-sound" controls=true preload="metadata" src={url.clone()} aria-label={fill(words.listen_to, &[("name", name)])} />
        },
        // What calls itself a page is not even shown as the text that it is.
        Preview::Text { .. } if props.file.name.warnings.contains(&FileWarning::Page) => {
            Html::default()
        }
        Preview::Text { text, is_cut } => html! {
            <TextBeginning name={name.clone()} text={Rc::clone(text)} is_cut={*is_cut} />
        },
    }
}

#[derive(Clone, PartialEq, Properties)]
struct TextProps {
    name: String,
    text: Rc<str>,
    is_cut: bool,
}

/// The beginning of a text, drawn like a plain message: under this reader's filters, and without formatting.
#[component]
fn TextBeginning(props: &TextProps) -> Html {
    let words = files();
    let cleaner = use_context::<Cleaner>().unwrap_or_default();
    let filters = use_context::<Shared<Settings>>()
        .unwrap_or_default()
        .filters;
    let drawn = cleaner.draw(&Wording::plain(&props.text), &filters);
    html! {
        <>
            <div class="file-text" role="region" tabindex="0" dir="auto" aria-label={fill(words.text_of, &[("name", &props.name)])}>
                { match drawn {
                    Some(rendered) => draw(&rendered.nodes, &mut { FIRST }),
                    None => html! { <span aria-hidden="true">{ "…" }</span> },
                } }
            </div>
            if props.is_cut {
                <p class="file-note">{ words.text_cut }</p>
            }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PictureProps {
    name: String,
    url: String,
}

/// The picture, small; pressed, large.
#[component]
fn Picture(props: &PictureProps) -> Html {
    let words = files();
    let is_open = use_state_eq(|| false);
    let url = &props.url;
    let alt = fill(words.picture_of, &[("name", &props.name)]);
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
            <button type="button" class="file-picture" onclick={open} aria-label={fill(words.show_large, &[("name", &props.name)])}>
                <img src={url.clone()} alt={alt.clone()} />
            </button>
            if *is_open {
                <Sheet title={props.name.clone()} place={Place::Middle} {onclose}>
                    <img class="file-large" src={url.clone()} {alt} />
                </Sheet>
            }
        </>
    }
}
