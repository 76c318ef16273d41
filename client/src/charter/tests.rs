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

proptest! {
    #[test]
    fn whatever_is_stated_the_holders_follow_from_the_opener(
        stated in prop::collection::vec((1..5u8, 0..12u32, command()), 0..16)
    ) {
        let mut charter = charter();
        for (who, number, command) in stated {
            let before = charter.holders().to_vec();
            let statement = says(who, number, command);
            let taken = charter.take(statement, &room());
            if taken == Taken::Refused {
                prop_assert_eq!(charter.holders(), before);
            }
        }
        // Taking up what was saved, or passing it on in order, gives the same.
        let restored = Charter::restored(charter.opener(), charter.statements().to_vec());
        prop_assert_eq!(restored.holders(), charter.holders());
        let mut copy = self::charter();
        for statement in charter.statements() {
            prop_assert_ne!(copy.take(statement.clone(), &room()), Taken::Refused);
        }
        prop_assert_eq!(copy.holders(), charter.holders());
        prop_assert_eq!(copy.is_locked(), charter.is_locked());
    }
}
