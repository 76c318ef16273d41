//! The lines of the log with what stands between them: days, the line above what is new.

use std::time::Duration;

use yew::prelude::*;

use super::clock::{date, local, use_now};
use super::flood::{Flood, flooded};
use super::log_window::LogWindow;
use super::message_row::MessageRow;
use super::notice_row::NoticeRow;
use crate::alert::mentions;
use crate::state::{Entry, EntryKind, Log, Notice, People, RoomCard, Settings, Talk};
use crate::words::{count, talk, words};

/// Messages of one author that follow within this time stand together.
const TOGETHER: Duration = Duration::from_secs(5 * 60);

/// What is drawn for one window of the log.
pub fn rows(
    log: &Log,
    window: LogWindow,
    settings: &Settings,
    people: &People,
    card: Option<&RoomCard>,
    talking: &Talk,
) -> Vec<Html> {
    let entries = log.entries();
    let is_shown = |entry: &Entry| match &entry.kind {
        EntryKind::Said(_) => true,
        EntryKind::Notice(notice) => settings.shows_comings || !notice.is_coming_or_going(),
    };
    let mut above = entries[..window.start]
        .iter()
        .rev()
        .find(|entry| is_shown(entry));
    let guest = first_guest(log);
    let fast = flooded(entries, window);
    let mut flood = Flood::default();
    let mut rows = Vec::new();
    let mut folded = Folded::default();
    for entry in entries[window.start..window.end]
        .iter()
        .filter(|entry| is_shown(entry))
    {
        if is_muted(entry, talking) {
            flood.put(&mut rows);
            folded.take(entry);
            continue;
        }
        folded.put(&mut rows);
        let is_new_day = above.is_none_or(|above| local(at(above)).day != local(at(entry)).day);
        if is_new_day || is_first_new(log, entry) || !fast.contains(&entry.id) {
            flood.put(&mut rows);
        }
        if is_new_day && (above.is_some() || matches!(entry.kind, EntryKind::Said(_))) {
            rows.push(html! { <DayLine key={format!("d{}", entry.id.0)} at={at(entry)} /> });
        }
        let is_first_new = is_first_new(log, entry);
        if is_first_new {
            rows.push(html! { <div key="new" class="rule rule-new" role="separator">{ words().new_messages }</div> });
        }
        let key = format!("e{}", entry.id.0);
        let row = match &entry.kind {
            EntryKind::Said(said) => {
                let follows = !is_new_day
                    && !is_first_new
                    && above.is_some_and(|above| stands_with(above, entry));
                let author = people.find(said.from);
                let is_twin = author.is_some_and(|person| person.twin);
                let is_bot = author.is_some_and(|person| person.bot.is_some());
                let is_revealed = log.is_revealed(entry.id);
                let is_mention = !said.mine && people.me().is_some_and(|me| mentions(said, me));
                let to_name = said.to.map(|to| {
                    people.find(to).map_or_else(
                        || talk().somebody.into(),
                        |it| AttrValue::from(it.name.clone()),
                    )
                });
                html! {
                    <MessageRow
                        {key}
                        entry={entry.clone()}
                        {follows}
                        {is_twin}
                        {is_bot}
                        {is_revealed}
                        {is_mention}
                        {to_name}
                        format={settings.format}
                        filters={settings.filters}
                    />
                }
            }
            EntryKind::Notice(_) => {
                let face = card
                    .filter(|_| guest == Some(entry.id.0))
                    .map(|card| card.face.clone());
                html! { <NoticeRow {key} entry={entry.clone()} {face} /> }
            }
        };
        if fast.contains(&entry.id) {
            flood.take(entry.id, row);
        } else {
            rows.push(row);
        }
        above = Some(entry);
    }
    flood.put(&mut rows);
    folded.put(&mut rows);
    rows
}

fn is_muted(entry: &Entry, talking: &Talk) -> bool {
    matches!(&entry.kind, EntryKind::Said(said) if talking.muted.contains(&said.from))
}

/// Lines of muted people that follow each other: one line instead.
#[derive(Default)]
struct Folded {
    first: u64,
    count: usize,
}

impl Folded {
    fn take(&mut self, entry: &Entry) {
        if self.count == 0 {
            self.first = entry.id.0;
        }
        self.count += 1;
    }

    fn put(&mut self, rows: &mut Vec<Html>) {
        let Self { first, count: n } = std::mem::take(self);
        if n > 0 {
            let words = talk();
            rows.push(html! {
                <div id={format!("e{first}")} key={format!("m{first}")} class="notice">
                    <span>{ count(n, words.muted_one, words.muted_many) }</span>
                </div>
            });
        }
    }
}

fn is_first_new(log: &Log, entry: &Entry) -> bool {
    log.first_unread() == Some(entry.id)
}

/// When a line happened: for what was said earlier, when its author says it was.
pub fn at(entry: &Entry) -> Duration {
    match &entry.kind {
        EntryKind::Said(said) if said.replayed => said.sent_at,
        _ => entry.at,
    }
}

fn stands_with(above: &Entry, entry: &Entry) -> bool {
    match (&above.kind, &entry.kind) {
        (EntryKind::Said(first), EntryKind::Said(second)) => {
            first.from == second.from
                && first.to == second.to
                && first.name == second.name
                && at(entry).saturating_sub(at(above)) < TOGETHER
        }
        _ => false,
    }
}

/// The line of the very first guest in a room that was opened here: the moment it was all for.
fn first_guest(log: &Log) -> Option<u64> {
    let mut entries = log.entries().iter().take(20);
    let is_mine = entries.any(|entry| {
        matches!(
            entry.kind,
            EntryKind::Notice(Notice::Opened { by_me: true })
        )
    });
    let guest =
        entries.find(|entry| matches!(entry.kind, EntryKind::Notice(Notice::CameIn { .. })));
    guest.filter(|_| is_mine).map(|entry| entry.id.0)
}

/// What [`DayLine`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct DayLineProps {
    /// A moment of that day.
    pub at: Duration,
}

/// "Today", "Yesterday", or the date.
#[component]
pub fn DayLine(props: &DayLineProps) -> Html {
    let now = use_now(false);
    let day = match local(now).day - local(props.at).day {
        0 => words().today.to_owned(),
        1 => words().yesterday.to_owned(),
        _ => date(props.at),
    };
    html! { <div class="rule" role="separator">{ day }</div> }
}
