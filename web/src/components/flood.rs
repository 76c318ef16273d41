//! Somebody who says more lines than anybody can read takes no more of the log than one line.

use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;
use std::time::Duration;

use yew::prelude::*;

use super::button::{Button, Weight};
use super::log_window::LogWindow;
use crate::state::{Entry, EntryId, EntryKind, PersonId};
use crate::words::{count, rich};

/// So many lines of one person within [`SPAN`] are shown; the next ones fold.
const BURST: usize = 30;
const SPAN: Duration = Duration::from_secs(1);
/// Lines before the window that are looked at, so that scrolling changes nothing about what is folded.
const BEFORE: usize = 200;

/// The lines of a window that came too fast. What was said before we came in arrives all at once and is no flood.
pub fn flooded(entries: &[Rc<Entry>], window: LogWindow) -> HashSet<EntryId> {
    let mut latest: HashMap<PersonId, VecDeque<Duration>> = HashMap::new();
    let mut found = HashSet::new();
    let from = window.start.saturating_sub(BEFORE);
    for entry in entries.get(from..window.end).unwrap_or_default() {
        let EntryKind::Said(said) = &entry.kind else {
            continue;
        };
        if said.mine || said.replayed {
            continue;
        }
        let times = latest.entry(said.from).or_default();
        if times.len() == BURST {
            let first = times.pop_front().unwrap_or_default();
            if entry.at.saturating_sub(first) < SPAN {
                found.insert(entry.id);
            }
        }
        times.push_back(entry.at);
    }
    found
}

/// Neighbouring lines that came too fast, until a line that did not.
#[derive(Default)]
pub struct Flood {
    first: Option<EntryId>,
    rows: Vec<Html>,
}

impl Flood {
    /// Takes a row.
    pub fn take(&mut self, entry: EntryId, row: Html) {
        self.first.get_or_insert(entry);
        self.rows.push(row);
    }

    /// Puts one row in place of all of them but the last, which is the news.
    pub fn put(&mut self, rows: &mut Vec<Html>) {
        let last = self.rows.pop();
        let taken = std::mem::take(&mut self.rows);
        if let Some(first) = self.first.take().filter(|_| !taken.is_empty()) {
            let key = format!("f{}", first.0);
            rows.push(html! { <FloodRow {key} rows={taken} /> });
        }
        rows.extend(last);
    }
}

/// What [`FloodRow`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct FloodRowProps {
    /// The folded rows.
    pub rows: Vec<Html>,
}

/// "31 more lines in quick succession", and the lines after a press.
#[component]
pub fn FloodRow(props: &FloodRowProps) -> Html {
    let is_open = use_state_eq(|| false);
    if *is_open {
        return props.rows.iter().cloned().collect();
    }
    let onclick = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(true))
    };
    let words = rich();
    html! {
        <p class="flood">
            { count(props.rows.len(), words.flood_one, words.flood_many) }{ " " }
            <Button weight={Weight::Link} {onclick}>{ words.flood_show }</Button>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Delivery, Said, Tag, What};

    fn line(number: u64, from: u8, millis: u64) -> Rc<Entry> {
        let at = Duration::from_millis(1_800_000_000_000 + millis);
        let tag = Tag {
            text: "k7qf".to_owned(),
            hue: 10,
            shape: 2,
        };
        Rc::new(Entry {
            id: EntryId(number),
            at,
            kind: EntryKind::Said(Said {
                id: number.to_string(),
                from: PersonId([from; 16]),
                name: "Brave Heron".to_owned(),
                tag,
                mine: from == 1,
                to: None,
                what: What::Newer,
                sent_at: at,
                local: None,
                delivery: Delivery::Received,
                replayed: from == 9,
                marks: crate::state::Marks::default(),
            }),
        })
    }

    fn count_of(lines: &[Rc<Entry>]) -> usize {
        flooded(lines, LogWindow::latest(lines.len())).len()
    }

    #[test]
    fn only_what_comes_faster_than_anybody_reads_is_folded() {
        let every = |millis: u64, from: u8| -> Vec<_> {
            (0..100).map(|it| line(it, from, it * millis)).collect()
        };
        assert_eq!(count_of(&every(10, 2)), 100 - BURST);
        assert_eq!(count_of(&every(50, 2)), 0, "twenty lines a second");
        assert_eq!(count_of(&every(10, 1)), 0, "one's own");
        assert_eq!(count_of(&every(10, 9)), 0, "what was said before");
    }

    #[test]
    fn others_who_speak_in_between_do_not_hide_a_flood_and_are_not_folded() {
        let lines: Vec<_> = (0..100)
            .map(|it| line(it, if it % 10 == 0 { 3 } else { 2 }, it * 10))
            .collect();
        let folded = flooded(&lines, LogWindow::latest(lines.len()));
        assert_eq!(folded.len(), 90 - BURST);
        assert!(
            (0..100)
                .step_by(10)
                .all(|it| !folded.contains(&EntryId(it)))
        );
    }

    #[test]
    fn scrolling_changes_nothing_about_what_is_folded() {
        let lines: Vec<_> = (0..400).map(|it| line(it, 2, it * 10)).collect();
        let all = flooded(&lines, LogWindow { start: 0, end: 400 });
        let part = flooded(
            &lines,
            LogWindow {
                start: 300,
                end: 360,
            },
        );
        assert!((300..360).all(|it| all.contains(&EntryId(it)) && part.contains(&EntryId(it))));
    }
}
