//! Keys and limits: facts that can be checked, one by one.

use yew::prelude::*;

use super::explanation::{explanation, limits};
use super::face::{face_view, spoken};
use super::icon::{Glyph, icon};
use super::key_numbers::KeyNumbers;
use crate::shared::Shared;
use crate::state::{EntryKind, Log, Notice, Page, RoomCard};
use crate::words::{fill, words};

/// The shield's page.
#[component]
pub fn Shield() -> Html {
    let words = words();
    let page = use_context::<Page>().unwrap_or_default();
    let log = use_context::<Shared<Log>>().unwrap_or_default();
    let Some(card) = use_context::<Shared<RoomCard>>() else {
        return Html::default();
    };
    let is_verified = !log.entries().iter().any(|entry| {
        matches!(
            entry.kind,
            EntryKind::Notice(Notice::Unverifiable { .. } | Notice::Diverged)
        )
    });
    let checks = [
        (page.secure, words.check_secure, words.check_insecure),
        (is_verified, words.check_verified, words.check_unverified),
        (!card.guessable, words.check_strong, words.check_guessable),
    ];
    let is_good = checks.iter().all(|(holds, _, _)| *holds);
    let lines = checks.map(|(holds, good, bad)| {
        if holds {
            (Glyph::Check, good)
        } else {
            (Glyph::Warning, bad)
        }
    });
    // A key that is met for the first time is no alarm, but no proof either.
    let key = if card.pinned {
        (Glyph::Check, words.check_pinned)
    } else {
        (Glyph::Info, words.check_first_use)
    };
    html! {
        <div class="shield">
            <section>
                <div class={classes!("shield-verdict", (!is_good).then_some("is-doubt"))}>
                    { icon(if is_good { Glyph::Shield } else { Glyph::ShieldDoubt }) }
                    <p class="verdict-title">{ if is_good { words.shield_good } else { words.shield_doubt } }</p>
                </div>
                <ul class="checks">
                    { for lines.into_iter().chain([key]).map(|(glyph, line)| html! {
                        <li class={(glyph == Glyph::Warning).then_some("is-doubt")}>{ icon(glyph) }<span>{ line }</span></li>
                    }) }
                </ul>
            </section>
            <section>
                <h3>{ words.compare_title }</h3>
                { face_view(&card.face, true) }
                <p class="soft">{ fill(words.compare_text, &[("faces", &spoken(&card.face))]) }</p>
            </section>
            { explanation(Some(card.mode)) }
            { limits() }
            <KeyNumbers />
        </div>
    }
}
