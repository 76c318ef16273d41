//! What was said last, for commands that are about it.

use std::collections::HashMap;

use client::{Body, Event, MessageId};
use crypto::wire::{LocalId, SenderId};

#[derive(Default)]
pub(super) struct Recent {
    last: Option<MessageId>,
    of: HashMap<SenderId, MessageId>,
    own: Option<MessageId>,
    unnamed: Option<LocalId>,
}

impl Recent {
    pub(super) fn hear(&mut self, event: &Event) {
        match event {
            Event::Said(message) if can_be_answered(&message.body) => {
                let Some(id) = message.id else { return };
                if message.mine {
                    self.own = Some(id);
                } else {
                    self.last = Some(id);
                    self.of.insert(message.from, id);
                }
            }
            Event::Sent { local, id, .. } if self.unnamed == Some(*local) => {
                self.own = Some(*id);
            }
            _ => {}
        }
    }

    /// The last message of others, or of one of them.
    pub(super) fn last(&self, of: Option<SenderId>) -> Option<MessageId> {
        match of {
            Some(sid) => self.of.get(&sid).copied(),
            None => self.last,
        }
    }

    /// The last own message that the relay has.
    pub(super) fn own(&self) -> Option<MessageId> {
        self.own
    }

    /// This was said a moment ago; until the relay has it, no message is the last own one.
    pub(super) fn posted(&mut self, local: LocalId) {
        self.own = None;
        self.unnamed = Some(local);
    }

    pub(super) fn forget_own(&mut self) {
        self.own = None;
    }
}

/// Whether it is something that people answer.
pub(super) fn can_be_answered(body: &Body) -> bool {
    matches!(
        body,
        Body::Text(_) | Body::Reply { .. } | Body::Action(_) | Body::Timed { .. }
    )
}
