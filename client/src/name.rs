//! The name a member goes by.

use core::fmt;

use rand_core::CryptoRng;
use unicode_segmentation::UnicodeSegmentation;

/// The longest name, in grapheme clusters: what people count as letters.
pub const LONGEST_NAME: usize = 32;
/// The longest name in bytes of UTF-8: a cluster may hide any number of combining marks.
const LONGEST_NAME_BYTES: usize = 512;

/// A name of 1 to 32 grapheme clusters without control characters, trimmed. Names are no identities: two members may
/// have the same one, and their tags tell them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayName(String);

/// Why a text is no display name. `Display` says it in one sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisplayNameError {
    /// Nothing is left after trimming.
    Empty,
    /// More than 32 letters, or so many accents on them that it takes more than 512 bytes.
    TooLong {
        /// How many grapheme clusters it has.
        length: usize,
    },
    /// A line break, tab or another control character is in it.
    Control,
}

impl fmt::Display for DisplayNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Please enter a name."),
            Self::TooLong { length } if *length > LONGEST_NAME => {
                write!(
                    f,
                    "This name has {length} characters; the longest has {LONGEST_NAME}."
                )
            }
            Self::TooLong { .. } => f.write_str("This name stacks too many accents."),
            Self::Control => {
                f.write_str("A name cannot contain line breaks or control characters.")
            }
        }
    }
}

impl core::error::Error for DisplayNameError {}

impl DisplayName {
    /// Takes what somebody typed.
    pub fn parse(typed: &str) -> Result<Self, DisplayNameError> {
        let trimmed = typed.trim();
        if trimmed.is_empty() {
            return Err(DisplayNameError::Empty);
        }
        if trimmed
            .chars()
            .any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
        {
            return Err(DisplayNameError::Control);
        }
        let length = trimmed.graphemes(true).count();
        if length > LONGEST_NAME || trimmed.len() > LONGEST_NAME_BYTES {
            return Err(DisplayNameError::TooLong { length });
        }
        Ok(Self(trimmed.to_owned()))
    }

    /// Makes up a friendly one, such as "Quiet Otter".
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let adjective = pick(&ADJECTIVES, rng);
        let animal = pick(&ANIMALS, rng);
        Self(format!("{adjective} {animal}"))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Both lists have 64 entries, so six random bits choose one without any bias.
fn pick(words: &[&'static str; 64], rng: &mut impl CryptoRng) -> &'static str {
    let index = usize::try_from(rng.next_u32() & 63).unwrap_or_default();
    words
        .get(index)
        .expect("invariant: six bits index 64 words")
}

const ADJECTIVES: [&str; 64] = [
    "Amber",
    "Autumn",
    "Bold",
    "Brave",
    "Breezy",
    "Bright",
    "Calm",
    "Cheerful",
    "Clever",
    "Cloudy",
    "Cosy",
    "Crimson",
    "Curious",
    "Dapper",
    "Daring",
    "Dreamy",
    "Eager",
    "Early",
    "Easy",
    "Fabled",
    "Fearless",
    "Festive",
    "Fluffy",
    "Frosty",
    "Gentle",
    "Glad",
    "Golden",
    "Graceful",
    "Happy",
    "Hidden",
    "Honest",
    "Humble",
    "Jolly",
    "Kind",
    "Lively",
    "Lucky",
    "Lunar",
    "Mellow",
    "Merry",
    "Misty",
    "Modest",
    "Nimble",
    "Noble",
    "Patient",
    "Peaceful",
    "Plucky",
    "Polite",
    "Proud",
    "Quick",
    "Quiet",
    "Rapid",
    "Royal",
    "Rustic",
    "Sandy",
    "Silent",
    "Silver",
    "Snowy",
    "Sunny",
    "Swift",
    "Tidy",
    "Velvet",
    "Wandering",
    "Warm",
    "Witty",
];

const ANIMALS: [&str; 64] = [
    "Badger",
    "Beaver",
    "Bison",
    "Bobcat",
    "Camel",
    "Cheetah",
    "Cormorant",
    "Crane",
    "Cricket",
    "Deer",
    "Dolphin",
    "Dormouse",
    "Eagle",
    "Falcon",
    "Ferret",
    "Finch",
    "Fox",
    "Gazelle",
    "Gecko",
    "Goose",
    "Hare",
    "Hedgehog",
    "Heron",
    "Ibex",
    "Jackdaw",
    "Kestrel",
    "Kingfisher",
    "Koala",
    "Lark",
    "Lemur",
    "Lynx",
    "Magpie",
    "Marmot",
    "Marten",
    "Mole",
    "Moose",
    "Newt",
    "Ocelot",
    "Octopus",
    "Otter",
    "Owl",
    "Panda",
    "Pelican",
    "Penguin",
    "Pigeon",
    "Pony",
    "Puffin",
    "Quokka",
    "Rabbit",
    "Raven",
    "Robin",
    "Salmon",
    "Seal",
    "Sparrow",
    "Squirrel",
    "Starling",
    "Stork",
    "Swan",
    "Tiger",
    "Toad",
    "Turtle",
    "Walrus",
    "Weasel",
    "Wombat",
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_in_any_script_are_taken_and_trimmed() {
        for name in [
            "a",
            "Zoë",
            "山田太郎",
            "  Ana María ",
            "👩‍👩‍👧‍👦",
            "O'Brien",
            "محمد",
        ] {
            assert_eq!(DisplayName::parse(name).unwrap().as_str(), name.trim());
        }
    }

    #[test]
    fn length_is_counted_in_letters_as_people_see_them() {
        let families = "👩‍👩‍👧‍👦".repeat(20);
        assert!(DisplayName::parse(&families).is_ok());
        assert!(DisplayName::parse(&"é".repeat(32)).is_ok());
        assert_eq!(
            DisplayName::parse(&"e\u{301}".repeat(33)),
            Err(DisplayNameError::TooLong { length: 33 })
        );
    }

    #[test]
    fn stacked_accents_cannot_make_a_name_huge() {
        let zalgo = format!("e{}", "\u{301}".repeat(400));
        assert_eq!(
            DisplayName::parse(&zalgo),
            Err(DisplayNameError::TooLong { length: 1 })
        );
    }

    #[test]
    fn empty_names_and_control_characters_are_refused_with_a_sentence() {
        assert_eq!(DisplayName::parse(" \u{a0} "), Err(DisplayNameError::Empty));
        assert_eq!(DisplayName::parse("a\nb"), Err(DisplayNameError::Control));
        assert_eq!(
            DisplayName::parse("a\u{2028}b"),
            Err(DisplayNameError::Control)
        );
        for error in [
            DisplayNameError::Empty,
            DisplayNameError::Control,
            DisplayNameError::TooLong { length: 40 },
        ] {
            assert!(error.to_string().ends_with('.'));
        }
    }

    #[test]
    fn the_word_lists_hold_64_different_words_each() {
        for list in [ADJECTIVES, ANIMALS] {
            assert_eq!(list.iter().collect::<HashSet<_>>().len(), 64);
            assert!(list.is_sorted());
        }
        assert!(ADJECTIVES.contains(&"Quiet") && ANIMALS.contains(&"Otter"));
    }
}
