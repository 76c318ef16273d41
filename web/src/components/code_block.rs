//! A block of program text, with a button that copies it.

use yew::prelude::*;

use super::button::Weight;
use super::copy_button::{Copies, CopyButton};
use crate::words::{fill, rich};

/// What [`CodeBlock`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct CodeBlockProps {
    /// What its author calls the language; may be empty.
    pub language: AttrValue,
    /// The text in its colours.
    pub runs: Html,
    /// All of the text, to be copied.
    pub text: AttrValue,
}

/// Scrolls inside itself in both directions, so that it takes no more room than its frame.
#[component]
pub fn CodeBlock(props: &CodeBlockProps) -> Html {
    let words = rich();
    let label = if props.language.is_empty() {
        words.code.to_owned()
    } else {
        fill(words.code_in, &[("language", &props.language)])
    };
    html! {
        <div class="code">
            <div class="code-head">
                <bdi class="code-language">{ props.language.clone() }</bdi>
                <CopyButton weight={Weight::Quiet} class="button-small" copies={Copies::Text(props.text.clone())} label={words.copy_code} />
            </div>
            <pre class="code-text" dir="ltr" tabindex="0" role="region" aria-label={label}><code>{ props.runs.clone() }</code></pre>
        </div>
    }
}
