//! Whom somebody means. Names are not unique, so what is chosen is a member's key; the tag beside the name says which.

use crate::state::{People, Person, PersonId};

/// Whom a beginning of a line means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// This one; the rest of the line.
    One(PersonId, String),
    /// One of several of that name, as they can be told apart.
    Several(Vec<String>),
    /// Nobody here.
    Nobody,
}

/// How somebody is written so that nobody else can be meant.
pub fn handle(person: &Person) -> String {
    format!("@{}·{}", person.name, person.tag.text)
}

/// Reads "@Name·tag rest", "Name rest" or "tag rest" from the front of a line.
pub fn meant(line: &str, people: &People) -> Meant {
    let line = line.trim_start();
    let bare = line.strip_prefix('@').unwrap_or(line);
    let others = || people.list().iter().filter(|person| !person.me);
    // The longest name first: "Anna Maria" is not "Anna".
    let mut found: Vec<(&Person, usize)> = others()
        .filter_map(|person| {
            let exact = format!("{}·{}", person.name, person.tag.text);
            let ends = [exact, person.name.clone(), person.tag.text.clone()]
                .into_iter()
                .filter_map(|name| front(bare, &name))
                .max()?;
            Some((person, ends))
        })
        .collect();
    let longest = found.iter().map(|(_, ends)| *ends).max();
    found.retain(|(_, ends)| Some(*ends) == longest);
    match found.as_slice() {
        [] => Meant::Nobody,
        [(person, ends)] => Meant::One(person.id, bare[*ends..].trim_start().to_owned()),
        several => Meant::Several(several.iter().map(|(person, _)| handle(person)).collect()),
    }
}

/// Where `name` ends, if `line` begins with it as a word, in any case.
fn front(line: &str, name: &str) -> Option<usize> {
    let mut rest = line.char_indices();
    for wanted in name.chars() {
        let (_, found) = rest.next()?;
        if !found.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    match rest.next() {
        None => Some(line.len()),
        Some((at, next)) if !next.is_alphanumeric() && next != '·' => Some(at),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::tests::people;

    #[test]
    fn a_name_a_tag_or_both_mean_one_person() {
        let people = people(&[
            ("Me", 1),
            ("Brave Heron", 2),
            ("Anna", 3),
            ("Anna Maria", 4),
        ]);
        let id = |index: usize| people.list()[index].id;
        let tag = people.list()[1].tag.text.clone();
        for line in [
            "@Brave Heron hello",
            "brave heron hello",
            &format!("@Brave Heron·{tag} hello"),
            &format!("{tag} hello"),
        ] {
            assert_eq!(
                meant(line, &people),
                Meant::One(id(1), "hello".to_owned()),
                "{line}"
            );
        }
        assert_eq!(
            meant("anna maria hi", &people),
            Meant::One(id(3), "hi".to_owned())
        );
        assert_eq!(
            meant("Anna hi", &people),
            Meant::One(id(2), "hi".to_owned())
        );
        assert_eq!(meant("Annabel hi", &people), Meant::Nobody);
        assert_eq!(meant("Me hi", &people), Meant::Nobody);
    }

    #[test]
    fn two_of_one_name_are_told_apart_by_their_tags() {
        let people = people(&[("Me", 1), ("Anna", 2), ("Anna", 3)]);
        let Meant::Several(ways) = meant("Anna hi", &people) else {
            panic!("it could be either");
        };
        assert_eq!(ways.len(), 2);
        for (index, way) in ways.iter().enumerate() {
            let line = format!("{way} hi");
            assert_eq!(
                meant(&line, &people),
                Meant::One(people.list()[index + 1].id, "hi".to_owned())
            );
        }
    }
}
