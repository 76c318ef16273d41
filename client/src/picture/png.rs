//! PNG: chunks of a length, a name, content and a checksum.

use super::window::{Stop, Window};
use super::{Part, Strip, keep, u32_be};

const SIGNATURE: usize = 8;
/// Chunks that have to do with what the picture looks like.
const SHOWN: [&[u8; 4]; 16] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"cICP", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.get(SIGNATURE + 4..SIGNATURE + 8)? != b"IHDR" {
        return None;
    }
    Some((
        u32_be(bytes, SIGNATURE + 8)?,
        u32_be(bytes, SIGNATURE + 12)?,
    ))
}

/// How far a PNG was taken apart.
#[derive(Debug, Default)]
pub(super) struct Png {
    at: usize,
}

impl Strip for Png {
    fn at(&self) -> usize {
        self.at
    }

    fn step(&mut self, window: &Window<'_>, parts: &mut Vec<Part>) -> Result<bool, Stop> {
        if self.at == 0 {
            keep(parts, 0..SIGNATURE);
            self.at = SIGNATURE;
        }
        let head = window.get(self.at, 8)?;
        let length = u32_be(head, 0).and_then(|length| usize::try_from(length).ok());
        let end = length.and_then(|length| self.at.checked_add(length)?.checked_add(12));
        let end = end.ok_or(Stop::Broken)?;
        window.holds(end)?;
        let name = head.get(4..).unwrap_or_default();
        if SHOWN.iter().any(|shown| shown[..] == *name) {
            keep(parts, self.at..end);
        }
        self.at = end;
        Ok(name == b"IEND")
    }
}
