//! The two switches above the conversation.

/// What one switch does with the things it is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FilterState {
    /// They are shown. Whatever could mislead or run stays out all the same.
    Show,
    /// They are made harmless in place; the rest of the message stays.
    #[default]
    Neutralise,
    /// A message that contains one is replaced as a whole by [`BLOCKED`](crate::BLOCKED).
    Hide,
}

/// How a reader wants to see messages. Applied when a message is drawn, so that turning a switch also changes the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Filters {
    /// Addresses of every kind, disguised ones included.
    pub links: FilterState,
    /// Characters that can mislead or that markup is made of. The default set takes out
    ///
    /// * constructs that an HTML parser would read as markup: tags (the harmless ones too), comments, character
    ///   references such as `&lt;`. A `<` or `>` that is no markup ("a < b", "I <3 you", "->") stays, and so do
    ///   backquotes, braces and backslashes: nothing here ever interprets them;
    /// * bidirectional and other control characters, zero-width and private-use characters, noncharacters;
    /// * every combining mark after the third one on the same letter.
    ///
    /// Letters of all scripts, apostrophes, quotes, parentheses and emoji stay.
    pub special: FilterState,
    /// Takes out everything but `A-Z a-z 0-9 . , ! ?` and space, where [`special`](Self::special) is not `Show`.
    pub strict: bool,
}

impl Default for Filters {
    /// Links can be clicked, special characters are neutralised, all scripts are welcome.
    fn default() -> Self {
        Self {
            links: FilterState::Show,
            special: FilterState::Neutralise,
            strict: false,
        }
    }
}

impl FilterState {
    /// The three states in the order in which a person sees them.
    pub const ALL: [Self; 3] = [Self::Show, Self::Neutralise, Self::Hide];

    /// One byte for the state: its position in [`ALL`](Self::ALL).
    pub fn to_byte(self) -> u8 {
        match self {
            Self::Show => 0,
            Self::Neutralise => 1,
            Self::Hide => 2,
        }
    }

    /// The state of a byte made by [`to_byte`](Self::to_byte).
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.get(usize::from(byte)).copied()
    }
}

impl Filters {
    /// Both switches in one byte (`strict << 4 | special << 2 | links`), for callers on the far side of a module border.
    pub fn to_byte(self) -> u8 {
        u8::from(self.strict) << 4 | self.special.to_byte() << 2 | self.links.to_byte()
    }

    /// The switches of a byte made by [`to_byte`](Self::to_byte); anything else is `None`.
    pub fn from_byte(byte: u8) -> Option<Self> {
        if byte >> 5 != 0 {
            return None;
        }
        Some(Self {
            links: FilterState::from_byte(byte & 3)?,
            special: FilterState::from_byte(byte >> 2 & 3)?,
            strict: byte >> 4 == 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_survives_its_byte() {
        let mut seen = 0;
        for byte in 0..=u8::MAX {
            if let Some(filters) = Filters::from_byte(byte) {
                assert_eq!(filters.to_byte(), byte);
                seen += 1;
            }
        }
        assert_eq!(seen, 18);
    }
}
