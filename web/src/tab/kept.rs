//! What a tab knows of a conversation besides its lines: the draft, whom it is for, who is muted.

use crypto::wire::DecodeError;
use crypto::wire::codec::{Reader, Writer};

use super::memory::{read_tag, read_text, text, write_tag};
use crate::state::{Notify, PersonId, Talk, Whom};

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Kept {
    /// What stood in the text field.
    pub(crate) draft: String,
    /// Whom alone it was for. It comes back with the draft: what was meant for one is never shown as meant for all.
    pub(crate) scope: Option<Whom>,
    /// Whose lines are folded away.
    pub(crate) muted: Vec<PersonId>,
    /// What the room is about, hostile.
    pub(crate) topic: Option<String>,
    /// What to be notified of in this room.
    pub(crate) notify: Option<Notify>,
}

impl Kept {
    pub(super) fn of(talk: &Talk, draft: String) -> Self {
        Self {
            draft,
            scope: talk.scope.clone(),
            muted: talk.muted.iter().copied().collect(),
            topic: talk.topic.clone(),
            notify: talk.notify,
        }
    }

    pub(super) fn put(&self, out: &mut Writer) {
        text(out, &self.draft);
        out.u8(u8::from(self.scope.is_some()));
        if let Some(scope) = &self.scope {
            out.put(&scope.id.0);
            text(out, &scope.name);
            write_tag(out, &scope.tag);
        }
        let muted = u32::try_from(self.muted.len()).unwrap_or(u32::MAX);
        out.u32(muted);
        for id in &self.muted {
            out.put(&id.0);
        }
        text(out, self.topic.as_deref().unwrap_or_default());
        let notify = self
            .notify
            .and_then(|mode| Notify::ALL.iter().position(|it| *it == mode));
        out.u8(notify.map_or(u8::MAX, |at| u8::try_from(at).unwrap_or(u8::MAX)));
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let draft = read_text(from)?;
        let scope = if from.flag("scope")? {
            Some(Whom {
                id: PersonId(from.array()?),
                name: read_text(from)?,
                tag: read_tag(from)?,
            })
        } else {
            None
        };
        let mut muted = Vec::new();
        for _ in 0..from.u32()? {
            muted.push(PersonId(from.array()?));
        }
        Ok(Self {
            draft,
            scope,
            muted,
            topic: Some(read_text(from)?).filter(|topic| !topic.is_empty()),
            notify: Notify::ALL.get(usize::from(from.u8()?)).copied(),
        })
    }
}
