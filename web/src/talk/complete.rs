//! What could be meant by what has been typed so far: people after `@`, emoji after `:`, commands after `/`.

use super::command::{COMMANDS, explain};
use super::{emoji, whom};
use crate::state::{People, Tag};

/// The most suggestions at once.
const MOST: usize = 8;

/// Suggestions for the word before the caret.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestions {
    /// Where that word begins, in bytes.
    pub start: usize,
    /// What could stand there instead.
    pub list: Vec<Suggestion>,
}

/// One suggestion.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// What is put into the text, with a space after it.
    pub text: String,
    /// What is shown.
    pub shown: String,
    /// Beside it: a person's tag,
    pub tag: Option<Tag>,
    /// or a few words,
    pub note: &'static str,
    /// and at the end what it does.
    pub about: &'static str,
}

/// What could be meant; `before` is the text up to the caret. `None` where nothing is to be suggested.
pub fn suggest(before: &str, people: &People) -> Option<Suggestions> {
    let found = commands(before)
        .or_else(|| mention(before, people))
        .or_else(|| emojis(before))?;
    Some(found).filter(|found| !found.list.is_empty())
}

/// For the Tab key: the name that the word before the caret begins, without `@`.
pub fn name(before: &str, people: &People) -> Option<Suggestions> {
    let start = before.rfind(char::is_whitespace).map_or(0, |at| {
        at + before[at..].chars().next().map_or(1, char::len_utf8)
    });
    let word = &before[start..];
    if word.is_empty() {
        return None;
    }
    let list = named(word, people);
    Some(Suggestions { start, list }).filter(|found| !found.list.is_empty())
}

fn commands(before: &str) -> Option<Suggestions> {
    let word = before.strip_prefix('/')?;
    if word.contains(char::is_whitespace) || word.starts_with('/') {
        return None;
    }
    let word = word.to_lowercase();
    // Enter is to carry out what has been written whole.
    if COMMANDS.iter().any(|entry| entry.name == word) {
        return None;
    }
    let known = COMMANDS
        .iter()
        .filter(|entry| entry.name.starts_with(&word));
    let list = known.map(|entry| Suggestion {
        text: format!("/{}", entry.name),
        shown: format!("/{}", entry.name),
        tag: None,
        note: entry.takes,
        about: explain(entry.about),
    });
    Some(Suggestions {
        start: 0,
        list: list.collect(),
    })
}

fn mention(before: &str, people: &People) -> Option<Suggestions> {
    let start = before.rfind('@')?;
    if before[..start]
        .chars()
        .next_back()
        .is_some_and(char::is_alphanumeric)
    {
        return None;
    }
    let list = named(&before[start + 1..], people);
    Some(Suggestions { start, list })
}

fn named(word: &str, people: &People) -> Vec<Suggestion> {
    let word = word.to_lowercase();
    let fits = |name: &str| name.to_lowercase().starts_with(&word);
    people
        .list()
        .iter()
        .filter(|person| !person.me)
        // Whole names have been chosen already; a name may have several words, any of which may be the one typed.
        .filter(|person| {
            fits(&person.name)
                || person.tag.text.starts_with(&word)
                || person.name.split_whitespace().any(fits)
        })
        .take(MOST)
        .map(|person| Suggestion {
            text: whom::handle(person),
            shown: person.name.clone(),
            tag: Some(person.tag.clone()),
            note: "",
            about: "",
        })
        .collect()
}

fn emojis(before: &str) -> Option<Suggestions> {
    let start = before.rfind(':')?;
    let word = &before[start + 1..];
    let is_name =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '+' | '-');
    let is_alone =
        !before[..start].ends_with(|letter: char| letter.is_alphanumeric() || letter == '/');
    if word.len() < 2 || !word.chars().all(is_name) || !is_alone {
        return None;
    }
    let list = emoji::search(word)
        .take(MOST)
        .map(|(emoji, name)| Suggestion {
            text: emoji.to_owned(),
            shown: emoji.to_owned(),
            tag: None,
            note: name,
            about: "",
        });
    Some(Suggestions {
        start,
        list: list.collect(),
    })
}

/// Replaces every whole `:shortcode:` by its emoji. Anything else stays as it is.
pub fn expand(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(':') {
        out.push_str(before);
        let known = after
            .split_once(':')
            .and_then(|(name, tail)| Some((emoji::named(name)?, tail)));
        match known {
            Some((emoji, tail)) => {
                out.push_str(emoji);
                rest = tail;
            }
            None => {
                out.push(':');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::tests::people;

    fn texts(before: &str) -> Vec<String> {
        let people = people(&[("Me", 1), ("Brave Heron", 2), ("Anna", 3), ("Anna", 4)]);
        suggest(before, &people)
            .map(|found| found.list.into_iter().map(|it| it.text).collect())
            .unwrap_or_default()
    }

    #[test]
    fn an_at_sign_suggests_people_with_their_tags_and_never_oneself() {
        assert_eq!(texts("hi @").len(), 3);
        let both = texts("hi @ann");
        assert_eq!(both.len(), 2);
        assert_ne!(both[0], both[1]);
        assert!(texts("@Her")[0].starts_with("@Brave Heron·"));
        assert_eq!(texts("@me"), [""; 0]);
        assert_eq!(texts("mail me@ann"), [""; 0]);
    }

    #[test]
    fn a_slash_in_front_suggests_commands_and_nowhere_else() {
        assert_eq!(texts("/ex"), ["/export", "/exit"]);
        assert_eq!(texts("a /ex"), [""; 0]);
        assert_eq!(texts("/export x"), [""; 0]);
    }

    #[test]
    fn a_colon_and_two_letters_suggest_emoji_but_not_in_an_address_or_a_time() {
        assert!(texts("hello :sm").contains(&"😄".to_owned()));
        assert_eq!(texts(":s"), [""; 0]);
        assert_eq!(texts("http://he"), [""; 0]);
        assert_eq!(texts("at 12:30"), [""; 0]);
    }

    #[test]
    fn tab_completes_the_word_before_the_caret() {
        let people = people(&[("Me", 1), ("Brave Heron", 2)]);
        let found = name("hello bra", &people).expect("somebody begins like this");
        assert_eq!(found.start, 6);
        assert!(name("hello ", &people).is_none());
        assert!(name("hello x", &people).is_none());
    }

    #[test]
    fn known_short_codes_become_emoji_and_unknown_ones_stay() {
        assert_eq!(
            expand("a :heart: b :nope: 12:30:45 :"),
            "a ❤️ b :nope: 12:30:45 :"
        );
    }
}
