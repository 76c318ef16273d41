//! How hard a room's name is to guess, and what that means in words.
//!
//! The estimate is for people who type a name while they look at it, so it must never flatter. It reads the name as a
//! guesser would, in pieces (words, numbers, walks over the keyboard, repeats), and counts no piece for more than the
//! guesser's cheapest way to it. Names of at least four words from the generator's list are taken for
//! generated ones, and so are three such words at the end of another name.

use core::f64;

use crate::name::{self, RoomName};

/// How a name fares against guessing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strength {
    /// log₂ of the guesses that are needed to try everything up to this name.
    pub bits: f64,
    /// The same in three steps.
    pub level: Level,
}

/// Three steps of strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Below 40 bits: somebody with one graphics card gets in within years at most.
    Guessable,
    /// Below 60 bits: expensive to guess; good for what does not matter in some years.
    OkForToday,
    /// 60 bits and more.
    Strong,
}

/// Guesses per second of one graphics card (RTX 4090) at [`ROUNDS`](crate::kdf::ROUNDS) rounds of PBKDF2-HMAC-SHA-512.
const ONE_CARD: f64 = 5_250.0;
/// How many such cards somebody has who really wants to know.
const WELL_FUNDED: f64 = 10_000.0;

/// Estimates a typed name. It is brought into its canonical form first; text that is no name is worth nothing.
pub fn estimate(name: &str) -> Strength {
    let bits = RoomName::parse(name).map_or(0.0, |name| bits(name.as_str()));
    let level = match bits {
        bits if bits < 40.0 => Level::Guessable,
        bits if bits < 60.0 => Level::OkForToday,
        _ => Level::Strong,
    };
    Strength { bits, level }
}

/// What guessing costs, in one sentence: on average half of all guesses, 5,250 a second on one graphics card, 10,000
/// cards for somebody with money.
pub fn cost_in_words(bits: f64) -> String {
    let one = (bits - 1.0).exp2() / ONE_CARD;
    let many = one / WELL_FUNDED;
    if one < MINUTE {
        "Anyone could guess this in seconds.".to_owned()
    } else if many >= HISTORY {
        "Guessing this takes longer than history, even with ten thousand graphics cards.".to_owned()
    } else {
        format!(
            "One graphics card needs {} to guess this; a well-funded attacker needs {}.",
            span(one),
            span(many)
        )
    }
}

const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;
const MONTH: f64 = 30.44 * DAY;
const YEAR: f64 = 365.25 * DAY;
const CENTURY: f64 = 100.0 * YEAR;
/// Writing is about this old.
const HISTORY: f64 = 5_000.0 * YEAR;

fn span(seconds: f64) -> String {
    let units = [
        (CENTURY, "century", "centuries"),
        (YEAR, "year", "years"),
        (MONTH, "month", "months"),
    ];
    let units = units.into_iter().chain([
        (DAY, "day", "days"),
        (HOUR, "hour", "hours"),
        (MINUTE, "minute", "minutes"),
    ]);
    if seconds >= HISTORY {
        return "longer than history".to_owned();
    }
    for (length, one, several) in units {
        // A whole number: code that writes floats takes ten kilobytes of a browser's download.
        let count = (seconds / length).round() as u32;
        if count >= 1 {
            return format!("about {count} {}", if count < 2 { one } else { several });
        }
    }
    "seconds".to_owned()
}

fn bits(name: &str) -> f64 {
    if let Some(bits) = generated(name) {
        return bits;
    }
    let joined: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    if let Some(rank) = rank(&joined) {
        return rank.min(worth_of_pieces(name));
    }
    worth_of_pieces(name)
}

/// A name as the generator makes them, nothing but different words of its list, at least four; or a name of one's own
/// that it made stronger with at least three such words at the end.
fn generated(name: &str) -> Option<f64> {
    let pieces: Vec<&str> = name.split('-').collect();
    let is_new = |at: usize, piece: &str| !pieces.iter().take(at).any(|before| *before == piece);
    let drawn = pieces
        .iter()
        .enumerate()
        .rev()
        .take_while(|(at, piece)| is_listed(piece) && is_new(*at, piece))
        .count();
    let own = pieces.get(..pieces.len() - drawn)?.join("-");
    let enough = if own.is_empty() { 4 } else { 3 };
    let each = (name::words().len() as f64).log2();
    // A guesser cannot know that there is a part of one's own either, or how many words follow it.
    let own = if own.is_empty() {
        0.0
    } else {
        worth_of_pieces(&own).max(1.5)
    };
    (drawn >= enough).then_some(drawn as f64 * each + own)
}

fn is_listed(word: &str) -> bool {
    name::words().binary_search(&word).is_ok()
}

/// A run of characters of one kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letters,
    Digits,
    Dash,
    Other,
}

fn kind(c: char) -> Kind {
    match c {
        'a'..='z' => Kind::Letters,
        '0'..='9' => Kind::Digits,
        '-' | '_' | '.' => Kind::Dash,
        _ => Kind::Other,
    }
}

fn worth_of_pieces(name: &str) -> f64 {
    let whole: Vec<char> = name.chars().collect();
    let period = period(&whole);
    let once: String = whole.iter().take(period).collect();
    let mut seen: Vec<&str> = Vec::new();
    let mut bits = ((whole.len() / period.max(1)) as f64).log2().max(0.0);
    // Somebody who alternates letters and digits again and again did not think of a word and a year.
    let is_jumble = once.len() >= 16 && pieces(&once).filter(|piece| piece.len() <= 3).count() >= 8;
    let per_char = if is_jumble { 2.5 } else { 1.5 };
    for piece in pieces(&once) {
        // The same piece again costs a guesser next to nothing.
        bits += if seen.contains(&piece) {
            0.5
        } else {
            worth(piece, per_char)
        };
        seen.push(piece);
    }
    bits
}

/// Splits where the kind of character changes.
fn pieces(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    core::iter::from_fn(move || {
        let first = kind(rest.chars().next()?);
        let end = rest
            .char_indices()
            .find(|(_, c)| kind(*c) != first)
            .map_or(rest.len(), |(at, _)| at);
        let (piece, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(piece)
    })
}

/// What a piece is worth where it stands alone. `per_char` is for short runs of letters and digits.
fn worth(piece: &str, per_char: f64) -> f64 {
    let mut chars: Vec<char> = piece.chars().collect();
    let mut bits = 0.0;
    while let Some((start, period)) = adjacent_repeat(&chars) {
        chars.drain(start..start + period);
        bits += 0.3;
    }
    for part in walks(&chars) {
        bits += worth_of_part(part, per_char);
    }
    bits
}

fn worth_of_part(part: &[char], per_char: f64) -> f64 {
    let length = part.len() as f64;
    let Some(&first) = part.first() else {
        return 0.0;
    };
    let worth = match kind(first) {
        Kind::Dash => 0.3 * length,
        Kind::Other => 2.0 * length,
        Kind::Digits if part.len() <= 8 => (per_char * length).min(10.0),
        Kind::Digits => 10.0 + 2.3 * (length - 8.0),
        Kind::Letters => letters(&part.iter().collect::<String>(), per_char),
    };
    if is_walk(part) {
        worth.min(2.0 + length.log2())
    } else {
        worth
    }
}

/// The first place where something of at least two characters is said twice in a row: its start and its length.
fn adjacent_repeat(chars: &[char]) -> Option<(usize, usize)> {
    (1..=chars.len() / 2).rev().find_map(|period| {
        let same = |start: &usize| {
            let once = chars.iter().skip(*start).take(period);
            once.eq(chars.iter().skip(*start + period).take(period))
        };
        let minimum = if period == 1 { None } else { Some(period) };
        minimum.and_then(|period| {
            (0..=chars.len() - 2 * period)
                .find(same)
                .map(|start| (start, period))
        })
    })
}

/// Splits a piece into walks of at least four steps and what lies between them.
fn walks(chars: &[char]) -> Vec<&[char]> {
    let mut parts = Vec::new();
    let (mut rest, mut at) = (chars, 0);
    while at < rest.len() {
        let (before, from) = rest.split_at(at);
        let length = (4..=from.len())
            .take_while(|&n| from.get(..n).is_some_and(is_walk))
            .last();
        if let Some(length) = length {
            let (walk, after) = from.split_at(length);
            parts.extend([before, walk]);
            (rest, at) = (after, 0);
        } else {
            at += 1;
        }
    }
    parts.push(rest);
    parts
}

/// The smallest `p` such that the text is its first `p` characters again and again.
fn period(chars: &[char]) -> usize {
    let repeats = |p: usize| {
        chars.len().is_multiple_of(p) && chars.iter().zip(chars.iter().skip(p)).all(|(a, b)| a == b)
    };
    (1..chars.len())
        .find(|&p| repeats(p))
        .unwrap_or(chars.len())
}

/// Whether every step goes to a neighbour: in the alphabet, among the digits, or on the keyboard.
fn is_walk(chars: &[char]) -> bool {
    const ROWS: [&str; 6] = [
        "01234567890",
        "qwertyuiop",
        "asdfghjkl",
        "zxcvbnm",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
        "abcdefghijklmnopqrstuvwxyz",
    ];
    let near = |row: &str, a: char, b: char| match (row.find(a), row.find(b)) {
        (Some(a), Some(b)) => a.abs_diff(b) <= 1,
        _ => false,
    };
    chars.len() >= 3
        && chars
            .iter()
            .zip(chars.iter().skip(1))
            .all(|(&a, &b)| ROWS.iter().any(|row| near(row, a, b)))
}

fn letters(piece: &str, per_char: f64) -> f64 {
    if let Some(rank) = rank(piece) {
        return rank;
    }
    let length = piece.chars().count() as f64;
    if is_listed(piece) {
        return 5.0;
    }
    if looks_like_words(piece) {
        // One word of a few thousand, or several run together.
        return (0.8 * length).min(5.0) + 0.8 * (length - 7.0).max(0.0);
    }
    if length <= 3.0 {
        per_char * length
    } else {
        2.7 * length - 4.0
    }
}

/// Whether the letters follow each other as they do in words, in which vowels and consonants take turns and some pairs
/// never come up.
fn looks_like_words(piece: &str) -> bool {
    let chars: Vec<char> = piece.chars().collect();
    let pairs = chars.iter().zip(chars.iter().skip(1));
    let odd = pairs.filter(|(a, b)| !is_common_pair(**a, **b)).count();
    odd * 5 <= chars.len()
}

/// Pairs of letters that make up nearly all of ordinary text in the languages of Europe.
fn is_common_pair(a: char, b: char) -> bool {
    let follows = match a {
        'a' => "bcdfghiklmnprstuvwyz",
        'b' => "aeilorubjsy",
        'c' => "aehiklortucy",
        'd' => "aeioruydgs",
        'e' => "abcdefghiklmnopqrstuvwxyz",
        'f' => "aefiolurty",
        'g' => "aeghilorunsy",
        'h' => "aeiortuynm",
        'i' => "abcdefgklmnopqrstuvxz",
        'j' => "aeou",
        'k' => "aeilnosyrkuw",
        'l' => "abdefiklmopstuvyg",
        'm' => "abeimopuys",
        'n' => "acdefgijkmnostuvyz",
        'o' => "abcdefgijklmnoprstuvwxyz",
        'p' => "aehiloprstuy",
        'q' => "u",
        'r' => "abcdefgiklmnoprstuvyhz",
        's' => "aceghiklmnopqstuwyz",
        't' => "acehilmorstuwyz",
        'u' => "abcdefgiklmnoprstvz",
        'v' => "aeiory",
        'w' => "aehinorsl",
        'x' => "aceiptuy",
        'y' => "abcdeilmnoprst",
        'z' => "aeiolyzu",
        _ => "",
    };
    follows.contains(b)
}

/// What everybody tries first costs log₂ of its place in the list; so does the same backwards or with digits for
/// letters.
fn rank(text: &str) -> Option<f64> {
    let place = |text: &str| COMMON.iter().position(|common| *common == text);
    let plain: String = text.chars().map(plain_letter).collect();
    let reversed: String = text.chars().rev().collect();
    let place = place(text)
        .or_else(|| place(&plain))
        .or_else(|| place(&reversed))?;
    Some(((place + 2) as f64).log2().min(4.0))
}

fn plain_letter(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// Names and passwords that everybody tries first.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "password", "123456", "qwerty", "chat", "room", "test", "hello", "secret", "private", "chatroom", "letmein", "welcome",
    "monkey", "dragon", "love", "iloveyou", "admin", "master", "shadow", "sunshine", "princess", "football", "baseball",
    "abc123", "1qaz2wsx", "qwertyuiop", "asdfgh", "zxcvbn", "login", "pass", "family", "friends", "meeting", "work",
    "team", "party", "game", "games", "gaming", "music", "general", "lobby", "random", "main", "home", "house", "group",
    "school", "office", "project", "support", "help", "news", "public", "open", "talk", "the", "and", "you", "me", "my",
    "our", "we", "us", "of", "to", "in", "is", "it", "a", "i", "for", "on", "with", "one", "two", "three", "blue", "red",
    "green", "black", "white", "summer", "winter", "spring", "hunter", "batman", "superman", "starwars", "trustno1",
    "michael", "jordan", "jessica", "charlie", "daniel", "thomas", "george", "andrew", "michelle", "jennifer", "robert",
    "computer", "internet", "whatever", "freedom", "cheese", "killer", "soccer", "hockey", "orange", "purple", "yellow",
    "silver", "golden", "cookie", "banana", "flower", "pepper", "ginger", "maggie", "buster", "tigger", "mustang",
    "access", "maverick", "phoenix", "eagle", "tiger", "lion", "bear", "cat", "dog", "horse", "fish", "bird", "star",
    "moon", "sun", "sky", "fire", "water", "earth", "wind", "god", "jesus", "angel", "happy", "lucky", "foo", "bar",
    "foobar", "demo", "example", "temp", "default", "guest", "user", "root", "server", "london", "paris", "berlin",
    "america", "germany", "england", "canada", "john", "david", "anna", "maria", "peter", "paul", "mike", "alex", "sam",
    "max", "smith", "tom", "ben", "joe", "bob", "alice", "eve", "x", "xx", "xxx", "asdf", "qwer", "zxcv", "abc", "aaa",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Rng as TestRng;

    use rand_core::Rng;

    fn oracle(name: &str) -> f64 {
        zxcvbn::zxcvbn(name, &[]).guesses_log10() * 10f64.log2()
    }

    /// `None` where the estimate is at most 3 bits above the oracle's.
    fn flatters(name: &str) -> Option<String> {
        let canonical = RoomName::parse(name).ok()?.as_str().to_owned();
        if generated(&canonical).is_some() {
            return None;
        }
        let (ours, theirs) = (bits(&canonical), oracle(&canonical));
        // The oracle counts in 64 bits and cannot say more than that.
        (theirs < 63.9 && ours > theirs + 3.0)
            .then(|| format!("{canonical}: {ours:.1} against {theirs:.1}"))
    }

    fn pick<'a>(rng: &mut TestRng, from: &[&'a str]) -> &'a str {
        from[rng.next_u32() as usize % from.len()]
    }

    #[test]
    fn no_single_word_is_flattered() {
        let flattered: Vec<_> = name::words()
            .iter()
            .copied()
            .step_by(20)
            .chain(COMMON.iter().copied())
            .filter_map(flatters)
            .collect();
        assert!(
            flattered.is_empty(),
            "{} words, such as {:?}",
            flattered.len(),
            &flattered[..flattered.len().min(40)]
        );
    }

    #[test]
    fn no_typical_name_is_flattered() {
        let typical = include_str!("../tests/vectors/typical_names.txt");
        let flattered: Vec<_> = typical.lines().filter_map(flatters).collect();
        assert!(
            flattered.is_empty(),
            "{} names: {flattered:#?}",
            flattered.len()
        );
    }

    #[test]
    fn no_random_combination_is_flattered() {
        let mut rng = TestRng::seeded(5);
        let words: Vec<_> = name::words().iter().chain(COMMON).copied().collect();
        let mut flattered = Vec::new();
        for _ in 0..500 {
            let mut name = String::new();
            for _ in 0..1 + rng.next_u32() % 4 {
                match rng.next_u32() % 6 {
                    0 => name.push_str(pick(&mut rng, &words)),
                    1 => name.push_str(&(rng.next_u32() % 10_000).to_string()),
                    2 => name.push_str(&(1940 + rng.next_u32() % 90).to_string()),
                    3 => name.push_str(pick(
                        &mut rng,
                        &["qwerty", "asdf", "abcd", "1234", "zzz", "abab"],
                    )),
                    4 => name.push(char::from(33 + (rng.next_u32() % 94) as u8)),
                    _ => name.push_str(&pick(&mut rng, &words).repeat(2)),
                }
                name.push_str(pick(&mut rng, &["", "-", " ", "_", "."]));
            }
            flattered.extend(flatters(&name));
        }
        assert!(
            flattered.is_empty(),
            "{} names: {:#?}",
            flattered.len(),
            &flattered[..flattered.len().min(20)]
        );
    }

    #[test]
    fn no_random_string_is_flattered() {
        let mut rng = TestRng::seeded(6);
        let alphabets = [
            "abcdefghijklmnopqrstuvwxyz",
            "0123456789",
            "abcdefghijklmnopqrstuvwxyz234567",
            "aeiou",
            "ab1",
            "éßж猫🦊-",
        ];
        let mut flattered = Vec::new();
        for _ in 0..500 {
            let alphabet: Vec<char> = pick(&mut rng, &alphabets).chars().collect();
            let length = 1 + rng.next_u32() % 30;
            let name: String = (0..length)
                .map(|_| alphabet[rng.next_u32() as usize % alphabet.len()])
                .collect();
            flattered.extend(flatters(&name));
        }
        assert!(
            flattered.is_empty(),
            "{} names: {:#?}",
            flattered.len(),
            &flattered[..flattered.len().min(20)]
        );
    }

    #[test]
    fn generated_names_score_what_they_are_worth() {
        let mut rng = TestRng::seeded(7);
        for _ in 0..50 {
            let strength = estimate(RoomName::generate(&mut rng).as_str());
            assert_eq!(format!("{:.1}", strength.bits), "64.6");
            assert_eq!(strength.level, Level::Strong);
        }
    }

    #[test]
    fn three_drawn_words_make_any_name_of_ones_own_better_than_guessable() {
        let mut rng = TestRng::seeded(8);
        for own in [
            "book-club",
            "family",
            "chat",
            "aaaa",
            "x",
            "password",
            "the",
            "1234",
            "päckchen",
        ] {
            for _ in 0..50 {
                let drawn = RoomName::generate(&mut rng);
                let drawn: Vec<&str> = drawn.as_str().split('-').take(3).collect();
                // The same word twice is no more than once, and as good as never drawn.
                if drawn.contains(&own) {
                    continue;
                }
                let name = format!("{own}-{}", drawn.join("-"));
                assert!(
                    estimate(&name).level > Level::Guessable,
                    "{name}: {:?}",
                    estimate(&name)
                );
                assert!(estimate(&name).bits < 60.0, "{name}");
            }
        }
        assert_eq!(estimate("book-club").level, Level::Guessable);
        assert_eq!(
            estimate("drab-silo-drab-silo-drab-silo").level,
            Level::Guessable
        );
    }

    #[test]
    fn random_strings_from_a_link_are_strong() {
        assert_eq!(
            estimate("k3xq7vhn2zt5wbdp6rjm4ygfscxq").level,
            Level::Strong
        );
        assert_eq!(
            estimate("xvqkzjwpbfghmtdrlncyxgvbqwtk").level,
            Level::Strong
        );
    }

    #[test]
    fn what_people_type_first_is_guessable() {
        for name in [
            "",
            "test",
            "family chat",
            "password123",
            "drowssap",
            "p4ssw0rd",
            "aaaaaaaaaaaaaaaaaaaaaaaaaa",
            "01234567890",
        ] {
            assert_eq!(estimate(name).level, Level::Guessable, "{name}");
        }
    }

    #[test]
    fn costs_are_said_in_words() {
        assert_eq!(cost_in_words(10.0), "Anyone could guess this in seconds.");
        assert_eq!(
            cost_in_words(28.3),
            "One graphics card needs about 9 hours to guess this; a well-funded attacker needs seconds."
        );
        assert_eq!(
            cost_in_words(50.0),
            "One graphics card needs about 34 centuries to guess this; a well-funded attacker needs about 4 months."
        );
        assert!(cost_in_words(64.6).contains("longer than history"));
        assert_eq!(span(DAY), "about 1 day");
    }
}
