//! In front of a room.

use crypto::wire::RoomState;

use super::*;

fn at_door(state: RoomState, members: u32, mode: RoomMode, history: u16) -> Vec<Action> {
    let mut translator = translator();
    let door = Event::Door {
        state,
        members,
        mode,
        history,
        time_left: TimeLeft::For(Duration::from_secs(60)),
    };
    assert_eq!(tell(&mut translator, door), []);
    tell(&mut translator, status(client::Status::AtDoor))
}

#[test]
fn the_door_says_who_is_inside_and_whether_the_room_is_what_was_wanted() {
    let behind = |actions: Vec<Action>| match &actions[..] {
        [Action::Step(Step::Door(behind))] => behind.clone(),
        other => panic!("no door but {other:?}"),
    };
    let wanted = behind(at_door(RoomState::Open, 3, RoomMode::OpenHistory, 35));
    assert_eq!((wanted.people, wanted.differs), (3, false));
    assert_eq!(wanted.closes_at, Some(NOW.wall + Duration::from_secs(60)));
    assert!(behind(at_door(RoomState::Open, 3, RoomMode::OpenHistory, 200)).differs);
    assert!(behind(at_door(RoomState::Open, 3, RoomMode::ForwardSecret, 0)).differs);
    // Of an empty place there is nothing to disagree with.
    let empty = behind(at_door(RoomState::Empty, 0, RoomMode::ForwardSecret, 0));
    assert_eq!((empty.people, empty.differs, empty.mode), (0, false, None));
}

#[test]
fn a_door_that_lets_nobody_in_is_an_end_page_and_not_a_wait_for_ever() {
    for (state, why) in [
        (RoomState::Full, EndReason::Full),
        (RoomState::Locked, EndReason::Locked),
        (RoomState::Closed, EndReason::Closed),
    ] {
        let end = Action::End {
            why,
            at: NOW.wall,
            can_rejoin: false,
        };
        assert_eq!(at_door(state, 2, RoomMode::OpenHistory, 35), [end]);
    }
}
