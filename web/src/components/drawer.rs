//! The drawer: what the server sees, and what keeps it from seeing more.

use yew::prelude::*;

use super::server_view::ServerView;
use super::sheet::{Place, Sheet};
use super::shield::Shield;
use crate::words::words;

/// The drawer's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The bytes on the wire.
    Server,
    /// Keys and limits.
    Shield,
}

/// What [`Drawer`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct DrawerProps {
    /// Which page is open.
    pub page: Page,
    /// Another page was chosen.
    pub onpage: Callback<Page>,
    /// It asks to be closed.
    pub onclose: Callback<()>,
}

/// A drawer with two pages.
#[component]
pub fn Drawer(props: &DrawerProps) -> Html {
    let words = words();
    let tab = |page: Page, label: &'static str| {
        let onclick = props.onpage.reform(move |_: MouseEvent| page);
        let is_current = page == props.page;
        html! {
            <button type="button" class="tab" aria-current={is_current.then_some("true")} {onclick}>{ label }</button>
        }
    };
    let title = match props.page {
        Page::Server => words.server_view,
        Page::Shield => words.shield_title,
    };
    let under_title = html! {
        <div class="tabs">
            { tab(Page::Server, words.tab_server) }
            { tab(Page::Shield, words.tab_shield) }
        </div>
    };
    html! {
        <Sheet {title} place={Place::Side} onclose={props.onclose.clone()} {under_title}>
            { match props.page {
                Page::Server => html! { <ServerView /> },
                Page::Shield => html! { <Shield /> },
            } }
        </Sheet>
    }
}
