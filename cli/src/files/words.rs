//! What is said about files.

use client::{Answer, FileTrouble};
use text::{FileName, FileWarning};

/// A number of bytes in words.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let (mut tenths, mut unit) = (bytes.saturating_mul(10) / 1024, 0);
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    let unit = UNITS.get(unit).unwrap_or(&"TB");
    match tenths {
        tenths if tenths >= 1000 || tenths % 10 == 0 => format!("{} {unit}", tenths / 10),
        tenths => format!("{}.{} {unit}", tenths / 10, tenths % 10),
    }
}

/// How far and how fast: `43 % of 12 MB, 1.2 MB/s`.
pub(crate) fn speed(done: u64, total: u64, per_second: u64) -> String {
    let percent = done.saturating_mul(100) / total.max(1);
    format!("{percent} % of {}, {}/s", size(total), size(per_second))
}

/// Why a file does not come, for the end of a sentence.
pub(crate) fn trouble(why: FileTrouble) -> &'static str {
    match why {
        FileTrouble::Corrupt => "what came is not what was offered; it was thrown away",
        FileTrouble::Withdrawn => "its sender took it back",
        FileTrouble::SenderLeft => "its sender left before all of it was here",
        FileTrouble::Vanished => "it was changed or removed here, so it was taken back",
        FileTrouble::TooLarge => "it is larger than this relay allows, so it was taken back",
        FileTrouble::NoRoom => "the relay had no room for it: try again later",
        FileTrouble::NoFiles => "this relay takes no files",
        _ => "it will not come",
    }
}

/// What somebody says to an offer, behind their name.
pub(crate) fn answered(answer: Answer) -> &'static str {
    match answer {
        Answer::Accepted => "is fetching",
        Answer::Denied => "declined",
        Answer::Received => "has all of",
        Answer::Corrupt => "got something else and threw away",
        Answer::Stopped => "cancelled",
        Answer::Left => "left before having all of",
        _ => "said something about",
    }
}

/// What is odd about a file of this name, as a sentence; nothing if nothing is.
pub(crate) fn warned(name: &FileName) -> Option<&'static str> {
    name.warnings.first().map(|warning| match warning {
        FileWarning::Runs => {
            "It can run a program: open it only if you expected it from this person."
        }
        FileWarning::Page => "It is a page or drawing that can run programs.",
        FileWarning::TwoEndings => "It is called like one kind of file and is another.",
        FileWarning::Disguised => "Its name held hidden characters; they were taken out.",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_speeds_read_like_sizes_and_speeds() {
        for (bytes, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1536, "1.5 KB"),
            (25 << 20, "25 MB"),
            (u64::MAX, "1677721 TB"),
        ] {
            assert_eq!(size(bytes), text);
        }
        assert_eq!(speed(512, 1024, 2048), "50 % of 1 KB, 2 KB/s");
        assert_eq!(speed(0, 0, 0), "0 % of 0 B, 0 B/s");
    }
}
