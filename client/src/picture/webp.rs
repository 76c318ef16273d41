//! WebP: a RIFF container of chunks, each a name, a length and content of an even number of bytes.

use super::{Part, keep, u16_le, u32_le};

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

pub(super) fn strip(bytes: &[u8]) -> Option<Vec<Part>> {
    let claimed = usize::try_from(u32_le(bytes, 4)?).ok()?.checked_add(8)?;
    let whole = bytes.get(..claimed)?;
    let mut parts = Vec::new();
    let mut length = 4_u32;
    let mut at = HEAD;
    while at < whole.len() {
        let name = whole.get(at..at + 4)?;
        let content = usize::try_from(u32_le(whole, at + 4)?).ok()?;
        let end = at
            .checked_add(8)?
            .checked_add(content)?
            .checked_add(content % 2)?;
        if end > whole.len() {
            return None;
        }
        if SHOWN.iter().any(|shown| shown[..] == *name) {
            length = length.checked_add(u32::try_from(end - at).ok()?)?;
            if name == b"VP8X" {
                keep(&mut parts, at..at + 8);
                parts.push(Part::New(vec![*whole.get(at + 8)? & !TRACES]));
                keep(&mut parts, at + 9..end);
            } else {
                keep(&mut parts, at..end);
            }
        }
        at = end;
    }
    let head = [b"RIFF", &length.to_le_bytes()[..], b"WEBP"].concat();
    parts.insert(0, Part::New(head));
    Some(parts)
}
