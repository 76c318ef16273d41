//! WebP: a RIFF container of chunks, each a name, a length and content of an even number of bytes.

use super::window::{Stop, Window};
use super::{Part, Strip, keep, u16_le, u32_le};

const HEAD: usize = 12;
/// Chunks that have to do with what the picture looks like.
const SHOWN: [&[u8; 4]; 7] = [
    b"VP8X", b"VP8 ", b"VP8L", b"ICCP", b"ANIM", b"ANMF", b"ALPH",
];
/// The flags of the extended header that announce what is taken out: EXIF and XMP.
const TRACES: u8 = 0b0000_1100;

pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let content = HEAD + 8;
    match bytes.get(HEAD..HEAD + 4)? {
        b"VP8X" => {
            let side = |at: usize| {
                let low = u16_le(bytes, at)?;
                let high = *bytes.get(at + 2)?;
                Some(u32::from(low) + (u32::from(high) << 16) + 1)
            };
            Some((side(content + 4)?, side(content + 7)?))
        }
        b"VP8 " => {
            let width = u16_le(bytes, content + 6)? & 0x3FFF;
            let height = u16_le(bytes, content + 8)? & 0x3FFF;
            Some((width.into(), height.into()))
        }
        b"VP8L" => {
            let packed = u32_le(bytes, content + 1)?;
            Some(((packed & 0x3FFF) + 1, ((packed >> 14) & 0x3FFF) + 1))
        }
        _ => None,
    }
}

/// How far a WebP was taken apart.
#[derive(Debug)]
pub(super) struct Webp {
    at: usize,
    /// Where the container says that it ends.
    end: usize,
    /// How long it is without what was left out.
    length: u32,
}

impl Default for Webp {
    fn default() -> Self {
        Self {
            at: 0,
            end: 0,
            length: 4,
        }
    }
}

impl Strip for Webp {
    fn at(&self) -> usize {
        self.at
    }

    fn step(&mut self, window: &Window<'_>, parts: &mut Vec<Part>) -> Result<bool, Stop> {
        if self.at == 0 {
            let claimed = u32_le(window.get(0, HEAD)?, 4).and_then(|it| usize::try_from(it).ok());
            self.end = claimed
                .and_then(|it| it.checked_add(8))
                .ok_or(Stop::Broken)?;
            window.holds(self.end)?;
            self.at = HEAD;
        }
        if self.at >= self.end {
            let head = [b"RIFF", &self.length.to_le_bytes()[..], b"WEBP"].concat();
            parts.insert(0, Part::New(head));
            return Ok(true);
        }
        let at = self.at;
        let head = window.get(at, 8)?;
        let content = u32_le(head, 4).and_then(|it| usize::try_from(it).ok());
        let end = content
            .and_then(|content| {
                at.checked_add(8)?
                    .checked_add(content)?
                    .checked_add(content % 2)
            })
            .filter(|end| *end <= self.end)
            .ok_or(Stop::Broken)?;
        let name = head.get(..4).unwrap_or_default();
        if SHOWN.iter().any(|shown| shown[..] == *name) {
            let flags = (name == b"VP8X").then(|| window.byte(at + 8)).transpose()?;
            let long = u32::try_from(end - at).ok();
            let length = long.and_then(|long| self.length.checked_add(long));
            self.length = length.ok_or(Stop::Broken)?;
            if let Some(flags) = flags {
                keep(parts, at..at + 8);
                parts.push(Part::New(vec![flags & !TRACES]));
                keep(parts, at + 9..end);
            } else {
                keep(parts, at..end);
            }
        }
        self.at = end;
        Ok(false)
    }
}
