//! The beginnings of what was said lately, for lines that are about it.

use std::collections::{HashMap, VecDeque};

use client::{Body, Event, Message, MessageId, Text};
use crypto::wire::LocalId;

/// Messages that can be quoted.
const KEPT: usize = 1_000;
/// Characters of each that are kept: more than is shown, because filters may take some out.
const BEGINNING: usize = 200;
/// Characters that are shown.
const SHOWN: usize = 40;

#[derive(Default)]
pub(super) struct Quotes {
    texts: HashMap<MessageId, Text>,
    order: VecDeque<MessageId>,
    /// Own messages that the relay has not named yet.
    unnamed: HashMap<LocalId, Text>,
}

impl Quotes {
    pub(super) fn hear(&mut self, event: &Event) {
        match event {
            Event::Said(message) => {
                if let (Some(id), Some(text)) = (message.id, beginning(message)) {
                    self.keep(id, text);
                }
            }
            Event::Composed(message) => {
                if let (Some(local), Some(text)) = (message.local, beginning(message)) {
                    self.unnamed.insert(local, text);
                }
            }
            Event::Sent { local, id, .. } => {
                if let Some(text) = self.unnamed.remove(local) {
                    self.keep(*id, text);
                }
            }
            _ => {}
        }
    }

    pub(super) fn find(&self, id: &MessageId) -> Option<&Text> {
        self.texts.get(id)
    }

    fn keep(&mut self, id: MessageId, text: Text) {
        if self.texts.insert(id, text).is_none() {
            self.order.push_back(id);
        }
        while self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.texts.remove(&oldest);
        }
    }
}

fn beginning(message: &Message) -> Option<Text> {
    match &message.body {
        Body::Text(text)
        | Body::Reply { text, .. }
        | Body::Action(text)
        | Body::Timed { text, .. } => Some(Text {
            style: text.style,
            text: text.text.chars().take(BEGINNING).collect(),
        }),
        _ => None,
    }
}

/// The first words of a safe text, in one line.
pub(super) fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHOWN {
        return line;
    }
    let mut cut: String = line.chars().take(SHOWN).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_is_one_short_line() {
        assert_eq!(short("two\n  lines"), "two lines");
        let long = short(&"word ".repeat(20));
        assert!(long.ends_with("word…") && long.chars().count() <= SHOWN + 1);
    }
}
