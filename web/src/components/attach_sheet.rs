//! What is about to be offered, to whom, and how.

use text::bytes_in_words;
use web_sys::{File, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::attach::files_of;
use super::button::{Button, Weight};
use super::icon::{Glyph, icon};
use super::icon_button::IconButton;
use super::media::media;
use super::sheet::{Place, Sheet};
use super::voice_note::VoiceNote;
use crate::files::length;
use crate::handle::{FileCommand, Handle};
use crate::shared::Shared;
use crate::state::{People, Talk};
use crate::words::{FileWords, count, files, fill};

/// What [`AttachSheet`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct AttachSheetProps {
    /// What was picked.
    pub picked: Vec<File>,
    /// The longest file that the relay takes.
    pub limit: u64,
    /// More was picked.
    pub onadd: Callback<Vec<File>>,
    /// One is not to be sent after all.
    pub onremove: Callback<usize>,
    /// It is over.
    pub onclose: Callback<()>,
}

/// The limit first, then the choosing.
#[component]
pub fn AttachSheet(props: &AttachSheetProps) -> Html {
    let words = files();
    let handle = use_context::<Handle>();
    let people = use_context::<Shared<People>>().unwrap_or_default();
    // Whom the chip beside the text field names: nobody expects files to go further than words.
    let talking = use_context::<Shared<Talk>>().unwrap_or_default();
    let to = use_state_eq(|| talking.scope.as_ref().map(|whom| whom.id));
    let keeps_traces = use_state_eq(|| false);
    let onpick = {
        let onadd = props.onadd.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            onadd.emit(files_of(input.files()));
            // The same file may be picked again.
            input.set_value("");
        })
    };
    let onto = {
        let (to, people) = (to.clone(), Shared::clone(&people));
        Callback::from(move |event: Event| {
            let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
            let found = people.list().iter().find(|it| it.id.key() == chosen);
            to.set(found.map(|it| it.id));
        })
    };
    let onoriginal = {
        let keeps_traces = keeps_traces.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            keeps_traces.set(input.checked());
        })
    };
    let good: Vec<File> = props
        .picked
        .iter()
        .filter(|file| trouble(words, length(file), props.limit).is_none())
        .cloned()
        .collect();
    let send = {
        let (good, to, keeps_traces) = (good.clone(), *to, *keeps_traces);
        let onclose = props.onclose.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                handle.file(FileCommand::Offer {
                    picked: good.clone(),
                    to,
                    keeps_traces,
                });
            }
            onclose.emit(());
        })
    };
    let others = people.list().iter().filter(|person| !person.me);
    let has_photos = good.iter().any(|file| file.type_().starts_with("image/"));
    html! {
        <Sheet title={words.sheet_title} place={Place::Middle} onclose={props.onclose.clone()}>
            <div class="attach-sheet">
                <p>{ fill(words.limit, &[("size", &bytes_in_words(props.limit))]) }</p>
                <div class="attach-ways">
                    <label class="button button-plain attach-way">
                        { icon(Glyph::File) }<span class="button-text">{ words.choose }</span>
                        <input class="attach-input" type="file" multiple=true onchange={onpick.clone()} />
                    </label>
                    if media("(pointer: coarse)") {
                        <label class="button button-plain attach-way">
                            { icon(Glyph::Eye) }<span class="button-text">{ words.take_photo }</span>
                            <input class="attach-input" type="file" accept="image/*" capture="environment" onchange={onpick} />
                        </label>
                    }
                    <VoiceNote ondone={props.onadd.clone()} />
                </div>
                <p class="attach-hint">{ words.or_drop }</p>
                if !props.picked.is_empty() {
                    <ul class="attach-list">
                        { for props.picked.iter().enumerate().map(|(at, file)| row(words, at, file, props)) }
                    </ul>
                    <label class="attach-to">
                        <span>{ words.to_whom }</span>
                        <select class="select" onchange={onto}>
                            <option value="" selected={to.is_none()}>{ words.everyone }</option>
                            { for others.map(|person| html! {
                                <option value={person.id.key()} selected={*to == Some(person.id)}>
                                    { &person.name }{ " · " }{ &person.tag.text }
                                </option>
                            }) }
                        </select>
                    </label>
                    if has_photos {
                        <p class="attach-hint">{ words.traces }</p>
                        <label class="attach-original">
                            <input type="checkbox" checked={*keeps_traces} onchange={onoriginal} />
                            <span>{ words.original }</span>
                        </label>
                    }
                }
                if !good.is_empty() {
                    <Button weight={Weight::Primary} class="button-wide" glyph={Glyph::Out} onclick={send}>
                        { count(good.len(), words.send_one, words.send_many) }
                    </Button>
                }
            </div>
        </Sheet>
    }
}

fn row(words: &FileWords, at: usize, file: &File, props: &AttachSheetProps) -> Html {
    let size = length(file);
    let onremove = props.onremove.reform(move |_: MouseEvent| at);
    html! {
        <li class="attach-row" key={at}>
            <span class="attach-name">
                <bdi>{ text::FileName::of(&file.name()).shown }</bdi>
                <span class="attach-size">{ bytes_in_words(size) }</span>
            </span>
            if let Some(sentence) = trouble(words, size, props.limit) {
                <span class="attach-trouble">{ sentence }</span>
            }
            <IconButton glyph={Glyph::Close} label={words.remove} class="icon-button-small" onclick={onremove} />
        </li>
    }
}

/// Why a file of this size cannot be sent.
fn trouble(words: &FileWords, size: u64, limit: u64) -> Option<String> {
    if size == 0 {
        return Some(words.empty.to_owned());
    }
    (size > limit).then(|| {
        fill(
            words.too_large,
            &[
                ("size", &bytes_in_words(size)),
                ("limit", &bytes_in_words(limit)),
            ],
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_sent_says_so_before_it_is_tried() {
        let words = files();
        assert_eq!(trouble(words, 0, 10), Some(words.empty.to_owned()));
        assert_eq!(trouble(words, 10, 10), None);
        let sentence = trouble(words, 26 << 20, 25 << 20).unwrap();
        assert!(sentence.contains("26 MB") && sentence.contains("25 MB"));
    }
}
