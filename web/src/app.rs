//! The root: state, shell, contexts, and which screen is shown.

use std::cell::RefCell;
use std::rc::Rc;

use yew::prelude::*;

use crate::browser;
use crate::cleaner::Cleaner;
use crate::components::screen_view::ScreenView;
use crate::contexts::{CopiedNow, Dispatch};
use crate::handle::{Command, Commands, Handle};
use crate::later;
use crate::shared::Shared;
use crate::shell::{Desk, Shell};
use crate::state::{
    Door, Files, Leaps, Log, Page, People, PersonId, Relay, Room, RoomCard, Screen, Settings,
    State, Status, Talk, Wire,
};

/// The app.
#[component]
pub fn App() -> Html {
    let state = use_reducer_eq(|| State::new(Screen::Door(Door::default()), browser::page()));
    let cleaner = use_state(Cleaner::default);
    // What could not be made safe without the rest of the app can be now.
    later::use_arrival();
    // Until the shell has read the address bar, no screen would be the right one.
    let has_begun = use_state_eq(|| false);
    let desk = use_memo((), |()| Reception::default());
    let handle = use_memo((), |()| Handle::new(Rc::clone(&desk) as Rc<dyn Commands>));

    {
        // Once: from here on things happen.
        let dispatch = state.dispatcher();
        let cleaner = (*cleaner).clone();
        let desk = Rc::clone(&desk);
        let has_begun = has_begun.clone();
        use_effect_with((), move |()| {
            let shell = Shell::start(dispatch, cleaner);
            desk.0.replace(Some(shell));
            has_begun.set(true);
            move || {
                desk.0.take();
            }
        });
    }
    {
        let desk = Rc::clone(&desk);
        let state = (*state).clone();
        use_effect(move || {
            browser::set_title(&state.title());
            browser::set_look(&state.settings);
            if let Some(shell) = &*desk.0.borrow() {
                shell.observe(state);
            }
        });
    }

    html! {
        <ContextProvider<Handle> context={(*handle).clone()}>
        <ContextProvider<Dispatch> context={state.dispatcher()}>
        <ContextProvider<Cleaner> context={cleaner.snapshot()}>
        <ContextProvider<Page> context={state.page.clone()}>
        <ContextProvider<Relay> context={state.relay.clone()}>
        <ContextProvider<Shared<Settings>> context={Shared::clone(&state.settings)}>
        <ContextProvider<Shared<Leaps>> context={Shared::clone(&state.leaps)}>
        <ContextProvider<CopiedNow> context={CopiedNow(state.copied)}>
            if *has_begun {
                { view(&state.screen) }
            }
        </ContextProvider<CopiedNow>>
        </ContextProvider<Shared<Leaps>>>
        </ContextProvider<Shared<Settings>>>
        </ContextProvider<Relay>>
        </ContextProvider<Page>>
        </ContextProvider<Cleaner>>
        </ContextProvider<Dispatch>>
        </ContextProvider<Handle>>
    }
}

fn view(screen: &Screen) -> Html {
    let shown = html! { <ScreenView screen={screen.clone()} /> };
    match screen {
        Screen::Room(room) => inside(room, shown),
        _ => shown,
    }
}

/// The room's parts, each in a context of its own.
fn inside(room: &Room, shown: Html) -> Html {
    html! {
        <ContextProvider<Shared<RoomCard>> context={Shared::clone(&room.card)}>
        <ContextProvider<Shared<People>> context={Shared::clone(&room.people)}>
        <ContextProvider<Status> context={room.status.clone()}>
        <ContextProvider<Shared<Wire>> context={Shared::clone(&room.wire)}>
        <ContextProvider<Shared<Files>> context={Shared::clone(&room.files)}>
        <ContextProvider<Shared<Talk>> context={Shared::clone(&room.talk)}>
        <ContextProvider<Shared<Log>> context={Shared::clone(&room.log)}>
            { shown }
        </ContextProvider<Shared<Log>>>
        </ContextProvider<Shared<Talk>>>
        </ContextProvider<Shared<Files>>>
        </ContextProvider<Shared<Wire>>>
        </ContextProvider<Status>>
        </ContextProvider<Shared<People>>>
        </ContextProvider<Shared<RoomCard>>>
    }
}

/// Takes commands from the first moment on. Before the shell stands there is nothing to press.
#[derive(Default)]
struct Reception(RefCell<Option<Rc<Shell>>>);

impl Reception {
    fn desk(&self) -> Option<Desk> {
        self.0.borrow().clone().map(Desk)
    }
}

impl Commands for Reception {
    fn run(&self, command: Command) {
        if let Some(desk) = self.desk() {
            desk.run(command);
        }
    }

    fn room_name(&self) -> Option<String> {
        self.desk()?.room_name()
    }

    fn link(&self) -> Option<String> {
        self.desk()?.link()
    }

    fn draft(&self) -> String {
        self.desk().map_or_else(String::new, |desk| desk.draft())
    }

    fn can_share(&self) -> bool {
        self.desk().is_some_and(|desk| desk.can_share())
    }

    fn safety(&self, id: PersonId) -> Option<[(&'static str, &'static str); 5]> {
        self.desk()?.safety(id)
    }
}
