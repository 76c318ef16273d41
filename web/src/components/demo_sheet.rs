//! "Show me": what you write on one side, what the relay would receive on the other. Nothing is
//! sent: the right side is drawn from noise of the size that the real envelope would have.

use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::icon::{Glyph, icon};
use super::sheet::{Place, Sheet};
use crate::words::{fill, words};

/// What [`DemoSheet`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct DemoSheetProps {
    /// It asks to be closed.
    pub onclose: Callback<()>,
}

/// The demonstration.
#[component]
pub fn DemoSheet(props: &DemoSheetProps) -> Html {
    let words = words();
    let text = use_state_eq(|| words.demo_sample.to_owned());
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlTextAreaElement>().value());
        })
    };
    let size = padded_size(text.len());
    let facts = fill(words.demo_size, &[("bytes", &size.to_string())]);
    html! {
        <Sheet title={words.demo_title} place={Place::Middle} onclose={props.onclose.clone()}>
            <div class="demo">
                <p class="soft">{ words.demo_intro }</p>
                <div class="demo-sides">
                    <label class="demo-side">
                        <span class="demo-title">{ icon(Glyph::Pencil) }{ words.demo_you }</span>
                        <textarea class="demo-text" dir="auto" maxlength="400" value={(*text).clone()} {oninput} />
                    </label>
                    <div class="demo-side demo-side-relay">
                        <span class="demo-title">{ icon(Glyph::Relay) }{ words.demo_relay }</span>
                        <p class="demo-bytes" aria-hidden="true">{ noise(&text) }</p>
                        <p class="small">{ facts }</p>
                    </div>
                </div>
                <p class="field-note">{ words.demo_padding }{ " " }{ words.demo_note }</p>
            </div>
        </Sheet>
    }
}

/// Everything around the text of a message: header, signature, times, salts and tags.
const AROUND: usize = 168;

/// The size that the relay would see: sizes come in steps of about a tenth, from 384 bytes up.
fn padded_size(text: usize) -> usize {
    let bytes = text + AROUND;
    let mut size = 384;
    while size < bytes {
        size += (size / 10).next_multiple_of(32);
    }
    size
}

/// Sixteen lines of hexadecimal that change completely with every character.
fn noise(text: &str) -> String {
    let mut word = 0x9e37_79b9_7f4a_7c15_u64;
    for byte in text.bytes() {
        word = (word ^ u64::from(byte))
            .wrapping_mul(0x0000_0100_0000_01b3)
            .rotate_left(23);
    }
    let mut drawn = String::new();
    for _ in 0..24 {
        word ^= word << 13;
        word ^= word >> 7;
        word ^= word << 17;
        drawn.push_str(&format!("{word:016x} "));
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::{noise, padded_size};

    #[test]
    fn short_messages_all_have_one_size() {
        assert_eq!(padded_size(0), padded_size(200));
        assert!(padded_size(400) > padded_size(200));
    }

    #[test]
    fn one_letter_changes_everything_drawn() {
        assert_ne!(noise("yes")[..16], noise("yet")[..16]);
    }
}
