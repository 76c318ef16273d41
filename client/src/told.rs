//! What one author has been heard to say, in the author's order, so that words which come late can be put where they belong.
//!
//! Late words are those that a relay had taken, forgot, and is given again (`outbox/lately.rs`), after somebody has heard
//! newer ones. An author's own order is known: words for everybody are numbered, private ones are numbered by themselves,
//! and between the two decides the time at which they were sealed, which grows with every one.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::Duration;

use crypto::envelope::Header;
use crypto::wire::codec::{Reader, Writer};
use crypto::wire::{DecodeError, Epoch, Generation, SenderId};

use crate::body::{Body, Style, Text};
use crate::event::{Late, MessageId, Since};

/// How many are remembered of one author: more than an author says in the time for which a relay's end unsettles a room.
const MOST: usize = 512;
/// New wordings that are remembered for words that have not come yet.
const MOST_WORDINGS: usize = 8;

/// One thing that an author said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    epoch: Epoch,
    generation: Generation,
    /// By the author's clock.
    sent_at: u64,
    /// What it changes, if it changes anything.
    changes: Option<Target>,
    /// It takes back what it changes.
    takes_back: bool,
    /// What it makes of words that have not come.
    wording: Option<Text>,
}

/// What a message can change, told apart by a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Target(u64);

impl Target {
    /// FNV-1a. Whoever makes two of them collide makes their own change go unheeded.
    fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let bytes = parts.into_iter().flatten();
        Self(bytes.fold(0xcbf2_9ce4_8422_2325, |mark, byte| {
            (mark ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        }))
    }

    fn words(of: &MessageId) -> Self {
        let (epoch, generation) = (of.epoch.0.to_be_bytes(), of.generation.0.to_be_bytes());
        Self::of([b"words".as_slice(), &of.sid.0, &epoch, &generation])
    }

    fn changed_by(body: &Body) -> Option<Self> {
        match body {
            Body::Edit { of, .. } | Body::Delete { of } => Some(Self::words(of)),
            Body::Reaction { to, emoji, .. } => {
                let words = Self::words(to).0.to_be_bytes();
                Some(Self::of([b"beside".as_slice(), &words, emoji.as_bytes()]))
            }
            Body::Topic(_) => Some(Self::of([b"topic".as_slice()])),
            _ => None,
        }
    }
}

impl Line {
    pub(crate) fn new(header: &Header, sent_at: Duration, body: &Body) -> Self {
        Self {
            epoch: header.epoch,
            generation: header.generation,
            sent_at: u64::try_from(sent_at.as_millis()).unwrap_or(u64::MAX),
            changes: Target::changed_by(body),
            takes_back: matches!(body, Body::Delete { .. }),
            wording: match body {
                Body::Edit { text, .. } => Some(text.clone()),
                _ => None,
            },
        }
    }

    /// Whether its author said it before the other one.
    fn precedes(&self, other: &Self) -> bool {
        // Private words count their own numbers, in an epoch that there is not.
        if (self.epoch.0 == 0) == (other.epoch.0 == 0) {
            (self.epoch, self.generation) < (other.epoch, other.generation)
        } else {
            self.sent_at <= other.sent_at
        }
    }

    fn id(&self, sid: SenderId) -> MessageId {
        MessageId {
            sid,
            epoch: self.epoch,
            generation: self.generation,
        }
    }
}

/// See the module.
#[derive(Default)]
pub(crate) struct Told(VecDeque<Line>);

impl Told {
    /// Notes what `sid` said. `may_be_late`: it is shown where it belongs; otherwise it comes last, whatever it says of
    /// itself.
    pub(crate) fn note(
        &mut self,
        sid: SenderId,
        mut line: Line,
        may_be_late: bool,
    ) -> Option<Late> {
        let after = self.0.iter().rposition(|earlier| earlier.precedes(&line));
        let at = after.map_or(0, |after| after + 1);
        if at == self.0.len() || !may_be_late {
            self.keep_wording(sid, &mut line);
            self.0.push_back(line);
            if self.0.len() > MOST {
                self.0.pop_front();
            }
            return None;
        }
        let before = self.0.get(at)?.id(sid);
        let since = self.since(sid, &line, at);
        line.wording = None;
        self.0.insert(at, line);
        Some(Late { before, since })
    }

    /// What those from `at` on have made of it.
    fn since(&self, sid: SenderId, line: &Line, at: usize) -> Since {
        let itself = Some(Target::words(&line.id(sid)));
        let mut newer = self.0.iter().skip(at).rev();
        if line.changes.is_some() && newer.clone().any(|newer| newer.changes == line.changes) {
            return Since::Overtaken;
        }
        match newer.find(|newer| newer.changes == itself) {
            Some(newer) if newer.takes_back => Since::TakenBack,
            Some(newer) => newer.wording.clone().map_or(Since::Nothing, Since::Edited),
            None => Since::Nothing,
        }
    }

    /// A wording is needed later only where the words it is for have not come.
    fn keep_wording(&mut self, sid: SenderId, line: &mut Line) {
        let Some(changed) = line.changes.filter(|_| line.wording.is_some()) else {
            return;
        };
        if self
            .0
            .iter()
            .any(|known| Target::words(&known.id(sid)) == changed)
        {
            line.wording = None;
            return;
        }
        let mut kept = self
            .0
            .iter_mut()
            .rev()
            .filter(|line| line.wording.is_some());
        if let Some(oldest) = kept.nth(MOST_WORDINGS - 1) {
            oldest.wording = None;
        }
    }

    pub(crate) fn freeze(&self, writer: &mut Writer) {
        writer.u16(u16::try_from(self.0.len()).unwrap_or(u16::MAX));
        for line in &self.0 {
            writer
                .u16(line.epoch.0)
                .u32(line.generation.0)
                .u64(line.sent_at)
                .u8(u8::from(line.changes.is_some()))
                .u64(line.changes.map_or(0, |target| target.0))
                .u8(u8::from(line.takes_back))
                .u8(u8::from(line.wording.is_some()));
            if let Some(wording) = &line.wording {
                let length = u16::try_from(wording.text.len()).unwrap_or(u16::MAX);
                writer.u8(wording.style.to_byte()).u16(length);
                writer.put(wording.text.as_bytes());
            }
        }
    }

    pub(crate) fn thaw(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let length = usize::from(reader.u16()?);
        if length > MOST {
            return Err(DecodeError::Invalid("lines"));
        }
        let mut lines = VecDeque::new();
        for _ in 0..length {
            let (epoch, generation) = (Epoch(reader.u16()?), Generation(reader.u32()?));
            let sent_at = reader.u64()?;
            let has_target = reader.flag("changes")?;
            let changes = Some(Target(reader.u64()?)).filter(|_| has_target);
            let takes_back = reader.flag("takes back")?;
            let wording = if reader.flag("wording")? {
                Some(wording(reader)?)
            } else {
                None
            };
            lines.push_back(Line {
                epoch,
                generation,
                sent_at,
                changes,
                takes_back,
                wording,
            });
        }
        Ok(Self(lines))
    }
}

fn wording(reader: &mut Reader<'_>) -> Result<Text, DecodeError> {
    let style = Style::from_byte(reader.u8()?).ok_or(DecodeError::Invalid("style"))?;
    let length = usize::from(reader.u16()?);
    let text = String::from_utf8(reader.take(length)?.to_vec());
    Ok(Text {
        style,
        text: text.map_err(|_| DecodeError::Invalid("wording"))?,
    })
}
