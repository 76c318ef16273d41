//! Who is spoken to, who is not heard, and what people show of themselves.

use sorted::{Map, Set};

use super::log::{EntryId, Log};
use super::people::{Person, PersonId, Tag};
use super::settings::Notify;

/// Somebody who is spoken to alone. The name and the tag are here as well, because the person may be gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whom {
    /// Who.
    pub id: PersonId,
    /// The name, safe for display.
    pub name: String,
    /// The tag.
    pub tag: Tag,
}

impl From<&Person> for Whom {
    fn from(person: &Person) -> Self {
        Self {
            id: person.id,
            name: person.name.clone(),
            tag: person.tag.clone(),
        }
    }
}

/// What the composer does with the text besides sending it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum About {
    /// Nothing.
    #[default]
    Nothing,
    /// It answers this line.
    Answer(EntryId),
    /// It replaces what this line says.
    Edit(EntryId),
}

/// The conversation apart from what was said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Talk {
    /// Whom alone the next message is for; `None` for everybody. Nothing but a choice of the person changes it.
    pub scope: Option<Whom>,
    /// What the next message is about.
    pub about: About,
    /// Counts up whenever the text field is to take the focus.
    pub wants_focus: u32,
    /// A line to bring into view, with a number that counts up.
    pub goal: Option<(EntryId, u32)>,
    /// Whose lines are folded away.
    pub muted: Set<PersonId>,
    /// Private messages that were not answered or looked at, by author.
    pub unread: Map<PersonId, usize>,
    /// Who is typing, and whether for this person alone.
    pub typing: Vec<(PersonId, bool)>,
    /// How far others have read.
    pub seen: Map<PersonId, EntryId>,
    /// What the room is about, as its author wrote it: hostile.
    pub topic: Option<String>,
    /// What to be notified of here; `None`: of the same as everywhere.
    pub notify: Option<Notify>,
}

impl Talk {
    /// Who is known to have read this line.
    pub fn seen_by(&self, line: EntryId) -> impl Iterator<Item = PersonId> {
        let seen = self.seen.iter();
        seen.filter(move |(_, up_to)| **up_to >= line)
            .map(|(id, _)| *id)
    }

    pub(super) fn speak_to(&mut self, whom: Option<Whom>) {
        if let Some(whom) = &whom {
            self.unread.remove(&whom.id);
        }
        if self.scope.as_ref().map(|it| it.id) != whom.as_ref().map(|it| it.id) {
            // What was to answer or to change something belongs to the other conversation.
            self.about = About::Nothing;
        }
        self.scope = whom;
        self.wants_focus += 1;
    }

    /// Answering or changing a line happens where the line was said.
    pub(super) fn turn_to(
        &mut self,
        about: About,
        log: &Log,
        whom: impl Fn(PersonId) -> Option<Whom>,
    ) {
        let line = match about {
            About::Nothing => None,
            About::Answer(line) | About::Edit(line) => log.said(line),
        };
        let Some(said) = line else {
            self.about = About::Nothing;
            return;
        };
        match said.partner() {
            None => self.speak_to(None),
            Some(partner) => match whom(partner) {
                Some(whom) => self.speak_to(Some(whom)),
                // Whoever it was with is unknown: nothing may go to everybody instead.
                None => return,
            },
        }
        self.about = about;
    }

    pub(super) fn mute(&mut self, id: PersonId, muted: bool) {
        if muted {
            self.muted.insert(id);
            self.unread.remove(&id);
        } else {
            self.muted.remove(&id);
        }
    }

    pub(super) fn set_typing(&mut self, id: PersonId, is_typing: bool, to_me: bool) {
        self.typing.retain(|(who, _)| *who != id);
        if is_typing {
            self.typing.push((id, to_me));
        }
    }

    pub(super) fn renamed(&mut self, person: &Person) {
        if let Some(scope) = self.scope.as_mut().filter(|scope| scope.id == person.id) {
            scope.name.clone_from(&person.name);
        }
    }

    pub(super) fn left(&mut self, id: PersonId) {
        self.typing.retain(|(who, _)| *who != id);
        self.seen.remove(&id);
    }
}
