//! GIF: a screen, then blocks, of which images are shown and extensions tell how, or tell tales.

use super::window::{Stop, Window};
use super::{Part, Strip, keep, u16_le};

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

/// How far a GIF was taken apart.
#[derive(Debug, Default)]
pub(super) struct Gif {
    at: usize,
    /// In a row of sub-blocks, and whether they are kept.
    row: Option<bool>,
}

impl Strip for Gif {
    fn at(&self) -> usize {
        self.at
    }

    fn step(&mut self, window: &Window<'_>, parts: &mut Vec<Part>) -> Result<bool, Stop> {
        let start = self.at;
        if let Some(shows) = self.row {
            let length = usize::from(window.byte(start)?);
            let end = start + 1 + length;
            window.holds(end)?;
            if shows {
                keep(parts, start..end);
            }
            self.at = end;
            self.row = (length > 0).then_some(shows);
            return Ok(false);
        }
        if start == 0 {
            let end = 13 + table(window.byte(10)?);
            window.holds(end)?;
            keep(parts, 0..end);
            self.at = end;
            return Ok(false);
        }
        match window.byte(start)? {
            0x2C => {
                // The descriptor, its colours, the code size, the image.
                let end = start + 10 + table(window.byte(start + 9)?) + 1;
                window.holds(end)?;
                keep(parts, start..end);
                self.at = end;
                self.row = Some(true);
                Ok(false)
            }
            0x21 => {
                let shows = match window.byte(start + 1)? {
                    0xF9 => true,
                    0xFF => {
                        // A first sub-block of eleven bytes says whose it is.
                        let named = match window.byte(start + 2)? {
                            11 => window.get(start + 3, 11)?,
                            _ => &[],
                        };
                        SHOWN.iter().any(|shown| shown[..] == *named)
                    }
                    _ => false,
                };
                if shows {
                    keep(parts, start..start + 2);
                }
                self.at = start + 2;
                self.row = Some(shows);
                Ok(false)
            }
            0x3B => {
                keep(parts, start..start + 1);
                Ok(true)
            }
            _ => Err(Stop::Broken),
        }
    }
}
