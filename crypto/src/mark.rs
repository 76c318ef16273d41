//! The mark of a second secret: ten bits that travel with the link, so that a mistyped secret is noticed before anything
//! is sent.

use core::fmt;
use core::str::FromStr;

use crate::room::RoomKeys;

const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Ten bits of a room's keys, as two letters of base32. Of 1,024 wrong secrets one fits by chance: enough to notice a
/// slip, and little help to whoever has found the link and guesses, because a thousandth of all guesses is left that
/// only the relay can tell apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SecretMark([u8; 2]);

/// Not two letters of lower-case base32.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAMark;

impl fmt::Display for NotAMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the mark of a second secret")
    }
}

impl core::error::Error for NotAMark {}

impl SecretMark {
    /// The mark of keys that were stretched with a second secret.
    pub fn of(keys: &RoomKeys) -> Self {
        // 256 is a multiple of 32, so the low five bits are as even as the whole byte.
        Self(keys.secret_mark().map(|byte| letter(byte & 31)))
    }

    /// Whether these keys may be those of the link. False is certain.
    pub fn fits(self, keys: &RoomKeys) -> bool {
        self == Self::of(keys)
    }
}

fn letter(five: u8) -> u8 {
    *LETTERS
        .get(usize::from(five))
        .expect("invariant: five bits index 32 letters")
}

impl fmt::Display for SecretMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|letter| fmt::Write::write_char(f, char::from(*letter)))
    }
}

impl FromStr for SecretMark {
    type Err = NotAMark;

    fn from_str(text: &str) -> Result<Self, NotAMark> {
        match *text.as_bytes() {
            [one, two] if LETTERS.contains(&one) && LETTERS.contains(&two) => Ok(Self([one, two])),
            _ => Err(NotAMark),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(number: u16) -> RoomKeys {
        let mut root = [0; 64];
        root[..2].copy_from_slice(&number.to_be_bytes());
        RoomKeys::from_bytes(&root)
    }

    #[test]
    fn a_mark_fits_its_own_keys_and_about_one_in_a_thousand_others() {
        let mark = SecretMark::of(&keys(0));
        assert!(mark.fits(&keys(0)));
        let others = (1..8_192)
            .filter(|number| mark.fits(&keys(*number)))
            .count();
        assert!((1..24).contains(&others), "{others}");
    }

    #[test]
    fn a_mark_survives_being_written_and_nothing_else_is_one() {
        for number in 0..64 {
            let mark = SecretMark::of(&keys(number));
            assert_eq!(mark.to_string().parse(), Ok(mark));
        }
        for text in ["", "a", "abc", "A2", "a1", "é"] {
            assert_eq!(text.parse::<SecretMark>(), Err(NotAMark), "{text}");
        }
    }

    #[test]
    fn the_mark_is_no_part_of_anything_else_that_is_shown() {
        let keys = keys(7);
        assert_ne!(keys.secret_mark()[..], keys.check()[..2]);
    }
}
