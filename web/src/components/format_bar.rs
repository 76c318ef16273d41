//! The row of formatting buttons below the composer, the preview, and the switch that sends plain text.

use client::Style;
use gloo_events::{EventListener, EventListenerOptions};
use js_sys::{Function, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use super::formatted::{FIRST, draw};
use super::icon::{Glyph, icon};
use crate::browser;
use crate::cleaner::Cleaner;
use crate::editing::{Edit, Format, byte_of, edit, units_of};
use crate::shared::Shared;
use crate::state::{Settings, Wording};
use crate::words::{fill, rich};

/// What [`FormatBar`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct FormatBarProps {
    /// The text area.
    pub area: NodeRef,
    /// What is written in it.
    pub draft: AttrValue,
    /// Every character is sent as it stands.
    pub is_plain: bool,
    /// The person turns that on or off.
    pub onplain: Callback<bool>,
}

/// How a text is meant that was written with formatting on or off: words without any formatting in them are plain.
pub fn style_of(text: &str, is_plain: bool) -> Style {
    if is_plain || !text::may_be_formatted(text) {
        Style::Plain
    } else {
        Style::Markdown
    }
}

/// Below the composer, so that Tab reaches "Send" first. On a phone it folds behind one button.
#[component]
pub fn FormatBar(props: &FormatBarProps) -> Html {
    let words = rich();
    let is_open = use_state_eq(|| false);
    let previews = use_state_eq(|| false);
    {
        let area = props.area.clone();
        use_effect_with(props.is_plain, move |is_plain| {
            let listener = (!is_plain).then(|| listen(&area)).flatten();
            move || drop(listener)
        });
    }
    let toggle = |state: &UseStateHandle<bool>| {
        let state = state.clone();
        Callback::from(move |_: MouseEvent| state.set(!*state))
    };
    let onplain = {
        let (onplain, is_plain) = (props.onplain.clone(), props.is_plain);
        Callback::from(move |_: MouseEvent| onplain.emit(!is_plain))
    };
    let tool = |format: Format, glyph: Glyph, label: &str, key: Option<&str>| {
        let area = props.area.clone();
        let onclick = Callback::from(move |_: MouseEvent| apply(&area, format));
        // The text area keeps the focus and with it, on a phone, the keyboard.
        let onmousedown = Callback::from(|event: MouseEvent| event.prevent_default());
        let title = match key {
            Some(key) => fill(words.with_key, &[("what", label), ("key", key)]),
            None => label.to_owned(),
        };
        html! {
            <button type="button" class="tool" aria-label={label.to_owned()} {title} disabled={props.is_plain} {onclick} {onmousedown}>
                { icon(glyph) }
            </button>
        }
    };
    html! {
        <>
            if *previews {
                <Preview draft={props.draft.clone()} is_plain={props.is_plain} />
            }
            <div class={classes!("format", is_open.then_some("is-open"))}>
                <button type="button" class="tool format-opener" aria-label={words.formatting} title={words.formatting} aria-expanded={is_open.to_string()} onclick={toggle(&is_open)}>
                    { icon(Glyph::Letters) }
                </button>
                <div class="format-tools" role="toolbar" aria-label={words.toolbar}>
                    { tool(Format::Bold, Glyph::Bold, words.bold, Some("Ctrl B")) }
                    { tool(Format::Italic, Glyph::Italic, words.italic, Some("Ctrl I")) }
                    { tool(Format::Strike, Glyph::Strike, words.strike, None) }
                    { tool(Format::Code, Glyph::Code, words.inline_code, Some("Ctrl E")) }
                    { tool(Format::Quote, Glyph::Quote, words.quote, None) }
                    { tool(Format::List, Glyph::List, words.list, None) }
                    { tool(Format::Spoiler, Glyph::EyeOff, words.covered, None) }
                    <span class="format-gap"></span>
                    <button type="button" class="tool is-worded" aria-pressed={previews.to_string()} onclick={toggle(&previews)}>{ words.preview }</button>
                    <button type="button" class="tool is-worded" aria-pressed={props.is_plain.to_string()} title={words.plain_note} onclick={onplain}>{ words.plain }</button>
                </div>
            </div>
        </>
    }
}

/// What [`Preview`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct PreviewProps {
    /// What is written.
    pub draft: AttrValue,
    /// It will be sent as plain text.
    pub is_plain: bool,
}

/// The draft as the others will see it, under this reader's filters.
#[component]
pub fn Preview(props: &PreviewProps) -> Html {
    let cleaner = use_context::<Cleaner>().unwrap_or_default();
    let filters = use_context::<Shared<Settings>>()
        .unwrap_or_default()
        .filters;
    let words = rich();
    let said = Wording {
        style: style_of(&props.draft, props.is_plain),
        text: props.draft.as_str().into(),
    };
    let drawn = if props.draft.trim().is_empty() {
        html! { <span class="muted">{ words.preview_empty }</span> }
    } else {
        match cleaner.draw_once(&said, &filters) {
            Some(rendered) => draw(&rendered.nodes, &mut { FIRST }),
            None => html! { <span class="muted">{ words.preview_soon }</span> },
        }
    };
    html! {
        <div class="preview bubble" role="region" aria-label={words.preview} dir="auto" tabindex="0">
            { drawn }
        </div>
    }
}

/// Listens for the keys of the buttons.
fn listen(area: &NodeRef) -> Option<EventListener> {
    let element = area.cast::<HtmlTextAreaElement>()?;
    let area = area.clone();
    let options = EventListenerOptions::enable_prevent_default();
    let listener = EventListener::new_with_options(&element, "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
            return;
        };
        let is_command =
            (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key();
        let format = match event.key().as_str() {
            _ if !is_command || event.is_composing() => None,
            "b" => Some(Format::Bold),
            "i" => Some(Format::Italic),
            "e" => Some(Format::Code),
            _ => None,
        };
        if let Some(format) = format {
            event.prevent_default();
            apply(&area, format);
        }
    });
    Some(listener)
}

fn apply(area: &NodeRef, format: Format) {
    let Some(element) = area.cast::<HtmlTextAreaElement>() else {
        return;
    };
    let text = element.value();
    let place =
        |units: Result<Option<u32>, _>| byte_of(&text, units.ok().flatten().unwrap_or_default());
    let (start, end) = (
        place(element.selection_start()),
        place(element.selection_end()),
    );
    let Edit {
        replace,
        with,
        select,
    } = edit(&text, start..end.max(start), format);
    let _ = element.focus();
    let _ =
        element.set_selection_range(units_of(&text, replace.start), units_of(&text, replace.end));
    let mut whole = text.clone();
    whole.replace_range(replace, &with);
    if !type_in(&with) {
        // Without the step back, but with the words.
        element.set_value(&whole);
        if let Ok(event) = InputEvent::new("input") {
            let _ = element.dispatch_event(&event);
        }
    }
    let _ =
        element.set_selection_range(units_of(&whole, select.start), units_of(&whole, select.end));
}

/// Types a text in the place of the selection, as the person would, so that the browser can undo it.
fn type_in(text: &str) -> bool {
    let document = browser::document();
    let Ok(command) = Reflect::get(&document, &"execCommand".into()) else {
        return false;
    };
    let Ok(command) = command.dyn_into::<Function>() else {
        return false;
    };
    let (what, silent) = (
        if text.is_empty() {
            "delete"
        } else {
            "insertText"
        },
        false,
    );
    command
        .call3(&document, &what.into(), &silent.into(), &text.into())
        .is_ok_and(|done| done.is_truthy())
}
