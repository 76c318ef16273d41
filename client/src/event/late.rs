//! What came after newer words of its author.

use std::borrow::Cow;

use super::{Message, MessageId};
use crate::body::{Body, Text};

/// Where words belong that came after newer ones of their author: the relay had forgotten them, and they were said again.
/// They are to be shown there, and as late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Late {
    /// The author's next message, right before which they belong.
    pub before: MessageId,
    /// What its author has made of it since.
    pub since: Since,
}

/// What has become meanwhile of something that came late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    /// Nothing.
    Nothing,
    /// What it changes was changed again: it is to change nothing now.
    Overtaken,
    /// It says this now.
    Edited(Text),
    /// Its author took it back.
    TakenBack,
}

impl Message {
    /// What there is to say of it now: where it came late, its author may have changed it since, or taken it back.
    pub fn as_it_stands(&self) -> Option<Cow<'_, Body>> {
        match self.late.as_ref().map(|late| &late.since) {
            None | Some(Since::Nothing) => Some(Cow::Borrowed(&self.body)),
            Some(Since::Overtaken | Since::TakenBack) => None,
            Some(Since::Edited(new)) => {
                let mut body = self.body.clone();
                match &mut body {
                    Body::Text(text)
                    | Body::Action(text)
                    | Body::Reply { text, .. }
                    | Body::Timed { text, .. } => text.clone_from(new),
                    _ => {}
                }
                Some(Cow::Owned(body))
            }
        }
    }
}
