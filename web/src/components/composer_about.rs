//! The bar above the text field: what is being answered or changed, and the timer that is set.

use std::time::Duration;

use yew::prelude::*;

use super::clock::rough;
use super::excerpt::excerpt;
use super::icon::{Glyph, icon};
use super::icon_button::IconButton;
use crate::cleaner::Cleaner;
use crate::shared::Shared;
use crate::state::{About, Log, Settings};
use crate::words::{fill, talk};

/// What [`ComposerAbout`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct ComposerAboutProps {
    /// What it is about.
    pub about: About,
    /// The next message goes this long after it was read.
    pub timer: Option<Duration>,
    /// Neither answer nor change.
    pub oncancel: Callback<()>,
    /// No timer.
    pub ontimeless: Callback<()>,
}

/// The bar; nothing where there is nothing to say.
#[component]
pub fn ComposerAbout(props: &ComposerAboutProps) -> Html {
    let words = talk();
    let log = use_context::<Shared<Log>>().unwrap_or_default();
    let cleaner = use_context::<Cleaner>().unwrap_or_default();
    let filters = use_context::<Shared<Settings>>()
        .unwrap_or_default()
        .filters;
    let line = match props.about {
        About::Nothing => None,
        About::Answer(line) => Some((Glyph::Reply, words.answering, line)),
        About::Edit(line) => Some((Glyph::Pencil, words.editing, line)),
    };
    let line = line.and_then(|(glyph, sentence, line)| {
        let said = log.said(line)?;
        let text = excerpt(said.what.wording(), &cleaner, &filters);
        Some((glyph, fill(sentence, &[("name", &said.name)]), text))
    });
    html! {
        <>
            if let Some((glyph, sentence, text)) = line {
                <div class="composer-about">
                    { icon(glyph) }
                    <span class="composer-about-text"><strong>{ sentence }</strong>{ " " }<bdi>{ text }</bdi></span>
                    <IconButton glyph={Glyph::Close} label={words.cancel} onclick={props.oncancel.reform(|_: MouseEvent| ())} />
                </div>
            }
            if let Some(timer) = props.timer {
                <div class="composer-about">
                    { icon(Glyph::Clock) }
                    <span class="composer-about-text">{ fill(words.timer_set, &[("t", &rough(timer))]) }</span>
                    <IconButton glyph={Glyph::Close} label={words.timer_off} onclick={props.ontimeless.reform(|_: MouseEvent| ())} />
                </div>
            }
        </>
    }
}
