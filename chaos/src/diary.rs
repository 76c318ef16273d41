//! What one member said and heard, in order.

use std::time::Duration;

use client::{MessageId, NotSent};

/// What became of something that was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It waits for its turn or for the relay's answer.
    Waiting,
    /// The relay gave it its place.
    Sent,
    /// Its author was told that it was not sent.
    NotSent(NotSent),
}

/// One thing that was said. Its number is its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// Whom alone it is for.
    pub(crate) to: Option<usize>,
    pub(crate) fate: Fate,
}

/// One thing that the screen would have shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Words, an edit, whatever was numbered.
    Words {
        from: usize,
        number: usize,
        /// What they are known by.
        id: MessageId,
        /// It came after newer ones, and is marked so.
        late: bool,
    },
    /// "We were away for longer than the relay keeps things", after this long without a word of anybody.
    Gap(Duration),
    /// A line that frightens.
    Alarm(Alarm),
}

/// What a person would be frightened by. There is nobody here who lies, so each is a false alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alarm {
    Unverifiable,
    Missing,
    Unopened,
    Diverged,
    Disputed,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Diary {
    pub(crate) said: Vec<Said>,
    pub(crate) heard: Vec<Heard>,
}

impl Diary {
    /// Notes the fate of a number.
    pub(crate) fn settle(&mut self, number: usize, fate: Fate) {
        if let Some(said) = self.said.get_mut(number) {
            said.fate = fate;
        }
    }

    /// Notes what somebody said, where the screen would show it: what comes late, right before what it belongs before.
    pub(crate) fn hear(&mut self, words: Heard, before: Option<MessageId>) {
        let is_next =
            |heard: &Heard| matches!(heard, Heard::Words { id, .. } if Some(*id) == before);
        let place = self.heard.iter().rposition(is_next);
        self.heard.insert(place.unwrap_or(self.heard.len()), words);
    }

    /// How much waits to be sent.
    pub(crate) fn waiting(&self) -> usize {
        let waits = |said: &&Said| said.fate == Fate::Waiting;
        self.said.iter().filter(waits).count()
    }
}
