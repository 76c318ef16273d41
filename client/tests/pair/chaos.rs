//! Anything of it in any order.

use super::*;

/// What can happen between two looks at the world.
#[derive(Clone, Debug)]
enum Step {
    Say(usize),
    Up(usize),
    Down(usize),
    Cut(usize),
    Vanish(usize),
    Wake(usize),
    Reload(usize),
    Rename(usize),
    Jump(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..3usize;
    prop_oneof![
        6 => who.clone().prop_map(Step::Say),
        8 => who.clone().prop_map(Step::Up),
        8 => who.clone().prop_map(Step::Down),
        2 => who.clone().prop_map(Step::Cut),
        1 => who.clone().prop_map(Step::Vanish),
        2 => who.clone().prop_map(Step::Wake),
        1 => who.clone().prop_map(Step::Reload),
        1 => who.prop_map(Step::Rename),
        3 => (1..1_200u64).prop_map(Step::Jump),
    ]
}

fn chaos(mode: RoomMode, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut world = World::new(mode, 200);
    for name in ["0", "1", "2"] {
        world.join(name);
    }
    let mut said = [0; 3];
    for step in steps {
        match *step {
            Step::Say(who) => {
                world.say(who, &format!("{who}:{}", said[who]));
                said[who] += 1;
            }
            Step::Up(who) => drop(world.deliver_up(who)),
            Step::Down(who) => drop(world.deliver_down(who)),
            Step::Cut(who) => world.cut(who),
            Step::Vanish(who) => world.vanish(who),
            Step::Wake(who) => world.wake(who),
            Step::Reload(who) => world.reload(who),
            Step::Rename(who) => world.rename(who, &format!("{who} {}", said[who])),
            Step::Jump(milliseconds) => world.jump(Duration::from_millis(milliseconds)),
        }
    }
    world.calm();
    for (listener, member) in world.members.iter().enumerate() {
        prop_assert!(member.is_online());
        let heard = member.heard();
        for speaker in (0..3).filter(|speaker| *speaker != listener) {
            let from: Vec<_> = heard
                .iter()
                .filter(|text| text.starts_with(&format!("{speaker}:")))
                .collect();
            let expected: Vec<_> = (0..said[speaker])
                .map(|index| format!("{speaker}:{index}"))
                .collect();
            prop_assert_eq!(
                from,
                expected.iter().collect::<Vec<_>>(),
                "{} heard {}",
                listener,
                speaker
            );
        }
        let seqs: Vec<_> = member.said().iter().map(|message| message.seq).collect();
        prop_assert!(
            seqs.is_sorted_by(|one, next| one < next),
            "shown in the room's order"
        );
        prop_assert_eq!(member.people().len(), 2);
        let alarms = member.count(|event| {
            matches!(
                event,
                Event::Missing { .. }
                    | Event::Unverifiable { .. }
                    | Event::Unsupported
                    | Event::Diverged { .. }
                    | Event::GapInHistory { .. }
                    | Event::Unopened { .. }
                    | Event::NotSent { .. }
                    | Event::PersonLeft(_)
            )
        });
        prop_assert_eq!(alarms, 0, "no false alarm");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_to_connections_nothing_is_lost_doubled_or_reordered(
        steps in proptest::collection::vec(step(), 1..70),
        open in any::<bool>(),
    ) {
        chaos(if open { RoomMode::OpenHistory } else { RoomMode::ForwardSecret }, &steps)?;
    }
}
