use proptest::prelude::*;

use super::*;

fn join(original: &[u8], parts: &[Part]) -> Vec<u8> {
    let parts = parts.iter().map(|part| match part {
        Part::Kept(range) => &original[range.clone()],
        Part::New(bytes) => bytes,
    });
    parts.collect::<Vec<_>>().concat()
}

fn stripped(bytes: &[u8]) -> Option<Vec<u8>> {
    Some(join(bytes, &without_traces(bytes)?))
}

fn has(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker][..], &length, content].concat()
}

/// A little-endian EXIF block with an orientation and a place.
fn exif(orientation: u8) -> Vec<u8> {
    let tiff = [
        &b"II*\0\x08\0\0\0\x02\0"[..],
        &[0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0],
        &[0x25, 0x88, 4, 0, 1, 0, 0, 0, 99, 0, 0, 0],
        b"\0\0\0\0GPS 48.2N 16.3E",
    ]
    .concat();
    segment(0xE1, &[&b"Exif\0\0"[..], &tiff].concat())
}

fn jpeg(orientation: u8) -> Vec<u8> {
    let frame = [8, 0, 120, 0, 160, 1, 1, 0x11, 0];
    [
        vec![0xFF, 0xD8],
        segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"),
        exif(orientation),
        segment(
            0xE1,
            b"http://ns.adobe.com/xap/1.0/\0<x:creator>Ann</x:creator>",
        ),
        segment(0xE2, b"ICC_PROFILE\0\x01\x01colours"),
        segment(0xE2, b"MPF\0more pictures"),
        segment(0xED, b"Photoshop 3.0\0author"),
        segment(0xFE, b"a comment"),
        segment(0xC0, &frame),
        segment(0xDA, &[1, 1, 0, 0, 63, 0]),
        vec![1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4],
        vec![0xFF, 0xD9],
        b"a film behind the end".to_vec(),
    ]
    .concat()
}

#[test]
fn a_jpeg_loses_place_time_author_and_what_hangs_behind_it() {
    let original = jpeg(6);
    let clean = stripped(&original).unwrap();
    for trace in [
        &b"GPS"[..],
        b"creator",
        b"MPF",
        b"Photoshop",
        b"comment",
        b"film",
    ] {
        assert!(has(&original, trace) && !has(&clean, trace), "{trace:?}");
    }
    assert!(has(&clean, b"JFIF") && has(&clean, b"ICC_PROFILE"));
    assert!(clean.ends_with(&[1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4, 0xFF, 0xD9]));
    assert_eq!(head(&clean), head(&original));
    assert_eq!(
        stripped(&clean),
        Some(clean.clone()),
        "twice is no more than once"
    );
}

#[test]
fn a_jpeg_keeps_which_way_is_up() {
    let clean = stripped(&jpeg(6)).unwrap();
    let entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0];
    assert!(has(&clean, &entry));
    // One says what is so without it, and nine means nothing.
    for none in [1, 9] {
        assert!(!has(&stripped(&jpeg(none)).unwrap(), b"Exif"));
    }
}

fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length[..], name, content, b"crc!"].concat()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let size = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 6, 0, 0, 0],
    ]
    .concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &size),
        chunk(b"tEXt", b"Author\0Ann"),
        chunk(b"eXIf", b"GPS"),
        chunk(b"tIME", b"now"),
        chunk(b"gAMA", &[0, 0, 1, 2]),
        chunk(b"IDAT", b"pixels"),
        chunk(b"IEND", b""),
        b"behind the end".to_vec(),
    ]
    .concat()
}

#[test]
fn a_png_loses_its_texts_and_keeps_its_colours() {
    let clean = stripped(&png(3, 4)).unwrap();
    for trace in [&b"Ann"[..], b"GPS", b"tIME", b"behind"] {
        assert!(!has(&clean, trace), "{trace:?}");
    }
    assert!(has(&clean, b"gAMA") && has(&clean, b"pixels"));
    assert_eq!(head(&clean).unwrap().width, 3);
    assert_eq!(head(&clean).unwrap().height, 4);
}

fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, content) in chunks {
        body.extend_from_slice(*name);
        body.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        body.extend_from_slice(content);
        body.extend(vec![0; content.len() % 2]);
    }
    let length = u32::try_from(body.len()).unwrap().to_le_bytes();
    [b"RIFF", &length[..], &body].concat()
}

#[test]
fn a_webp_loses_its_traces_and_no_longer_announces_them() {
    let header = [0b0001_1100, 0, 0, 0, 0x1F, 3, 0, 0x57, 2, 0];
    let original = riff(&[
        (b"VP8X", &header),
        (b"VP8L", b"/pixels"),
        (b"EXIF", b"GPS"),
        (b"XMP ", b"author"),
    ]);
    let clean = stripped(&[&original[..], b"behind"].concat()).unwrap();
    let expected = riff(&[
        (b"VP8X", &[0b0001_0000, 0, 0, 0, 0x1F, 3, 0, 0x57, 2, 0]),
        (b"VP8L", b"/pixels"),
    ]);
    assert_eq!(clean, expected);
    let size = head(&original).unwrap();
    assert_eq!((size.width, size.height), (800, 600));
}

fn gif(extensions: &[&[u8]]) -> Vec<u8> {
    [
        &b"GIF89a\x10\0\x08\0\x80\0\0"[..],
        b"rgbRGB",
        &extensions.concat(),
        b"\x21\xF9\x04\0\0\0\0\0",
        b"\x2C\0\0\0\0\x20\0\x08\0\0\x02\x03abc\0",
        b";",
    ]
    .concat()
}

#[test]
fn a_gif_loses_comments_and_keeps_its_loop() {
    let turns = b"\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0";
    let traces: [&[u8]; 2] = [b"\x21\xFE\x06author\0", b"\x21\xFF\x0BXMP DataXMP\x03xmp\0"];
    let original = gif(&[traces[0], turns, traces[1]]);
    let clean = stripped(&[&original[..], b"behind"].concat()).unwrap();
    assert_eq!(clean, gif(&[turns]));
    // The image is wider than the screen.
    let size = head(&original).unwrap();
    assert_eq!((size.width, size.height), (32, 8));
}

#[test]
fn bombs_are_known_by_their_header() {
    for (width, height, fits) in [
        (1, 1, true),
        (8_000, 6_000, true),
        (16_384, 3_000, true),
        (16_385, 1, false),
        (10_000, 10_000, false),
        (u32::MAX, u32::MAX, false),
        (0, 5, false),
    ] {
        let found = head(&png(width, height)).unwrap();
        assert_eq!(found.is_reasonable(), fits, "{width} × {height}");
    }
}

#[test]
fn what_is_no_picture_is_none_whatever_it_is_called() {
    for bytes in [
        &b"<svg onload=alert(1)>"[..],
        b"<html>",
        b"%PDF-1.7",
        b"BM",
        b"",
        b"GIF",
        b"RIFF\0\0\0\0WAVE",
    ] {
        assert_eq!(head(bytes), None);
        assert_eq!(without_traces(bytes), None);
    }
}

#[test]
fn a_cut_picture_is_not_taken_apart() {
    for whole in [
        jpeg(6),
        png(3, 4),
        gif(&[]),
        riff(&[(b"VP8L", b"/pixels!")]),
    ] {
        let clean = stripped(&whole).unwrap();
        for cut in 0..clean.len() {
            let _ = head(&clean[..cut]);
            assert_eq!(without_traces(&clean[..cut]), None, "{cut}");
        }
    }
}

/// Takes a picture apart by windows of `step` bytes at first, and more where that leads nowhere.
fn by_windows(bytes: &[u8], step: usize) -> Option<Vec<Part>> {
    let mut stripping = Stripping::new(bytes, bytes.len())?;
    let (mut at, mut length) = (0, step);
    loop {
        let window = &bytes[at..bytes.len().min(at + length)];
        let was_all = at + window.len() == bytes.len();
        match stripping.look(at, window) {
            Look::Done(parts) => return Some(parts),
            Look::Read(next) => {
                length = if next == at { length * 2 } else { step };
                at = next;
            }
            Look::Broken if was_all => return None,
            // Too little for the next piece.
            Look::Broken => length *= 2,
        }
    }
}

#[test]
fn a_picture_of_any_size_is_taken_apart_by_windows_of_one_size() {
    let long = vec![0xAB; 40 * WINDOW];
    let mut pictures = vec![
        [jpeg(6), vec![0xFF; 9]].concat(),
        riff(&[
            (b"VP8X", &[0x0C; 10]),
            (b"VP8L", &long),
            (b"EXIF", b"place"),
        ]),
    ];
    // Data that goes on for longer than a window, with a stuffed byte across each of their borders.
    let mut data = jpeg(3);
    let end = data.len() - b"\xFF\xD9a film behind the end".len();
    let long = [0xFF, 0x00, 0x12].repeat(WINDOW);
    data.splice(end..end, long);
    pictures.push(data);
    for picture in pictures {
        let mut stripping = Stripping::new(&picture, picture.len()).unwrap();
        let (mut at, mut looks) = (0, 0);
        let parts = loop {
            looks += 1;
            let window = &picture[at..picture.len().min(at + WINDOW)];
            match stripping.look(at, window) {
                Look::Done(parts) => break parts,
                Look::Read(next) => at = next,
                Look::Broken => panic!("broken at {at}"),
            }
        };
        assert!(looks <= 2 * picture.len() / WINDOW + 2, "{looks}");
        assert_eq!(Some(parts), without_traces(&picture));
    }
}

#[test]
fn a_file_that_ends_before_its_picture_does_is_given_up() {
    let picture = jpeg(6);
    let mut stripping = Stripping::new(&picture, picture.len()).unwrap();
    let Look::Read(at) = stripping.look(0, &picture[..100]) else {
        panic!("100 bytes are not all of it");
    };
    assert_eq!(stripping.look(at, &picture[at..100]), Look::Broken);
}

proptest! {
    #[test]
    fn windows_make_no_difference(
        which in 0_usize..4,
        step in 1_usize..200,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let mut bytes = [jpeg(6), png(3, 4), gif(&[]), riff(&[(b"VP8X", &[0; 10])])][which].clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        prop_assert_eq!(by_windows(&bytes, step), without_traces(&bytes));
    }

    #[test]
    fn no_picture_makes_taking_it_apart_panic(
        which in 0_usize..4,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
    ) {
        let mut bytes = [jpeg(6), png(3, 4), gif(&[]), riff(&[(b"VP8X", &[0; 10])])][which].clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = head(&bytes);
        if let Some(parts) = without_traces(&bytes) {
            prop_assert!(join(&bytes, &parts).len() <= bytes.len() + 64);
        }
    }
}
