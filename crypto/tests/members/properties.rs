//! What holds for every order of arrival and every damage.

use std::time::Duration;

use proptest::prelude::*;

use crypto::wire::RoomMode;

use super::author::acquainted;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn order_of_arrival_never_matters_within_the_window(
        order in Just((0..60usize).collect::<Vec<_>>()).prop_shuffle(),
        twice in prop::collection::vec(0..60usize, 0..20),
    ) {
        let (mut author, mut receiver, _) = acquainted(RoomMode::ForwardSecret);
        let said: Vec<_> = (0..60).map(|number| author.say(&format!("number {number}"))).collect();
        for number in &order {
            prop_assert_eq!(
                receiver.receive(&said[*number].envelope),
                format!("message at=1767323045678 number {number}")
            );
        }
        for number in twice {
            prop_assert_eq!(receiver.receive(&said[number].envelope), "refused Replayed");
        }
        let peer = receiver.peers.values_mut().next().unwrap();
        prop_assert_eq!(peer.awaited(), 0);
        prop_assert_eq!(peer.expire(Duration::from_secs(600)), 0);
    }

    #[test]
    fn what_arrives_is_opened_once_and_the_rest_is_counted(
        arrivals in prop::collection::vec(0..300usize, 1..80),
    ) {
        let (mut author, mut receiver, _) = acquainted(RoomMode::ForwardSecret);
        let said: Vec<_> = (0..300).map(|_| author.say("x")).collect();
        let (mut opened, mut highest) = (std::collections::BTreeSet::new(), None);
        for number in arrivals {
            let verdict = receiver.receive(&said[number].envelope);
            let ahead = number + 1 - highest.map_or(0, |highest: usize| (highest + 1).min(number + 1));
            if opened.contains(&number) {
                prop_assert_eq!(verdict, "refused Replayed");
            } else if ahead > 257 {
                prop_assert_eq!(verdict, "refused TooFarAhead");
            } else if verdict.starts_with("message") {
                opened.insert(number);
                highest = highest.max(Some(number));
            } else {
                // Pushed out of the 256 keys that are kept.
                prop_assert_eq!(verdict, "refused Replayed");
                prop_assert!(highest.is_some_and(|highest| highest > number + 40));
            }
        }
        let peer = receiver.peers.values_mut().next().unwrap();
        let missing = peer.expire(Duration::from_secs(600)) as usize;
        prop_assert_eq!(missing + opened.len(), highest.map_or(0, |highest| highest + 1));
    }

    #[test]
    fn private_envelopes_are_taken_once_in_any_order(
        order in Just((0..40usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let (mut author, mut receiver, peer) = acquainted(RoomMode::ForwardSecret);
        let said: Vec<_> = (0..40).map(|_| author.whisper(&peer, "psst")).collect();
        for number in &order {
            prop_assert!(receiver.receive(&said[*number].envelope).starts_with("private"));
            prop_assert_eq!(receiver.receive(&said[*number].envelope), "refused Replayed");
        }
    }

    #[test]
    fn damage_anywhere_is_refused_and_changes_nothing(
        kind in 0..3usize, place in any::<prop::sample::Index>(), bit in 0..8u32, cut in any::<bool>(),
    ) {
        let (mut author, mut receiver, peer) = acquainted(RoomMode::ForwardSecret);
        receiver.receive(&author.say("first").envelope);
        author.say("skipped");
        let sealed = match kind {
            0 => author.hello(),
            1 => author.say("third"),
            _ => author.whisper(&peer, "fourth"),
        };
        let before = receiver.state();
        let mut damaged = sealed.envelope.clone();
        let place = place.index(damaged.len());
        if cut { damaged.truncate(place) } else { damaged[place] ^= 1 << bit }
        prop_assert_eq!(receiver.receive(&damaged), "refused Authentication");
        prop_assert_eq!(receiver.state(), before);
        prop_assert!(!receiver.receive(&sealed.envelope).starts_with("refused"));
    }

    #[test]
    fn arbitrary_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let (_, mut receiver, _) = acquainted(RoomMode::ForwardSecret);
        prop_assert_eq!(receiver.receive(&bytes), "refused Authentication");
    }
}
