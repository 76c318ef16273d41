//! What a file is by its first bytes, whatever it is called and whatever its sender says.

/// The most bytes of a text that are shown.
const SHOWN: usize = 4 * 1024;

/// The media type of something to listen to.
pub(super) fn sound(head: &[u8]) -> Option<&'static str> {
    let at = |start: usize, wanted: &[u8]| {
        head.get(start..start + wanted.len())
            .is_some_and(|found| found == wanted)
    };
    if at(0, b"OggS") {
        Some("audio/ogg")
    } else if at(0, b"RIFF") && at(8, b"WAVE") {
        Some("audio/wav")
    } else if at(0, b"fLaC") {
        Some("audio/flac")
    } else if at(4, b"ftypM4A ") {
        Some("audio/mp4")
    } else if at(0, &[0x1A, 0x45, 0xDF, 0xA3]) && contains(head, b"webm") {
        Some("audio/webm")
    } else if at(0, b"ID3") || matches!(head, [0xFF, second, ..] if second & 0xE6 == 0xE2) {
        Some("audio/mpeg")
    } else {
        None
    }
}

fn contains(head: &[u8], wanted: &[u8]) -> bool {
    head.iter()
        .take(64)
        .enumerate()
        .any(|(at, _)| head[at..].starts_with(wanted))
}

/// The beginning of a text, and whether there is more. `None` for what is no text, and for pages and documents, which are
/// texts to nobody but a machine.
pub(super) fn text(head: &[u8], size: u64) -> Option<(String, bool)> {
    let shown = &head[..head.len().min(SHOWN)];
    let text = match std::str::from_utf8(shown) {
        Ok(text) => text,
        // The cut may go through a letter.
        Err(error) if error.error_len().is_none() && shown.len() < head.len() => {
            std::str::from_utf8(&shown[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_control = |letter: char| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r');
    let begins = text.trim_start();
    if begins.is_empty()
        || text.contains(is_control)
        || ["<", "%PDF", "{\\rtf", "%!PS"]
            .iter()
            .any(|mark| begins.starts_with(mark))
    {
        return None;
    }
    Some((text.replace("\r\n", "\n"), size > shown.len() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sounds_are_told_by_their_first_bytes() {
        for (head, kind) in [
            (&b"OggS\0\x02"[..], Some("audio/ogg")),
            (b"RIFF\x24\0\0\0WAVEfmt ", Some("audio/wav")),
            (b"RIFF\x24\0\0\0WEBPVP8 ", None),
            (b"fLaC\0", Some("audio/flac")),
            (b"\0\0\0\x20ftypM4A \0", Some("audio/mp4")),
            (b"\0\0\0\x20ftypisom\0", None),
            (
                b"\x1a\x45\xdf\xa3\x9f\x42\x86\x42\x82\x84webm",
                Some("audio/webm"),
            ),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x42\x82\x88matroska", None),
            (b"ID3\x04", Some("audio/mpeg")),
            (b"\xff\xfb\x90\x64", Some("audio/mpeg")),
            (b"\xff\xfeh\0i\0", None),
            (b"\xff\xd8\xff\xe0", None),
            (b"hello", None),
            (b"", None),
        ] {
            assert_eq!(sound(head), kind, "{head:?}");
        }
    }

    #[test]
    fn texts_are_shown_and_pages_and_documents_are_not() {
        let shown = |bytes: &[u8]| text(bytes, bytes.len() as u64);
        assert_eq!(
            shown("καλημέρα\r\n\t1,2".as_bytes()),
            Some(("καλημέρα\n\t1,2".to_owned(), false))
        );
        for bytes in [
            &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..],
            b" \n<!doctype html><script>",
            b"\xef\xbb\xbf<?xml version='1.0'?>",
            b"%PDF-1.7",
            b"{\\rtf1",
            b"PK\x03\x04",
            b"a\0b",
            b"\x1b[31mred",
            b"\xff\xfe\x00",
            b"abc\xc3",
            b"",
            b" \n ",
        ] {
            assert_eq!(shown(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn a_long_text_is_cut_between_letters() {
        let long = format!("x{}", "ü".repeat(SHOWN));
        let (text, is_cut) = text(long.as_bytes(), long.len() as u64).unwrap();
        assert!(is_cut);
        assert!(text.len() <= SHOWN && text.ends_with('ü'));
    }
}
