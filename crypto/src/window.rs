//! What a receiver keeps of one sender's sequence, so that order of arrival does not matter and nothing is taken twice.
//! Trying is separate from committing: a [`Trial`] is worked out on copies, and the window changes only when its
//! message has been authenticated.

use core::time::Duration;

use zeroize::Zeroizing;

use crate::chain::{ChainKey, MessageKey};
use crate::error::OpenError;
use crate::hello::Start;
use crate::sender::EPOCH_MESSAGES;
use crate::wire::codec::{Reader, Writer};
use crate::wire::{DecodeError, Epoch, Generation};

/// How many generations a message may be ahead of the last one, and how many skipped keys are kept per sender.
pub const WINDOW: u32 = 256;
/// How long the key of a message that has not arrived is kept, and how long an epoch that was followed by another.
pub const KEPT: Duration = Duration::from_secs(5 * 60);

/// One epoch of one sender.
pub(crate) struct Window {
    pub(crate) epoch: Epoch,
    /// The first generation this receiver was given.
    first: u32,
    /// The generation that `chain` stands at; all before it are used, skipped or lost.
    next: u32,
    chain: ChainKey,
    skipped: Vec<Skipped>,
    /// Whether what lies before the first opened message counts as missing. Not where history reaches back further
    /// than the relay's ring.
    counts: bool,
    /// When this epoch ends, once a later one has been heard.
    pub(crate) until: Option<Duration>,
}

struct Skipped {
    generation: u32,
    key: MessageKey,
    until: Duration,
    counts: bool,
}

/// A message key worked out without changing the window it came from.
pub(crate) struct Trial {
    key: MessageKey,
    effect: Effect,
}

/// What a successful trial will do to its window.
pub(crate) enum Effect {
    UseSkipped(u32),
    Advance {
        next: u32,
        chain: ChainKey,
        skipped: Vec<(u32, MessageKey)>,
    },
}

impl Trial {
    pub(crate) fn split(self) -> (MessageKey, Effect) {
        (self.key, self.effect)
    }
}

impl Window {
    pub(crate) fn new(start: &Start, counts: bool) -> Self {
        let first = start.generation.0;
        Self {
            epoch: start.epoch,
            first,
            next: first,
            chain: start.chain.trial_copy(),
            skipped: Vec::new(),
            counts,
            until: None,
        }
    }

    /// The key of this generation, or why there is none.
    pub(crate) fn attempt(&self, generation: u32, now: Duration) -> Result<Trial, OpenError> {
        if generation < self.first {
            return Err(OpenError::BeforeStart);
        }
        let Some(ahead) = generation.checked_sub(self.next) else {
            let kept = self
                .skipped
                .iter()
                .find(|kept| kept.generation == generation && kept.until > now);
            let key = kept.ok_or(OpenError::Replayed)?.key.trial_copy();
            return Ok(Trial {
                key,
                effect: Effect::UseSkipped(generation),
            });
        };
        if ahead > WINDOW {
            return Err(OpenError::TooFarAhead);
        }
        let next = generation.checked_add(1).ok_or(OpenError::TooFarAhead)?;
        let mut chain = self.chain.trial_copy();
        let mut skipped = Vec::new();
        for passed in self.next..generation {
            let (key, later) = chain.step();
            skipped.push((passed, key));
            chain = later;
        }
        let (key, chain) = chain.step();
        Ok(Trial {
            key,
            effect: Effect::Advance {
                next,
                chain,
                skipped,
            },
        })
    }

    pub(crate) fn commit(&mut self, effect: Effect, now: Duration) {
        match effect {
            Effect::UseSkipped(generation) => {
                self.skipped.retain(|kept| kept.generation != generation)
            }
            Effect::Advance {
                next,
                chain,
                skipped,
            } => {
                let (until, counts) = (now.saturating_add(KEPT), self.counts);
                self.skipped
                    .extend(skipped.into_iter().map(|(generation, key)| Skipped {
                        generation,
                        key,
                        until,
                        counts,
                    }));
                self.next = next;
                self.chain = chain;
                self.counts = true;
            }
        }
    }

    /// Takes a later point of the same epoch where the window could not reach it by itself, and returns how many
    /// messages are lost for it. Points within reach are ignored: what lies between may still arrive.
    pub(crate) fn jump(&mut self, start: &Start) -> u32 {
        let lost = start.generation.0.saturating_sub(self.next);
        if lost <= WINDOW {
            return 0;
        }
        self.next = start.generation.0;
        self.chain = start.chain.trial_copy();
        lost
    }

    /// Takes an earlier point of the same epoch than was known, as happens where a relay lost it and its author says it
    /// again: what lies between may still arrive. `counts`: and is missing where it does not.
    pub(crate) fn reach_back(&mut self, start: &Start, counts: bool, now: Duration) {
        let given = start.generation.0;
        // No epoch is longer: whoever says so wants us to count for a long time.
        if given >= self.first || self.first - given > EPOCH_MESSAGES {
            return;
        }
        let kept_from = self.first.saturating_sub(WINDOW).max(given);
        let until = now.saturating_add(KEPT);
        let mut earlier = Vec::new();
        let mut chain = start.chain.trial_copy();
        for generation in given..self.first {
            let (key, later) = chain.step();
            chain = later;
            if generation >= kept_from {
                earlier.push(Skipped {
                    generation,
                    key,
                    until,
                    counts,
                });
            }
        }
        self.skipped.splice(0..0, earlier);
        self.first = kept_from;
    }

    /// Drops keys whose time is over, and returns how many messages are missing for it.
    pub(crate) fn expire(&mut self, now: Duration) -> u32 {
        let missing = count(
            self.skipped
                .iter()
                .filter(|kept| kept.counts && kept.until <= now),
        );
        self.skipped.retain(|kept| kept.until > now);
        missing
    }

    /// Drops the oldest kept keys until at most `limit` are left, and returns how many messages are missing for it.
    pub(crate) fn trim(&mut self, limit: usize) -> u32 {
        let excess = self.skipped.len().saturating_sub(limit);
        count(self.skipped.drain(..excess).filter(|kept| kept.counts))
    }

    /// Whether this generation lies at or after the first one that was given.
    pub(crate) fn reaches(&self, generation: Generation) -> bool {
        generation.0 >= self.first
    }

    /// How many keys are kept.
    pub(crate) fn kept(&self) -> usize {
        self.skipped.len()
    }

    /// How many messages are awaited.
    pub(crate) fn awaited(&self) -> u32 {
        count(self.skipped.iter().filter(|kept| kept.counts))
    }

    /// When [`Window::expire`] will next have something to do.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.skipped
            .iter()
            .map(|kept| kept.until)
            .chain(self.until)
            .min()
    }

    pub(crate) fn freeze(&self, writer: &mut Writer, now: Duration) {
        writer
            .u16(self.epoch.0)
            .u32(self.first)
            .u32(self.next)
            .put(self.chain.as_bytes());
        writer.u8(u8::from(self.counts)).u64(left(self.until, now));
        writer.u32(count(self.skipped.iter()));
        for kept in &self.skipped {
            writer.u32(kept.generation).put(kept.key.as_bytes());
            writer
                .u64(left(Some(kept.until), now))
                .u8(u8::from(kept.counts));
        }
    }

    pub(crate) fn thaw(reader: &mut Reader<'_>, now: Duration) -> Result<Self, DecodeError> {
        let epoch = Epoch(reader.u16()?);
        let (first, next) = (reader.u32()?, reader.u32()?);
        let chain = ChainKey::from_bytes(&reader.array()?);
        let counts = reader.flag("counts")?;
        let until = due(reader.u64()?, now);
        let length = reader.u32()?;
        if length > WINDOW {
            return Err(DecodeError::Invalid("skipped keys"));
        }
        let mut skipped = Vec::new();
        for _ in 0..length {
            skipped.push(Skipped {
                generation: reader.u32()?,
                key: MessageKey::from_bytes(&Zeroizing::new(reader.array()?)),
                until: due(reader.u64()?, now).ok_or(DecodeError::Invalid("time"))?,
                counts: reader.flag("counts")?,
            });
        }
        Ok(Self {
            epoch,
            first,
            next,
            chain,
            skipped,
            counts,
            until,
        })
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

/// Milliseconds from `now`, so that saved state does not depend on a clock that restarts with the tab.
fn left(until: Option<Duration>, now: Duration) -> u64 {
    until.map_or(u64::MAX, |until| {
        u64::try_from(until.saturating_sub(now).as_millis()).unwrap_or(u64::MAX - 1)
    })
}

fn due(left: u64, now: Duration) -> Option<Duration> {
    (left != u64::MAX).then(|| now.saturating_add(Duration::from_millis(left).min(KEPT)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn window(first: u32) -> Window {
        let chain = ChainKey::from_bytes(&[1; 32]);
        let start = Start {
            epoch: Epoch(1),
            generation: Generation(first),
            chain,
        };
        Window::new(&start, true)
    }

    fn take(window: &mut Window, generation: u32) -> Result<[u8; 32], OpenError> {
        let (key, effect) = window.attempt(generation, Duration::ZERO)?.split();
        window.commit(effect, Duration::ZERO);
        Ok(*key.as_bytes())
    }

    #[test]
    fn trying_changes_nothing() {
        let frozen = |window: &Window| {
            let mut writer = Writer::with_capacity(64);
            window.freeze(&mut writer, Duration::ZERO);
            writer.finish()
        };
        let mut window = window(3);
        take(&mut window, 5).unwrap();
        let before = frozen(&window);
        for generation in [0, 3, 4, 5, 6, 200, 262, 263, u32::MAX] {
            let _ = window.attempt(generation, Duration::ZERO);
        }
        assert_eq!(frozen(&window), before);
    }

    #[test]
    fn no_key_comes_twice_and_each_is_the_same_by_every_way() {
        let mut straight = window(0);
        let keys: Vec<_> = (0..50)
            .map(|generation| take(&mut straight, generation).unwrap())
            .collect();
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), 50);
        let mut backwards = window(0);
        for generation in (0..50).rev() {
            assert_eq!(
                take(&mut backwards, generation),
                keys.get(generation as usize)
                    .copied()
                    .ok_or(OpenError::NoKey)
            );
            assert_eq!(take(&mut backwards, generation), Err(OpenError::Replayed));
        }
        assert_eq!(backwards.kept(), 0);
    }

    /// The point at which `generations` have been stepped over.
    fn start(generations: u32) -> Start {
        let mut chain = ChainKey::from_bytes(&[1; 32]);
        for _ in 0..generations {
            chain = chain.step().1;
        }
        Start {
            epoch: Epoch(1),
            generation: Generation(generations),
            chain,
        }
    }

    #[test]
    fn an_earlier_point_that_comes_later_opens_what_lies_between_once() {
        let mut straight = window(0);
        let keys: Vec<_> = (0..12)
            .map(|generation| take(&mut straight, generation))
            .collect();
        let mut late = Window::new(&start(10), true);
        assert_eq!(take(&mut late, 10), keys[10]);
        assert_eq!(take(&mut late, 4), Err(OpenError::BeforeStart));
        late.reach_back(&start(3), true, Duration::ZERO);
        late.reach_back(&start(3), true, Duration::ZERO);
        late.reach_back(&start(7), true, Duration::ZERO);
        assert_eq!(take(&mut late, 2), Err(OpenError::BeforeStart));
        for generation in [3, 9, 5, 4, 8, 7, 6, 11] {
            assert_eq!(take(&mut late, generation), keys[generation as usize]);
            assert_eq!(take(&mut late, generation), Err(OpenError::Replayed));
        }
        assert_eq!(take(&mut late, 10), Err(OpenError::Replayed));
        assert_eq!(late.awaited(), 0);
    }

    #[test]
    fn what_was_promised_and_never_comes_is_missing_and_nobody_counts_for_ever() {
        for (counts, missing) in [(true, 4), (false, 0)] {
            let mut late = Window::new(&start(10), true);
            late.reach_back(&start(6), counts, Duration::ZERO);
            assert_eq!(late.awaited(), missing);
            assert_eq!(late.expire(KEPT), missing);
        }
        let mut far = window(u32::MAX);
        far.reach_back(&start(3), true, Duration::ZERO);
        assert_eq!(far.kept(), 0);
        let mut long = Window::new(&start(900), true);
        long.reach_back(&start(0), true, Duration::ZERO);
        assert_eq!(long.kept(), WINDOW as usize);
        assert_eq!(
            long.attempt(900 - WINDOW - 1, Duration::ZERO).err(),
            Some(OpenError::BeforeStart)
        );
        assert!(take(&mut long, 900 - WINDOW).is_ok());
    }

    #[test]
    fn the_last_generation_cannot_overflow() {
        let mut window = window(u32::MAX - 1);
        assert!(take(&mut window, u32::MAX - 1).is_ok());
        assert_eq!(take(&mut window, u32::MAX), Err(OpenError::TooFarAhead));
    }
}
