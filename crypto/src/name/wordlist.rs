//! The words that generated names are made of.

use std::sync::LazyLock;

use diceware_wordlists::EFF_LONG_WORDLIST;

/// The words that generated names are made of, in alphabetical order: the EFF's long list without those that contain a
/// hyphen and without those that somebody would not want to read out.
pub fn words() -> &'static [&'static str] {
    static LIST: LazyLock<String> = LazyLock::new(|| lines(&CODED));
    static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let words = LIST.lines();
        words.filter(|word| !UNWELCOME.contains(word)).collect()
    });
    &WORDS
}

/// A line for each word.
fn lines(coded: &[u8]) -> String {
    let mut lines = String::new();
    // Where the word before begins, and where this one does.
    let (mut before, mut start) = (0, 0);
    for &byte in coded {
        if byte.is_ascii_lowercase() {
            lines.push(char::from(byte));
            continue;
        }
        if !lines.is_empty() {
            lines.push('\n');
            (before, start) = (start, lines.len());
        }
        debug_assert!(start == lines.len() && before <= start);
        lines.extend_from_within(before..before + usize::from(byte - NONE_SHARED));
    }
    lines
}

/// Stands in front of a word that begins with nothing of the word before it, the next byte in front of one that begins with
/// its first letter, and so on.
const NONE_SHARED: u8 = b'0';

/// The EFF's list without hyphens, put together by the compiler: of each word how much it shares with the word before it, then
/// the rest. A line for each word would be five kilobytes larger where it counts, compressed; an array of strings, half of
/// which would be addresses, twice as large.
static CODED: [u8; coded::<0>().1] = coded::<{ coded::<0>().1 }>().0;

/// The list as far as there is room for it, and how much room it takes.
#[expect(
    clippy::indexing_slicing,
    reason = "the compiler runs this, and an index out of bounds fails the build"
)]
const fn coded<const ROOM: usize>() -> ([u8; ROOM], usize) {
    let mut list = [0; ROOM];
    let mut before: &[u8] = &[];
    let (mut word, mut end) = (0, 0);
    while word < EFF_LONG_WORDLIST.len() {
        let letters = EFF_LONG_WORDLIST[word].as_bytes();
        word += 1;
        if has_hyphen(letters) {
            continue;
        }
        let mut at = shared(before, letters);
        if end < ROOM {
            list[end] = NONE_SHARED + at as u8;
        }
        end += 1;
        while at < letters.len() {
            if end < ROOM {
                list[end] = letters[at];
            }
            end += 1;
            at += 1;
        }
        before = letters;
    }
    (list, end)
}

#[expect(
    clippy::indexing_slicing,
    reason = "the compiler runs this, and an index out of bounds fails the build"
)]
const fn has_hyphen(letters: &[u8]) -> bool {
    let mut at = 0;
    while at < letters.len() && letters[at] != b'-' {
        at += 1;
    }
    at < letters.len()
}

/// How many letters both words begin with.
#[expect(
    clippy::indexing_slicing,
    reason = "the compiler runs this, and an index out of bounds fails the build"
)]
const fn shared(one: &[u8], other: &[u8]) -> usize {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at
}

/// Words of the list that are insults, bodily, violent or about drugs.
#[rustfmt::skip]
const UNWELCOME: [&str; 72] = [
    "agonize", "agonizing", "agony", "alienate", "arousal", "carnage", "casket", "chubby", "colonial", "colonist",
    "colonize", "deceased", "defile", "demeaning", "diaper", "drown", "evil", "filth", "gangrene", "gore", "graves",
    "graveyard", "groin", "hate", "hatred", "hazing", "humiliate", "hunchback", "imbecile", "impure", "impurity",
    "jailbird", "laxative", "lustfully", "lustily", "lustiness", "lusty", "mating", "opium", "ovary", "parasite",
    "parasitic", "pelvis", "poison", "pregnancy", "pregnant", "racism", "savage", "scrawny", "slit", "spew",
    "spinster", "squirt", "starved", "starving", "strangle", "stupor", "suffocate", "sultry", "thong", "threaten",
    "trash", "undress", "unholy", "unisexual", "unwashed", "violate", "violation", "violator", "wimp", "womb",
    "wound",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::GENERATED_WORDS;

    #[test]
    fn what_is_unpacked_is_the_list_in_alphabetical_order() {
        let list: Vec<_> = EFF_LONG_WORDLIST
            .into_iter()
            .filter(|word| !word.contains('-') && !UNWELCOME.contains(word))
            .collect();
        assert_eq!(words(), list);
        assert!(words().is_sorted());
    }

    #[test]
    fn every_unwelcome_word_is_on_the_list_and_none_is_drawn() {
        assert!(
            UNWELCOME
                .iter()
                .all(|word| EFF_LONG_WORDLIST.contains(word))
        );
        assert!(words().iter().all(|word| !UNWELCOME.contains(word)));
        assert_eq!(
            format!(
                "{:.1}",
                GENERATED_WORDS as f64 * (words().len() as f64).log2()
            ),
            "64.6"
        );
    }
}
