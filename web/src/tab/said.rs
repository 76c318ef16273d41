//! One message of the log, in bytes.

use std::rc::Rc;
use std::time::Duration;

use client::Style;
use crypto::wire::DecodeError;
use crypto::wire::codec::{Reader, Writer};

use super::memory::{milliseconds, read_tag, read_text, text, write_tag};
use crate::state::{
    Delivery, FileShown, Marks, PersonId, Quote, Reaction, Said, Timer, What, Wording,
};

pub(super) fn put(out: &mut Writer, said: &Said) {
    out.u8(10).put(&said.from.0);
    text(out, &said.id);
    text(out, &said.name);
    write_tag(out, &said.tag);
    out.u8(u8::from(said.mine));
    person(out, said.to);
    out.u8(u8::from(said.replayed))
        .u64(milliseconds(said.sent_at));
    out.u8(u8::from(said.local.is_some()))
        .u32(said.local.unwrap_or_default());
    match &said.delivery {
        Delivery::Received => out.u8(0),
        Delivery::Sending => out.u8(1),
        Delivery::Relayed => out.u8(2),
        Delivery::Failed(_) => out.u8(3),
    };
    if let Delivery::Failed(why) = &said.delivery {
        text(out, why);
    }
    let (kind, wording) = match &said.what {
        What::Newer => (0, None),
        What::Text(wording) => (1, Some(wording)),
        What::Action(wording) => (2, Some(wording)),
        What::Deleted => (3, None),
        What::Expired => (4, None),
        What::File(_) => (5, None),
    };
    out.u8(kind);
    if let Some(wording) = wording {
        words(out, wording);
    }
    if let What::File(file) = &said.what {
        out.u64(file.size);
        text(out, &file.name.saved);
    }
    marks(out, &said.marks);
}

fn marks(out: &mut Writer, marks: &Marks) {
    out.u8(u8::from(marks.quote.is_some()));
    if let Some(quote) = &marks.quote {
        text(out, &quote.id);
        text(out, &quote.name);
        out.u8(u8::from(quote.text.is_some()));
        if let Some(wording) = &quote.text {
            words(out, wording);
        }
    }
    count(out, marks.reactions.len());
    for reaction in &marks.reactions {
        text(out, &reaction.emoji);
        count(out, reaction.by.len());
        for id in &reaction.by {
            out.put(&id.0);
        }
    }
    count(out, marks.before.len());
    for wording in &marks.before {
        words(out, wording);
    }
    let timer = marks.timer.unwrap_or(Timer {
        stays: Duration::ZERO,
        ends: None,
    });
    out.u8(u8::from(marks.timer.is_some()))
        .u64(milliseconds(timer.stays));
    out.u8(u8::from(timer.ends.is_some()))
        .u64(milliseconds(timer.ends.unwrap_or_default()));
    out.u8(u8::from(marks.late));
}

pub(super) fn read(from: &mut Reader<'_>) -> Result<Said, DecodeError> {
    let author = PersonId(from.array()?);
    let id = read_text(from)?;
    let name = read_text(from)?;
    let tag = read_tag(from)?;
    let mine = from.flag("mine")?;
    let to = read_person(from)?;
    let replayed = from.flag("replayed")?;
    let sent_at = Duration::from_millis(from.u64()?);
    let has_local = from.flag("has_local")?;
    let local = Some(from.u32()?).filter(|_| has_local);
    let delivery = match from.u8()? {
        0 => Delivery::Received,
        1 => Delivery::Sending,
        2 => Delivery::Relayed,
        _ => Delivery::Failed(read_text(from)?),
    };
    let what = match from.u8()? {
        1 => What::Text(read_words(from)?),
        2 => What::Action(read_words(from)?),
        3 => What::Deleted,
        4 => What::Expired,
        // The page that offered or fetched it is gone, and with it the file.
        5 => What::File(Rc::new(FileShown {
            file: None,
            size: from.u64()?,
            name: text::FileName::of(&read_text(from)?),
            media_type: String::new(),
        })),
        _ => What::Newer,
    };
    Ok(Said {
        id,
        from: author,
        name,
        tag,
        mine,
        to,
        what,
        sent_at,
        local,
        delivery,
        replayed,
        marks: read_marks(from)?,
    })
}

fn read_marks(from: &mut Reader<'_>) -> Result<Marks, DecodeError> {
    let quote = if from.flag("quote")? {
        let (id, name) = (read_text(from)?, read_text(from)?);
        let text = if from.flag("quoted")? {
            Some(read_words(from)?)
        } else {
            None
        };
        Some(Quote {
            id,
            line: None,
            name,
            text,
        })
    } else {
        None
    };
    let mut marks = Marks {
        quote,
        ..Marks::default()
    };
    for _ in 0..from.u32()? {
        let emoji = read_text(from)?;
        let mut by = Vec::new();
        for _ in 0..from.u32()? {
            by.push(PersonId(from.array()?));
        }
        marks.reactions.push(Reaction { emoji, by });
    }
    for _ in 0..from.u32()? {
        marks.before.push(read_words(from)?);
    }
    let is_timed = from.flag("timer")?;
    let stays = Duration::from_millis(from.u64()?);
    let has_begun = from.flag("begun")?;
    let ends = Some(Duration::from_millis(from.u64()?)).filter(|_| has_begun);
    marks.timer = is_timed.then_some(Timer { stays, ends });
    marks.late = from.flag("late")?;
    Ok(marks)
}

pub(super) fn person(out: &mut Writer, id: Option<PersonId>) {
    out.u8(u8::from(id.is_some()))
        .put(&id.map_or([0; 16], |id| id.0));
}

pub(super) fn read_person(from: &mut Reader<'_>) -> Result<Option<PersonId>, DecodeError> {
    let is_there = from.flag("person")?;
    Ok(Some(PersonId(from.array()?)).filter(|_| is_there))
}

fn count(out: &mut Writer, count: usize) {
    out.u32(u32::try_from(count).expect("invariant: a page holds fewer than four billion things"));
}

fn words(out: &mut Writer, wording: &Wording) {
    out.u8(wording.style.to_byte());
    text(out, &wording.text);
}

fn read_words(from: &mut Reader<'_>) -> Result<Wording, DecodeError> {
    Ok(Wording {
        style: Style::from_byte(from.u8()?).unwrap_or_default(),
        text: Rc::from(read_text(from)?),
    })
}
