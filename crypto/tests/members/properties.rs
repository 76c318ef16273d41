//! What holds for every order of arrival and every damage.

use std::time::Duration;

use proptest::prelude::*;

use crypto::envelope::Outer;
use crypto::identity::Identity;
use crypto::peer::PeerKey;
use crypto::seen::Seen;
use crypto::wire::RoomMode;

use super::author::{acquainted, room};
use super::forge::{Forger, Room};
use super::receiver::Receiver;
use super::rng::Frozen;

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

    /// Somebody who knows the name and has a key of its own can sign anything: no decoder may panic on it, and what
    /// is refused must leave no trace.
    #[test]
    fn anything_signed_and_sealed_is_taken_or_refused_without_a_trace(
        kind in 0..4usize, bytes in prop::collection::vec(prop_oneof![3 => 0..8u8, 1 => any::<u8>()], 260..296),
    ) {
        let here = Room::new(&[1; 64]);
        let mut forger = Forger::new(40);
        let mut receiver = Receiver::new(room(1), Identity::generate(&mut Frozen::new(2)));
        let start = [&1u16.to_be_bytes()[..], &0u32.to_be_bytes(), &[9; 32]].concat();
        let start = here.start(&forger.sid(), &start, &mut forger.rng);
        let mut parts = forger.parts();
        (parts.mode, parts.tlvs) = (1, vec![(1, start)]);
        receiver.try_receive(&forger.hello(&here, &parts)).unwrap();
        let (sid, dh) = (receiver.me.sender_id().0, receiver.me.dh_public());
        let before = receiver.state();
        let (header, body) = match kind {
            0 => {
                let header = forger.header(1, 0, 2);
                let mut text = vec![0; 296];
                text[..bytes.len()].copy_from_slice(&bytes);
                text[1..33].copy_from_slice(forger.signing.verifying_key().as_bytes());
                // Half of the inputs get as far as the TLVs.
                if bytes[0] % 2 == 0 {
                    text[33..65].copy_from_slice(&forger.dh_public());
                    text[65..69].copy_from_slice(&2u32.to_be_bytes());
                    text[77..80].copy_from_slice(&[0, 0, 0]);
                }
                let body = forger.signed(&here.id, &header, &[], text);
                (header, body)
            }
            1 => {
                let header = forger.header(2, 1, 0);
                let mut text = vec![0; 280];
                let length = bytes.len().min(280);
                text[..length].copy_from_slice(&bytes[..length]);
                text[..3].copy_from_slice(&[0, 0, bytes[0] / 4]);
                let text = forger.signed(&here.id, &header, &[], text);
                let body = Forger::sealed(Forger::message_key([9; 32], 0), &here.id, &header, &text);
                (header, body)
            }
            2 => {
                let header = forger.header(3, 0, 0);
                let body = forger.pairwise_body(&here, &header, (&sid, &dh), &sid, &bytes[..200]);
                (header, body)
            }
            _ => {
                let mut body = bytes.clone();
                body.resize(360, 0);
                (forger.header(1 + bytes[0] % 5, u16::from(bytes[1] % 2), u32::from(bytes[2])), body)
            }
        };
        let verdict = receiver.receive(&here.wrap(&header, &body, &mut forger.rng));
        if verdict.starts_with("refused") || verdict == "for others" {
            prop_assert_eq!(receiver.state(), before);
        }
    }

    #[test]
    fn saved_state_of_any_content_does_not_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..600), place in any::<prop::sample::Index>(), value in any::<u8>(),
    ) {
        let _ = PeerKey::thaw(&bytes, Duration::ZERO);
        let _ = Seen::thaw(&bytes);
        let (mut author, mut receiver, _) = acquainted(RoomMode::ForwardSecret);
        author.say("skipped");
        receiver.receive(&author.say("x").envelope);
        let mut frozen = receiver.state().remove(0);
        let place = place.index(frozen.len());
        frozen[place] = value;
        if let Ok(mut peer) = PeerKey::thaw(&frozen, Duration::ZERO) {
            let sealed = author.say("y");
            let outer = Outer::open(&author.keys, &sealed.envelope).unwrap();
            let _ = peer.open(&outer, Duration::ZERO);
            peer.expire(Duration::from_secs(600));
        }
    }
}
