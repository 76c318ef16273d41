//! GIF: a screen, then blocks, of which images are shown and extensions tell how, or tell tales.

use super::{Part, keep, u16_le};

/// Applications whose blocks say how often an animation runs.
const SHOWN: [&[u8; 11]; 2] = [b"NETSCAPE2.0", b"ANIMEXTS1.0"];

/// Bytes of a colour table, by the flags in front of it.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 7) + 1)
    }
}

/// Where a row of sub-blocks that begins at `at` ends.
fn skip_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}

pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let (mut width, mut height) = (u16_le(bytes, 6)?, u16_le(bytes, 8)?);
    // An image may claim more than the screen that it stands on.
    if let Some(first) = first_image(bytes) {
        width = width.max(u16_le(bytes, first + 5)?);
        height = height.max(u16_le(bytes, first + 7)?);
    }
    Some((width.into(), height.into()))
}

fn first_image(bytes: &[u8]) -> Option<usize> {
    let mut at = 13 + table(*bytes.get(10)?);
    loop {
        match bytes.get(at)? {
            0x2C => return Some(at),
            0x21 => at = skip_blocks(bytes, at + 2)?,
            _ => return None,
        }
    }
}

pub(super) fn strip(bytes: &[u8]) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut at = 13 + table(*bytes.get(10)?);
    if at > bytes.len() {
        return None;
    }
    keep(&mut parts, 0..at);
    loop {
        let start = at;
        match *bytes.get(at)? {
            0x2C => {
                let flags = *bytes.get(at + 9)?;
                // The descriptor, its colours, the code size, the image.
                at = skip_blocks(bytes, at + 10 + table(flags) + 1)?;
                keep(&mut parts, start..at);
            }
            0x21 => {
                let label = *bytes.get(at + 1)?;
                at = skip_blocks(bytes, at + 2)?;
                let named = bytes.get(start + 3..start + 14).unwrap_or_default();
                let shows = match label {
                    0xF9 => true,
                    0xFF => SHOWN.iter().any(|shown| shown[..] == *named),
                    _ => false,
                };
                if shows {
                    keep(&mut parts, start..at);
                }
            }
            0x3B => {
                keep(&mut parts, at..at + 1);
                return Some(parts);
            }
            _ => return None,
        }
    }
}
