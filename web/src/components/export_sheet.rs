//! Saving the conversation as a file, with a word of warning.

use yew::prelude::*;

use super::button::Button;
use super::clock::{date, exact};
use super::icon::{Glyph, icon};
use super::log_rows::at;
use super::sheet::{Place, Sheet};
use crate::handle::Handle;
use crate::shared::Shared;
use crate::state::Log;
use crate::talk::export::{Format, export};
use crate::words::{fill, talk};

/// What [`ExportSheet`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct ExportSheetProps {
    /// It asks to be closed.
    pub onclose: Callback<()>,
}

/// The sheet.
#[component]
pub fn ExportSheet(props: &ExportSheetProps) -> Html {
    let words = talk();
    let handle = use_context::<Handle>();
    let log = use_context::<Shared<Log>>().unwrap_or_default();
    let save = |format: Format| {
        let (handle, log, onclose) = (handle.clone(), log.clone(), props.onclose.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                let text = export(&log, format, |entry| {
                    format!("{} {}", date(at(entry)), exact(at(entry)))
                });
                let name = format!("roomkey.{}", format.ending());
                handle.save(name, format.kind(), text);
            }
            onclose.emit(());
        })
    };
    html! {
        <Sheet title={words.export} place={Place::Middle} onclose={props.onclose.clone()}>
            <p class="person-warning">{ icon(Glyph::Warning) }<span>{ words.export_warning }</span></p>
            <div class="settings-row">
                { for Format::ALL.iter().map(|format| html! {
                    <Button key={format.ending()} glyph={Glyph::In} onclick={save(*format)}>{ fill(words.export_as, &[("kind", format.ending())]) }</Button>
                }) }
            </div>
        </Sheet>
    }
}
