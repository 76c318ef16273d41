//! Text with its style.

use crypto::wire::codec::Reader;

use super::{Malformed, SayError};

/// The longest text, in bytes of UTF-8.
pub const LONGEST_TEXT: usize = 16 * 1024;

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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

impl Text {
    pub(super) fn check(&self) -> Result<(), SayError> {
        if self.text.trim().is_empty() {
            return Err(SayError::Empty);
        }
        if self.text.len() > LONGEST_TEXT {
            return Err(SayError::TooLong {
                bytes: self.text.len(),
                limit: LONGEST_TEXT,
            });
        }
        Ok(())
    }

    pub(super) fn put(&self, bytes: &mut Vec<u8>) {
        bytes.push(self.style.to_byte());
        bytes.extend_from_slice(self.text.as_bytes());
    }

    /// The rest of a body; `None` for a style from the future.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Malformed> {
        let Some(style) = Style::from_byte(reader.u8()?) else {
            return Ok(None);
        };
        let text = core::str::from_utf8(reader.rest()).map_err(|_| Malformed)?;
        Ok(Some(Self {
            style,
            text: text.to_owned(),
        }))
    }
}
