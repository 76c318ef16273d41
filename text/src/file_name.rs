//! What a stranger calls a file: how it is shown, how it is saved, and what its name tries to hide.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::display::canonical;
use crate::invisible::{Hazard, hazard};

/// The longest name that is saved, in bytes; what systems take, with room for " (1)".
const SAVED_BYTES: usize = 200;
/// The longest ending that still counts as one, in characters.
const LONGEST_ENDING: usize = 10;
/// Characters of the shown name.
const SHOWN: usize = 64;
/// Of a longer name this many characters of its end are shown, with the ending.
const SHOWN_END: usize = 20;

/// Endings of what runs, installs or leads elsewhere once it is opened.
const RUNS: [&str; 58] = [
    "apk",
    "app",
    "appimage",
    "application",
    "bash",
    "bat",
    "chm",
    "cmd",
    "com",
    "command",
    "cpl",
    "deb",
    "desktop",
    "diagcab",
    "dll",
    "dmg",
    "docm",
    "exe",
    "gadget",
    "hta",
    "img",
    "inf",
    "iso",
    "jar",
    "js",
    "jse",
    "lnk",
    "msc",
    "msi",
    "msix",
    "msp",
    "mst",
    "pif",
    "pkg",
    "potm",
    "ppam",
    "pptm",
    "ps1",
    "psm1",
    "py",
    "rdp",
    "reg",
    "rpm",
    "scf",
    "scr",
    "sct",
    "settingcontent-ms",
    "sh",
    "url",
    "vb",
    "vbe",
    "vbs",
    "vhd",
    "wsf",
    "wsh",
    "xlam",
    "xlsm",
    "xll",
];
/// Endings of what a browser runs.
const PAGES: [&str; 8] = [
    "htm", "html", "mht", "mhtml", "shtml", "svg", "xht", "xhtml",
];
/// Names that mean a device on some systems, whatever follows the first point.
const DEVICES: [&str; 7] = ["con", "prn", "aux", "nul", "com", "lpt", "conin$"];

/// Why a file deserves a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileWarning {
    /// Opening it may run a program.
    Runs,
    /// It is a web page or a drawing that may hold a program.
    Page,
    /// It is called like one kind of file and is another: `invoice.pdf.exe`.
    TwoEndings,
    /// Its name holds characters that cannot be seen or that turn it around.
    Disguised,
}

/// A file name that can be shown and saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName {
    /// For the screen: one line, nothing unseen in it, of a long one the beginning and the end.
    pub shown: String,
    /// For the disk: no path, nothing that a system takes for something else.
    pub saved: String,
    /// What is odd about it, the worst first.
    pub warnings: Vec<FileWarning>,
}

impl FileName {
    /// Reads whatever a stranger says that the file is called. Never fails.
    pub fn of(raw: &str) -> Self {
        // Paths lead nowhere: what counts is behind the last separator.
        let last = raw.rsplit(['/', '\\']).find(|part| !part.trim().is_empty());
        let last = last.unwrap_or_default();
        let clean = canonical(last);
        let words: Vec<&str> = clean.split_whitespace().collect();
        let saved = savable(&words.join(" "));
        let hides = |c: char| {
            matches!(
                hazard(c),
                Some(Hazard::Invisible | Hazard::Quiet | Hazard::Private)
            )
        };
        let mut warnings = Vec::new();
        if last.chars().any(hides) {
            warnings.push(FileWarning::Disguised);
        }
        let (stem, ending) = split(&saved);
        let ending = ending.to_lowercase();
        let is_a_program = RUNS.contains(&ending.as_str());
        let is_a_page = PAGES.contains(&ending.as_str());
        if (is_a_program || is_a_page) && looks_like_an_ending(split(stem).1) {
            warnings.push(FileWarning::TwoEndings);
        }
        if is_a_program {
            warnings.push(FileWarning::Runs);
        }
        if is_a_page {
            warnings.push(FileWarning::Page);
        }
        Self {
            shown: shorten(&saved),
            saved,
            warnings,
        }
    }
}

/// The name and what follows its last point. A point at the beginning is part of the name.
fn split(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem, ending),
        _ => (name, ""),
    }
}

fn looks_like_an_ending(ending: &str) -> bool {
    let length = ending.chars().count();
    (2..=5).contains(&length)
        && ending.chars().all(char::is_alphanumeric)
        && ending.chars().any(char::is_alphabetic)
}

/// A name that every common system takes as a name.
fn savable(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| match c {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
            c => c,
        })
        .collect();
    // Systems drop what is at these ends, and with it change the ending.
    let name = name.trim_end_matches([' ', '.']).trim_start();
    let (mut stem, mut ending) = split(name);
    // Both endings stay where there are two: the first one is what the reader was to believe.
    let (inner, before) = split(stem);
    if looks_like_an_ending(before) {
        ending = name.get(inner.len() + 1..).unwrap_or(ending);
        stem = inner;
    }
    let cut = if ending.chars().count() <= LONGEST_ENDING && !ending.is_empty() {
        let room = SAVED_BYTES.saturating_sub(ending.len() + 1);
        format!("{}.{ending}", cut(stem, room).trim_end())
    } else {
        cut(name, SAVED_BYTES)
            .trim_end_matches([' ', '.'])
            .to_owned()
    };
    if cut.is_empty() {
        return "file".to_owned();
    }
    let first = cut.split('.').next().unwrap_or_default().to_lowercase();
    let without_number = first.trim_end_matches(|c: char| c.is_ascii_digit());
    if cut.starts_with('.') || DEVICES.contains(&without_number) {
        return format!("_{cut}");
    }
    cut
}

/// The beginning of a text, at most so many bytes, no letter torn apart.
fn cut(text: &str, bytes: usize) -> &str {
    let mut end = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        if at + grapheme.len() > bytes {
            break;
        }
        end = at + grapheme.len();
    }
    text.get(..end).unwrap_or_default()
}

/// The beginning and the end of a long name, so that its ending is always in sight.
fn shorten(name: &str) -> String {
    let letters: Vec<&str> = name.graphemes(true).collect();
    if letters.len() <= SHOWN {
        return name.to_owned();
    }
    let (start, _) = letters.split_at(SHOWN - SHOWN_END - 1);
    let (_, end) = letters.split_at(letters.len() - SHOWN_END);
    format!("{}…{}", start.concat(), end.concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::FileWarning::{Disguised, Page, Runs, TwoEndings};
    use super::*;

    #[test]
    fn ordinary_names_stay_as_they_are() {
        for name in [
            "plan.pdf",
            "Übung 3 (final).docx",
            "写真.jpg",
            "archive.tar.gz",
            "no ending",
            "صورة.png",
            "v1.2.3",
        ] {
            let file = FileName::of(name);
            assert_eq!((file.shown.as_str(), file.saved.as_str()), (name, name));
            assert_eq!(file.warnings, []);
        }
    }

    #[test]
    fn paths_devices_and_forbidden_characters_lead_nowhere() {
        for (raw, saved) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\evil.txt", "evil.txt"),
            ("/", "file"),
            ("", "file"),
            ("...", "file"),
            (" . ", "file"),
            (".bashrc", "_.bashrc"),
            ("NUL", "_NUL"),
            ("com1.txt", "_com1.txt"),
            ("a<b>:c|d?.txt", "a_b__c_d_.txt"),
            ("tail.txt. . ", "tail.txt"),
            ("line\nbreak\ttab.txt", "line break tab.txt"),
            ("concert.mp3", "concert.mp3"),
        ] {
            assert_eq!(FileName::of(raw).saved, saved, "{raw:?}");
        }
    }

    #[test]
    fn programs_pages_and_disguises_are_named() {
        for (raw, warnings) in [
            ("setup.exe", &[Runs][..]),
            ("photo.JPG.EXE", &[TwoEndings, Runs]),
            ("invoice.pdf.html", &[TwoEndings, Page]),
            ("drawing.svg", &[Page]),
            // Reads "photoexe.jpg" where the override works.
            ("photo\u{202E}gpj.exe", &[Disguised, Runs]),
            ("inv\u{200B}oice.pdf", &[Disguised]),
            ("setup.exe.", &[Runs]),
            ("setup.exe   ", &[Runs]),
            ("tar.gz", &[]),
            ("report v2.final.docx", &[]),
        ] {
            assert_eq!(FileName::of(raw).warnings, warnings, "{raw:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending_in_sight_and_on_the_disk() {
        let raw = format!("{}.pdf.exe", "x".repeat(300));
        let file = FileName::of(&raw);
        assert!(file.saved.len() <= SAVED_BYTES && file.saved.ends_with(".pdf.exe"));
        assert!(file.shown.ends_with(".pdf.exe"));
        assert!(file.shown.chars().count() <= SHOWN);
        assert_eq!(file.warnings, [TwoEndings, Runs]);
        let wide = FileName::of(&format!("{}.png", "写".repeat(255)));
        assert!(wide.saved.len() <= SAVED_BYTES && wide.saved.ends_with(".png"));
    }

    proptest! {
        #[test]
        fn no_name_leaves_its_folder_or_hides_anything(raw in "\\PC{0,40}|.{0,40}|[./\\\\: \u{202e}\u{200b}a]{0,30}") {
            let file = FileName::of(&raw);
            for name in [&file.shown, &file.saved] {
                prop_assert!(!name.is_empty());
                prop_assert!(!name.contains(['/', '\\', '\0', '\n']));
                prop_assert!(!name.chars().any(|c| matches!(hazard(c), Some(Hazard::Invisible | Hazard::Private))));
            }
            prop_assert!(file.saved.len() <= SAVED_BYTES + 1);
            prop_assert!(!file.saved.starts_with('.'));
            prop_assert!(!file.saved.ends_with([' ', '.']));
        }
    }
}
