//! What a person types at the door: room names, their own name, messages. Quick, pure checks.

use client::DisplayName;
use crypto::name::RoomName;
use crypto::strength::{self, Level};

use crate::entropy;
use client::link::{self, Pasted};

/// The longest message, in bytes.
pub const MESSAGE_LIMIT: usize = 16 * 1024;

/// What was typed into the room name field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Typed {
    /// The name as the room will know it; `None` if it cannot be one.
    pub canonical: Option<String>,
    /// The canonical form differs from what was typed, so it is worth showing.
    pub differs: bool,
    /// What is wrong, in one sentence. `None` also for an empty field.
    pub trouble: Option<String>,
    /// How hard the name is to guess; `None` if it cannot be one.
    pub strength: Option<Strength>,
    /// It is a link: call [`Handle::follow`](crate::handle::Handle::follow) with it.
    pub pasted: Option<Pasted>,
}

/// How hard a room name is to guess.
#[derive(Clone, Debug, PartialEq)]
pub struct Strength {
    /// The three levels of the meter.
    pub level: Grade,
    /// Estimated bits of surprise.
    pub bits: f64,
    /// What guessing it costs, in words.
    pub cost: String,
}

/// The meter's levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Anyone could find the room. Ask for a second press before opening it.
    Guessable,
    /// Good enough for a conversation that does not matter next year.
    OkForToday,
    /// Out of reach.
    Strong,
}

impl Strength {
    /// Of a canonical name.
    pub fn of(name: &str) -> Self {
        let estimate = strength::estimate(name);
        let level = match estimate.level {
            Level::Guessable => Grade::Guessable,
            Level::OkForToday => Grade::OkForToday,
            Level::Strong => Grade::Strong,
        };
        Self {
            level,
            bits: estimate.bits,
            cost: strength::cost_in_words(estimate.bits),
        }
    }

    /// How many of five bars to fill, 1 to 5.
    pub fn bars(&self) -> u8 {
        match self.bits {
            bits if bits < 20.0 => 1,
            bits if bits < 40.0 => 2,
            bits if bits < 50.0 => 3,
            bits if bits < 60.0 => 4,
            _ => 5,
        }
    }
}

/// See [`Handle::look`](crate::handle::Handle::look).
pub fn look(typed: &str) -> Typed {
    if let Some(pasted) = link::pasted(typed) {
        return Typed {
            pasted: Some(pasted),
            ..Typed::default()
        };
    }
    if typed.trim().is_empty() {
        return Typed::default();
    }
    match RoomName::parse(typed) {
        Ok(name) => Typed {
            canonical: Some(name.as_str().to_owned()),
            differs: name.as_str() != typed,
            strength: Some(Strength::of(name.as_str())),
            ..Typed::default()
        },
        Err(error) => Typed {
            trouble: Some(error.to_string()),
            ..Typed::default()
        },
    }
}

/// A room name of five words.
pub fn suggest_room_name() -> String {
    RoomName::generate(&mut entropy::rng()).as_str().to_owned()
}

/// A friendly name for a person.
pub fn suggest_your_name() -> String {
    DisplayName::generate(&mut entropy::rng()).to_string()
}

/// `typed` and three random words.
pub fn add_words(typed: &str) -> String {
    let fresh = suggest_room_name();
    let words: Vec<&str> = fresh.split('-').take(3).collect();
    match RoomName::parse(typed) {
        Ok(name) => format!("{}-{}", name.as_str(), words.join("-")),
        Err(_) => words.join("-"),
    }
}

/// What is wrong with a person's name.
pub fn name_trouble(name: &str) -> Option<String> {
    DisplayName::parse(name)
        .err()
        .map(|error| error.to_string())
}

/// Whether this can be a second secret: not empty, and nothing that cannot be typed again.
pub fn is_secret(typed: &str) -> bool {
    crypto::kdf::SecondSecret::parse(typed).is_some()
}

/// Whether a message can be sent; the error is one sentence.
pub fn check_message(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("There is nothing to send yet.".to_owned());
    }
    if text.len() > MESSAGE_LIMIT {
        let over = text.len() - MESSAGE_LIMIT;
        return Err(format!(
            "This message is {over} bytes too long. Send it in parts."
        ));
    }
    Ok(())
}

/// A name with all but its first word hidden: "maple-•••••-••••". The number of dots says nothing
/// about the length of a word.
pub fn mask(name: &str) -> String {
    let mut words = name.split('-');
    let first: String = words.next().unwrap_or_default().chars().take(6).collect();
    let rest = words.count().min(6);
    if rest == 0 {
        let start: String = name
            .chars()
            .take((name.chars().count() / 2).min(2))
            .collect();
        return format!("{start}•••••");
    }
    let mut masked = first;
    for _ in 0..rest {
        masked.push_str("-•••••");
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_name_is_shown_as_the_room_will_know_it() {
        let typed = look("Blue  Otter");
        assert_eq!(typed.canonical.as_deref(), Some("blue-otter"));
        assert!(typed.differs);
        assert!(!look("blue-otter").differs);
    }

    #[test]
    fn bad_names_get_one_sentence_and_an_empty_field_none() {
        assert_eq!(look("  "), Typed::default());
        for bad in ["a\u{7}b", "abc\u{202e}def", &"a".repeat(129)] {
            let typed = look(bad);
            assert!(typed.canonical.is_none());
            assert!(
                typed.trouble.is_some_and(|trouble| trouble.ends_with('.')),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn a_suggested_name_is_strong_and_a_numbered_room_is_not() {
        let strength = Strength::of(&suggest_room_name());
        assert_eq!((strength.level, strength.bars()), (Grade::Strong, 5));
        assert_eq!(Strength::of("room-123").level, Grade::Guessable);
    }

    #[test]
    fn three_words_are_added_to_what_was_typed() {
        let longer = add_words("Book Club");
        assert!(longer.starts_with("book-club-"), "{longer}");
        let (before, after) = (Strength::of("book-club").bits, Strength::of(&longer).bits);
        assert!(after > before + 12.0, "{longer}: {before} to {after}");
        assert_eq!(look(&longer).canonical, Some(longer));
    }

    #[test]
    fn a_mask_tells_the_beginning_and_nothing_of_the_lengths() {
        assert_eq!(mask("maple-orbit-tulip"), "maple-•••••-•••••");
        assert_eq!(mask("maple-a-b"), "maple-•••••-•••••");
        assert_eq!(mask("secret"), "se•••••");
        assert_eq!(mask("部屋"), "部•••••");
        assert_eq!(mask("x"), "•••••");
    }

    #[test]
    fn messages_are_refused_only_when_empty_or_too_long() {
        assert!(check_message(" \n").is_err());
        assert!(check_message(&"a".repeat(MESSAGE_LIMIT)).is_ok());
        assert!(check_message(&"a".repeat(MESSAGE_LIMIT + 1)).is_err());
        assert_eq!(MESSAGE_LIMIT, client::LONGEST_TEXT);
    }
}
