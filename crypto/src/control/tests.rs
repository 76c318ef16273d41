use proptest::prelude::*;

use super::*;
use crate::tests::Rng;

fn room() -> RoomId {
    keys(1).room_id()
}

fn keys(byte: u8) -> RoomKeys {
    RoomKeys::from_bytes(&[byte; 64])
}

fn identity(byte: u8) -> Identity {
    Identity::thaw(&[byte; 64])
}

fn key(byte: u8) -> ControlKey {
    ControlKey::of(&identity(byte), &room())
}

fn command() -> impl Strategy<Value = Command> {
    let sid = || any::<[u8; 16]>().prop_map(SenderId);
    let key = || any::<[u8; 32]>();
    prop_oneof![
        any::<bool>().prop_map(Command::Lock),
        any::<u32>().prop_map(|seconds| Command::Lifetime(Lifetime::from_seconds(seconds))),
        sid().prop_map(Command::Remove),
        (sid(), key()).prop_map(|(to, key)| Command::Share { to, key }),
        (sid(), key()).prop_map(|(to, key)| Command::HandOn { to, key }),
        any::<bool>().prop_map(|everyone| Command::PurgePolicy(if everyone {
            PurgePolicy::Everyone
        } else {
            PurgePolicy::Holder
        })),
        prop::collection::vec(any::<u8>(), 0..LONGEST_VALUE).prop_map(Command::Filters),
    ]
}

#[test]
fn a_control_key_belongs_to_one_session_in_one_room() {
    assert_eq!(key(1).public(), key(1).public());
    assert_ne!(key(1).public(), key(2).public());
    let elsewhere = ControlKey::of(&identity(1), &keys(2).room_id());
    assert_ne!(key(1).public(), elsewhere.public());
    // The relay sees control keys; it must not learn from them who signs messages.
    assert_ne!(key(1).public(), identity(1).signing_public());
    assert_ne!(key(1).purge_secret(), key(2).purge_secret());
    assert_ne!(key(1).purge_secret(), elsewhere.purge_secret());
}

#[test]
fn an_order_is_signed_for_one_tunnel_and_one_number() {
    let verify = |exporter: [u8; 32], local: u32, frame: &ClientToRelay| {
        let ClientToRelay::Control {
            signer,
            order,
            signature,
            ..
        } = frame
        else {
            panic!("not an order");
        };
        let message = control_message(&exporter, &room(), LocalId(local), order);
        VerifyingKey::from_bytes(signer)
            .unwrap()
            .verify_strict(&message, &Signature::from_bytes(signature))
            .is_ok()
    };
    let frame = key(1).order(&Exporter::new([7; 32]), LocalId(3), Order::Lock(true));
    assert!(verify([7; 32], 3, &frame));
    assert!(!verify([8; 32], 3, &frame));
    assert!(!verify([7; 32], 4, &frame));
}

#[test]
fn too_long_a_value_is_refused_before_it_is_signed() {
    let filters = |length| Command::Filters(vec![0; length]);
    assert!(
        key(1)
            .state(1, Duration::ZERO, filters(LONGEST_VALUE))
            .is_ok()
    );
    assert_eq!(
        key(1).state(1, Duration::ZERO, filters(LONGEST_VALUE + 1)),
        Err(SealError::TooLarge)
    );
}

#[test]
fn debug_shows_no_key_and_no_rule() {
    let statement = key(1).state(1, Duration::ZERO, Command::Filters(vec![0xAB; 4]));
    assert_eq!(format!("{:?}", key(1)), "ControlKey(…)");
    assert!(!format!("{statement:?}").contains("171"));
}

#[test]
fn a_notice_is_readable_by_whoever_knows_the_name_and_only_from_its_author() {
    let (me, keys) = (identity(1), keys(1));
    let statement = key(1).state(4, Duration::from_millis(5), Command::Lock(true));
    for notice in [
        Notice::Statement(statement.unwrap()),
        Notice::Purged {
            at: Duration::from_millis(9),
        },
    ] {
        let sealed = notice.seal(&keys, &me, &mut Rng::seeded(1)).unwrap();
        let outer = Outer::open(&keys, &sealed.envelope).unwrap();
        assert_eq!(outer.header().kind, Kind::Control);
        let author = me.signing().verifying_key();
        assert_eq!(Notice::open(&outer, &author), Ok(notice));
        let another = identity(2).signing().verifying_key();
        assert_eq!(
            Notice::open(&outer, &another),
            Err(OpenError::Authentication)
        );
    }
}

#[test]
fn a_statement_travels_under_its_own_authors_name_only() {
    let statement = key(1)
        .state(4, Duration::ZERO, Command::Lock(true))
        .unwrap();
    let sealed = Notice::Statement(statement)
        .seal(&keys(1), &identity(2), &mut Rng::seeded(1))
        .unwrap();
    let outer = Outer::open(&keys(1), &sealed.envelope).unwrap();
    assert_eq!(
        Notice::open(&outer, &identity(2).signing().verifying_key()),
        Err(OpenError::Authentication)
    );
}

proptest! {
    #[test]
    fn a_statement_comes_back_as_it_was_and_holds_in_its_room_alone(
        number in any::<u32>(), at in 0..u64::MAX, command in command()
    ) {
        let stated = key(3).state(number, Duration::from_millis(at), command).unwrap();
        let mut reader = Reader::new(stated.as_bytes());
        let read = Statement::read(&mut reader).unwrap();
        prop_assert_eq!(reader.remaining(), 0);
        prop_assert!(read.verify(&room()));
        prop_assert!(!read.verify(&keys(2).room_id()));
        prop_assert_eq!(&read, &stated);
    }

    #[test]
    fn a_changed_byte_anywhere_is_noticed(command in command(), place in any::<prop::sample::Index>(), flip in 1..=255u8) {
        let mut bytes = key(3).state(7, Duration::from_secs(1), command).unwrap().as_bytes().to_vec();
        let place = place.index(bytes.len());
        bytes[place] ^= flip;
        let mut reader = Reader::new(&bytes);
        let holds = Statement::read(&mut reader).is_ok_and(|read| reader.remaining() == 0 && read.verify(&room()));
        prop_assert!(!holds);
    }

    #[test]
    fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Statement::read(&mut Reader::new(&bytes));
    }
}
