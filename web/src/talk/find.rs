//! Searching what is loaded.

use crate::state::{EntryId, EntryKind, Log};

/// The most lines that are found; whoever gets more asks more precisely.
pub const MOST: usize = 200;

/// The lines in which all words of `wanted` occur, newest first. Case does not matter; a name counts as part of its
/// line.
pub fn find(log: &Log, wanted: &str) -> Vec<EntryId> {
    let wanted: Vec<String> = wanted.split_whitespace().map(str::to_lowercase).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let entries = log.entries().iter().rev();
    entries
        .filter(|entry| match &entry.kind {
            EntryKind::Said(said) => said.what.wording().is_some_and(|wording| {
                let line = format!("{}\n{}", said.name, wording.text).to_lowercase();
                wanted.iter().all(|word| line.contains(word))
            }),
            EntryKind::Notice(_) => false,
        })
        .map(|entry| entry.id)
        .take(MOST)
        .collect()
}
