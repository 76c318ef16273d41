//! Which person is meant, and how one is written.

use client::Person;
use crypto::wire::SenderId;

use crate::safe;

/// Name and tag.
pub(crate) fn shown(person: &Person) -> String {
    format!("{}·{}", safe::name(&person.name), person.tag.text())
}

/// The one person meant by `who`: a tag, a name, or `name·tag`. Spaces in names may be written as `_`.
pub(crate) fn pick(who: &str, people: &[Person]) -> Result<SenderId, String> {
    let wanted = who.trim_start_matches('@').replace('_', " ");
    let matches = |person: &&Person| {
        let (name, tag) = (safe::name(&person.name), person.tag.text());
        !person.me
            && (tag.eq_ignore_ascii_case(&wanted)
                || name.to_lowercase() == wanted.to_lowercase()
                || format!("{name}·{tag}").to_lowercase() == wanted.to_lowercase())
    };
    let found: Vec<&Person> = people.iter().filter(matches).collect();
    match found.as_slice() {
        [] => Err(format!(
            "nobody here is called {}; /people lists who is",
            safe::name(who)
        )),
        [one] => Ok(one.sid),
        several => {
            let tags: Vec<&str> = several.iter().map(|person| person.tag.text()).collect();
            Err(format!(
                "several people are called {}: name one by tag ({})",
                safe::name(who),
                tags.join(", ")
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::identity::Tag;
    use std::time::Duration;

    fn person(name: &str, seed: u8, me: bool) -> Person {
        let sid = SenderId([seed; 16]);
        Person {
            sid,
            name: name.to_owned(),
            tag: Tag::of(&sid),
            bot: None,
            me,
            joined_at: Duration::ZERO,
            away: false,
        }
    }

    #[test]
    fn people_are_picked_by_key_and_an_ambiguous_name_by_nobody() {
        let everybody = [
            person("Anna", 1, false),
            person("anna", 2, false),
            person("Quiet Otter", 3, false),
            person("Me", 4, true),
        ];
        assert_eq!(pick("quiet_otter", &everybody), Ok(SenderId([3; 16])));
        assert!(
            pick("Anna", &everybody)
                .unwrap_err()
                .contains(everybody[1].tag.text())
        );
        assert_eq!(
            pick(everybody[0].tag.text(), &everybody),
            Ok(SenderId([1; 16]))
        );
        assert_eq!(
            pick(&format!("anna·{}", everybody[1].tag.text()), &everybody),
            Ok(SenderId([2; 16]))
        );
        assert!(pick("Me", &everybody).is_err());
    }
}
