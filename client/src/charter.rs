//! The rules of a room in force, and who may make them. Nothing here is believed because somebody said it: a statement
//! counts if its signer governs, and who governs follows from the opener's key and the statements themselves.

mod office;

use std::cmp::Reverse;

use crypto::control::{Command, PurgePolicy, Statement};
use crypto::wire::{RoomId, SenderId};

use self::office::Office;

/// Removals that are kept; together with the grants they fit into a hello.
const MOST_REMOVALS: usize = 16;
/// Shares and hand-ons that count.
const MOST_GRANTS: usize = 10;

/// What became of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// It is in force from now on.
    New,
    /// It was known, or a later one says otherwise.
    Old,
    /// Its signer does not govern, or it was changed on the way.
    Refused,
}

/// Somebody who governs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) key: [u8; 32],
    /// Who that is, once it is known.
    pub(crate) sid: Option<SenderId>,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Charter {
    root: Option<Holder>,
    /// In force, in order.
    statements: Vec<Statement>,
    /// What follows from them.
    offices: Vec<Office>,
    holders: Vec<Holder>,
}

impl Charter {
    /// The opener's control key.
    pub(crate) fn root(&self) -> Option<[u8; 32]> {
        self.root.map(|root| root.key)
    }

    /// Takes this for the opener's key, for good. False where another one is.
    pub(crate) fn founded(&mut self, key: [u8; 32]) -> bool {
        match self.root {
            Some(root) => root.key == key,
            None => {
                self.root = Some(Holder { key, sid: None });
                self.judge();
                true
            }
        }
    }

    /// Somebody says in their hello that this is their own control key: whoever has the opener's first is the opener.
    pub(crate) fn meet(&mut self, sid: SenderId, own_key: [u8; 32]) {
        if let Some(root) = self
            .root
            .as_mut()
            .filter(|root| root.key == own_key && root.sid.is_none())
        {
            root.sid = Some(sid);
            self.judge();
        }
    }

    /// Takes a statement that anybody may have passed on.
    pub(crate) fn take(&mut self, statement: Statement, room: &RoomId) -> Taken {
        if self
            .statements
            .iter()
            .any(|known| known.as_bytes() == statement.as_bytes())
        {
            return Taken::Old;
        }
        if !statement.verify(room) {
            return Taken::Refused;
        }
        let before = self.clone();
        self.statements.push(statement.clone());
        self.sort();
        self.offices = office::all(self.root, &self.statements);
        let at = self.statements.iter().position(|it| *it == statement);
        let at = at.unwrap_or_default();
        let is_signed = self
            .offices
            .iter()
            .any(|office| office.covers(at, &statement));
        let counts = match &statement.command {
            Command::Share { .. } | Command::HandOn { .. } => self.is_grant(at),
            Command::Remove(sid) if is_signed && self.governs(sid) => {
                *self = before;
                return Taken::Refused;
            }
            _ => is_signed,
        };
        if counts {
            self.condense();
        }
        if counts && self.statements.contains(&statement) {
            return Taken::New;
        }
        *self = before;
        if is_signed {
            Taken::Old
        } else {
            Taken::Refused
        }
    }

    /// Takes what somebody says is in force, and returns what is new. Whether one of them counts may follow from another
    /// that stands behind it, so all are tried until nothing is new.
    pub(crate) fn hear(&mut self, statements: &[Statement], room: &RoomId) -> Vec<Statement> {
        let mut news: Vec<Statement> = Vec::new();
        for _ in statements {
            let before = news.len();
            for statement in statements {
                if !news.contains(statement) && self.take(statement.clone(), room) == Taken::New {
                    news.push(statement.clone());
                }
            }
            if news.len() == before {
                break;
            }
        }
        news
    }

    /// Finds out anew who governs, and keeps what is in force.
    fn judge(&mut self) {
        self.sort();
        self.offices = office::all(self.root, &self.statements);
        self.condense();
    }

    fn sort(&mut self) {
        self.statements.sort_by(|one, other| {
            (one.number, one.as_bytes()).cmp(&(other.number, other.as_bytes()))
        });
    }

    /// Whether who governs rests on the statement at this place.
    fn is_grant(&self, at: usize) -> bool {
        self.offices
            .iter()
            .any(|office| office.grants().contains(&at))
    }

    fn governs(&self, sid: &SenderId) -> bool {
        let mut holders = self.offices.iter().filter_map(Office::holder);
        holders.any(|holder| holder.sid == Some(*sid))
    }

    /// Keeps what is in force: what governing rests on, of what replaces itself the last, of the rest the newest.
    fn condense(&mut self) {
        let removals = self.removals_to_keep();
        let mut met = Vec::new();
        let mut kept = Vec::new();
        for (at, statement) in self.statements.iter().enumerate().rev() {
            let is_kept = match &statement.command {
                Command::Remove(_) => removals.contains(&at),
                Command::Share { .. } | Command::HandOn { .. } => self.is_grant(at),
                Command::Unknown(_) => false,
                command => {
                    let kind = kind_of(command);
                    let is_last = !met.contains(&kind);
                    met.push(kind);
                    is_last
                }
            };
            if is_kept {
                kept.push(statement.clone());
            }
        }
        kept.reverse();
        self.statements = kept;
        self.offices = office::all(self.root, &self.statements);
        self.holders.clear();
        for holder in self.offices.iter().filter_map(Office::holder) {
            if !self.holders.contains(&holder) {
                self.holders.push(holder);
            }
        }
    }

    /// The places of one removal for everybody who stays removed: that of whoever governs for longest. Those of people
    /// who have governed are kept before all others, because their control would come back with them.
    fn removals_to_keep(&self) -> Vec<usize> {
        let mut best: Vec<(SenderId, usize, usize)> = Vec::new();
        for (at, statement) in self.statements.iter().enumerate().rev() {
            let Command::Remove(sid) = statement.command else {
                continue;
            };
            if self.governs(&sid) {
                continue;
            }
            let mut offices = self.offices.iter();
            let rank = offices.position(|office| office.covers(at, statement));
            let rank = rank.unwrap_or(usize::MAX);
            match best.iter_mut().find(|(known, ..)| *known == sid) {
                None => best.push((sid, rank, at)),
                Some(known) if rank < known.1 => *known = (sid, rank, at),
                Some(_) => {}
            }
        }
        let has_governed = |sid: &SenderId| self.offices.iter().any(|office| office.concerns(sid));
        best.sort_by_key(|(sid, _, at)| (!has_governed(sid), Reverse(*at)));
        best.truncate(MOST_REMOVALS);
        best.into_iter().map(|(.., at)| at).collect()
    }

    /// The number of the next statement.
    pub(crate) fn next_number(&self) -> u32 {
        self.statements
            .iter()
            .map(|statement| statement.number)
            .max()
            .map_or(1, |last| last.saturating_add(1))
    }

    /// What is in force, in order.
    pub(crate) fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Those who govern, the opener first as long as it does.
    pub(crate) fn holders(&self) -> &[Holder] {
        &self.holders
    }

    /// Whether this key governs.
    pub(crate) fn is_holder(&self, key: &[u8; 32]) -> bool {
        self.holders.iter().any(|holder| holder.key == *key)
    }

    /// The keys of those who would govern no more if this were stated.
    pub(crate) fn felled_by(&self, statement: Statement, room: &RoomId) -> Vec<[u8; 32]> {
        let mut after = self.clone();
        after.take(statement, room);
        let keys = self.holders.iter().map(|holder| holder.key);
        keys.filter(|key| !after.is_holder(key)).collect()
    }

    /// Whether this member was removed.
    pub(crate) fn is_removed(&self, sid: &SenderId) -> bool {
        self.removed().any(|removed| removed == *sid)
    }

    /// Those who were removed.
    pub(crate) fn removed(&self) -> impl Iterator<Item = SenderId> {
        self.statements
            .iter()
            .filter_map(|statement| match statement.command {
                Command::Remove(sid) => Some(sid),
                _ => None,
            })
    }

    /// Whether nobody new is to come in.
    pub(crate) fn is_locked(&self) -> bool {
        self.last(|command| match command {
            Command::Lock(locked) => Some(*locked),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// Who may purge.
    pub(crate) fn purge_policy(&self) -> PurgePolicy {
        self.last(|command| match command {
            Command::PurgePolicy(policy) => Some(*policy),
            _ => None,
        })
        .unwrap_or_default()
    }

    /// What everybody's filters start from.
    pub(crate) fn filters(&self) -> Option<&[u8]> {
        self.last(|command| match command {
            Command::Filters(filters) => Some(filters.as_slice()),
            _ => None,
        })
    }

    fn last<'a, T>(&'a self, pick: impl Fn(&'a Command) -> Option<T>) -> Option<T> {
        self.statements
            .iter()
            .rev()
            .find_map(|statement| pick(&statement.command))
    }

    /// The opener and what is in force, to be saved with a tab.
    pub(crate) fn opener(&self) -> Option<Holder> {
        self.root
    }

    /// Takes up what was saved. It was verified when it was learned.
    pub(crate) fn restored(root: Option<Holder>, statements: Vec<Statement>) -> Self {
        let mut charter = Self {
            root,
            statements,
            ..Self::default()
        };
        charter.judge();
        charter
    }
}

/// A number for each kind of rule that replaces the one before.
fn kind_of(command: &Command) -> u8 {
    match command {
        Command::Lock(_) => 1,
        Command::Lifetime(_) => 2,
        Command::PurgePolicy(_) => 6,
        Command::Filters(_) => 7,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
