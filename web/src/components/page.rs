//! The frame of every screen outside a room: a bar, the content, a line of facts.

use yew::prelude::*;

use super::brand::brand;
use super::button::{Button, Weight};
use super::clock::rough;
use super::explain_sheet::ExplainSheetProps;
use super::icon::{Glyph, icon};
use super::insecure_banner::InsecureBanner;
use super::theme_button::ThemeButton;
use crate::later;
use crate::state::{ClockOff, Relay};
use crate::words::{fill, life, words};

/// What [`Page`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct PageProps {
    /// The content.
    pub children: Html,
}

/// The frame.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let words = words();
    let relay = use_context::<Relay>().unwrap_or_default();
    let explains = use_state_eq(|| false);
    let open = {
        let explains = explains.clone();
        Callback::from(move |_: MouseEvent| explains.set(true))
    };
    let close = {
        let explains = explains.clone();
        Callback::from(move |()| explains.set(false))
    };
    let clock = match &relay {
        Relay::Known(facts) => facts.clock,
        _ => None,
    };
    html! {
        <>
            <InsecureBanner />
            <div class="page">
                <header class="page-bar">
                    { brand() }
                    <div class="page-bar-end">
                        <Button weight={Weight::Quiet} class="button-small" onclick={open}>{ words.how_it_works }</Button>
                        <ThemeButton />
                    </div>
                </header>
                <main class="page-main">
                    if let Some(clock) = clock {
                        <p class="warning-box page-note">{ icon(Glyph::Clock) }<span>{ clock_text(clock) }</span></p>
                    }
                    { props.children.clone() }
                </main>
                <footer class="page-foot">
                    <span>{ words.no_cookies }</span>
                    <span>{ words.build }{ " " }<span class="key">{ env!("CARGO_PKG_VERSION") }</span></span>
                    if let Relay::Known(facts) = &relay {
                        <span>{ words.relay_key }{ " " }<span class="key">{ &facts.fingerprint }</span></span>
                    }
                </footer>
            </div>
            if *explains {
                { later::explain(ExplainSheetProps { onclose: close }) }
            }
        </>
    }
}

fn clock_text(clock: ClockOff) -> String {
    let sentence = if clock.ahead {
        life().clock_ahead
    } else {
        life().clock_behind
    };
    fill(sentence, &[("t", &rough(clock.by))])
}
