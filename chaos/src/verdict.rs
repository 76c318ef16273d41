//! The comparison: for every listener and every speaker of a room, is what was heard what was said?
//!
//! Everybody stays a member from the beginning to the end, so what counts is all that the relay took. One thing is set
//! apart. Whoever is out of reach while the relay is killed, and for longer than the others wait for them, cannot be told
//! what was said before they had a new seat and what is in no history; the client says so with a gap. What is missing from
//! a speaker's numbers counts as *said while away* only where it is one run between the last that was heard before such
//! a gap and the first that was heard after it, and where the listener had heard nothing of anybody for a while: a gap that
//! is told to somebody who was there excuses nothing. Words that come late and are put into the gap, each with its mark, do
//! not end it. Everything else that is missing is lost.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use client::NotSent;

use crate::diary::{Diary, Fate, Heard};

/// Whoever has heard nothing for this long was out of reach: rooms are never silent for so long by themselves.
const OUT_OF_REACH: Duration = Duration::from_secs(3);

/// What the diaries come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Taken by the relay and never heard by somebody who should have.
    pub lost: usize,
    /// Heard more than once.
    pub doubled: usize,
    /// Heard after something that was said later.
    pub reordered: usize,
    /// Not heard by somebody whose client said that there is a gap, and where.
    pub said_while_away: usize,
    /// Private words to somebody who was away, of which the author was told that they were not sent.
    pub not_sent: usize,
    /// Things that were said.
    pub messages: usize,
    /// Things that were heard.
    pub deliveries: usize,
    /// Lines that frighten although nobody here lies: a false alarm each.
    pub alarms: Vec<String>,
    /// Each that is lost, doubled, reordered or stuck, as a line for a person.
    pub findings: Vec<String>,
}

impl Verdict {
    /// Nothing is lost, doubled, reordered or otherwise wrong, and nobody was frightened.
    pub fn is_good(&self) -> bool {
        self.findings.is_empty()
            && self.alarms.is_empty()
            && self.lost + self.doubled + self.reordered == 0
    }

    /// Takes in what another room came to.
    pub(crate) fn add(&mut self, other: Self) {
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.reordered += other.reordered;
        self.said_while_away += other.said_while_away;
        self.not_sent += other.not_sent;
        self.messages += other.messages;
        self.deliveries += other.deliveries;
        self.alarms.extend(other.alarms);
        self.findings.extend(other.findings);
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "lost={} doubled={} reordered={} alarms={}",
            self.lost,
            self.doubled,
            self.reordered,
            self.alarms.len()
        )
    }
}

/// Compares the diaries of those who sat in one room; `names[i]` is whose the `i`th is.
pub(crate) fn judge(diaries: &[(usize, &Diary)]) -> Verdict {
    let mut verdict = Verdict::default();
    for (speaker, theirs) in diaries {
        verdict.messages += theirs.said.len();
        for (number, said) in theirs.said.iter().enumerate() {
            match said.fate {
                Fate::Sent => {}
                Fate::NotSent(NotSent::Absent) => verdict.not_sent += 1,
                stuck => verdict
                    .findings
                    .push(format!("{speaker} said {number}: {stuck:?} at the end")),
            }
        }
        for (listener, ours) in diaries.iter().filter(|(who, _)| who != speaker) {
            compare((*speaker, theirs), (*listener, ours), &mut verdict);
        }
    }
    for (listener, diary) in diaries {
        for heard in &diary.heard {
            if let Heard::Alarm(alarm) = heard {
                verdict
                    .alarms
                    .push(format!("{listener} was told: {alarm:?}"));
            }
        }
    }
    verdict
}

/// What one listener heard of one speaker.
fn compare(
    (speaker, theirs): (usize, &Diary),
    (listener, ours): (usize, &Diary),
    verdict: &mut Verdict,
) {
    let is_for_them = |number: usize| {
        theirs
            .said
            .get(number)
            .is_some_and(|said| said.to.is_none_or(|to| to == listener))
    };
    let mut missing: BTreeSet<usize> = (0..theirs.said.len())
        .filter(|number| {
            is_for_them(*number)
                && theirs
                    .said
                    .get(*number)
                    .is_some_and(|said| said.fate == Fate::Sent)
        })
        .collect();
    // From here on, up to the next that is heard, what is missing lies in a gap.
    let mut gaps: Vec<(usize, Option<usize>)> = Vec::new();
    let mut newest: Option<usize> = None;
    let mut seen = BTreeSet::new();
    for heard in &ours.heard {
        match heard {
            Heard::Gap(silence) if *silence >= OUT_OF_REACH => {
                gaps.push((newest.map_or(0, |newest| newest + 1), None));
            }
            Heard::Words {
                from, number, late, ..
            } if *from == speaker => {
                verdict.deliveries += 1;
                missing.remove(number);
                // What is filled in later stands in the gap and does not end it.
                for (_, end) in gaps.iter_mut().filter(|(_, end)| end.is_none() && !late) {
                    *end = Some(*number);
                }
                let wrong = if !seen.insert(*number) {
                    verdict.doubled += 1;
                    "again"
                } else if newest.is_some_and(|newest| *number < newest) {
                    verdict.reordered += 1;
                    "too late"
                } else if !is_for_them(*number) {
                    "although it is not for them"
                } else {
                    newest = Some(*number);
                    continue;
                };
                verdict
                    .findings
                    .push(format!("{listener} heard {number} of {speaker} {wrong}"));
            }
            _ => {}
        }
    }
    let lies_in_gap = |number: usize| {
        gaps.iter()
            .any(|(from, end)| number >= *from && end.is_none_or(|end| number < end))
    };
    for number in missing {
        if lies_in_gap(number) {
            verdict.said_while_away += 1;
        } else {
            verdict.lost += 1;
            verdict
                .findings
                .push(format!("{listener} never heard {number} of {speaker}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use client::MessageId;
    use crypto::wire::{Epoch, Generation, SenderId};

    use super::*;
    use crate::diary::Said;

    const GAP: Heard = Heard::Gap(OUT_OF_REACH);

    fn spoke(fates: &[Fate]) -> Diary {
        let said = fates.iter().map(|fate| Said {
            to: None,
            fate: *fate,
        });
        Diary {
            said: said.collect(),
            heard: Vec::new(),
        }
    }

    fn hears(heard: &[Heard]) -> Diary {
        Diary {
            said: Vec::new(),
            heard: heard.to_vec(),
        }
    }

    fn of(number: usize) -> Heard {
        let id = MessageId {
            sid: SenderId([0; 16]),
            epoch: Epoch(1),
            generation: Generation(number as u32),
        };
        Heard::Words {
            from: 0,
            number,
            id,
            late: false,
        }
    }

    /// The same, after newer ones.
    fn late(number: usize) -> Heard {
        match of(number) {
            Heard::Words {
                from, number, id, ..
            } => Heard::Words {
                from,
                number,
                id,
                late: true,
            },
            other => other,
        }
    }

    fn verdict(said: &Diary, heard: &[Heard]) -> Verdict {
        judge(&[(0, said), (1, &hears(heard))])
    }

    #[test]
    fn everything_once_and_in_order_is_good() {
        let said = spoke(&[Fate::Sent; 3]);
        let good = verdict(&said, &[of(0), of(1), of(2)]);
        assert!(good.is_good());
        assert_eq!(good.to_string(), "lost=0 doubled=0 reordered=0 alarms=0");
        assert_eq!((good.messages, good.deliveries), (3, 3));
    }

    #[test]
    fn what_is_missing_is_lost_what_comes_again_doubled_and_what_comes_late_reordered() {
        let said = spoke(&[Fate::Sent; 4]);
        let bad = verdict(&said, &[of(0), of(2), of(1), of(2)]);
        assert_eq!(bad.to_string(), "lost=1 doubled=1 reordered=1 alarms=0");
        assert_eq!(bad.findings.len(), 3);
        assert!(!bad.is_good());
    }

    #[test]
    fn only_what_lies_right_at_a_gap_was_said_while_away() {
        let said = spoke(&[Fate::Sent; 7]);
        let heard = [of(0), GAP, of(2), of(4), of(6)];
        let told = verdict(&said, &heard);
        // 1 lies in the gap; 3 and 5 do not.
        assert_eq!((told.said_while_away, told.lost), (1, 2));
    }

    #[test]
    fn a_gap_that_is_told_to_somebody_who_was_there_is_no_excuse() {
        let said = spoke(&[Fate::Sent; 3]);
        let short = Heard::Gap(Duration::from_secs(1));
        let told = verdict(&said, &[of(0), short, of(2)]);
        assert_eq!((told.said_while_away, told.lost), (0, 1));
    }

    #[test]
    fn without_a_gap_there_is_no_excuse() {
        let said = spoke(&[Fate::Sent; 3]);
        let told = verdict(&said, &[of(0), of(2)]);
        assert_eq!((told.said_while_away, told.lost), (0, 1));
    }

    #[test]
    fn a_gap_at_the_end_excuses_nothing_that_was_heard_before() {
        let said = spoke(&[Fate::Sent; 4]);
        let told = verdict(&said, &[of(1), of(2), GAP]);
        assert_eq!((told.said_while_away, told.lost), (1, 1));
    }

    #[test]
    fn what_comes_late_is_judged_where_the_screen_shows_it() {
        let said = spoke(&[Fate::Sent; 5]);
        let mut diary = hears(&[of(0), GAP, of(3), of(4)]);
        let before = |heard| match heard {
            Heard::Words { id, .. } => Some(id),
            _ => None,
        };
        diary.hear(late(1), before(of(3)));
        diary.hear(late(2), before(of(3)));
        assert_eq!(diary.heard, [of(0), GAP, late(1), late(2), of(3), of(4)]);
        assert!(judge(&[(0, &said), (1, &diary)]).is_good());
        diary.hear(of(2), None);
        assert_eq!(judge(&[(0, &said), (1, &diary)]).doubled, 1);
    }

    #[test]
    fn a_gap_that_is_filled_in_partly_is_still_one_and_late_words_without_a_gap_excuse_nothing() {
        let said = spoke(&[Fate::Sent; 5]);
        let told = verdict(&said, &[of(0), GAP, late(1), of(3), of(4)]);
        assert_eq!((told.said_while_away, told.lost), (1, 0));
        let told = verdict(&said, &[of(0), late(1), of(3), of(4)]);
        assert_eq!((told.said_while_away, told.lost), (0, 1));
        let told = verdict(&said, &[of(0), GAP, of(1), late(2), of(4)]);
        assert_eq!((told.said_while_away, told.lost), (0, 1));
    }

    #[test]
    fn what_still_waits_at_the_end_is_a_finding_and_what_was_refused_as_absent_is_not() {
        let said = spoke(&[Fate::Waiting, Fate::NotSent(NotSent::Absent)]);
        let told = verdict(&said, &[]);
        assert_eq!((told.lost, told.not_sent, told.findings.len()), (0, 1, 1));
        assert!(!told.is_good());
    }

    #[test]
    fn private_words_count_for_the_one_they_are_for_alone() {
        let mut said = spoke(&[Fate::Sent]);
        said.said[0].to = Some(2);
        let (one, two) = (hears(&[]), hears(&[of(0)]));
        assert!(judge(&[(0, &said), (1, &one), (2, &two)]).is_good());
        assert!(!judge(&[(0, &said), (1, &two), (2, &one)]).is_good());
    }

    #[test]
    fn a_false_alarm_is_as_bad_as_a_loss() {
        use crate::diary::Alarm;
        let told = verdict(&spoke(&[]), &[Heard::Alarm(Alarm::Diverged)]);
        assert_eq!(told.to_string(), "lost=0 doubled=0 reordered=0 alarms=1");
        assert!(!told.is_good());
    }
}
