//! What is done to whom and when: a list that follows from the seed.

use std::time::Duration;

use crate::dice::Dice;
use crate::line::Weather;

/// One thing that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Somebody's connection breaks, perhaps in the middle of what is being sent.
    Cut { who: usize, mid_frame: bool },
    /// Somebody's present connection has this weather from now on.
    Weather { who: usize, weather: Weather },
    /// Somebody has no network for a while.
    Absence { who: usize, lasts: Duration },
    /// Somebody's tab is reloaded, which takes a while.
    Reload { who: usize, takes: Duration },
    /// The relay is killed.
    Kill,
    /// The relay is started again.
    Start,
}

/// How often what happens, on average, in milliseconds.
const CUT: u64 = 2_000;
const HALF_OPEN: u64 = 9_000;
const STALL: u64 = 5_000;
const DELAY: u64 = 3_000;
const RELOAD: u64 = 6_000;
const ABSENCE: u64 = 25_000;
const KILL: u64 = 45_000;
/// However short it is, the relay is killed this often.
const FEWEST_KILLS: u64 = 2;

/// Everything that happens to `people` members in `lasts`, in order.
pub(crate) fn write(people: usize, lasts: Duration, dice: &mut Dice) -> Vec<(Duration, Deed)> {
    let end = u64::try_from(lasts.as_millis()).unwrap_or(u64::MAX);
    let mut script = Vec::new();
    let mut every = |period: u64, dice: &mut Dice, deed: &dyn Fn(&mut Dice) -> Deed| {
        let mut at = dice.between(0, period);
        while at < end {
            script.push((Duration::from_millis(at), deed(dice)));
            at += dice.between(period / 2, period + period / 2);
        }
    };
    every(CUT, dice, &|dice| Deed::Cut {
        who: dice.index(people),
        mid_frame: dice.percent(40),
    });
    every(HALF_OPEN, dice, &|dice| Deed::Weather {
        who: dice.index(people),
        weather: match dice.index(3) {
            0 => Weather::held(true, false),
            1 => Weather::held(false, true),
            _ => Weather::held(true, true),
        },
    });
    every(STALL, dice, &|dice| Deed::Weather {
        who: dice.index(people),
        weather: Weather::held(true, true).until(Duration::from_millis(dice.between(500, 9_000))),
    });
    every(DELAY, dice, &|dice| Deed::Weather {
        who: dice.index(people),
        weather: Weather::delayed(Duration::from_millis(dice.between(20, 1_500))),
    });
    every(RELOAD, dice, &|dice| Deed::Reload {
        who: dice.index(people),
        takes: Duration::from_millis(dice.between(50, 4_000)),
    });
    every(ABSENCE, dice, &|dice| Deed::Absence {
        who: dice.index(people),
        lasts: Duration::from_millis(dice.between(3_000, 100_000)).min(lasts / 3),
    });
    let kills = (end / KILL).max(FEWEST_KILLS);
    for kill in 0..kills {
        // Evenly spread: between two lives there is time for seats to be taken again.
        let slot = end / kills;
        let at = kill * slot + dice.between(slot / 4, slot / 2);
        let down = dice.between(100, 3_000);
        script.push((Duration::from_millis(at), Deed::Kill));
        script.push((Duration::from_millis(at + down), Deed::Start));
    }
    script.sort_by_key(|(at, _)| *at);
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    const LASTS: Duration = Duration::from_secs(20);

    fn deeds(seed: u64) -> Vec<(Duration, Deed)> {
        write(20, LASTS, &mut Dice::new(seed))
    }

    #[test]
    fn the_same_seed_is_the_same_script() {
        assert_eq!(deeds(1), deeds(1));
        assert_ne!(deeds(1), deeds(2));
    }

    #[test]
    fn even_the_short_form_does_everything_and_starts_the_relay_as_often_as_it_kills_it() {
        for seed in 0..50 {
            let script = deeds(seed);
            let count = |is: fn(&Deed) -> bool| script.iter().filter(|(_, deed)| is(deed)).count();
            let kills = count(|deed| *deed == Deed::Kill);
            assert_eq!(kills, 2);
            assert_eq!(count(|deed| *deed == Deed::Start), kills);
            assert!(count(|deed| matches!(deed, Deed::Cut { .. })) >= 6);
            assert!(count(|deed| matches!(deed, Deed::Weather { .. })) >= 6);
            assert!(count(|deed| matches!(deed, Deed::Reload { .. })) >= 2);
            let mut is_up = true;
            for (_, deed) in &script {
                match deed {
                    Deed::Kill => assert!(std::mem::replace(&mut is_up, false)),
                    Deed::Start => assert!(!std::mem::replace(&mut is_up, true)),
                    _ => {}
                }
            }
        }
    }
}
