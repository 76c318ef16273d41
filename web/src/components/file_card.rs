//! A file in the log: what it is said to be, what is odd about it, and what can be done with it.

use std::rc::Rc;

use text::FileWarning;
use yew::prelude::*;

use super::file_stage::FileStage;
use super::icon::{Glyph, icon};
use super::sheet::{Place, Sheet};
use crate::files::text_of;
use crate::shared::Shared;
use crate::state::{FileShown, Files, Preview};
use crate::words::{files, fill};

/// What [`FileCard`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct FileCardProps {
    /// The file.
    pub file: Rc<FileShown>,
    /// It was offered here.
    pub mine: bool,
}

/// Name, size, type, warnings, the picture if it is one, and how far it is.
#[component]
pub fn FileCard(props: &FileCardProps) -> Html {
    let words = files();
    let known = use_context::<Shared<Files>>().unwrap_or_default();
    let file = &props.file;
    let state = file.file.and_then(|id| known.get(id)).cloned();
    let facts = match file.media_type.as_str() {
        "" => text_of(file.size),
        media_type => format!("{} · {media_type}", text_of(file.size)),
    };
    let preview = state.as_ref().and_then(|state| state.preview.clone());
    html! {
        <div class="file">
            <p class="file-head">
                { icon(Glyph::File) }
                <bdi class="file-name">{ &file.name.shown }</bdi>
                <span class="file-facts">{ facts }</span>
            </p>
            if !props.mine {
                { for file.name.warnings.iter().map(|it| html! { <p class="file-warning">{ icon(Glyph::Warning) }{ warning(*it) }</p> }) }
            }
            if let Some(preview) = preview {
                <Picture name={file.name.shown.clone()} {preview} />
            }
            if let Some(id) = file.file {
                <FileStage {id} file={Rc::clone(file)} mine={props.mine} state={state.unwrap_or_default()} />
            } else {
                <p class="file-note">{ words.gone }</p>
            }
        </div>
    }
}

fn warning(warning: FileWarning) -> &'static str {
    let words = files();
    match warning {
        FileWarning::Runs => words.warns_runs,
        FileWarning::Page => words.warns_page,
        FileWarning::TwoEndings => words.warns_two_endings,
        FileWarning::Disguised => words.warns_disguised,
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PictureProps {
    name: String,
    preview: Preview,
}

/// The picture, small; pressed, large.
#[component]
fn Picture(props: &PictureProps) -> Html {
    let words = files();
    let is_open = use_state_eq(|| false);
    let Some(url) = &props.preview.url else {
        return html! { <p class="file-note">{ words.no_preview }</p> };
    };
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
