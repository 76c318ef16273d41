//! What was said: new lines, and changes to old ones.
//!
//! What is said about an earlier message (an edit, a reaction) takes effect here when the relay has it, as it does
//! everywhere else.

use std::rc::Rc;
use std::time::Duration;

use client::{Body, Late, Message, MessageId, NotSent, Since, Text};
use crypto::wire::{Epoch, Generation, LocalId, SenderId};

use super::{Translator, files, id, message_key, notice, tag, why_not_sent};
use crate::state::{
    Action, Change, Delivery, Marks, Notice, PersonId, Quote, Said, Timer, What, Wording,
};

impl Translator {
    /// An own message was taken over.
    pub(super) fn composed(&mut self, message: Message, at: Duration) -> Vec<Action> {
        match message.local.filter(|_| !is_line(&message.body)) {
            Some(local) => {
                self.pending.insert(local, message);
                Vec::new()
            }
            None => self.heard(message, at),
        }
    }

    /// The relay has an own message.
    pub(super) fn sent(&mut self, local: LocalId, id: MessageId, at: Duration) -> Vec<Action> {
        match self.pending.remove(&local) {
            Some(message) => self.heard(message, at),
            None => vec![Action::Relayed {
                local: local.0,
                id: message_key(id),
            }],
        }
    }

    /// An own message did not go out.
    pub(super) fn not_sent(&mut self, local: LocalId, why: NotSent, at: Duration) -> Vec<Action> {
        if self.pending.remove(&local).is_some() {
            if why == NotSent::Replaced {
                return Vec::new();
            }
            // There is no line to retry it from.
            self.abandoned.push(local);
            return vec![notice(Notice::NotDone, at)];
        }
        let delivery = Delivery::Failed(why_not_sent(why).to_owned());
        vec![Action::Delivery {
            local: local.0,
            delivery,
        }]
    }

    /// Messages that the session may forget.
    pub(crate) fn abandoned(&mut self) -> Vec<LocalId> {
        std::mem::take(&mut self.abandoned)
    }

    /// Something was said, by anybody.
    pub(super) fn heard(&mut self, mut message: Message, at: Duration) -> Vec<Action> {
        let late = message.late.take();
        match late {
            Some(late) => self.came_late(message, late, at),
            None => self.came(message, at),
        }
    }

    /// What came after newer words of its author. It goes where it belongs and undoes nothing.
    fn came_late(&mut self, message: Message, late: Late, at: Duration) -> Vec<Action> {
        if late.since == Since::Overtaken {
            return Vec::new();
        }
        let mut actions = self.came(message, at);
        for action in &mut actions {
            if let Action::Said { said, .. } = action {
                match &late.since {
                    Since::TakenBack => {
                        said.what = What::Deleted;
                        said.marks = Marks::default();
                    }
                    Since::Edited(text) => {
                        let new = wording(text.clone());
                        let old = said.what.wording().cloned();
                        said.marks.before.extend(old);
                        said.what = match &said.what {
                            What::Action(_) => What::Action(new),
                            What::Text(_) => What::Text(new),
                            other => other.clone(),
                        };
                    }
                    Since::Nothing | Since::Overtaken => {}
                }
                said.marks.late = true;
            }
        }
        let place = |action| match action {
            // A file is found by whoever fetches it among the newest lines.
            Action::Said { said, at } if !matches!(said.what, What::File(_)) => Action::CameLate {
                said,
                before: message_key(late.before),
                at,
            },
            other => other,
        };
        actions.into_iter().map(place).collect()
    }

    fn came(&mut self, message: Message, at: Duration) -> Vec<Action> {
        let (from, mine) = (id(message.from), message.mine);
        let partner = message.to.map(|to| if mine { id(to) } else { from });
        let changed = |about: MessageId, change| {
            vec![Action::Changed {
                about: message_key(about),
                from,
                partner,
                change,
            }]
        };
        match message.body {
            Body::Edit { of, text } => changed(of, Change::Edit(wording(text))),
            Body::Delete { of } => changed(of, Change::Delete),
            Body::Reaction { to, on, emoji } => {
                let emoji = text::display_name(&emoji);
                changed(to, Change::React { emoji, on })
            }
            // The room has one topic; nobody has one for themselves.
            Body::Topic(_) if partner.is_some() => Vec::new(),
            Body::Topic(text) => vec![Action::Topic {
                text,
                by: text::display_name(&message.name),
                at,
            }],
            _ => vec![said(message, at)],
        }
    }
}

/// Whether it has a line of its own.
fn is_line(body: &Body) -> bool {
    !matches!(
        body,
        Body::Edit { .. } | Body::Delete { .. } | Body::Reaction { .. } | Body::Topic(_)
    )
}

fn said(message: Message, at: Duration) -> Action {
    let local = message.local.map(|local| local.0);
    let key = match (message.id, local) {
        (Some(id), _) => message_key(id),
        (None, local) => format!("local-{}", local.unwrap_or_default()),
    };
    let delivery = match (message.mine, message.seq, local) {
        (false, ..) => Delivery::Received,
        (true, None, Some(_)) => Delivery::Sending,
        (true, ..) => Delivery::Relayed,
    };
    let mut marks = Marks::default();
    let what = match message.body {
        Body::Text(text) => What::Text(wording(text)),
        Body::Action(text) => What::Action(wording(text)),
        Body::Reply { to, text } => {
            marks.quote = Some(Quote {
                id: message_key(to),
                line: None,
                name: String::new(),
                text: None,
            });
            What::Text(wording(text))
        }
        Body::Timed { stays, text } => {
            marks.timer = Some(Timer { stays, ends: None });
            What::Text(wording(text))
        }
        Body::Offer(offer) => What::File(Rc::new(files::shown(message.from, &offer))),
        _ => What::Newer,
    };
    let said = Said {
        id: key,
        from: id(message.from),
        name: text::display_name(&message.name),
        tag: tag(&message.tag),
        mine: message.mine,
        to: message.to.map(id),
        what,
        sent_at: message.sent_at,
        local: local.filter(|_| delivery == Delivery::Sending),
        delivery,
        replayed: message.replayed,
        marks,
    };
    Action::Said {
        said: Box::new(said),
        at,
    }
}

fn wording(Text { style, text }: Text) -> Wording {
    Wording {
        style,
        text: Rc::from(text),
    }
}

/// The message that a key of [`message_key`] stands for; `None` for one that has no place in the room yet.
pub(crate) fn message_id(key: &str) -> Option<MessageId> {
    let mut parts = key.split('-');
    let sid = PersonId::from_key(parts.next()?)?;
    let epoch = parts.next()?.parse().ok()?;
    let generation = parts.next()?.parse().ok()?;
    Some(MessageId {
        sid: SenderId(sid.0),
        epoch: Epoch(epoch),
        generation: Generation(generation),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_the_message_that_it_was_made_of() {
        let id = MessageId {
            sid: SenderId([0xab; 16]),
            epoch: Epoch(3),
            generation: Generation(70_000),
        };
        assert_eq!(message_id(&message_key(id)), Some(id));
        for key in ["local-3", "", "abc-1-2", "-1-2"] {
            assert_eq!(message_id(key), None);
        }
    }
}
