//! PNG: chunks of a length, a name, content and a checksum.

use super::{Part, keep, u32_be};

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

pub(super) fn strip(bytes: &[u8]) -> Option<Vec<Part>> {
    let mut parts = vec![Part::Kept(0..SIGNATURE)];
    let mut at = SIGNATURE;
    loop {
        let length = usize::try_from(u32_be(bytes, at)?).ok()?;
        let name = bytes.get(at + 4..at + 8)?;
        let end = at.checked_add(length)?.checked_add(12)?;
        if end > bytes.len() {
            return None;
        }
        if SHOWN.iter().any(|shown| shown[..] == *name) {
            keep(&mut parts, at..end);
        }
        if name == b"IEND" {
            return Some(parts);
        }
        at = end;
    }
}
