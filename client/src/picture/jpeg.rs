//! JPEG: segments of a marker and a length, then compressed data up to the next marker.

use super::{Part, keep, u16_be, u16_le, u32_be, u32_le};

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const EXIF: &[u8] = b"Exif\0\0";

/// One segment: its marker, where it begins, where its content begins, where it ends.
struct Segment {
    marker: u8,
    start: usize,
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
            start: at,
            content,
            end: content,
        });
    }
    let end = content + usize::from(u16_be(bytes, content)?);
    (end >= content + 2 && end <= bytes.len()).then_some(Segment {
        marker,
        start: at,
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

/// Where compressed data that begins at `at` is interrupted by a marker.
fn skip_data(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let found = bytes.get(at..)?.iter().position(|byte| *byte == 0xFF)?;
        at += found;
        match *bytes.get(at + 1)? {
            // A stuffed byte, or a restart.
            0x00 | 0xD0..=0xD7 => at += 2,
            0xFF => at += 1,
            _ => return Some(at),
        }
    }
}

/// Whether a segment has to do with what the picture looks like.
fn shows(bytes: &[u8], found: &Segment) -> bool {
    let content = bytes.get(found.content..found.end).unwrap_or_default();
    match found.marker {
        0xE0 => content.starts_with(b"JFIF\0"),
        0xE2 => content.starts_with(b"ICC_PROFILE\0"),
        0xEE => content.starts_with(b"Adobe"),
        0xE1..=0xEF | 0xFE => false,
        _ => true,
    }
}

/// Which way is up, out of the segment that also knows everything else.
fn orientation(bytes: &[u8], found: &Segment) -> Option<u8> {
    let content = bytes.get(found.content..found.end)?;
    if found.marker != 0xE1 {
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

pub(super) fn strip(bytes: &[u8]) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut up = None;
    let mut at = 0;
    loop {
        let found = segment(bytes, at)?;
        up = up.or_else(|| orientation(bytes, &found));
        if found.marker == SOS
            && let Some(up) = up.take()
        {
            // In front of the first scan, so behind everything that describes the picture.
            parts.push(Part::New(upright(up)));
        }
        if shows(bytes, &found) {
            keep(&mut parts, found.start..found.end);
        }
        at = found.end;
        match found.marker {
            // Whatever follows is not part of the picture: a film, a second picture, anything.
            EOI => return Some(parts),
            SOS => {
                let end = skip_data(bytes, at)?;
                keep(&mut parts, at..end);
                at = end;
            }
            _ => {}
        }
    }
}
