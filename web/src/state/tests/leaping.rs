//! Moving to a fresh room: who is shown as asking, and until when.

use super::*;

fn who(id: u8) -> Who {
    Who {
        id: PersonId([id; 16]),
        name: format!("Person {id}"),
        tag: tag(),
        me: id == 1,
    }
}

fn asks(id: u32, by: u8) -> Action {
    Action::Leap(LeapAction::Asked(Asked {
        id,
        by: who(by),
        verified: false,
        party: vec![who(1)],
        face: None,
    }))
}

fn asked(state: &State) -> Vec<u32> {
    state.leaps.asked.iter().map(|asked| asked.id).collect()
}

fn ended() -> Action {
    Action::End {
        why: EndReason::Purged(Some(who(2))),
        at: AT,
        can_rejoin: false,
    }
}

fn making() -> Action {
    Action::ShowMaking(Making {
        masked: "elm-•••".to_owned(),
        face: None,
        step: Step::Entering,
        resuming: false,
    })
}

#[test]
fn whoever_is_muted_asks_in_vain_before_and_after() {
    let mute = |id: u8| Action::Mute {
        id: PersonId([id; 16]),
        muted: true,
    };
    let mut state = in_room([came(2, "Brave Heron", true), came(3, "Clippy", true)]);
    state.apply(mute(2));
    state.apply(asks(0, 2));
    state.apply(asks(1, 3));
    assert_eq!(asked(&state), [1]);
    state.apply(mute(3));
    assert!(asked(&state).is_empty());
    assert!(room(&state).talk.muted.contains(&PersonId([3; 16])));
}

#[test]
fn an_invitation_outlives_the_room_and_ends_with_the_way_into_another() {
    let mut state = in_room([came(2, "Brave Heron", true)]);
    state.apply(asks(0, 2));
    state.apply(Action::Leap(LeapAction::Own(Some(OwnLeap::Opening))));
    state.apply(ended());
    assert_eq!(asked(&state), [0]);
    assert_eq!(state.leaps.own, None, "it went with the room");
    state.apply(Action::Leap(LeapAction::Face {
        id: 0,
        face: face(),
    }));
    assert_eq!(state.leaps.asked[0].face, Some(face()));
    state.apply(making());
    assert!(asked(&state).is_empty());

    state.apply(Action::Leap(LeapAction::Party(vec![who(2)])));
    state.apply(entered());
    assert_eq!(state.leaps.party, [who(2)]);
    assert!(room(&state).people.find(PersonId([2; 16])).is_none());
}

#[test]
fn a_removal_by_oneself_is_a_reason_to_leap_and_one_by_somebody_else_is_not() {
    let removes = |by: u8| Action::Notice {
        notice: Notice::Ruled {
            by: who(by),
            order: Ruling::Remove("Clippy".to_owned()),
        },
        at: AT,
    };
    let mut state = in_room([came(2, "Brave Heron", true)]);
    state.apply(removes(2));
    assert_eq!(state.leaps.advice, None);
    state.apply(removes(1));
    assert_eq!(
        state.leaps.advice,
        Some(Advice::Removed("Clippy".to_owned()))
    );
    assert_eq!(notices(&state).len(), 3);
    // It is still one on the way into another room, and none at the first screen.
    state.apply(making());
    assert!(state.leaps.advice.is_some());
    state.apply(Action::ShowDoor(Door::default()));
    assert_eq!(*state.leaps, Leaps::default());
}
