//! The way back to the end of the conversation.

use yew::prelude::*;

use super::button::Button;
use super::icon::Glyph;
use crate::state::{EntryKind, Log};
use crate::words::{count, words};

/// What [`JumpButton`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct JumpButtonProps {
    /// Messages of others that came since the reader went back.
    pub news: usize,
    /// To the end.
    pub onjump: Callback<()>,
}

/// A button above the composer.
#[component]
pub fn JumpButton(props: &JumpButtonProps) -> Html {
    let words = words();
    let label = match props.news {
        0 => words.jump.to_owned(),
        news => count(news, words.jump_new_one, words.jump_new),
    };
    let onclick = props.onjump.reform(|_: MouseEvent| ());
    html! {
        <div class="jump-anchor">
            <Button class="jump button-small" glyph={Glyph::Bottom} {onclick}>{ label }</Button>
        </div>
    }
}

/// Messages of others behind the first `seen` lines.
pub fn news(log: &Log, seen: usize) -> usize {
    let is_news = |kind: &EntryKind| matches!(kind, EntryKind::Said(said) if !said.mine);
    let later = log.entries().iter().skip(seen);
    later.filter(|entry| is_news(&entry.kind)).count()
}
