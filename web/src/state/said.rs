//! One message, and what was said about it since.

use std::rc::Rc;
use std::time::Duration;

use client::Style;

use super::files::FileShown;
use super::log::EntryId;
use super::people::{PersonId, Tag};

/// The most different reactions beside one message; members decide how many they send.
const REACTIONS: usize = 24;
/// Earlier wordings that are kept of one message.
const BEFORE: usize = 20;

/// A message. The text is as its author sent it: draw it only through
/// [`Cleaner::render`](crate::cleaner::Cleaner::render).
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Unique among all messages of the room: author, epoch, generation.
    pub id: String,
    /// The author.
    pub from: PersonId,
    /// The author's name when it was said, safe for display.
    pub name: String,
    /// The author's tag.
    pub tag: Tag,
    /// Written at this very screen.
    pub mine: bool,
    /// Whom alone it is for; `None` for everybody.
    pub to: Option<PersonId>,
    /// The content.
    pub what: What,
    /// When its author says it was sent (wall clock).
    pub sent_at: Duration,
    /// Its number while it is this page's own and not yet relayed.
    pub local: Option<u32>,
    /// How far it got.
    pub delivery: Delivery,
    /// It comes from before this person came in, or from a gap in the connection.
    pub replayed: bool,
    /// What belongs to it besides its words.
    pub marks: Marks,
}

/// What belongs to a message besides its words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// What it answers.
    pub quote: Option<Quote>,
    /// Who put which emoji beside it.
    pub reactions: Vec<Reaction>,
    /// What it said before it was edited, oldest first.
    pub before: Vec<Wording>,
    /// It goes some time after it was read.
    pub timer: Option<Timer>,
    /// It came after what follows it.
    pub late: bool,
}

/// What a message answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// The identity of the answered message.
    pub id: String,
    /// Its line, if it is known here.
    pub line: Option<EntryId>,
    /// Its author's name, safe for display.
    pub name: String,
    /// What it said, still hostile; `None` if that is unknown here or has gone.
    pub text: Option<Wording>,
}

/// One emoji beside a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// The emoji, safe for display.
    pub emoji: String,
    /// Who put it there.
    pub by: Vec<PersonId>,
}

/// How long a message stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    /// This long after it was read.
    pub stays: Duration,
    /// It was read, and goes then (wall clock).
    pub ends: Option<Duration>,
}

/// Words and how they are meant. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wording {
    /// How they are meant.
    pub style: Style,
    /// The words, still hostile.
    pub text: Rc<str>,
}

impl Wording {
    /// Words that mean nothing but themselves.
    pub fn plain(text: &str) -> Self {
        Self {
            style: Style::Plain,
            text: Rc::from(text),
        }
    }
}

/// The content of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Words, still hostile.
    Text(Wording),
    /// What the author does, told by the author ("/me"), still hostile.
    Action(Wording),
    /// A file that was offered.
    File(Rc<FileShown>),
    /// Its author took it back.
    Deleted,
    /// Its time was over.
    Expired,
    /// Something a newer version of the app sent.
    Newer,
}

impl What {
    /// The words, where there are any.
    pub fn wording(&self) -> Option<&Wording> {
        match self {
            Self::Text(wording) | Self::Action(wording) => Some(wording),
            Self::File(_) | Self::Deleted | Self::Expired | Self::Newer => None,
        }
    }
}

/// How far a message got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It came from somebody else.
    Received,
    /// Waiting for the relay to take it.
    Sending,
    /// The relay took it.
    Relayed,
    /// The relay did not take it: the reason, in words. Retry with
    /// [`Handle::retry`](crate::handle::Handle::retry).
    Failed(String),
}

/// What was said about a message that was there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It says something else now.
    Edit(Wording),
    /// It was taken back.
    Delete,
    /// An emoji, safe for display, is beside it, or no longer.
    React { emoji: String, on: bool },
}

impl Said {
    /// The bytes that members chose the number of.
    pub fn weight(&self) -> usize {
        let words = |wording: &Wording| wording.text.len();
        let reactions = self.marks.reactions.iter();
        let file = match &self.what {
            What::File(file) => file.name.saved.len(),
            _ => 0,
        };
        file + self.what.wording().map_or(0, words)
            + self.marks.before.iter().map(words).sum::<usize>()
            + reactions.map(|it| 64 + 16 * it.by.len()).sum::<usize>()
    }

    /// Whether this person may change it: it is theirs, others have it, and it says something.
    pub fn can_change(&self) -> bool {
        self.mine && self.delivery == Delivery::Relayed && self.what.wording().is_some()
    }

    /// Whether it can be answered, and whatever else is done with what others have as well.
    pub fn can_be_answered(&self) -> bool {
        let is_known = matches!(self.delivery, Delivery::Received | Delivery::Relayed);
        is_known && self.what.wording().is_some()
    }

    /// The other one, where it is between two people alone.
    pub fn partner(&self) -> Option<PersonId> {
        self.to.map(|to| if self.mine { to } else { self.from })
    }

    /// Takes in what `who` said about it. `partner`: it was said between two people alone. Returns whether anything
    /// changed: nobody may change what others said, and nobody may speak in a conversation that was not theirs.
    pub(super) fn change(
        &mut self,
        who: PersonId,
        partner: Option<PersonId>,
        change: Change,
    ) -> bool {
        let is_there = self.what.wording().is_some() || matches!(self.what, What::File(_));
        if self.partner() != partner || !is_there {
            return false;
        }
        match change {
            Change::React { emoji, on } => self.react(who, emoji, on),
            _ if who != self.from => false,
            Change::Edit(_) if self.what.wording().is_none() => false,
            Change::Edit(wording) => {
                let new = match &self.what {
                    What::Action(_) => What::Action(wording),
                    _ => What::Text(wording),
                };
                let old = std::mem::replace(&mut self.what, new);
                if let Some(old) = old.wording() {
                    self.marks.before.push(old.clone());
                }
                let surplus = self.marks.before.len().saturating_sub(BEFORE);
                self.marks.before.drain(..surplus);
                true
            }
            Change::Delete => {
                self.wipe(What::Deleted);
                true
            }
        }
    }

    /// The words go, and everything that repeats them.
    pub(super) fn wipe(&mut self, instead: What) {
        self.what = instead;
        self.marks = Marks::default();
    }

    fn react(&mut self, who: PersonId, emoji: String, on: bool) -> bool {
        let reactions = &mut self.marks.reactions;
        let at = reactions.iter().position(|it| it.emoji == emoji);
        match (at, on) {
            (None, false) => false,
            (None, true) if reactions.len() >= REACTIONS => false,
            (None, true) => {
                reactions.push(Reaction {
                    emoji,
                    by: vec![who],
                });
                true
            }
            (Some(at), true) => {
                let by = &mut reactions[at].by;
                let is_new = !by.contains(&who);
                if is_new {
                    by.push(who);
                }
                is_new
            }
            (Some(at), false) => {
                let before = reactions[at].by.len();
                reactions[at].by.retain(|it| *it != who);
                let changed = reactions[at].by.len() != before;
                if reactions[at].by.is_empty() {
                    reactions.remove(at);
                }
                changed
            }
        }
    }
}
