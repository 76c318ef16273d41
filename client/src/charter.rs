//! The rules of a room in force, and who may make them. Nothing here is believed because somebody said it: a statement
//! counts if its signer governs, and who governs follows from the opener's key and the statements themselves.

use crypto::control::{Command, PurgePolicy, Statement};
use crypto::wire::{RoomId, SenderId};

/// Removals that are kept; together with the grants they fit into a hello.
const MOST_REMOVALS: usize = 16;
/// Shares and hand-ons that are kept.
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
        let bytes = statement.as_bytes().to_vec();
        let before = self.statements.clone();
        self.statements.push(statement);
        let allowed = self.judge();
        if !allowed.contains(&bytes) {
            self.statements = before;
            self.judge();
            return Taken::Refused;
        }
        self.condense();
        if self.statements.iter().any(|kept| kept.as_bytes() == bytes) {
            Taken::New
        } else {
            Taken::Old
        }
    }

    /// Finds out anew who governs; drops what nobody who did had signed. The bytes of what is left.
    fn judge(&mut self) -> Vec<Vec<u8>> {
        self.statements.sort_by(|one, other| {
            (one.number, one.as_bytes()).cmp(&(other.number, other.as_bytes()))
        });
        let mut holders = Vec::from_iter(self.root);
        let root = self.root;
        self.statements.retain(|statement| {
            let signed_by = |holder: &Holder| {
                holder.key == statement.signer && holder.sid.is_none_or(|sid| sid == statement.by)
            };
            if !holders.iter().any(signed_by) {
                return false;
            }
            match &statement.command {
                Command::Share { to, key } => holders.push(Holder {
                    key: *key,
                    sid: Some(*to),
                }),
                Command::HandOn { to, key } => {
                    holders.retain(|holder| holder.key != statement.signer);
                    holders.push(Holder {
                        key: *key,
                        sid: Some(*to),
                    });
                }
                Command::Remove(sid) => {
                    let is_root = |holder: &Holder| {
                        Some(holder.key) == root.map(|root| root.key) && holder.sid == Some(*sid)
                    };
                    if holders.iter().any(is_root) && statement.by != *sid {
                        return false;
                    }
                    holders.retain(|holder| holder.sid != Some(*sid));
                }
                _ => {}
            }
            true
        });
        holders.dedup();
        self.holders = holders;
        self.statements
            .iter()
            .map(|statement| statement.as_bytes().to_vec())
            .collect()
    }

    /// Keeps what is in force: of what replaces itself the last, of the rest the newest.
    fn condense(&mut self) {
        let (mut met, mut removals, mut grants) = (Vec::new(), 0, 0);
        let mut kept: Vec<_> = std::mem::take(&mut self.statements);
        kept.reverse();
        kept.retain(|statement| match &statement.command {
            Command::Remove(sid) => {
                removals += 1;
                let is_first = !met.contains(&sid.0.to_vec());
                met.push(sid.0.to_vec());
                is_first && removals <= MOST_REMOVALS
            }
            Command::Share { .. } | Command::HandOn { .. } => {
                grants += 1;
                grants <= MOST_GRANTS
            }
            Command::Unknown(_) => false,
            command => {
                let kind = kind_of(command);
                let is_first = !met.contains(&vec![kind]);
                met.push(vec![kind]);
                is_first
            }
        });
        kept.reverse();
        self.statements = kept;
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
            holders: Vec::new(),
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
