//! The visible side of a stay in a room, in bytes.

use std::time::Duration;

use crypto::wire::DecodeError;
use crypto::wire::codec::{Reader, Writer};

use super::kept::Kept;
use super::said;
use crate::state::{EntryKind, Log, Notice, PersonId, Settings, State, Tag};

/// Lines kept at most.
const LINES: usize = 400;
/// Bytes kept at most: browsers give a page a few megabytes.
const BYTES: usize = 1 << 20;

/// What the person saw and chose.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Memory {
    /// The person's name.
    pub(crate) your_name: String,
    /// Their choices.
    pub(crate) settings: Settings,
    /// The draft, whom it is for, who is muted.
    pub(crate) kept: Kept,
    /// The lines of the log, oldest first.
    pub(crate) lines: Vec<(Duration, EntryKind)>,
}

impl Memory {
    /// What `state` shows, or `None` outside a room.
    pub(crate) fn of(state: &State, draft: String) -> Option<Self> {
        let room = state.room().or(state.set_aside.as_ref())?;
        let your_name = room
            .people
            .me()
            .map(|me| me.name.clone())
            .unwrap_or_default();
        Some(Self {
            your_name,
            settings: (*state.settings).clone(),
            kept: Kept::of(&room.talk, draft),
            lines: newest(&room.log),
        })
    }

    /// In bytes.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut out = Writer::with_capacity(1024);
        text(&mut out, &self.your_name);
        out.put(&self.settings.to_bytes());
        self.kept.put(&mut out);
        for (at, kind) in &self.lines {
            out.u64(milliseconds(*at));
            line(&mut out, kind);
        }
        out.finish()
    }

    /// From bytes: all of them or nothing.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut from = Reader::new(bytes);
        let your_name = read_text(&mut from)?;
        let settings = from.array::<{ Settings::BYTES }>()?;
        let settings = Settings::from_bytes(&settings).unwrap_or_default();
        let kept = Kept::read(&mut from)?;
        let mut lines = Vec::new();
        while from.remaining() > 0 {
            let at = Duration::from_millis(from.u64()?);
            if let Some(kind) = read_line(&mut from)? {
                lines.push((at, kind));
            }
        }
        Ok(Self {
            your_name,
            settings,
            kept,
            lines,
        })
    }
}

/// The newest lines that fit. The rest is gone with the page, as the person was told.
fn newest(log: &Log) -> Vec<(Duration, EntryKind)> {
    let mut budget = BYTES;
    let mut lines: Vec<_> = log
        .entries()
        .iter()
        .rev()
        .take(LINES)
        .take_while(|entry| {
            let size = match &entry.kind {
                EntryKind::Said(said) => said.weight() + 200,
                EntryKind::Notice(_) => 200,
            };
            budget = budget.saturating_sub(size);
            budget > 0
        })
        .map(|entry| (entry.at, entry.kind.clone()))
        .collect();
    lines.reverse();
    lines
}

fn line(out: &mut Writer, kind: &EntryKind) {
    match kind {
        EntryKind::Said(said) => said::put(out, said),
        EntryKind::Notice(Notice::Opened { by_me }) => {
            out.u8(1).u8(u8::from(*by_me));
        }
        EntryKind::Notice(Notice::CameIn { id, name, tag }) => person_line(out, 2, *id, name, tag),
        EntryKind::Notice(Notice::Left { id, name, tag }) => person_line(out, 3, *id, name, tag),
        EntryKind::Notice(Notice::Renamed { id, from, to, tag }) => {
            person_line(out, 4, *id, from, tag);
            text(out, to);
        }
        EntryKind::Notice(Notice::Bot {
            id,
            name,
            destination,
        }) => {
            out.u8(5).put(&id.0);
            text(out, name);
            text(out, destination);
        }
        EntryKind::Notice(Notice::Unverifiable { count }) => {
            out.u8(6).u32(*count);
        }
        EntryKind::Notice(Notice::Missing { name, count }) => {
            out.u8(7).u32(*count);
            text(out, name);
        }
        EntryKind::Notice(Notice::Gap { count }) => {
            out.u8(8).u32(count.unwrap_or(0));
        }
        EntryKind::Notice(Notice::Unopened { count }) => {
            out.u8(11).u32(*count);
        }
        EntryKind::Notice(Notice::Diverged) => {
            out.u8(9);
        }
        // The rest is about a moment that has passed.
        EntryKind::Notice(_) => {
            out.u8(0);
        }
    }
}

fn read_line(from: &mut Reader<'_>) -> Result<Option<EntryKind>, DecodeError> {
    let notice = match from.u8()? {
        1 => Notice::Opened {
            by_me: from.flag("by_me")?,
        },
        kind @ 2..=4 => {
            let id = PersonId(from.array()?);
            let name = read_text(from)?;
            let tag = read_tag(from)?;
            match kind {
                2 => Notice::CameIn { id, name, tag },
                3 => Notice::Left { id, name, tag },
                _ => Notice::Renamed {
                    id,
                    from: name,
                    to: read_text(from)?,
                    tag,
                },
            }
        }
        5 => Notice::Bot {
            id: PersonId(from.array()?),
            name: read_text(from)?,
            destination: read_text(from)?,
        },
        6 => Notice::Unverifiable { count: from.u32()? },
        7 => {
            let count = from.u32()?;
            Notice::Missing {
                name: read_text(from)?,
                count,
            }
        }
        8 => Notice::Gap {
            count: Some(from.u32()?).filter(|count| *count > 0),
        },
        11 => Notice::Unopened { count: from.u32()? },
        9 => Notice::Diverged,
        10 => return said::read(from).map(|said| Some(EntryKind::Said(said))),
        _ => return Ok(None),
    };
    Ok(Some(EntryKind::Notice(notice)))
}

fn person_line(out: &mut Writer, kind: u8, id: PersonId, name: &str, tag: &Tag) {
    out.u8(kind).put(&id.0);
    text(out, name);
    write_tag(out, tag);
}

pub(super) fn write_tag(out: &mut Writer, tag: &Tag) {
    text(out, &tag.text);
    out.u16(tag.hue).u8(tag.shape);
}

pub(super) fn read_tag(from: &mut Reader<'_>) -> Result<Tag, DecodeError> {
    Ok(Tag {
        text: read_text(from)?,
        hue: from.u16()?,
        shape: from.u8()?,
    })
}

pub(super) fn text(out: &mut Writer, text: &str) {
    let length = u32::try_from(text.len()).expect("invariant: no text is longer than a message");
    out.u32(length).put(text.as_bytes());
}

pub(super) fn read_text(from: &mut Reader<'_>) -> Result<String, DecodeError> {
    let length = usize::try_from(from.u32()?).unwrap_or(usize::MAX);
    // What this page wrote is UTF-8; a damaged entry may show damaged characters.
    Ok(String::from_utf8_lossy(from.take(length)?).into_owned())
}

pub(super) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use client::Style;

    use super::*;
    use crate::state::{
        Delivery, Marks, Notify, Quote, Reaction, Said, Theme, Timer, What, Whom, Wording,
    };

    fn tag() -> Tag {
        Tag {
            text: "k7qf".to_owned(),
            hue: 210,
            shape: 3,
        }
    }

    fn memory() -> Memory {
        let id = PersonId([7; 16]);
        let said = Said {
            id: "ab-0-1".to_owned(),
            from: id,
            name: "Quiet Otter".to_owned(),
            tag: tag(),
            mine: true,
            to: Some(PersonId([9; 16])),
            what: What::Text(Wording {
                style: Style::Markdown,
                text: Rc::from("hello\nworld 🐢"),
            }),
            sent_at: Duration::from_millis(1_700_000_000_123),
            local: Some(4),
            delivery: Delivery::Failed("no".to_owned()),
            replayed: false,
            marks: Marks {
                quote: Some(Quote {
                    id: "cd-1-2".to_owned(),
                    line: None,
                    name: "Brave Heron".to_owned(),
                    text: Some(Wording::plain("what?")),
                }),
                reactions: vec![Reaction {
                    emoji: "👍".to_owned(),
                    by: vec![id, PersonId([1; 16])],
                }],
                before: vec![Wording::plain("helo")],
                timer: Some(Timer {
                    stays: Duration::from_secs(60),
                    ends: Some(Duration::from_secs(90)),
                }),
                late: true,
            },
        };
        let newer = Said {
            what: What::Newer,
            delivery: Delivery::Received,
            local: None,
            to: None,
            marks: Marks::default(),
            ..said.clone()
        };
        let name = "Brave Heron".to_owned();
        let kinds = vec![
            EntryKind::Notice(Notice::Opened { by_me: true }),
            EntryKind::Notice(Notice::CameIn {
                id,
                name: name.clone(),
                tag: tag(),
            }),
            EntryKind::Said(said),
            EntryKind::Said(Said {
                what: What::Deleted,
                ..newer.clone()
            }),
            EntryKind::Said(Said {
                what: What::Action(Wording::plain("waves")),
                ..newer.clone()
            }),
            EntryKind::Said(newer),
            EntryKind::Notice(Notice::Renamed {
                id,
                from: name.clone(),
                to: "x".into(),
                tag: tag(),
            }),
            EntryKind::Notice(Notice::Left {
                id,
                name: name.clone(),
                tag: tag(),
            }),
            EntryKind::Notice(Notice::Bot {
                id,
                name: name.clone(),
                destination: "api".into(),
            }),
            EntryKind::Notice(Notice::Unverifiable { count: 3 }),
            EntryKind::Notice(Notice::Missing { name, count: 2 }),
            EntryKind::Notice(Notice::Gap { count: Some(4) }),
            EntryKind::Notice(Notice::Gap { count: None }),
            EntryKind::Notice(Notice::Unopened { count: 2 }),
            EntryKind::Notice(Notice::Diverged),
        ];
        let lines = kinds
            .into_iter()
            .map(|kind| (Duration::from_millis(5), kind))
            .collect();
        let settings = Settings {
            theme: Theme::Dark,
            shows_comings: false,
            ..Settings::default()
        };
        let kept = Kept {
            draft: "half a thou".to_owned(),
            scope: Some(Whom {
                id,
                name: "Brave Heron".to_owned(),
                tag: tag(),
            }),
            muted: vec![PersonId([3; 16])],
            topic: Some("lunch".to_owned()),
            notify: Some(Notify::Personal),
        };
        Memory {
            your_name: "Quiet Otter".to_owned(),
            settings,
            kept,
            lines,
        }
    }

    #[test]
    fn a_conversation_survives_a_reload_line_by_line() {
        assert_eq!(Memory::decode(&memory().encode()), Ok(memory()));
    }

    #[test]
    fn lines_about_a_passed_moment_are_left_out() {
        let wait = Duration::from_secs(1);
        let passed = EntryKind::Notice(Notice::TooFast { wait });
        let with = Memory {
            lines: vec![(wait, passed)],
            ..memory()
        };
        assert!(Memory::decode(&with.encode()).unwrap().lines.is_empty());
    }

    #[test]
    fn no_damage_makes_reading_panic() {
        let whole = memory().encode();
        for cut in 0..whole.len() {
            let _ = Memory::decode(&whole[..cut]);
            let mut flipped = whole.clone();
            flipped[cut] ^= 0x55;
            let _ = Memory::decode(&flipped);
        }
    }
}
