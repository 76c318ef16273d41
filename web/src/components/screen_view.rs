//! The one screen that is on the page.

use yew::prelude::*;

use super::at_door::AtDoor;
use super::blocked_screen::BlockedScreen;
use super::door_screen::DoorScreen;
use super::ended_screen::EndedScreenProps;
use super::invited_screen::InvitedScreen;
use super::link_trouble_screen::LinkTroubleScreenProps;
use super::making_screen::MakingScreen;
use super::room_screen::RoomScreen;
use crate::later;
use crate::state::{Screen, Step};

/// What [`ScreenView`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct ScreenViewProps {
    /// What is on the screen. A room's own data reaches its parts through contexts.
    pub screen: Screen,
}

/// Draws whichever screen holds.
#[component]
pub fn ScreenView(props: &ScreenViewProps) -> Html {
    match &props.screen {
        Screen::Door(door) => html! { <DoorScreen door={door.clone()} /> },
        Screen::Invited(invited) => html! { <InvitedScreen invited={invited.clone()} /> },
        Screen::Making(making) => match &making.step {
            Step::Door(behind) => {
                html! { <AtDoor making={making.clone()} behind={behind.clone()} /> }
            }
            _ => html! { <MakingScreen making={making.clone()} /> },
        },
        Screen::Room(_) => html! { <RoomScreen /> },
        Screen::Ended(ended) => later::ended(EndedScreenProps {
            ended: ended.clone(),
        }),
        Screen::LinkTrouble(trouble) => later::link_trouble(LinkTroubleScreenProps {
            trouble: trouble.clone(),
        }),
        Screen::Blocked(blocked) => html! { <BlockedScreen blocked={blocked.clone()} /> },
    }
}
