//! What happens to a file before it is offered: its length is looked at, a photo loses its traces, and its digest is
//! taken, a part at a time so that the page goes on.

use client::picture::{Look, Part, Stripping, WINDOW};
use client::{FileDigest, LONGEST_FILE_NAME, NewFile};
use js_sys::{Array, Uint8Array};
use text::bytes_in_words;
use web_sys::{Blob, File};

use super::{SAFE_TYPE, blob_of, part_of, slice};
use crate::words::{files, fill};

/// Bytes that are read at a time.
const STEP: usize = 512 * 1024;

/// Characters at the end of a name that is too long.
const KEPT_END: usize = 30;

/// A file that can be offered.
pub(crate) struct Prepared {
    pub(crate) bytes: Blob,
    pub(crate) file: NewFile,
}

/// Why one cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    Unreadable,
    Empty,
    TooLarge { size: u64, limit: u64 },
    KeepsTraces,
}

impl Trouble {
    /// One sentence about the file of this name.
    pub(crate) fn sentence(self, name: &str) -> String {
        let words = files();
        match self {
            Self::Unreadable => fill(words.unreadable, &[("name", name)]),
            Self::Empty => fill(words.was_empty, &[("name", name)]),
            Self::KeepsTraces => fill(words.keeps_traces, &[("name", name)]),
            Self::TooLarge { size, limit } => fill(
                words.was_too_large,
                &[
                    ("name", name),
                    ("size", &bytes_in_words(size)),
                    ("limit", &bytes_in_words(limit)),
                ],
            ),
        }
    }
}

/// Makes a picked file ready. `limit`: the longest that the relay takes.
pub(crate) async fn prepare(
    picked: &File,
    keeps_traces: bool,
    limit: u64,
) -> Result<Prepared, Trouble> {
    let size = length(picked);
    check(size, limit)?;
    let bytes = if keeps_traces {
        picked.clone().into()
    } else {
        without_traces(picked, size).await?
    };
    let size = length(&bytes);
    check(size, limit)?;
    let mut digest = FileDigest::default();
    let mut at = 0;
    while at < size {
        let part = slice(&bytes, at, STEP)
            .await
            .map_err(|_| Trouble::Unreadable)?;
        if part.is_empty() {
            return Err(Trouble::Unreadable);
        }
        digest.update(&part);
        at += part.len() as u64;
    }
    Ok(Prepared {
        bytes,
        file: NewFile {
            name: sendable(&picked.name()),
            media_type: picked
                .type_()
                .chars()
                .take(127)
                .filter(char::is_ascii)
                .collect(),
            size,
            sha256: digest.finish(),
        },
    })
}

fn check(size: u64, limit: u64) -> Result<(), Trouble> {
    match size {
        0 => Err(Trouble::Empty),
        size if size > limit => Err(Trouble::TooLarge { size, limit }),
        _ => Ok(()),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths are whole and positive"
)]
pub(crate) fn length(blob: &Blob) -> u64 {
    blob.size() as u64
}

/// A name that can be sent. Of one that is too long the end stays, because the ending is there.
fn sendable(name: &str) -> String {
    let length = name.chars().count();
    if name.is_empty() {
        "file".to_owned()
    } else if length <= LONGEST_FILE_NAME {
        name.to_owned()
    } else {
        let start = name.chars().take(LONGEST_FILE_NAME - KEPT_END);
        start.chain(name.chars().skip(length - KEPT_END)).collect()
    }
}

/// The photo without what it knows; any other file as it is.
async fn without_traces(picked: &File, size: u64) -> Result<Blob, Trouble> {
    let head = slice(picked, 0, 16)
        .await
        .map_err(|_| Trouble::Unreadable)?;
    let size = usize::try_from(size).map_err(|_| Trouble::KeepsTraces)?;
    let Some(mut stripping) = Stripping::new(&head, size) else {
        return Ok(picked.clone().into());
    };
    let mut at = 0;
    let parts = loop {
        let window = slice(picked, at as u64, WINDOW.min(size - at))
            .await
            .map_err(|_| Trouble::Unreadable)?;
        match stripping.look(at, &window) {
            Look::Done(parts) => break parts,
            Look::Read(next) if next < size => at = next,
            Look::Read(_) | Look::Broken => return Err(Trouble::KeepsTraces),
        }
    };
    let array = Array::new();
    for part in parts {
        match part {
            // The browser takes these from the file when they are read.
            Part::Kept(range) => {
                let part = part_of(picked, range.start as u64, range.len())
                    .map_err(|_| Trouble::Unreadable)?;
                array.push(&part)
            }
            Part::New(bytes) => array.push(&Uint8Array::from(bytes.as_slice())),
        };
    }
    blob_of(&array, SAFE_TYPE).map_err(|_| Trouble::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_names_the_file() {
        let too_large = Trouble::TooLarge {
            size: 30 << 20,
            limit: 25 << 20,
        };
        for trouble in [
            Trouble::Unreadable,
            Trouble::Empty,
            too_large,
            Trouble::KeepsTraces,
        ] {
            let sentence = trouble.sentence("plan.pdf");
            assert!(sentence.contains("plan.pdf") && !sentence.contains('{'));
        }
        assert!(too_large.sentence("x").contains("30 MB"));
    }

    #[test]
    fn a_name_that_is_too_long_keeps_its_ending() {
        let long = sendable(&format!("{}.pdf.exe", "ü".repeat(400)));
        assert_eq!(long.chars().count(), LONGEST_FILE_NAME);
        assert!(long.ends_with(".pdf.exe"));
        assert_eq!(sendable("plan.pdf"), "plan.pdf");
        assert_eq!(sendable(""), "file");
    }

    #[test]
    fn nothing_and_too_much_are_told_apart() {
        assert_eq!(check(0, 5), Err(Trouble::Empty));
        assert_eq!(check(5, 5), Ok(()));
        assert_eq!(check(6, 5), Err(Trouble::TooLarge { size: 6, limit: 5 }));
    }
}
