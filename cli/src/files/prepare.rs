//! A file before it is offered: looked at, freed of what a photo knows, counted and digested.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::time::SystemTime;

use client::picture::{self, Look, Part, PictureKind, Stripping, WINDOW};
use client::{FileDigest, NewFile};

use crate::exit::{Exit, Failure};

/// Bytes that are read at a time.
const STEP: usize = 256 * 1024;

/// A file that can be offered.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) source: Source,
    pub(crate) file: NewFile,
}

/// Where the bytes are.
#[derive(Debug)]
pub(crate) enum Source {
    /// On the disk, as long as nobody changes them.
    Disk {
        file: File,
        length: u64,
        changed: Option<SystemTime>,
    },
    /// Here: a picture that differs from the one on the disk.
    Memory(Vec<u8>),
}

impl Source {
    fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let about = file.metadata()?;
        Ok(Self::Disk {
            file,
            length: about.len(),
            changed: about.modified().ok(),
        })
    }

    fn length(&self) -> u64 {
        match self {
            Self::Disk { length, .. } => *length,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// A part of it; an error where the file is not the one any more that was looked at.
    pub(crate) fn slice(&mut self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        match self {
            Self::Memory(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX);
                let part = start
                    .checked_add(length)
                    .and_then(|end| bytes.get(start..end));
                part.map(<[u8]>::to_vec)
                    .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
            }
            Self::Disk {
                file,
                length: whole,
                changed,
            } => {
                let about = file.metadata()?;
                if about.len() != *whole || about.modified().ok() != *changed {
                    return Err(io::Error::other("it was changed"));
                }
                file.seek(SeekFrom::Start(offset))?;
                let mut part = vec![0; length];
                file.read_exact(&mut part)?;
                Ok(part)
            }
        }
    }
}

/// Makes the file at `path` ready. `limit`: the longest that the relay takes. `as_is`: a photo keeps what it knows.
pub(crate) fn prepare(path: &Path, as_is: bool, limit: u64) -> Result<Prepared, Failure> {
    let name = path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    let shown = text::display_name(&name);
    let unreadable = |error: io::Error| {
        Failure::new(
            Exit::Failed,
            format!("{shown} cannot be read: {error}. Nothing was offered"),
        )
    };
    let about = fs::metadata(path).map_err(unreadable)?;
    if !about.is_file() {
        return Err(Failure::new(
            Exit::Usage,
            format!("{shown} is no file: pack a folder into one first"),
        ));
    }
    check(&shown, about.len(), limit)?;
    let mut source = Source::open(path).map_err(unreadable)?;
    let head = usize::try_from(source.length().min(16)).unwrap_or_default();
    let head = source.slice(0, head).map_err(unreadable)?;
    let kind = picture::kind(&head);
    let size = usize::try_from(source.length()).unwrap_or(usize::MAX);
    if !as_is && let Some(mut stripping) = Stripping::new(&head, size) {
        let mut at = 0;
        let parts = loop {
            let length = WINDOW.min(size - at);
            let window = source.slice(at as u64, length).map_err(unreadable)?;
            match stripping.look(at, &window) {
                Look::Done(parts) => break parts,
                Look::Read(next) if next < size => at = next,
                Look::Read(_) | Look::Broken => {
                    return Err(Failure::new(
                        Exit::Failed,
                        format!(
                            "{shown} could not be freed of place and camera; --as-is sends it with everything it knows"
                        ),
                    ));
                }
            }
        };
        let mut clean = Vec::new();
        for part in parts {
            match part {
                Part::Kept(range) => {
                    let kept = source.slice(range.start as u64, range.len());
                    clean.extend_from_slice(&kept.map_err(unreadable)?);
                }
                Part::New(bytes) => clean.extend_from_slice(&bytes),
            }
        }
        source = Source::Memory(clean);
    }
    let size = source.length();
    check(&shown, size, limit)?;
    let mut digest = FileDigest::default();
    let mut at = 0;
    while at < size {
        let step = usize::try_from(size - at).unwrap_or(STEP).min(STEP);
        digest.update(&source.slice(at, step).map_err(unreadable)?);
        at += step as u64;
    }
    Ok(Prepared {
        source,
        file: NewFile {
            name,
            media_type: kind.map(media_type).unwrap_or_default().to_owned(),
            size,
            sha256: digest.finish(),
        },
    })
}

fn media_type(kind: PictureKind) -> &'static str {
    match kind {
        PictureKind::Jpeg => "image/jpeg",
        PictureKind::Png => "image/png",
        PictureKind::Webp => "image/webp",
        PictureKind::Gif => "image/gif",
    }
}

fn check(shown: &str, size: u64, limit: u64) -> Result<(), Failure> {
    match size {
        _ if limit == 0 => Err(Failure::new(Exit::Refused, "this relay takes no files")),
        0 => Err(Failure::new(
            Exit::Usage,
            format!("{shown} is empty: there is nothing to send"),
        )),
        size if size > limit => Err(Failure::new(
            Exit::Usage,
            format!(
                "{shown} is too large: {}, and this relay takes {}",
                text::bytes_in_words(size),
                text::bytes_in_words(limit)
            ),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    #[test]
    fn nothing_too_much_and_what_is_no_file_are_told_apart() {
        let (folder, path) = file("plan.txt", b"");
        let say = |path: &Path, limit| prepare(path, false, limit).unwrap_err().to_string();
        assert!(say(&path, 9).contains("empty"));
        fs::write(&path, b"0123456789").unwrap();
        assert!(say(&path, 9).contains("too large: 10 B, and this relay takes 9 B"));
        assert!(say(&path, 0).contains("takes no files"));
        assert!(say(folder.path(), 9).contains("is no file"));
        assert!(say(&folder.path().join("no"), 9).contains("cannot be read"));
        assert_eq!(prepare(&path, false, 10).unwrap().file.name, "plan.txt");
    }

    #[test]
    fn a_file_that_changes_after_it_was_offered_is_not_sent() {
        let (_folder, path) = file("plan.txt", b"as it was offered");
        let mut prepared = prepare(&path, false, 100).unwrap();
        assert_eq!(prepared.source.slice(6, 3).unwrap(), b"was");
        fs::write(&path, b"shorter").unwrap();
        assert!(prepared.source.slice(0, 3).is_err());
    }

    #[test]
    fn a_photo_forgets_where_it_was_taken_unless_told_not_to() {
        // The smallest PNG there is, with a comment behind its header.
        let chunk = |kind: &[u8], data: &[u8]| {
            let length = u32::try_from(data.len()).unwrap().to_be_bytes();
            [&length, kind, data, &[0; 4]].concat()
        };
        let png = [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]),
            chunk(b"tEXt", b"Place\0Vienna"),
            chunk(b"IDAT", &[8, 29, 1, 1, 0, 254, 255, 0]),
            chunk(b"IEND", &[]),
        ]
        .concat();
        let (_folder, path) = file("holiday.png", &png);
        let whole = |prepared: &mut Prepared| {
            let length = usize::try_from(prepared.file.size).unwrap();
            prepared.source.slice(0, length).unwrap()
        };
        let mut clean = prepare(&path, false, 1000).unwrap();
        assert_eq!(clean.file.media_type, "image/png");
        let bytes = whole(&mut clean);
        assert!(!bytes.windows(6).any(|part| part == b"Vienna"));
        let mut digest = FileDigest::default();
        digest.update(&bytes);
        assert_eq!(digest.finish(), clean.file.sha256);
        assert_eq!(whole(&mut prepare(&path, true, 1000).unwrap()), png);
    }
}
