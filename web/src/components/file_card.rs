//! A file in the log: what it is said to be, what is odd about it, and what can be done with it.

use std::rc::Rc;

use text::{FileWarning, bytes_in_words};
use yew::prelude::*;

use super::file_preview::FilePreview;
use super::file_stage::FileStage;
use super::icon::{Glyph, icon};
use crate::shared::Shared;
use crate::state::{FileShown, Files};
use crate::words::files;

/// What [`FileCard`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct FileCardProps {
    /// The file.
    pub file: Rc<FileShown>,
    /// It was offered here.
    pub mine: bool,
}

/// Name, size, type, warnings, what can be shown of it, and how far it is.
#[component]
pub fn FileCard(props: &FileCardProps) -> Html {
    let words = files();
    let known = use_context::<Shared<Files>>().unwrap_or_default();
    let file = &props.file;
    let state = file.file.and_then(|id| known.get(id)).cloned();
    let facts = match file.media_type.as_str() {
        "" => bytes_in_words(file.size),
        media_type => format!("{} · {media_type}", bytes_in_words(file.size)),
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
                <FilePreview file={Rc::clone(file)} {preview} />
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
