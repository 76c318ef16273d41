//! The commands and the keys.

use yew::prelude::*;

use super::sheet::{Place, Sheet};
use crate::talk::command::{COMMANDS, explain};
use crate::words::talk;

/// What [`HelpSheet`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct HelpSheetProps {
    /// It asks to be closed.
    pub onclose: Callback<()>,
}

/// The sheet.
#[component]
pub fn HelpSheet(props: &HelpSheetProps) -> Html {
    let words = talk();
    let keys = [
        ("Enter", words.key_enter),
        ("Shift + Enter", words.key_shift_enter),
        ("↑", words.key_up),
        ("Tab", words.key_tab),
        ("Esc", words.key_escape),
        ("/", words.key_slash),
        ("Ctrl + K", words.key_commands),
        ("?", words.key_help),
    ];
    html! {
        <Sheet title={words.help} place={Place::Middle} onclose={props.onclose.clone()}>
            <h3 class="help-title">{ words.help_keys }</h3>
            <dl class="help">
                { for keys.iter().map(|(key, about)| html! {
                    <div key={*key}><dt><kbd>{ *key }</kbd></dt><dd>{ *about }</dd></div>
                }) }
            </dl>
            <h3 class="help-title">{ words.help_commands }</h3>
            <dl class="help">
                { for COMMANDS.iter().map(|entry| {
                    let also: String = entry.also.iter().map(|it| format!(" /{it}")).collect();
                    html! {
                        <div key={entry.name}>
                            <dt><code>{ "/" }{ entry.name }{ " " }{ entry.takes }</code></dt>
                            <dd>{ explain(entry.about) }<span class="small">{ also }</span></dd>
                        </div>
                    }
                }) }
            </dl>
            <p class="small">{ words.help_note }</p>
        </Sheet>
    }
}
