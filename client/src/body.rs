//! What a message says. Sealing sees bytes only; this is where they become chat.
//!
//! ```text
//! body = kind(1) ‖ rest
//! kind 1, text: style(1) ‖ UTF-8, where style 0 is plain text and style 1 Markdown
//! ```

use core::fmt;

use zeroize::Zeroizing;

/// The longest text, in bytes of UTF-8.
pub const LONGEST_TEXT: usize = 16 * 1024;

const TEXT: u8 = 1;

/// How a text is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Style {
    /// Every character as it stands.
    #[default]
    Plain,
    /// Markdown, with the harmless part of HTML.
    Markdown,
}

impl Style {
    /// Its byte.
    pub fn to_byte(self) -> u8 {
        match self {
            Self::Plain => 0,
            Self::Markdown => 1,
        }
    }

    /// The style of a byte made by [`to_byte`](Self::to_byte); one from the future is `None`.
    pub fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Plain),
            1 => Some(Self::Markdown),
            _ => None,
        }
    }
}

/// Words, possibly of many lines, and how they are meant. Hostile until shown through the crate `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// How it is meant.
    pub style: Style,
    /// The words.
    pub text: String,
}

impl From<String> for Text {
    /// A plain text.
    fn from(text: String) -> Self {
        Self {
            style: Style::Plain,
            text,
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body {
    /// Words for everybody.
    Text(Text),
    /// Something a newer version wrote.
    Unknown {
        /// Its kind byte.
        kind: u8,
    },
}

/// Why something cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SayError {
    /// There is nothing but white space.
    Empty,
    /// It is longer than a message can be.
    TooLong {
        /// Its length in bytes of UTF-8.
        bytes: usize,
        /// The longest that fits.
        limit: usize,
    },
    /// The session is over.
    Ended,
}

impl fmt::Display for SayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("There is nothing to send."),
            Self::TooLong { bytes, limit } => {
                write!(f, "This message is too long: {bytes} of {limit} bytes.")
            }
            Self::Ended => f.write_str("You are no longer in this room."),
        }
    }
}

impl core::error::Error for SayError {}

/// A member signed something that is no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Checks that a text can be said at all.
pub(crate) fn check_text(text: &str) -> Result<(), SayError> {
    if text.trim().is_empty() {
        return Err(SayError::Empty);
    }
    if text.len() > LONGEST_TEXT {
        return Err(SayError::TooLong {
            bytes: text.len(),
            limit: LONGEST_TEXT,
        });
    }
    Ok(())
}

impl Body {
    /// The bytes to seal.
    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        match self {
            Self::Text(Text { style, text }) => {
                let mut bytes = Vec::with_capacity(2 + text.len());
                bytes.extend([TEXT, style.to_byte()]);
                bytes.extend(text.as_bytes());
                Zeroizing::new(bytes)
            }
            Self::Unknown { kind } => Zeroizing::new(vec![*kind]),
        }
    }

    /// Reads what was sealed. A kind or style from the future is [`Body::Unknown`]; text that breaks the rules this
    /// version knows is an error.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        match bytes {
            [TEXT, style, text @ ..] => {
                let Some(style) = Style::from_byte(*style) else {
                    return Ok(Self::Unknown { kind: TEXT });
                };
                let text = core::str::from_utf8(text).map_err(|_| Malformed)?;
                check_text(text).map_err(|_| Malformed)?;
                Ok(Self::Text(Text {
                    style,
                    text: text.to_owned(),
                }))
            }
            [TEXT] | [] => Err(Malformed),
            [kind, ..] => Ok(Self::Unknown { kind: *kind }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_has_these_bytes() {
        assert_eq!(
            Body::Text("hi".into()).encode().as_slice(),
            [1, 0, b'h', b'i']
        );
        let formatted = Text {
            style: Style::Markdown,
            text: "hi".into(),
        };
        assert_eq!(
            Body::Text(formatted).encode().as_slice(),
            [1, 1, b'h', b'i']
        );
    }

    #[test]
    fn what_a_newer_version_wrote_is_said_to_be_unknown() {
        assert_eq!(Body::decode(&[9, 1, 2, 3]), Ok(Body::Unknown { kind: 9 }));
        assert_eq!(Body::decode(&[1, 7, b'x']), Ok(Body::Unknown { kind: 1 }));
    }

    #[test]
    fn broken_text_is_no_body() {
        let too_long = [&[1, 0][..], &vec![b'a'; LONGEST_TEXT + 1]].concat();
        for bytes in [
            &[][..],
            &[1],
            &[1, 0],
            &[1, 0, 0xff],
            &[1, 0, b' '],
            &too_long,
        ] {
            assert_eq!(Body::decode(bytes), Err(Malformed));
        }
    }

    #[test]
    fn the_longest_text_fits_and_one_byte_more_does_not() {
        assert_eq!(check_text(&"a".repeat(LONGEST_TEXT)), Ok(()));
        let error = check_text(&"a".repeat(LONGEST_TEXT + 1)).unwrap_err();
        assert_eq!(
            error,
            SayError::TooLong {
                bytes: LONGEST_TEXT + 1,
                limit: LONGEST_TEXT
            }
        );
        assert_eq!(check_text(" \n\t"), Err(SayError::Empty));
    }

    proptest! {
        #[test]
        fn text_comes_back_as_it_was(text in "\\PC{1,200}", style in 0..2_u8) {
            prop_assume!(!text.trim().is_empty());
            let style = Style::from_byte(style).unwrap();
            let body = Body::Text(Text { style, text });
            prop_assert_eq!(Body::decode(&body.encode()), Ok(body));
        }

        #[test]
        fn no_bytes_make_decoding_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = Body::decode(&bytes);
        }
    }
}
