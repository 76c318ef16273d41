//! Inside a room.

use std::rc::Rc;
use std::time::Duration;

use yew::prelude::*;

use super::announcer::Announcer;
use super::asked_sheet::{Asked, AskedSheetProps};
use super::composer::Composer;
use super::connection_strip::ConnectionStrip;
use super::drawer::{DrawerProps, Page};
use super::export_sheet::ExportSheetProps;
use super::file_troubles::FileTroubles;
use super::help_sheet::HelpSheetProps;
use super::insecure_banner::InsecureBanner;
use super::invite_sheet::InviteSheetProps;
use super::keepers::{KeyKeeper, SeenKeeper, TimerKeeper, TypingLine};
use super::leap_sheet::LeapSheetProps;
use super::leap_strip::LeapStripProps;
use super::log_view::LogView;
use super::media::{use_visible_height, use_wide};
use super::more_sheet::MoreSheetProps;
use super::people_list::PeopleList;
use super::purge_strip::PurgeStrip;
use super::room_card::CardSheetProps;
use super::room_header::RoomHeader;
use super::search_sheet::SearchSheetProps;
use super::settings_sheet::SettingsSheetProps;
use super::sheet::{Place, Sheet};
use super::topic_line::TopicLine;
use crate::later;
use crate::state::PersonId;
use crate::words::{life, words};

/// What is open beside the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Panel {
    /// The ways to get somebody in.
    Invite,
    /// The room's card.
    Card,
    /// The people, on a narrow screen.
    People,
    /// The commands and the keys.
    Help,
    /// The person's choices.
    Settings,
    /// Looking for something.
    Search,
    /// What has no button of its own.
    More,
    /// Saving the conversation.
    Export,
    /// Comparing with somebody.
    Verify(PersonId),
    /// Whether somebody is really to be removed.
    Remove(PersonId),
    /// Whom to move to a fresh room with.
    Leap,
    /// Whether the room is really to be closed for everybody.
    Purge,
    /// The drawer, open at one of its pages.
    Drawer(Page),
}

/// Which panel is open.
#[derive(Default, PartialEq)]
struct Open(Option<Panel>);

/// What happens to it.
enum Turn {
    /// The same button closes what it opened.
    Press(Panel),
    To(Option<Panel>),
}

impl Reducible for Open {
    type Action = Turn;

    fn reduce(self: Rc<Self>, turn: Turn) -> Rc<Self> {
        Rc::new(Self(match turn {
            Turn::Press(asked) if self.0 == Some(asked) => None,
            Turn::Press(asked) => Some(asked),
            Turn::To(panel) => panel,
        }))
    }
}

/// The room. Everything it shows comes from contexts, so that a new message redraws the log only.
#[component]
pub fn RoomScreen() -> Html {
    use_visible_height();
    later::use_rest_of_app();
    let is_wide = use_wide();
    let open = use_reducer_eq(Open::default);
    let panel = open.0;
    // Whatever was drawn when it was pressed: what is open now is what counts.
    let turn = open.dispatcher();
    let onpanel = {
        let turn = turn.clone();
        Callback::from(move |asked: Panel| turn.dispatch(Turn::Press(asked)))
    };
    let timer = use_state_eq(|| None::<Duration>);
    let ontimer = {
        let timer = timer.clone();
        Callback::from(move |chosen| timer.set(chosen))
    };
    let wanted = use_state_eq(AttrValue::default);
    let onsearch = {
        let (turn, wanted) = (turn.clone(), wanted.clone());
        Callback::from(move |text: String| {
            wanted.set(text.into());
            turn.dispatch(Turn::To(Some(Panel::Search)));
        })
    };
    let onclose = {
        let turn = turn.clone();
        Callback::from(move |()| turn.dispatch(Turn::To(None)))
    };
    let drawer = match panel {
        Some(Panel::Drawer(page)) => Some(page),
        _ => None,
    };
    let onleap = {
        let turn = turn.clone();
        Callback::from(move |()| turn.dispatch(Turn::To(Some(Panel::Leap))))
    };
    let onpage = Callback::from(move |page| turn.dispatch(Turn::To(Some(Panel::Drawer(page)))));
    let oninvite = onpanel.reform(|()| Panel::Invite);
    html! {
        <div class={classes!("room", drawer.is_some().then_some("has-drawer"))}>
            <section class="room-notice" aria-label={life().room_notices}>
                <InsecureBanner />
                <PurgeStrip />
                <ConnectionStrip />
                { later::leaps(LeapStripProps { onleap: Some(onleap.clone()) }) }
            </section>
            <RoomHeader {panel} onpanel={onpanel.clone()} {is_wide} />
            <main class="talk">
                <TopicLine />
                <LogView {oninvite} />
                <FileTroubles />
                <TypingLine />
                <Composer onpanel={onpanel.clone()} {onsearch} timer={*timer} ontimer={ontimer.clone()} />
            </main>
            if is_wide && drawer.is_none() {
                <aside class="room-side people-column">
                    <PeopleList />
                </aside>
            }
            if let Some(page) = drawer {
                <div class="room-side" key={if is_wide { "wide" } else { "narrow" }}>
                    { later::drawer(DrawerProps { page, onpage, onclose: onclose.clone() }) }
                </div>
            }
            if panel == Some(Panel::Invite) {
                { later::invite(InviteSheetProps { onclose: onclose.clone() }) }
            }
            if panel == Some(Panel::Card) {
                { later::card(CardSheetProps { onleap, onclose: onclose.clone() }) }
            }
            if panel == Some(Panel::Leap) {
                { later::leap(LeapSheetProps { onclose: onclose.clone() }) }
            }
            if panel == Some(Panel::People) && !is_wide {
                <Sheet title={words().people} place={Place::Middle} onclose={onclose.clone()}>
                    <PeopleList onspeak={onclose.clone()} />
                </Sheet>
            }
            if panel == Some(Panel::More) {
                { later::more(MoreSheetProps { timer: *timer, ontimer, onpanel: onpanel.clone(), onclose: onclose.clone() }) }
            }
            if panel == Some(Panel::Help) {
                { later::help(HelpSheetProps { onclose: onclose.clone() }) }
            }
            if panel == Some(Panel::Settings) {
                { later::settings(SettingsSheetProps { onclose: onclose.clone() }) }
            }
            if panel == Some(Panel::Export) {
                { later::export(ExportSheetProps { onclose: onclose.clone() }) }
            }
            if panel == Some(Panel::Search) {
                { later::search(SearchSheetProps { wanted: (*wanted).clone(), onclose: onclose.clone() }) }
            }
            if let Some(asked) = panel.and_then(Asked::of) {
                { later::asked(AskedSheetProps { asked, onclose }) }
            }
            <KeyKeeper {onpanel} />
            <TimerKeeper />
            <SeenKeeper />
            <Announcer />
        </div>
    }
}
