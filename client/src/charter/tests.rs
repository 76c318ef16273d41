use std::time::Duration;

use crypto::control::ControlKey;
use crypto::identity::Identity;
use crypto::room::RoomKeys;
use proptest::prelude::*;

use super::*;

fn room() -> RoomId {
    RoomKeys::from_bytes(&[1; 64]).room_id()
}

fn person(number: u8) -> (SenderId, ControlKey) {
    let identity = Identity::thaw(&[number; 64]);
    (identity.sender_id(), ControlKey::of(&identity, &room()))
}

fn says(number: u8, at: u32, command: Command) -> Statement {
    person(number)
        .1
        .state(at, Duration::from_secs(1), command)
        .unwrap()
}

fn grant(to: u8) -> (SenderId, [u8; 32]) {
    let (sid, key) = person(to);
    (sid, key.public())
}

fn share(to: u8) -> Command {
    let (to, key) = grant(to);
    Command::Share { to, key }
}

fn hand_on(to: u8) -> Command {
    let (to, key) = grant(to);
    Command::HandOn { to, key }
}

/// Opened by person 1.
fn charter() -> Charter {
    let mut charter = Charter::default();
    let (sid, key) = grant(1);
    assert!(charter.founded(key));
    charter.meet(sid, key);
    charter
}

#[test]
fn nothing_counts_before_the_opener_is_known_and_the_first_one_stays() {
    let mut charter = Charter::default();
    let lock = says(1, 1, Command::Lock(true));
    assert_eq!(charter.take(lock.clone(), &room()), Taken::Refused);
    assert!(charter.founded(grant(1).1));
    assert!(!charter.founded(grant(2).1));
    assert_eq!(charter.take(lock, &room()), Taken::New);
    assert!(charter.is_locked());
}

#[test]
fn of_what_replaces_itself_the_highest_number_counts_in_whatever_order_it_comes() {
    let mut charter = charter();
    let (first, second) = (
        says(1, 1, Command::Lock(true)),
        says(1, 2, Command::Lock(false)),
    );
    assert_eq!(charter.take(second.clone(), &room()), Taken::New);
    assert_eq!(charter.take(first, &room()), Taken::Old);
    assert_eq!(charter.take(second, &room()), Taken::Old);
    assert!(!charter.is_locked());
    assert_eq!(charter.next_number(), 3);
    assert_eq!(charter.statements().len(), 1);
}

#[test]
fn whoever_has_handed_on_governs_no_more_and_what_was_said_before_stays() {
    let mut charter = charter();
    for statement in [
        says(1, 1, Command::Lock(true)),
        says(1, 2, hand_on(2)),
        says(2, 3, share(3)),
    ] {
        assert_eq!(charter.take(statement, &room()), Taken::New);
    }
    let late = says(1, 4, Command::Lock(false));
    assert_eq!(charter.take(late, &room()), Taken::Refused);
    assert!(charter.is_locked());
    assert_eq!(
        charter.take(says(3, 4, Command::Lock(false)), &room()),
        Taken::New
    );
    let holders: Vec<_> = charter.holders().iter().filter_map(|it| it.sid).collect();
    assert_eq!(holders, [grant(2).0, grant(3).0]);
}

#[test]
fn a_shared_key_signs_for_nobody_but_whom_it_was_given_to() {
    let mut charter = charter();
    let (_, key) = grant(2);
    let to = grant(3).0;
    let wrong = says(1, 1, Command::Share { to, key });
    assert_eq!(charter.take(wrong, &room()), Taken::New);
    let lock = says(2, 2, Command::Lock(true));
    assert_eq!(charter.take(lock, &room()), Taken::Refused);
}

#[test]
fn nobody_removes_the_opener_and_the_removed_govern_no_more() {
    let mut charter = charter();
    let (one, two) = (grant(1).0, grant(2).0);
    charter.take(says(1, 1, share(2)), &room());
    let coup = says(2, 2, Command::Remove(one));
    assert_eq!(charter.take(coup, &room()), Taken::Refused);
    let out = says(1, 2, Command::Remove(two));
    assert_eq!(charter.take(out, &room()), Taken::New);
    let lock = says(2, 3, Command::Lock(true));
    assert_eq!(charter.take(lock, &room()), Taken::Refused);
    assert!(charter.is_removed(&two));
}

#[test]
fn a_full_charter_fits_into_a_hello() {
    let mut charter = charter();
    for number in 0..60u8 {
        let sid = SenderId([number; 16]);
        charter.take(
            says(1, 2 * u32::from(number), Command::Remove(sid)),
            &room(),
        );
        charter.take(says(1, 2 * u32::from(number) + 1, share(100)), &room());
    }
    charter.take(says(1, 500, Command::Filters(vec![0; 1_024])), &room());
    charter.take(says(1, 501, Command::Lock(true)), &room());
    let bytes: usize = charter
        .statements()
        .iter()
        .map(|statement| statement.as_bytes().len())
        .sum();
    // An anchor is at most 8 KiB, padding included; name, destination and the rest of a hello take less than 1,500 bytes.
    assert!(bytes < 6_200, "{bytes}");
    assert_eq!(charter.removed().count(), MOST_REMOVALS);
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        any::<bool>().prop_map(Command::Lock),
        (1..5u8).prop_map(|to| Command::Remove(grant(to).0)),
        (1..5u8).prop_map(share),
        (1..5u8).prop_map(hand_on),
    ]
}

/// Takes all of these in this order.
fn takes(charter: &mut Charter, statements: &[Statement]) {
    for statement in statements {
        charter.take(statement.clone(), &room());
    }
}

fn holders(charter: &Charter) -> Vec<SenderId> {
    charter.holders().iter().filter_map(|it| it.sid).collect()
}

fn restored(charter: &Charter) -> Charter {
    Charter::restored(charter.opener(), charter.statements().to_vec())
}

/// Both tell each other what they take to be in force until nobody learns anything new.
fn compare_notes(one: &mut Charter, other: &mut Charter) {
    for _ in 0..8 {
        let (left, right) = (one.statements().to_vec(), other.statements().to_vec());
        one.hear(&right, &room());
        other.hear(&left, &room());
    }
}

#[test]
fn a_share_does_not_fall_because_somebody_else_handed_on_to_the_same_person_and_then_to_another() {
    let (shared, told) = (
        [
            says(1, 0, share(2)),
            says(1, 1, share(3)),
            says(1, 6, share(4)),
        ],
        [says(3, 7, hand_on(4)), says(3, 8, hand_on(2))],
    );
    for order in [[0, 1], [1, 0]] {
        let mut charter = charter();
        takes(&mut charter, &shared);
        for at in order {
            takes(&mut charter, &[told[at].clone()]);
        }
        // Of two hand-ons neither counts; what the opener gave stays.
        assert_eq!(holders(&charter), [grant(1).0, grant(2).0, grant(4).0]);
        let mut newcomer = self::charter();
        newcomer.hear(charter.statements(), &room());
        assert_eq!(holders(&newcomer), holders(&charter));
    }
}

#[test]
fn an_earlier_removal_by_oneself_does_not_depend_on_what_was_dropped_since() {
    let mut charter = charter();
    let stated = [
        says(1, 4, hand_on(2)),
        says(1, 0, share(2)),
        says(2, 4, Command::Remove(grant(1).0)),
        says(1, 0, Command::Lock(false)),
        says(1, 1, Command::Remove(grant(1).0)),
    ];
    takes(&mut charter, &stated);
    assert_eq!(holders(&charter), [grant(2).0]);
    assert_eq!(holders(&restored(&charter)), holders(&charter));
}

#[test]
fn whoever_was_removed_or_has_handed_on_cannot_win_with_an_older_number() {
    let mut removed = charter();
    takes(
        &mut removed,
        &[
            says(1, 1, share(2)),
            says(1, 9, Command::Remove(grant(2).0)),
        ],
    );
    let mut retired = charter();
    takes(
        &mut retired,
        &[says(1, 1, share(3)), says(1, 9, hand_on(4))],
    );
    for (charter, who, left) in [(&mut removed, 2, 1), (&mut retired, 1, 4)] {
        for late in [
            share(3),
            Command::Remove(grant(left).0),
            Command::Remove(SenderId([9; 16])),
            Command::Lock(true),
        ] {
            let late = says(who, 5, late);
            assert_eq!(charter.take(late, &room()), Taken::Refused);
        }
        assert_eq!(holders(charter), [grant(left).0]);
        assert!(!charter.is_locked());
    }
    let late = says(2, 5, hand_on(3));
    removed.take(late, &room());
    assert_eq!(holders(&removed), [grant(1).0]);
}

#[test]
fn whoever_hands_on_twice_has_handed_on_to_nobody_in_whatever_order_it_comes() {
    let (first, second) = (says(1, 4, hand_on(2)), says(1, 3, hand_on(3)));
    for order in [[&first, &second], [&second, &first]] {
        let mut charter = charter();
        takes(&mut charter, &order.map(Clone::clone));
        assert_eq!(holders(&charter), []);
        assert_eq!(holders(&restored(&charter)), []);
    }
}

#[test]
fn control_can_be_handed_back_and_what_was_said_before_it_came_back_does_not_count() {
    let mut charter = charter();
    takes(
        &mut charter,
        &[says(1, 2, hand_on(2)), says(2, 4, hand_on(1))],
    );
    assert_eq!(holders(&charter), [grant(1).0]);
    let before = says(1, 3, share(3));
    assert_eq!(charter.take(before, &room()), Taken::Refused);
    assert_eq!(charter.take(says(1, 5, share(3)), &room()), Taken::New);
    assert_eq!(holders(&charter), [grant(1).0, grant(3).0]);
}

#[test]
fn only_whoever_governs_for_longer_removes_somebody_who_governs() {
    let mut charter = charter();
    takes(
        &mut charter,
        &[
            says(1, 1, share(2)),
            says(2, 2, share(3)),
            says(3, 3, share(4)),
        ],
    );
    let upwards = says(3, 1, Command::Remove(grant(2).0));
    assert_eq!(charter.take(upwards, &room()), Taken::Refused);
    let oneself = says(3, 4, Command::Remove(grant(3).0));
    assert_eq!(charter.take(oneself, &room()), Taken::Refused);
    let downwards = says(2, 4, Command::Remove(grant(3).0));
    assert_eq!(charter.take(downwards, &room()), Taken::New);
    // What the removed had granted falls with them.
    assert_eq!(holders(&charter), [grant(1).0, grant(2).0]);
    assert_eq!(holders(&restored(&charter)), holders(&charter));
}

#[test]
fn many_removals_bring_nobodys_control_back() {
    let mut charter = charter();
    let shared = says(1, 1, share(2));
    takes(
        &mut charter,
        &[shared.clone(), says(1, 2, Command::Remove(grant(2).0))],
    );
    for number in 3..60u8 {
        let removal = Command::Remove(SenderId([number; 16]));
        takes(&mut charter, &[says(1, number.into(), removal)]);
    }
    takes(&mut charter, &[shared]);
    assert_eq!(holders(&charter), [grant(1).0]);
    assert_eq!(charter.removed().count(), MOST_REMOVALS);
}

proptest! {
    #[test]
    fn whatever_is_stated_the_holders_follow_from_the_opener(
        stated in prop::collection::vec((1..5u8, 0..12u32, command()), 0..16),
        keys in prop::collection::vec(any::<u32>(), 16),
    ) {
        let stated: Vec<_> = stated
            .into_iter()
            .map(|(who, number, command)| says(who, number, command))
            .collect();
        let mut live = charter();
        for statement in &stated {
            let before = live.clone();
            if live.take(statement.clone(), &room()) == Taken::Refused {
                prop_assert_eq!(live.holders(), before.holders());
                prop_assert_eq!(live.statements(), before.statements());
            }
            let restored = restored(&live);
            prop_assert_eq!(restored.holders(), live.holders());
            prop_assert_eq!(restored.statements(), live.statements());
        }
        // Somebody who heard it in another order, once they have heard each other's hellos.
        let mut places: Vec<_> = stated.iter().zip(keys).collect();
        places.sort_by_key(|(_, key)| *key);
        let shuffled: Vec<_> = places.into_iter().map(|(it, _)| it.clone()).collect();
        let mut other = charter();
        takes(&mut other, &shuffled);
        compare_notes(&mut live, &mut other);
        prop_assert_eq!(other.holders(), live.holders());
        // Somebody who comes later and learns it from a hello.
        let mut newcomer = charter();
        newcomer.hear(live.statements(), &room());
        prop_assert_eq!(newcomer.holders(), live.holders());
    }
}
