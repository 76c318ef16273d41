//! Chains over time: when they end, how they are handed out, and what a reload of the tab keeps.

use std::time::Duration;

use crypto::envelope::SealError;
use crypto::peer::{KEPT, PeerKey};
use crypto::sender::{EPOCH_LIFETIME, EPOCH_MESSAGES, OPEN_EPOCH_MESSAGES, SenderKey};
use crypto::wire::RoomMode::{ForwardSecret, OpenHistory};

use super::author::{Author, acquainted, room};
use super::receiver::Receiver;
use super::rng::Frozen;

fn message(text: &str) -> String {
    format!("message at=1767323045678 {text}")
}

#[test]
fn an_epoch_ends_when_somebody_leaves_with_age_and_with_use() {
    let mut rng = Frozen::new(1);
    let mut chain = SenderKey::new(ForwardSecret, Duration::ZERO, &mut rng);
    assert!(!chain.needs_new_epoch(EPOCH_LIFETIME - Duration::from_millis(1)));
    assert!(chain.needs_new_epoch(EPOCH_LIFETIME));
    chain.member_left();
    assert!(chain.needs_new_epoch(Duration::ZERO));
    chain.start_epoch(EPOCH_LIFETIME, &mut rng).unwrap();
    assert!(!chain.needs_new_epoch(EPOCH_LIFETIME));
    assert_eq!(chain.epoch().0, 2);
}

#[test]
fn a_spent_epoch_seals_nothing_more() {
    for (mode, limit) in [
        (ForwardSecret, EPOCH_MESSAGES),
        (OpenHistory, OPEN_EPOCH_MESSAGES),
    ] {
        let mut author = Author::new(&room(1), mode, 1);
        for _ in 0..limit {
            assert!(!author.chain.needs_new_epoch(Duration::ZERO));
            author.say("x");
        }
        assert!(author.chain.needs_new_epoch(Duration::ZERO));
        assert_eq!(author.try_say("x").unwrap_err(), SealError::EpochSpent);
        author.next_epoch();
        assert_eq!(author.say("x").header.generation.0, 0);
    }
}

#[test]
fn in_an_open_room_nobody_leaving_matters() {
    let mut chain = SenderKey::new(OpenHistory, Duration::ZERO, &mut Frozen::new(1));
    chain.member_left();
    assert!(!chain.needs_new_epoch(Duration::ZERO));
}

#[test]
fn a_newcomer_to_a_forward_secret_room_reads_nothing_earlier() {
    let (mut author, mut receiver, _) = acquainted(ForwardSecret);
    let early = author.say("before");
    assert_eq!(receiver.receive(&early.envelope), message("before"));
    let mut newcomer = Receiver::new(
        room(1),
        crypto::identity::Identity::generate(&mut Frozen::new(9)),
    );
    let peer = author.knows(&mut newcomer, 10);
    newcomer.receive(&author.hello().envelope);
    assert_eq!(newcomer.receive(&early.envelope), "refused NoKey");
    let announced = author.announce(&[&peer]);
    assert_eq!(
        newcomer.receive(&announced.envelope),
        "chain epoch=1 generation=1"
    );
    assert_eq!(newcomer.receive(&early.envelope), "refused BeforeStart");
    assert_eq!(
        newcomer.receive(&author.say("after").envelope),
        message("after")
    );
    assert_eq!(receiver.receive(&announced.envelope), "for others");
}

#[test]
fn a_newcomer_to_an_open_room_reads_what_the_ring_holds_and_counts_nothing_as_missing() {
    let (mut author, _, _) = acquainted(OpenHistory);
    let hello = author.hello();
    let said: Vec<_> = (0..OPEN_EPOCH_MESSAGES).map(|_| author.say("x")).collect();
    let mut newcomer = Receiver::new(
        room(1),
        crypto::identity::Identity::generate(&mut Frozen::new(9)),
    );
    newcomer.receive(&hello.envelope);
    for sealed in said.iter().rev().take(35).rev() {
        assert_eq!(newcomer.receive(&sealed.envelope), message("x"));
    }
    let peer = newcomer.peers.values_mut().next().unwrap();
    assert_eq!((peer.awaited(), peer.expire(KEPT)), (0, 0));
}

#[test]
fn late_messages_of_the_last_epoch_open_for_five_minutes() {
    // What an open-history room's first chain skips may have left the ring: not missing.
    for (mode, missing) in [(ForwardSecret, 1), (OpenHistory, 0)] {
        let (mut author, mut receiver, peer) = acquainted(mode);
        let late: Vec<_> = (0..3).map(|_| author.say("late")).collect();
        author.next_epoch();
        let opening = if mode == ForwardSecret {
            author.announce(&[&peer])
        } else {
            author.hello()
        };
        receiver.try_receive(&opening.envelope).unwrap();
        assert_eq!(
            receiver.receive(&author.say("new").envelope),
            message("new")
        );
        assert_eq!(receiver.receive(&late[1].envelope), message("late"));
        assert_eq!(
            receiver.peers.values().next().unwrap().deadline(),
            Some(KEPT)
        );
        receiver.now = KEPT;
        assert_eq!(
            receiver.receive(&late[0].envelope),
            "refused Replayed",
            "its key's time is over"
        );
        assert_eq!(
            receiver.peers.values_mut().next().unwrap().expire(KEPT),
            missing
        );
        assert_eq!(receiver.receive(&late[2].envelope), "refused Replayed");
        assert_eq!(receiver.receive(&author.say("on").envelope), message("on"));
    }
}

#[test]
fn missing_messages_are_counted_once() {
    let (mut author, mut receiver, _) = acquainted(ForwardSecret);
    let said: Vec<_> = (0..10).map(|_| author.say("x")).collect();
    receiver.receive(&said[9].envelope);
    receiver.receive(&said[4].envelope);
    let peer = receiver.peers.values_mut().next().unwrap();
    assert_eq!(peer.awaited(), 8);
    assert_eq!(peer.expire(KEPT - Duration::from_millis(1)), 0);
    assert_eq!(peer.expire(KEPT), 8);
    assert_eq!(peer.expire(KEPT), 0);
    assert_eq!(peer.awaited(), 0);
}

#[test]
fn an_announcement_bridges_a_gap_that_the_window_cannot() {
    let (mut author, mut receiver, peer) = acquainted(ForwardSecret);
    for _ in 0..300 {
        author.say("unheard");
    }
    let beyond = author.say("beyond");
    assert_eq!(receiver.receive(&beyond.envelope), "refused TooFarAhead");
    assert_eq!(
        receiver.receive(&author.announce(&[&peer]).envelope),
        "chain epoch=1 generation=301"
    );
    assert_eq!(
        receiver.receive(&author.say("again").envelope),
        message("again")
    );
    assert_eq!(
        receiver
            .peers
            .values_mut()
            .next()
            .unwrap()
            .expire(Duration::ZERO),
        301
    );
}

#[test]
fn a_repeated_announcement_gives_no_used_key_back() {
    let (mut author, mut receiver, peer) = acquainted(ForwardSecret);
    let again = author.announce(&[&peer]);
    let said = author.say("once");
    assert_eq!(receiver.receive(&said.envelope), message("once"));
    assert_eq!(
        receiver.receive(&again.envelope),
        "chain epoch=1 generation=0"
    );
    assert_eq!(receiver.receive(&said.envelope), "refused Replayed");
    assert_eq!(receiver.receive(&again.envelope), "refused Replayed");
}

#[test]
fn an_epoch_that_was_pushed_out_does_not_come_back() {
    let (mut author, mut receiver, peer) = acquainted(ForwardSecret);
    let old = author.say("old");
    let announced = author.announce(&[&peer]);
    receiver.receive(&old.envelope);
    for _ in 0..4 {
        author.next_epoch();
        receiver
            .try_receive(&author.announce(&[&peer]).envelope)
            .unwrap();
    }
    receiver.receive(&announced.envelope);
    assert_eq!(receiver.receive(&old.envelope), "refused Replayed");
}

#[test]
fn announcements_in_one_envelope_reach_each_recipient_and_nobody_twice() {
    let keys = room(1);
    let mut author = Author::new(&keys, ForwardSecret, 1);
    let hello = author.hello();
    let mut receivers: Vec<_> = (0..64)
        .map(|seed| {
            Receiver::new(
                keys.clone(),
                crypto::identity::Identity::generate(&mut Frozen::new(100 + seed)),
            )
        })
        .collect();
    let peers: Vec<PeerKey> = receivers
        .iter_mut()
        .map(|receiver| author.knows(receiver, 5))
        .collect();
    let to: Vec<_> = peers.iter().take(63).collect();
    let bundle = author.announce(&to);
    let said = author.say("all");
    for (index, receiver) in receivers.iter_mut().enumerate() {
        receiver.receive(&hello.envelope);
        let expected = if index < 63 {
            "chain epoch=1 generation=0"
        } else {
            "for others"
        };
        assert_eq!(receiver.receive(&bundle.envelope), expected);
        let expected = if index < 63 {
            message("all")
        } else {
            "refused NoKey".to_owned()
        };
        assert_eq!(receiver.receive(&said.envelope), expected);
    }
    let twice = [to[0], to[1], to[0]];
    let refused = author
        .chain
        .announce(&keys, &author.me, &twice, Duration::ZERO, &mut author.rng);
    assert_eq!(refused.unwrap_err(), SealError::Recipients);
    let refused = author
        .chain
        .announce(&keys, &author.me, &[], Duration::ZERO, &mut author.rng);
    assert_eq!(refused.unwrap_err(), SealError::Recipients);
}

#[test]
fn a_reloaded_tab_goes_on_listening_and_replays_stay_refused() {
    for mode in [ForwardSecret, OpenHistory] {
        let (mut author, mut receiver, peer) = acquainted(mode);
        let said: Vec<_> = (0..5)
            .map(|number| author.say(&number.to_string()))
            .collect();
        let private = author.whisper(&peer, "secret");
        for sealed in [&said[0], &said[3], &private] {
            receiver.try_receive(&sealed.envelope).unwrap();
        }
        receiver.now = Duration::from_secs(100);
        let mut reloaded = Receiver::new(
            room(1),
            crypto::identity::Identity::thaw(&receiver.me.freeze()),
        );
        // The clock restarts with the tab; what is left of a skipped key's time goes on.
        for peer in receiver.peers.values() {
            let peer = PeerKey::thaw(&peer.freeze(receiver.now), Duration::ZERO).unwrap();
            reloaded.peers.insert(peer.sender_id(), peer);
        }
        assert_eq!(
            reloaded.peers.values().next().unwrap().deadline(),
            Some(KEPT - receiver.now)
        );
        for used in [&said[0], &said[3], &private] {
            assert_eq!(reloaded.receive(&used.envelope), "refused Replayed");
        }
        for new in [1, 2, 4] {
            assert_eq!(
                reloaded.receive(&said[new].envelope),
                message(&new.to_string())
            );
        }
    }
}

#[test]
fn a_reloaded_author_starts_an_epoch_that_others_take() {
    let (mut author, mut receiver, peer) = acquainted(ForwardSecret);
    let frozen = author.chain.freeze();
    // Said after the state was saved: the reloaded tab knows nothing of it.
    author.next_epoch();
    receiver
        .try_receive(&author.announce(&[&peer]).envelope)
        .unwrap();
    assert_eq!(
        receiver.receive(&author.say("unsaved").envelope),
        message("unsaved")
    );
    author.chain = SenderKey::thaw(&frozen, Duration::ZERO, &mut author.rng).unwrap();
    let announced = author.announce(&[&peer]);
    assert!(
        receiver
            .receive(&announced.envelope)
            .starts_with("chain epoch=17")
    );
    assert_eq!(
        receiver.receive(&author.say("back").envelope),
        message("back")
    );
}

#[test]
fn saved_state_that_was_cut_or_lengthened_is_refused() {
    let (mut author, mut receiver, _) = acquainted(ForwardSecret);
    let said: Vec<_> = (0..3).map(|_| author.say("x")).collect();
    receiver.receive(&said[2].envelope);
    let frozen = receiver.state().remove(0);
    for length in 0..frozen.len() {
        // A cut exactly between epochs is a shorter list; everything else is noticed.
        if let Ok(peer) = PeerKey::thaw(&frozen[..length], Duration::ZERO) {
            assert!(!peer.has_chain());
        }
    }
    assert!(PeerKey::thaw(&[frozen.as_slice(), &[0]].concat(), Duration::ZERO).is_err());
}
