//! Where messages are written. Typing redraws nothing but this.

use client::Text;
use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::attach::Attach;
use super::format_bar::{FormatBar, style_of};
use super::icon::{Glyph, icon};
use super::media::media;
use crate::handle::Handle;
use crate::naming::MESSAGE_LIMIT;
use crate::words::{count, fill, words};

/// From this many bytes left on, the counter shows.
const NEAR: usize = 1_024;

/// A text area that grows with its text. Enter sends, Shift and Enter starts a new line; while an
/// input method is composing, Enter belongs to it.
#[component]
pub fn Composer() -> Html {
    let words = words();
    let handle = use_context::<Handle>();
    let area = use_node_ref();
    let draft = use_state_eq(String::new);
    let trouble = use_state_eq(|| None::<String>);
    let is_plain = use_state_eq(|| false);
    {
        let area = area.clone();
        use_effect_with((), move |()| {
            // On a phone this would open the keyboard over a room that nobody has seen yet.
            if media("(pointer: fine)")
                && let Some(element) = area.cast::<HtmlElement>()
            {
                let _ = element.focus();
            }
        });
    }
    let oninput = {
        let (draft, trouble) = (draft.clone(), trouble.clone());
        Callback::from(move |event: InputEvent| {
            trouble.set(None);
            draft.set(event.target_unchecked_into::<HtmlTextAreaElement>().value());
        })
    };
    let send = {
        let (draft, trouble, area) = (draft.clone(), trouble.clone(), area.clone());
        let is_plain = is_plain.clone();
        Callback::from(move |()| {
            // The element knows the newest text; the state may be one keystroke behind.
            let text = area
                .cast::<HtmlTextAreaElement>()
                .map_or_else(|| (*draft).clone(), |it| it.value());
            let Some(handle) = handle.as_ref().filter(|_| !text.trim().is_empty()) else {
                return;
            };
            let style = style_of(&text, *is_plain);
            match handle.say(Text { style, text }) {
                Ok(()) => {
                    draft.set(String::new());
                    if let Some(element) = area.cast::<HtmlTextAreaElement>() {
                        element.set_value("");
                        let _ = element.focus();
                    }
                }
                Err(sentence) => trouble.set(Some(sentence)),
            }
        })
    };
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            let is_composing = event.is_composing() || event.key_code() == 229;
            if event.key() == "Enter" && !event.shift_key() && !is_composing {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        send.emit(());
    });
    let onplain = {
        let is_plain = is_plain.clone();
        Callback::from(move |plain| is_plain.set(plain))
    };
    let is_empty = draft.trim().is_empty();
    let note = note(&trouble, draft.len());
    html! {
        <form class="composer" {onsubmit}>
            <div class="composer-inner">
                <div class="composer-box">
                    <Attach />
                    <div class="composer-grow">
                        <div class="composer-mirror" aria-hidden="true">{ (*draft).clone() }{ "\u{a0}" }</div>
                        <textarea
                            ref={area.clone()}
                            class="composer-text"
                            aria-label={words.message}
                            placeholder={words.write_placeholder}
                            rows="1"
                            dir="auto"
                            enterkeyhint="send"
                            autocomplete="off"
                            value={(*draft).clone()}
                            {oninput}
                            {onkeydown}
                        />
                    </div>
                    <button class="send" type="submit" aria-label={words.send} title={words.send} aria-disabled={is_empty.then_some("true")}>
                        { icon(Glyph::Send) }
                    </button>
                </div>
                <FormatBar area={area.clone()} draft={(*draft).clone()} is_plain={*is_plain} {onplain} />
                <p class={classes!("composer-note", (draft.len() > MESSAGE_LIMIT).then_some("is-over"))} role="status">{ note }</p>
            </div>
        </form>
    }
}

fn note(trouble: &Option<String>, bytes: usize) -> String {
    let words = words();
    match (trouble, MESSAGE_LIMIT.checked_sub(bytes)) {
        (Some(sentence), _) => sentence.clone(),
        (None, None) => fill(
            words.too_long,
            &[("n", &(bytes - MESSAGE_LIMIT).to_string())],
        ),
        (None, Some(rest)) if rest <= NEAR => count(rest, words.room_left_one, words.room_left),
        (None, Some(_)) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{MESSAGE_LIMIT, NEAR, note};

    #[test]
    fn the_counter_shows_only_near_the_limit() {
        assert_eq!(note(&None, MESSAGE_LIMIT - NEAR - 1), "");
        assert!(note(&None, MESSAGE_LIMIT - 10).contains("10"));
        assert!(note(&None, MESSAGE_LIMIT + 7).contains('7'));
    }

    #[test]
    fn a_sentence_from_the_session_comes_first() {
        assert_eq!(note(&Some("No.".to_owned()), MESSAGE_LIMIT + 1), "No.");
    }
}
