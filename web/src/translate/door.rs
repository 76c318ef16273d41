//! What the relay says about a room to somebody who has not entered.

use std::time::Duration;

use crypto::wire::{RoomState, TimeLeft};

use super::Known;
use super::values::closes_at;
use crate::state::{Action, Behind, EndReason, Mode, Step};

/// What waits behind the door: the room, or the end of this try.
pub(super) fn door(
    known: &Known,
    state: RoomState,
    people: u32,
    mode: Mode,
    time_left: TimeLeft,
    at: Duration,
) -> Action {
    let why = match state {
        RoomState::Locked => EndReason::Locked,
        RoomState::Full => EndReason::Full,
        RoomState::Closed => EndReason::Closed,
        RoomState::Empty => {
            return Action::Step(Step::Door(Behind {
                people: 0,
                mode: None,
                closes_at: None,
                differs: false,
                goes: false,
                doubt: None,
            }));
        }
        RoomState::Open => {
            return Action::Step(Step::Door(Behind {
                people,
                mode: Some(mode),
                closes_at: closes_at(time_left, at),
                differs: known.wanted.is_some_and(|wanted| wanted != mode),
                goes: false,
                doubt: None,
            }));
        }
    };
    Action::End {
        why,
        at,
        can_rejoin: false,
    }
}
