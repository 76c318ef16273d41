//! JPEG: segments of a marker and a length, then compressed data up to the next marker.

use super::window::{Stop, Window};
use super::{Part, Strip, keep, u16_be, u16_le, u32_be, u32_le};

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const EXIF: &[u8] = b"Exif\0\0";

/// One segment: its marker, where its content begins, where it ends.
struct Segment {
    marker: u8,
    content: usize,
    end: usize,
}

/// The segment that begins at `at`.
fn segment(bytes: &[u8], at: usize) -> Option<Segment> {
    if *bytes.get(at)? != 0xFF {
        return None;
    }
    let mut marker_at = at + 1;
    // Any number of these may stand before a marker.
    while *bytes.get(marker_at)? == 0xFF {
        marker_at += 1;
    }
    let marker = *bytes.get(marker_at)?;
    let content = marker_at + 1;
    if matches!(marker, SOI | EOI | 0x01 | 0xD0..=0xD7) {
        return Some(Segment {
            marker,
            content,
            end: content,
        });
    }
    let end = content + usize::from(u16_be(bytes, content)?);
    (end >= content + 2 && end <= bytes.len()).then_some(Segment {
        marker,
        content: content + 2,
        end,
    })
}

pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 0;
    loop {
        let found = segment(bytes, at)?;
        let is_frame =
            matches!(found.marker, 0xC0..=0xCF) && !matches!(found.marker, 0xC4 | 0xC8 | 0xCC);
        if is_frame {
            let height = u16_be(bytes, found.content + 1)?;
            let width = u16_be(bytes, found.content + 3)?;
            return Some((width.into(), height.into()));
        }
        if matches!(found.marker, EOI | SOS) {
            return None;
        }
        at = found.end;
    }
}

/// Whether a segment has to do with what the picture looks like.
fn shows(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xE0 => content.starts_with(b"JFIF\0"),
        0xE2 => content.starts_with(b"ICC_PROFILE\0"),
        0xEE => content.starts_with(b"Adobe"),
        0xE1..=0xEF | 0xFE => false,
        _ => true,
    }
}

/// Which way is up, out of the segment that also knows everything else.
fn orientation(marker: u8, content: &[u8]) -> Option<u8> {
    if marker != 0xE1 {
        return None;
    }
    let tiff = content.strip_prefix(EXIF)?;
    let is_little = tiff.starts_with(b"II");
    let short = |at| {
        if is_little {
            u16_le(tiff, at)
        } else {
            u16_be(tiff, at)
        }
    };
    let long = |at| {
        if is_little {
            u32_le(tiff, at)
        } else {
            u32_be(tiff, at)
        }
    };
    let directory = usize::try_from(long(4)?).ok()?;
    let entries = short(directory)?;
    for entry in 0..usize::from(entries) {
        let at = directory.checked_add(2 + entry * 12)?;
        if short(at)? == 0x0112 {
            let value = u8::try_from(short(at + 8)?).ok()?;
            return Some(value).filter(|value| (2..=8).contains(value));
        }
    }
    None
}

/// A segment that says which way is up, and nothing else.
fn upright(orientation: u8) -> Vec<u8> {
    let tiff = [
        b'M',
        b'M',
        0,
        42,
        0,
        0,
        0,
        8, // header
        0,
        1, // one entry
        0x01,
        0x12,
        0,
        3,
        0,
        0,
        0,
        1,
        0,
        orientation,
        0,
        0, // orientation, a short
        0,
        0,
        0,
        0, // no other directory
    ];
    [&[0xFF, 0xE1, 0, 34][..], EXIF, &tiff].concat()
}

/// How far a JPEG was taken apart.
#[derive(Debug, Default)]
pub(super) struct Jpeg {
    at: usize,
    up: Option<u8>,
    /// In compressed data, which goes on up to the next marker.
    in_data: bool,
}

impl Strip for Jpeg {
    fn at(&self) -> usize {
        self.at
    }

    fn step(&mut self, window: &Window<'_>, parts: &mut Vec<Part>) -> Result<bool, Stop> {
        if self.in_data {
            return self.data(window, parts);
        }
        let start = self.at;
        let [0xFF, marker] = *window.get(start, 2)? else {
            return Err(Stop::Broken);
        };
        let content = start + 2;
        let end = match marker {
            // Any number of these may stand before a marker, and none is needed.
            0xFF => {
                self.at += 1;
                return Ok(false);
            }
            SOI | EOI | 0x01 | 0xD0..=0xD7 => content,
            _ => {
                let length = u16_be(window.get(content, 2)?, 0).map_or(0, usize::from);
                // The length counts itself.
                if length < 2 {
                    return Err(Stop::Broken);
                }
                content + length
            }
        };
        let content = window
            .get(content, end - content)?
            .get(2..)
            .unwrap_or_default();
        self.up = self.up.or_else(|| orientation(marker, content));
        if marker == SOS
            && let Some(up) = self.up.take()
        {
            // In front of the first scan, so behind everything that describes the picture.
            parts.push(Part::New(upright(up)));
        }
        if shows(marker, content) {
            keep(parts, start..end);
        }
        self.at = end;
        self.in_data = marker == SOS;
        // Whatever follows the end is not part of the picture: a film, a second picture, anything.
        Ok(marker == EOI)
    }
}

impl Jpeg {
    fn data(&mut self, window: &Window<'_>, parts: &mut Vec<Part>) -> Result<bool, Stop> {
        let here = window.rest(self.at)?;
        let plain = here.iter().position(|byte| *byte == 0xFF);
        let passed = match plain {
            None => here.len(),
            Some(0) => match window.byte(self.at + 1)? {
                // A stuffed byte, or a restart.
                0x00 | 0xD0..=0xD7 => 2,
                0xFF => 1,
                _ => {
                    self.in_data = false;
                    return Ok(false);
                }
            },
            Some(plain) => plain,
        };
        keep(parts, self.at..self.at + passed);
        self.at += passed;
        Ok(false)
    }
}
