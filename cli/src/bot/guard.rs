//! What keeps bots from talking to each other for ever, besides the cap on what each may say.

use client::Event;

use super::translate::Translator;

/// So many messages of bots are handed on after each of a person.
const IN_A_ROW: u32 = 8;

/// See the module.
pub(super) struct Guard {
    hears_bots: bool,
    in_a_row: u32,
}

impl Guard {
    pub(super) fn new(hears_bots: bool) -> Self {
        Self {
            hears_bots,
            in_a_row: 0,
        }
    }

    /// Whether the program is to hear of it.
    pub(super) fn admits(&mut self, event: &Event, people: &Translator) -> bool {
        match event {
            Event::Said(message) if !message.mine => self.hears(people.is_bot(&message.from)),
            _ => true,
        }
    }

    fn hears(&mut self, bot: bool) -> bool {
        if !bot {
            self.in_a_row = 0;
            return true;
        }
        self.in_a_row = self.in_a_row.saturating_add(1);
        self.hears_bots && self.in_a_row <= IN_A_ROW
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bots_are_heard_when_asked_for_and_never_endlessly() {
        let mut deaf = Guard::new(false);
        assert!(!deaf.hears(true) && deaf.hears(false));
        let mut guard = Guard::new(true);
        let heard = |guard: &mut Guard| (0..100).filter(|_| guard.hears(true)).count();
        assert_eq!(heard(&mut guard), 8);
        assert!(guard.hears(false));
        assert_eq!(heard(&mut guard), 8);
    }
}
