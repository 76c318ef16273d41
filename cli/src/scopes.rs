//! Which messages were private, and between whom: what is about one goes to nobody else.

use std::collections::{HashMap, VecDeque};

use client::{Event, MessageId};
use crypto::wire::{LocalId, SenderId};

/// Messages that are remembered.
const KEPT: usize = 10_000;

/// See the module.
#[derive(Default)]
pub(crate) struct Scopes {
    with: HashMap<MessageId, SenderId>,
    order: VecDeque<MessageId>,
    /// Own messages that the relay has not named yet.
    unnamed: HashMap<LocalId, SenderId>,
}

impl Scopes {
    pub(crate) fn hear(&mut self, event: &Event) {
        match event {
            Event::Said(message) => {
                if let (Some(to), Some(id)) = (message.to, message.id) {
                    self.keep(id, if message.mine { to } else { message.from });
                }
            }
            Event::Composed(message) => {
                if let (Some(to), Some(local)) = (message.to, message.local) {
                    self.unnamed.insert(local, to);
                }
            }
            Event::Sent { local, id, .. } => {
                if let Some(to) = self.unnamed.remove(local) {
                    self.keep(*id, to);
                }
            }
            _ => {}
        }
    }

    /// Whom alone a message was shared with; nothing where everybody has it.
    pub(crate) fn of(&self, message: &MessageId) -> Option<SenderId> {
        self.with.get(message).copied()
    }

    fn keep(&mut self, id: MessageId, with: SenderId) {
        if self.with.insert(id, with).is_none() {
            self.order.push_back(id);
        }
        while self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.with.remove(&oldest);
        }
    }
}
