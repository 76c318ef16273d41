//! All lies in any order.

use super::*;

/// What a lying relay does with one frame.
#[derive(Clone, Copy, Debug)]
enum Lie {
    Pass,
    Drop,
    Twice,
    Hold,
    Release,
    Relabel,
    Flip,
    Truncate,
    OldOne,
}

fn lie() -> impl Strategy<Value = Lie> {
    prop_oneof![
        10 => Just(Lie::Pass),
        1 => Just(Lie::Drop),
        1 => Just(Lie::Twice),
        1 => Just(Lie::Hold),
        2 => Just(Lie::Release),
        1 => Just(Lie::Relabel),
        1 => Just(Lie::Flip),
        1 => Just(Lie::Truncate),
        1 => Just(Lie::OldOne),
    ]
}

fn lying(lies: Vec<Lie>) -> support::relay::Tamper {
    let mut turn = 0;
    let mut held: Vec<(Line, RelayToClient)> = Vec::new();
    let mut old: Vec<Vec<u8>> = Vec::new();
    Box::new(move |line, frame| {
        let RelayToClient::Delivered {
            seq,
            from,
            replayed,
            envelope,
        } = frame
        else {
            return vec![frame];
        };
        turn += 1;
        old.push(envelope.clone());
        let again = |envelope| RelayToClient::Delivered {
            seq,
            from,
            replayed,
            envelope,
        };
        match lies[turn % lies.len()] {
            Lie::Pass => vec![again(envelope)],
            Lie::Drop => Vec::new(),
            Lie::Twice => vec![again(envelope.clone()), again(envelope)],
            Lie::Hold => {
                held.push((line, again(envelope)));
                Vec::new()
            }
            Lie::Release => {
                let mut out = vec![again(envelope)];
                out.extend(held.drain(..).rev().map(|(_, frame)| frame));
                out
            }
            Lie::Relabel => {
                vec![RelayToClient::Delivered {
                    seq: Seq(seq.0 / 2),
                    from: MemberId([1; 16]),
                    replayed: true,
                    envelope,
                }]
            }
            Lie::Flip => {
                let mut envelope = envelope;
                let at = turn * 131 % envelope.len();
                envelope[at] ^= 0x10;
                vec![again(envelope)]
            }
            Lie::Truncate => vec![again(envelope[..envelope.len() * (turn % 7) / 7].to_vec())],
            Lie::OldOne => {
                let older = old[turn * 7 % old.len()].clone();
                vec![again(older), again(envelope)]
            }
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_relay_does_only_what_was_said_is_shown_and_only_once(
        lies in proptest::collection::vec(lie(), 5..60),
        open in any::<bool>(),
        reloads in any::<bool>(),
    ) {
        let mut world = World::new(if open { RoomMode::OpenHistory } else { RoomMode::ForwardSecret }, 35);
        for name in ["0", "1", "2"] {
            world.join(name);
        }
        // In the first moments what crosses an arrival is lost without a word, and in an open room nobody can tell
        // what the relay withholds of a sender from what its ring has dropped, until that sender has been heard once.
        let mut said = Vec::new();
        for who in 0..3 {
            let text = format!("{who}:first");
            world.say(who, &text);
            said.push(text);
        }
        world.pass(Duration::from_secs(15));
        world.relay.tamper = Some(lying(lies));
        for index in 0..24 {
            let who = index % 3;
            let text = format!("{who}:{index}");
            world.say(who, &text);
            said.push(text);
            world.settle();
            if reloads && index == 12 {
                world.reload(1);
                world.settle();
            }
        }
        // Nobody can miss what nothing follows: one honest round, and the time after which gaps count.
        world.relay.tamper = None;
        for who in 0..3 {
            let text = format!("{who}:last");
            world.say(who, &text);
            said.push(text);
            world.settle();
        }
        world.pass(Duration::from_secs(320));
        for (listener, member) in world.members.iter().enumerate() {
            let heard = member.heard();
            let mut once = heard.clone();
            once.sort();
            once.dedup();
            prop_assert_eq!(once.len(), heard.len(), "shown twice");
            for message in member.said() {
                let text = support::world::text(&message.body);
                prop_assert!(said.contains(&text), "shown but never said: {}", text);
                let author: usize = text.split(':').next().unwrap().parse().unwrap();
                prop_assert_eq!(message.from, world.sid(author));
                prop_assert!(author != listener);
            }
            let expected = said.iter().filter(|text| !text.starts_with(&format!("{listener}:"))).count();
            let reported = member.count(|event| {
                matches!(event, Event::Missing { .. } | Event::Unopened { .. } | Event::Unverifiable { .. } | Event::Diverged { .. })
            });
            prop_assert!(heard.len() == expected || reported > 0, "a gap went unreported");
        }
    }
}
