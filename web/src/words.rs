//! Every word the app says to a person, in one place.
//!
//! A language is one value of [`Words`]; the compiler insists that it is complete. Sentences with
//! a gap carry it as `{name}`, so that a translation may put it where its grammar wants it.

/// The words of the language in use.
pub fn words() -> &'static Words {
    &english::ENGLISH
}

/// The words around a conversation: whom it is for, answers, alerts, commands.
pub fn talk() -> &'static TalkWords {
    &talk::ENGLISH
}

/// The words around a room's life: who may come in, how long it lasts, how it ends.
pub fn life() -> &'static LifeWords {
    &life::ENGLISH
}

/// The words about files.
pub fn files() -> &'static FileWords {
    &files::ENGLISH
}

/// The words of moving to a fresh room.
pub fn leap() -> &'static LeapWords {
    &leap::ENGLISH
}

/// The words of formatting.
pub fn rich() -> &'static RichWords {
    &rich::ENGLISH
}

/// Puts values into the gaps of a sentence: `fill("Hello {who}", &[("who", "you")])`.
pub fn fill(sentence: &str, gaps: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(sentence.len() + 16);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let gap = after.split_once('}').and_then(|(name, tail)| {
            let (_, value) = gaps.iter().find(|(known, _)| *known == name)?;
            Some((value, tail))
        });
        match gap {
            Some((value, tail)) => {
                filled.push_str(value);
                rest = tail;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// The form of a sentence that fits a number, with the number in its gap `{n}`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    fill(
        if number == 1 { one } else { many },
        &[("n", &number.to_string())],
    )
}

/// One part of the app's words: a type with a field for each, and its English value.
macro_rules! words {
    ($part:ident; $( $(#[$meta:meta])* $key:ident = $text:literal; )*) => {
        /// One part of a language. The fields are named after the place where they are said.
        #[derive(Debug)]
        pub struct $part { $( $(#[$meta])* pub $key: &'static str, )* }

        /// English.
        pub(super) static ENGLISH: $part = $part { $( $key: $text, )* };
    };
}

mod english;
mod files;
mod leap;
mod life;
mod rich;
mod talk;

pub use english::Words;
pub use files::FileWords;
pub use leap::LeapWords;
pub use life::LifeWords;
pub use rich::RichWords;
pub use talk::TalkWords;

#[cfg(test)]
mod tests {
    use super::{count, fill};

    #[test]
    fn gaps_are_filled_where_they_stand() {
        assert_eq!(
            fill("{a} and {b}, {a}", &[("a", "x"), ("b", "y")]),
            "x and y, x"
        );
    }

    #[test]
    fn a_gap_without_a_value_and_a_lone_brace_stay() {
        assert_eq!(fill("{a} {b", &[]), "{a} {b");
    }

    #[test]
    fn a_value_that_looks_like_a_gap_is_not_filled_again() {
        assert_eq!(fill("{a}", &[("a", "{b}"), ("b", "no")]), "{b}");
    }

    #[test]
    fn one_thing_is_counted_in_the_singular() {
        assert_eq!(count(1, "one", "{n} many"), "one");
        assert_eq!(count(0, "one", "{n} many"), "0 many");
    }
}
