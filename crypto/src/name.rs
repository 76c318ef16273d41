//! Room names: what people type is brought into one form, so that `Blue  Otter`, `BLUE-OTTER` and `blue-otter` are one
//! room on every device.
//!
//! The form is the comparison form of RFC 8266 §2.4 (Nickname): odd spaces become ordinary ones, spaces are trimmed
//! and collapsed, letters become lower case, the whole is normalised to NFKC, and this repeats until nothing changes.
//! Roomkey then writes `-` for a space. Two things differ from the RFC, both so that what people see on a keyboard
//! works: emoji variation selectors are dropped first, and the PRECIS tables, which are from 2013, are not asked.

mod characters;
mod wordlist;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use core::fmt;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use characters::is_variation_selector;
pub(crate) use characters::{is_refused, is_space};
pub use wordlist::words;

/// How many code points a canonical name may have.
pub const MAX_LENGTH: usize = 128;

/// How many words a generated name has: 5 × log₂ 7,700 = 64.6 bits.
pub const GENERATED_WORDS: usize = 5;

/// A room's name in its canonical form. Whoever knows it is a member, so `Debug` hides it and dropping wipes it.
#[derive(Clone, PartialEq, Eq)]
pub struct RoomName(Zeroizing<String>);

/// Why something typed is no room name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing is left once spaces are trimmed.
    Empty,
    /// More than [`MAX_LENGTH`] code points are left.
    TooLong {
        /// How many.
        length: usize,
    },
    /// It holds characters that nobody sees, that Unicode does not define, or that not every browser knows yet.
    Control,
    /// It is not the last part of a room's link.
    NotASlug,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Type a name for the room."),
            Self::TooLong { length } => {
                write!(
                    f,
                    "This name has {length} characters; a room name has at most {MAX_LENGTH}."
                )
            }
            Self::Control => f.write_str(
                "A room name cannot contain control characters or invisible characters.",
            ),
            Self::NotASlug => f.write_str("This link does not name a room."),
        }
    }
}

impl core::error::Error for NameError {}

impl RoomName {
    /// Brings what somebody typed into the canonical form.
    ///
    /// # Errors
    /// [`NameError::Empty`], [`NameError::TooLong`] or [`NameError::Control`].
    pub fn parse(typed: &str) -> Result<Self, NameError> {
        if typed.chars().any(is_refused) {
            return Err(NameError::Control);
        }
        let typed: Zeroizing<String> = Zeroizing::new(
            typed
                .chars()
                .filter(|c| !is_variation_selector(*c))
                .collect(),
        );
        // The only error here is a text that keeps changing, which no writing system produces.
        let canonical = stable(typed).ok_or(NameError::Control)?;
        let canonical = Zeroizing::new(canonical.replace(' ', "-"));
        if canonical.chars().any(is_refused) {
            return Err(NameError::Control);
        }
        match canonical.chars().count() {
            0 => Err(NameError::Empty),
            1..=MAX_LENGTH => Ok(Self(canonical)),
            length => Err(NameError::TooLong { length }),
        }
    }

    /// The canonical form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name as the last part of a link: itself where it consists of `a-z 0-9 - _ . ~` and does not start with `~`,
    /// else `~` and the unpadded base64url of its UTF-8.
    pub fn slug(&self) -> String {
        if self.0.bytes().all(is_unreserved)
            && !self.0.starts_with('~')
            && !self.0.bytes().any(|b| b.is_ascii_uppercase())
        {
            return self.0.to_string();
        }
        format!("~{}", Base64UrlUnpadded::encode_string(self.0.as_bytes()))
    }

    /// Undoes [`slug`](Self::slug). A link that somebody typed by hand may have capitals.
    ///
    /// # Errors
    /// [`NameError::NotASlug`] for anything that is not a link's last part.
    pub fn from_slug(slug: &str) -> Result<Self, NameError> {
        if let Some(encoded) = slug.strip_prefix('~') {
            let bytes = Base64UrlUnpadded::decode_vec(encoded)
                .map(Zeroizing::new)
                .map_err(|_| NameError::NotASlug)?;
            let text = core::str::from_utf8(&bytes).map_err(|_| NameError::NotASlug)?;
            // Exactly one encoded link leads to a room, so that a link cannot show one name and open another.
            return Self::parse(text)
                .ok()
                .filter(|name| name.slug() == slug)
                .ok_or(NameError::NotASlug);
        }
        if slug.is_empty() || !slug.bytes().all(is_unreserved) {
            return Err(NameError::NotASlug);
        }
        Self::parse(slug).map_err(|_| NameError::NotASlug)
    }

    /// A name that nobody guesses: [`GENERATED_WORDS`] words, each drawn evenly from [`words`].
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let words = words();
        let mut name = Zeroizing::new(String::with_capacity(64));
        for position in 0..GENERATED_WORDS {
            if position > 0 {
                name.push('-');
            }
            name.push_str(
                words
                    .get(draw(words.len(), rng))
                    .copied()
                    .unwrap_or_default(),
            );
        }
        Self(name)
    }
}

impl fmt::Debug for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RoomName(…)")
    }
}

/// RFC 8266 §2.4: spaces, case and normalization, until nothing changes.
fn stable(mut name: Zeroizing<String>) -> Option<Zeroizing<String>> {
    for _ in 0..=2 {
        let next = comparable(&name);
        if *next == *name {
            return Some(next);
        }
        name = next;
    }
    None
}

fn comparable(name: &str) -> Zeroizing<String> {
    let mut lower = Zeroizing::new(String::with_capacity(2 * name.len()));
    for word in name.split(is_space).filter(|word| !word.is_empty()) {
        if !lower.is_empty() {
            lower.push(' ');
        }
        lower.extend(word.chars().flat_map(char::to_lowercase));
    }
    Zeroizing::new(normal::nfkc(&lower))
}

/// A number below `bound`, every one equally likely: draws that would favour the low ones are thrown away.
fn draw(bound: usize, rng: &mut impl CryptoRng) -> usize {
    let bound = u32::try_from(bound).unwrap_or(u32::MAX).max(1);
    let zone = u32::MAX - u32::MAX % bound;
    loop {
        let drawn = rng.next_u32();
        if drawn < zone {
            return usize::try_from(drawn % bound).unwrap_or_default();
        }
    }
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn canonical(typed: &str) -> String {
        RoomName::parse(typed).unwrap().as_str().to_owned()
    }

    #[test]
    fn spellings_of_one_name_are_one_room() {
        for typed in [
            "blue-otter",
            "Blue  Otter",
            " BLUE OTTER ",
            "blue\u{3000}otter",
            "Blue\u{00A0}Otter",
            "ＢＬＵＥ-otter",
        ] {
            assert_eq!(canonical(typed), "blue-otter", "{typed:?}");
        }
        assert_eq!(canonical("Cafe\u{0301}"), "caf\u{e9}");
        assert_eq!(canonical("ΌΣΟΣ"), canonical("όσοσ"));
        assert_eq!(canonical("❤\u{FE0F} 🦊"), "❤-🦊");
        assert_eq!(canonical("ﬁlm"), "film");
    }

    #[cfg(not(target_arch = "wasm32"))]
    #[test]
    fn every_character_has_the_form_that_precis_gives_it() {
        use precis_profiles::Nickname;
        use precis_profiles::precis_core::profile::{Rules, stabilize};
        let theirs = |typed: &str| {
            let stable = stabilize(typed, |name| {
                let profile = Nickname::new();
                let name = profile.additional_mapping_rule(name)?;
                let name = profile.case_mapping_rule(name)?;
                profile.normalization_rule(name)
            });
            stable.unwrap().replace(' ', "-")
        };
        for c in '\0'..=char::MAX {
            for typed in [format!("A{c}"), format!("A {c}b"), format!("Ab{c}\u{301}")] {
                if let Ok(ours) = RoomName::parse(&typed) {
                    let typed: String = typed
                        .chars()
                        .filter(|c| !is_variation_selector(*c))
                        .collect();
                    assert_eq!(ours.as_str(), theirs(&typed), "{typed:?}");
                }
            }
        }
    }

    #[test]
    fn the_canonical_form_of_a_canonical_form_is_itself() {
        for typed in [
            "Ἀθῆναι",
            "ǅ",
            "Straße",
            "İstanbul",
            "ẞ",
            "Ⅷ",
            "½",
            "ﷺ",
            "가",
            "日本 語",
            "नमस्ते",
            "🇩🇪",
        ] {
            let once = canonical(typed);
            assert_eq!(canonical(&once), once, "{typed:?}");
        }
    }

    #[test]
    fn what_nobody_can_see_is_refused() {
        let refused = [
            "a\nb",
            "a\u{200B}b",
            "\u{202E}a",
            "a\u{2066}",
            "\u{FEFF}a",
            "a\0",
            "\u{E000}",
            "\u{FFFF}",
            "a\u{3164}",
            "\u{200D}",
        ];
        for typed in refused {
            assert_eq!(RoomName::parse(typed), Err(NameError::Control), "{typed:?}");
        }
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert_eq!(RoomName::parse(""), Err(NameError::Empty));
        assert_eq!(RoomName::parse(" \u{3000} "), Err(NameError::Empty));
        assert_eq!(
            RoomName::parse(&"é".repeat(129)),
            Err(NameError::TooLong { length: 129 })
        );
        assert!(RoomName::parse(&"é".repeat(128)).is_ok());
    }

    #[test]
    fn slugs_of_plain_names_are_the_names() {
        assert_eq!(RoomName::parse("Blue Otter").unwrap().slug(), "blue-otter");
        assert_eq!(
            RoomName::from_slug("Blue-Otter").unwrap().as_str(),
            "blue-otter"
        );
        for typed in [
            "~x", "grün", "a/b", "a?b#c", "日本", "a%20b", ".", "..", "x~y",
        ] {
            let name = RoomName::parse(typed).unwrap();
            let slug = name.slug();
            assert!(slug.bytes().all(is_unreserved), "{slug}");
            assert_eq!(RoomName::from_slug(&slug), Ok(name));
        }
    }

    #[test]
    fn each_room_has_one_encoded_slug() {
        // "blue-otter", which needs no encoding; "Grün", which is not canonical; broken base64; no UTF-8.
        for slug in [
            "~Ymx1ZS1vdHRlcg",
            "~R3LDvG4",
            "~Z3LDvG4=",
            "~Z3LDvG",
            "~_w",
            "~",
            "",
            "a b",
            "a/b",
            "grün",
        ] {
            assert_eq!(
                RoomName::from_slug(slug),
                Err(NameError::NotASlug),
                "{slug}"
            );
        }
        assert_eq!(RoomName::from_slug("~Z3LDvG4").unwrap().as_str(), "grün");
    }

    #[test]
    fn generated_names_are_canonical_and_five_words() {
        let list = words();
        let mut rng = crate::tests::Rng::seeded(1);
        for _ in 0..200 {
            let name = RoomName::generate(&mut rng);
            assert_eq!(canonical(name.as_str()), name.as_str());
            assert_eq!(name.slug(), name.as_str());
            assert_eq!(
                name.as_str()
                    .split('-')
                    .filter(|word| list.contains(word))
                    .count(),
                GENERATED_WORDS
            );
        }
    }

    #[test]
    fn words_are_drawn_evenly() {
        let list = words();
        let mut counts: HashMap<String, f64> = HashMap::new();
        let mut rng = crate::tests::Rng::seeded(2);
        let names = 20_000;
        for _ in 0..names {
            for word in RoomName::generate(&mut rng).as_str().split('-') {
                *counts.entry(word.to_owned()).or_default() += 1.0;
            }
        }
        let expected = (names * GENERATED_WORDS) as f64 / list.len() as f64;
        let chi: f64 = list
            .iter()
            .map(|word| (counts.get(*word).unwrap_or(&0.0) - expected).powi(2) / expected)
            .sum();
        let freedom = (list.len() - 1) as f64;
        // Six standard deviations of the chi-squared distribution.
        assert!(
            (chi - freedom).abs() < 6.0 * (2.0 * freedom).sqrt(),
            "chi² {chi}, expected about {freedom}"
        );
    }

    #[test]
    fn draws_stay_below_the_bound_and_reach_all_of_it() {
        let mut rng = crate::tests::Rng::seeded(3);
        let drawn: std::collections::BTreeSet<_> = (0..1000).map(|_| draw(7, &mut rng)).collect();
        assert_eq!(
            drawn.into_iter().collect::<Vec<_>>(),
            (0..7).collect::<Vec<_>>()
        );
    }
}
