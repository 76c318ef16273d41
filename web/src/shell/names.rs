//! The look-alike forms of names, for everybody who came before they could be had.

use super::Shell;
use crate::shared::Shared;
use crate::state::{Action, State};

impl Shell {
    /// Looks at the names of everybody who came before the cleaner did.
    pub(super) fn name_skeletons(&self) {
        let people = match self.seen.borrow().as_ref().and_then(State::room) {
            Some(room) => Shared::clone(&room.people),
            None => return,
        };
        for person in people.list() {
            if let Some(skeleton) = self.cleaner.skeleton(&person.name) {
                self.send(Action::Skeleton {
                    id: person.id,
                    skeleton,
                });
            }
        }
    }
}
