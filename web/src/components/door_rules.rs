//! When the first screen's button opens a room, and what it says when it does not.

use crate::naming::{Grade, Typed};
use crate::words::words;
use client::link::PastedShape;

/// Whether anyone could guess the name.
pub fn is_guessable(verdict: &Typed) -> bool {
    verdict
        .strength
        .as_ref()
        .is_some_and(|strength| strength.level == Grade::Guessable)
}

/// Whether the button may open the room: the name can be one, and a guessable name was pressed
/// for twice.
pub fn may_go(verdict: &Typed, tried: bool) -> bool {
    verdict.canonical.is_some() && (tried || !is_guessable(verdict))
}

/// Whether what was just typed is a link that can be followed at once. Half a link may still be
/// typed on.
pub fn is_followable(verdict: &Typed) -> bool {
    verdict
        .pasted
        .as_ref()
        .is_some_and(|pasted| pasted.shape != PastedShape::Incomplete)
}

/// What to say under the field about a name that is missing or half a link.
pub fn trouble(verdict: &Typed, tried: bool) -> Option<&'static str> {
    let is_empty = verdict.canonical.is_none() && verdict.trouble.is_none();
    match verdict.pasted {
        _ if !tried => None,
        Some(_) => Some(words().paste_wrong),
        None => is_empty.then_some(words().room_name_empty),
    }
}

#[cfg(test)]
mod tests {
    use super::{may_go, trouble};
    use crate::naming::{Grade, Strength, Typed};

    fn typed(level: Grade) -> Typed {
        Typed {
            canonical: Some("room-123".to_owned()),
            strength: Some(Strength {
                level,
                bits: 12.0,
                cost: String::new(),
            }),
            ..Typed::default()
        }
    }

    #[test]
    fn a_guessable_name_needs_a_second_press() {
        assert!(!may_go(&typed(Grade::Guessable), false));
        assert!(may_go(&typed(Grade::Guessable), true));
        assert!(may_go(&typed(Grade::Strong), false));
    }

    #[test]
    fn what_cannot_be_a_name_opens_nothing() {
        assert!(!may_go(&Typed::default(), true));
    }

    #[test]
    fn an_empty_field_is_no_trouble_before_the_button_was_pressed() {
        assert_eq!(trouble(&Typed::default(), false), None);
        assert!(trouble(&Typed::default(), true).is_some());
    }
}
