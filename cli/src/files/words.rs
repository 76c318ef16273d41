//! What is said about files.

use client::{Answer, FileTrouble};
use text::{FileName, FileWarning, bytes_in_words};

/// How far and how fast: `43 % of 12 MB, 1.2 MB/s`.
pub(crate) fn speed(done: u64, total: u64, per_second: u64) -> String {
    let percent = done.saturating_mul(100) / total.max(1);
    format!(
        "{percent} % of {}, {}/s",
        bytes_in_words(total),
        bytes_in_words(per_second)
    )
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
    fn a_speed_reads_like_one() {
        assert_eq!(speed(512, 1024, 2048), "50 % of 1 KB, 2 KB/s");
        assert_eq!(speed(0, 0, 0), "0 % of 0 B, 0 B/s");
    }
}
