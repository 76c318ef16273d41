//! Inside a room.

use yew::prelude::*;

use super::announcer::Announcer;
use super::composer::Composer;
use super::connection_strip::ConnectionStrip;
use super::drawer::{Drawer, Page};
use super::file_troubles::FileTroubles;
use super::insecure_banner::InsecureBanner;
use super::invite_sheet::InviteSheet;
use super::log_view::LogView;
use super::media::{use_visible_height, use_wide};
use super::people_list::PeopleList;
use super::room_header::RoomHeader;
use super::sheet::{Place, Sheet};
use crate::words::words;

/// What is open beside the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// The ways to get somebody in.
    Invite,
    /// The people, on a narrow screen.
    People,
    /// The drawer, open at one of its pages.
    Drawer(Page),
}

/// The room. Everything it shows comes from contexts, so that a new message redraws the log only.
#[component]
pub fn RoomScreen() -> Html {
    use_visible_height();
    let is_wide = use_wide();
    let panel = use_state_eq(|| None::<Panel>);
    let onpanel = {
        let panel = panel.clone();
        Callback::from(move |asked: Panel| {
            // The same button closes what it opened.
            panel.set(if *panel == Some(asked) {
                None
            } else {
                Some(asked)
            });
        })
    };
    let onclose = {
        let panel = panel.clone();
        Callback::from(move |()| panel.set(None))
    };
    let drawer = match *panel {
        Some(Panel::Drawer(page)) => Some(page),
        _ => None,
    };
    let onpage = {
        let panel = panel.clone();
        Callback::from(move |page| panel.set(Some(Panel::Drawer(page))))
    };
    let oninvite = onpanel.reform(|()| Panel::Invite);
    html! {
        <div class={classes!("room", drawer.is_some().then_some("has-drawer"))}>
            <div class="room-notice">
                <InsecureBanner />
                <ConnectionStrip />
            </div>
            <RoomHeader panel={*panel} {onpanel} {is_wide} />
            <main class="talk">
                <LogView {oninvite} />
                <FileTroubles />
                <Composer />
            </main>
            if is_wide && drawer.is_none() {
                <aside class="room-side people-column">
                    <PeopleList />
                </aside>
            }
            if let Some(page) = drawer {
                <div class="room-side" key={if is_wide { "wide" } else { "narrow" }}>
                    <Drawer {page} {onpage} onclose={onclose.clone()} />
                </div>
            }
            if *panel == Some(Panel::Invite) {
                <InviteSheet onclose={onclose.clone()} />
            }
            if *panel == Some(Panel::People) && !is_wide {
                <Sheet title={words().people} place={Place::Middle} {onclose}>
                    <PeopleList />
                </Sheet>
            }
            <Announcer />
        </div>
    }
}
