//! Pictures, as far as one can know them without decoding: what kind they are, how large they would become, and which
//! of their bytes tell where, when and with what they were taken. Reads headers only; every length in them is a claim.

mod gif;
mod jpeg;
mod png;
mod webp;
mod window;

use core::ops::Range;

use window::{Stop, Window};

/// The kinds of pictures that are shown. All of them are rasters: nothing in them can run or load anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureKind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
}

/// What the header of a picture says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureHead {
    /// The kind.
    pub kind: PictureKind,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

/// The most pixels that a side may have,
const MOST_ON_A_SIDE: u32 = 16_384;
/// and the most altogether: decoded, they take 200 MB for a moment.
const MOST_PIXELS: u64 = 50_000_000;

impl PictureHead {
    /// Whether it can be decoded without taking the page's memory hostage.
    pub fn is_reasonable(&self) -> bool {
        let pixels = u64::from(self.width) * u64::from(self.height);
        pixels > 0 && self.width.max(self.height) <= MOST_ON_A_SIDE && pixels <= MOST_PIXELS
    }
}

/// A part of a picture without the traces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// These bytes of the original.
    Kept(Range<usize>),
    /// These bytes instead of others.
    New(Vec<u8>),
}

/// The kind of picture that these bytes begin like, whatever its name or type says.
pub fn kind(bytes: &[u8]) -> Option<PictureKind> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some(PictureKind::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(PictureKind::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(PictureKind::Gif),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some(PictureKind::Webp),
        _ => None,
    }
}

/// What the header of the picture in `bytes` says. `None` for anything that is no picture, or is cut off.
pub fn head(bytes: &[u8]) -> Option<PictureHead> {
    let kind = kind(bytes)?;
    let (width, height) = match kind {
        PictureKind::Jpeg => jpeg::size(bytes),
        PictureKind::Png => png::size(bytes),
        PictureKind::Webp => webp::size(bytes),
        PictureKind::Gif => gif::size(bytes),
    }?;
    Some(PictureHead {
        kind,
        width,
        height,
    })
}

/// Bytes that are enough to go on, wherever a picture was left: whoever reads so many at a time needs no more memory,
/// however large the picture is.
pub const WINDOW: usize = 128 * 1024;

/// A picture that is being taken apart, by windows of it: what stays is the picture without place, time, camera, author,
/// comments, previews, and whatever hangs behind its end. What it looks like stays: colours, transparency, animation, and
/// which way is up.
pub struct Stripping {
    size: usize,
    parts: Vec<Part>,
    kind: Box<dyn Strip>,
}

/// What a window has led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// [`WINDOW`] bytes from here on are wanted next, or all there are.
    Read(usize),
    /// The picture without its traces.
    Done(Vec<Part>),
    /// It cannot be taken apart.
    Broken,
}

/// How one kind of picture is taken apart, a piece of it at a time.
trait Strip {
    /// Where it is.
    fn at(&self) -> usize;

    /// Does the next piece, which takes fewer than [`WINDOW`] bytes. The answer says whether it was the last; nothing has
    /// changed where there is none.
    fn step(&mut self, window: &Window<'_>, parts: &mut Vec<Part>) -> Result<bool, Stop>;
}

impl Stripping {
    /// Begins with a picture of `size` bytes that starts with `head`. `None` for anything that is no picture.
    pub fn new(head: &[u8], size: usize) -> Option<Self> {
        let kind: Box<dyn Strip> = match kind(head)? {
            PictureKind::Jpeg => Box::<jpeg::Jpeg>::default(),
            PictureKind::Png => Box::<png::Png>::default(),
            PictureKind::Webp => Box::<webp::Webp>::default(),
            PictureKind::Gif => Box::<gif::Gif>::default(),
        };
        Some(Self {
            size,
            parts: Vec::new(),
            kind,
        })
    }

    /// Goes on with the bytes of the picture from `start` on.
    pub fn look(&mut self, start: usize, bytes: &[u8]) -> Look {
        let window = Window::new(start, bytes, self.size);
        let before = self.kind.at();
        loop {
            match self.kind.step(&window, &mut self.parts) {
                Ok(false) => {}
                Ok(true) => return Look::Done(std::mem::take(&mut self.parts)),
                // Whoever gives less than was asked for gets nowhere.
                Err(Stop::Outside) if self.kind.at() == before && start == before => {
                    return Look::Broken;
                }
                Err(Stop::Outside) => return Look::Read(self.kind.at()),
                Err(Stop::Broken) => return Look::Broken,
            }
        }
    }
}

/// The picture without its traces, see [`Stripping`]. `None` where it cannot be taken apart.
pub fn without_traces(bytes: &[u8]) -> Option<Vec<Part>> {
    match Stripping::new(bytes, bytes.len())?.look(0, bytes) {
        Look::Done(parts) => Some(parts),
        Look::Read(_) | Look::Broken => None,
    }
}

/// Adds a range, to the one before it where they touch.
fn keep(parts: &mut Vec<Part>, range: Range<usize>) {
    if let Some(Part::Kept(last)) = parts.last_mut()
        && last.end == range.start
    {
        last.end = range.end;
    } else {
        parts.push(Part::Kept(range));
    }
}

fn u16_be(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_be_bytes(*bytes))
}

fn u32_be(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_be_bytes(*bytes))
}

fn u16_le(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*bytes))
}

fn u32_le(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests;
