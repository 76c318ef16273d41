//! A relay that shows members different conversations.

use super::*;

#[test]
fn members_who_are_shown_different_conversations_are_told() {
    for mode in BOTH {
        let mut world = two(mode);
        world.join("Cy");
        for index in 0..12 {
            world.say(index % 3, &format!("{index}"));
            world.settle();
        }
        let alarms = |world: &World| -> usize {
            world
                .members
                .iter()
                .map(|member| member.count(|event| matches!(event, Event::Diverged { .. })))
                .sum()
        };
        assert_eq!(alarms(&world), 0);
        // From now on Bo never gets anything of Ann's.
        let bo = line(&world, 1);
        let ann = Rc::new(RefCell::new(None));
        let seat = world
            .relay
            .lines_of(room(&world))
            .into_iter()
            .find(|(line, _)| *line == world.members[0].line.unwrap());
        *ann.borrow_mut() = seat.map(|(_, member)| member);
        world.relay.tamper = Some(Box::new(move |line, frame| match frame {
            RelayToClient::Delivered { from, .. } if line == bo && Some(from) == *ann.borrow() => {
                Vec::new()
            }
            other => vec![other],
        }));
        for index in 0..18 {
            world.say(index % 3, &format!("split {index}"));
            world.settle();
        }
        assert!(alarms(&world) > 0, "nobody noticed");
    }
}

/// Three people, eighteen messages, and a relay that keeps Ann's from Bo and lies about numbers. How many alarms.
fn alarms_of_a_split(
    mode: RoomMode,
    mut lie: impl FnMut(RelayToClient) -> RelayToClient + 'static,
) -> usize {
    let mut world = World::new(mode, 35);
    let is_split = Rc::new(RefCell::new(None));
    let split = Rc::clone(&is_split);
    world.relay.tamper = Some(Box::new(move |line, frame| match frame {
        RelayToClient::Delivered { from, .. } if Some((line, from)) == *split.borrow() => {
            Vec::new()
        }
        other => vec![lie(other)],
    }));
    for name in ["Ann", "Bo", "Cy"] {
        world.join(name);
    }
    let alarms = |world: &World| -> usize {
        let diverged = |event: &Event| matches!(event, Event::Diverged { .. });
        world
            .members
            .iter()
            .map(|member| member.count(diverged))
            .sum()
    };
    for index in 0..12 {
        world.say(index % 3, &format!("{index}"));
        world.settle();
    }
    assert_eq!(alarms(&world), 0, "an alarm without a cause");
    let (ann, bo) = (line(&world, 0), line(&world, 1));
    let seats = world.relay.lines_of(room(&world));
    let seat = seats.iter().find(|(line, _)| *line == ann).unwrap().1;
    *is_split.borrow_mut() = Some((bo, seat));
    for index in 0..18 {
        world.say(index % 3, &format!("split {index}"));
        world.settle();
    }
    alarms(&world)
}

#[test]
fn a_relay_that_names_an_endless_head_does_not_silence_the_alarm() {
    for mode in BOTH {
        let alarms = alarms_of_a_split(mode, |frame| match frame {
            RelayToClient::CaughtUp { .. } => RelayToClient::CaughtUp {
                head: Seq(u64::MAX),
            },
            other => other,
        });
        assert!(alarms > 0, "nobody noticed");
    }
}

#[test]
fn a_relay_that_counts_downwards_does_not_silence_the_alarm() {
    for mode in BOTH {
        let mut next = u64::MAX;
        let alarms = alarms_of_a_split(mode, move |frame| match frame {
            RelayToClient::Delivered {
                from,
                replayed,
                envelope,
                ..
            } => {
                next -= 1;
                RelayToClient::Delivered {
                    seq: Seq(next),
                    from,
                    replayed,
                    envelope,
                }
            }
            RelayToClient::Accepted { local, .. } => {
                next -= 1;
                RelayToClient::Accepted {
                    local,
                    seq: Seq(next),
                }
            }
            other => other,
        });
        assert!(alarms > 0, "nobody noticed");
    }
}
