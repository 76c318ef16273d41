//! Who governs, from what was granted and taken away. The same statements give the same answer whatever order they came
//! in, and nothing that is signed by somebody who governs no more changes it: not even what claims to be older.

use crypto::control::{Command, Statement};
use crypto::wire::SenderId;

use super::{Holder, MOST_GRANTS};

/// One place among those who govern, and who has had it: it begins with the opener or a share and passes with hand-ons.
#[derive(Clone, Debug)]
pub(super) struct Office {
    /// Who has it. Nobody where it was taken away, or handed on twice.
    holder: Option<Tenure>,
    /// Everybody who has had it.
    tenures: Vec<Tenure>,
    /// The places of the statements that all this rests on.
    grants: Vec<usize>,
}

/// Somebody's time in an office.
#[derive(Clone, Copy, Debug)]
struct Tenure {
    holder: Holder,
    /// The place from which on their statements are made in it.
    since: usize,
}

impl Tenure {
    fn covers(&self, at: usize, statement: &Statement) -> bool {
        let Holder { key, sid } = self.holder;
        at >= self.since && key == statement.signer && sid.is_none_or(|sid| sid == statement.by)
    }
}

impl Office {
    /// The office that begins with this holder, and whom it has come to by now.
    fn begin(first: Holder, since: usize, most: usize, statements: &[Statement]) -> Self {
        let mut grants = Vec::new();
        let mut tenures = vec![Tenure {
            holder: first,
            since,
        }];
        while let Some(last) = tenures.last()
            && grants.len() < most
            && let Some((at, next)) = hand_ons(statements).find(|(at, _)| {
                let statement = statements.get(*at);
                statement.is_some_and(|it| last.covers(*at, it))
            })
        {
            grants.push(at);
            tenures.push(Tenure {
                holder: next,
                since: at + 1,
            });
        }
        let past = tenures.split_last().map_or(&[][..], |(_, past)| past);
        let second = hand_ons(statements).find(|(at, _)| {
            let statement = statements.get(*at);
            !grants.contains(at)
                && statement.is_some_and(|it| past.iter().any(|tenure| tenure.covers(*at, it)))
        });
        // Nobody can tell which of two came first, and it must not be worth trying.
        let holder = tenures.last().copied().filter(|_| second.is_none());
        grants.extend(second.map(|(at, _)| at));
        Self {
            holder,
            tenures,
            grants,
        }
    }

    /// Whether this was stated by whoever has the office now.
    pub(super) fn covers(&self, at: usize, statement: &Statement) -> bool {
        self.holder
            .is_some_and(|holder| holder.covers(at, statement))
    }

    /// Who has it.
    pub(super) fn holder(&self) -> Option<Holder> {
        self.holder.map(|tenure| tenure.holder)
    }

    /// The places of the statements that it rests on.
    pub(super) fn grants(&self) -> &[usize] {
        &self.grants
    }

    /// Whether this person has or had it.
    pub(super) fn concerns(&self, sid: &SenderId) -> bool {
        self.tenures
            .iter()
            .any(|tenure| tenure.holder.sid == Some(*sid))
    }
}

/// All offices, whoever governs for longest first. The statements are in order.
pub(super) fn all(root: Option<Holder>, statements: &[Statement]) -> Vec<Office> {
    let mut left = MOST_GRANTS;
    let mut offices: Vec<Office> = Vec::new();
    let mut open = |first, since, share: Option<usize>, seniors: &[Office]| {
        left = left.checked_sub(share.iter().len())?;
        let mut office = Office::begin(first, since, left, statements);
        office.grants.truncate(left);
        left -= office.grants.len();
        office.grants.extend(share);
        if is_taken_away(&office, seniors, statements) {
            office.holder = None;
        }
        Some(office)
    };
    offices.extend(root.and_then(|root| open(root, 0, None, &[])));
    for (at, statement) in statements.iter().enumerate() {
        let Command::Share { to, key } = statement.command else {
            continue;
        };
        let holder = Holder { key, sid: Some(to) };
        // Also a share with somebody who governs already: what they have now may turn out to be worth nothing.
        let counts = offices.iter().any(|office| office.covers(at, statement));
        if counts && let Some(office) = open(holder, at + 1, Some(at), &offices) {
            offices.push(office);
        }
    }
    offices
}

/// Whether somebody who governs for longer has removed one of those who had it.
fn is_taken_away(office: &Office, seniors: &[Office], statements: &[Statement]) -> bool {
    statements.iter().enumerate().any(|(at, statement)| {
        matches!(&statement.command, Command::Remove(sid) if office.concerns(sid))
            && seniors.iter().any(|senior| senior.covers(at, statement))
    })
}

/// Those who hand on to themselves do not.
fn hand_ons(statements: &[Statement]) -> impl Iterator<Item = (usize, Holder)> {
    let places = statements.iter().enumerate();
    places.filter_map(|(at, statement)| match statement.command {
        Command::HandOn { to, key } if key != statement.signer => {
            Some((at, Holder { key, sid: Some(to) }))
        }
        _ => None,
    })
}
