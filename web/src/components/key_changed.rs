//! The relay proved another key than the one that was expected.

use yew::prelude::*;

use super::button::{Button, Weight};
use super::disclosure::Disclosure;
use super::ending::{Ending, Tone};
use super::field::{Field, Input};
use super::icon::Glyph;
use crate::handle::Handle;
use crate::words::words;

/// What [`KeyChanged`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct KeyChangedProps {
    /// The key that was expected.
    pub expected: AttrValue,
    /// The key that the relay proved.
    pub found: AttrValue,
}

/// Both keys one above the other. Leaving is one press; trusting takes typing.
#[component]
pub fn KeyChanged(props: &KeyChangedProps) -> Html {
    let words = words();
    let handle = use_context::<Handle>();
    let typed = use_state_eq(String::new);
    let ontext = {
        let typed = typed.clone();
        Callback::from(move |text: String| typed.set(text))
    };
    let leave = {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                handle.decline();
            }
        })
    };
    let trust = {
        let typed = typed.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                handle.trust_new_key((*typed).clone());
            }
        })
    };
    let is_right = props
        .found
        .get(..8)
        .is_some_and(|start| start.eq_ignore_ascii_case(typed.trim()));
    let extra = html! {
        <div class="prints">
            <p class="print"><span class="small soft">{ words.key_expected }</span><span class="key">{ grouped(&props.expected) }</span></p>
            <p class="print"><span class="small soft">{ words.key_found }</span><span class="key">{ grouped(&props.found) }</span></p>
            <Disclosure title={words.trust_new}>
                <div class="share-part">
                    <Field id="new-key" label={words.trust_hint}>
                        <Input id="new-key" class="is-key" value={(*typed).clone()} {ontext} />
                    </Field>
                    if is_right {
                        <Button weight={Weight::Danger} onclick={trust}>{ words.trust_new }</Button>
                    }
                </div>
            </Disclosure>
        </div>
    };
    html! {
        <Ending glyph={Glyph::ShieldDoubt} tone={Tone::Grave} title={words.key_changed} text={words.key_changed_text} {extra}>
            <Button weight={Weight::Primary} onclick={leave}>{ words.leave }</Button>
        </Ending>
    }
}

/// In groups of four, which eyes can compare.
pub fn grouped(fingerprint: &str) -> String {
    let characters: Vec<char> = fingerprint.chars().collect();
    characters
        .chunks(4)
        .map(String::from_iter)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn a_fingerprint_is_read_in_fours() {
        assert_eq!(grouped("abcdefghij"), "abcd efgh ij");
    }
}
