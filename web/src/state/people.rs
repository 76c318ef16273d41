//! Who is in the room.

use std::time::Duration;

use sorted::{Map, Set};

/// A member, by the hash of its signing key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PersonId(pub [u8; 16]);

impl PersonId {
    /// A stable key for a list, in hexadecimal.
    pub fn key(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The member of a [`key`](Self::key).
    pub fn from_key(key: &str) -> Option<Self> {
        if key.len() != 32 || !key.is_ascii() {
            return None;
        }
        let mut bytes = [0; 16];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(key.get(2 * index..2 * index + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

/// The short form of a member's identity, shown beside the name. It never depends on the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Four base32 characters.
    pub text: String,
    /// A hue, 0 to 359 degrees.
    pub hue: u16,
    /// One of six shapes, 0 to 5.
    pub shape: u8,
}

/// Somebody in the room. The name has been made safe for display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// The name, one line, safe for display.
    pub name: String,
    /// The form of the name in which look-alikes are equal.
    pub skeleton: String,
    /// The tag.
    pub tag: Tag,
    /// For a bot: where it may send what is said here.
    pub bot: Option<String>,
    /// This person sits at this very screen.
    pub me: bool,
    /// The connection is gone but the seat is held.
    pub away: bool,
    /// Somebody else here has the same name or one that looks the same.
    pub twin: bool,
    /// Since when (wall clock).
    pub joined_at: Duration,
}

/// Somebody as they were when they did something; they may be gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// Who.
    pub id: PersonId,
    /// The name, safe for display.
    pub name: String,
    /// The tag.
    pub tag: Tag,
    /// It is the person at this screen.
    pub me: bool,
}

/// The people in the room: this person first, then in the order they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    list: Vec<Person>,
    /// The names of those whose keys were compared, gone or not.
    compared: Map<PersonId, String>,
}

impl People {
    /// Everybody, in display order.
    pub fn list(&self) -> &[Person] {
        &self.list
    }

    /// How many are in the room, this person included.
    pub fn present(&self) -> usize {
        self.list.len()
    }

    /// Whether this person is alone.
    pub fn is_alone(&self) -> bool {
        self.list.iter().all(|person| person.me)
    }

    /// One of them.
    pub fn find(&self, id: PersonId) -> Option<&Person> {
        self.list.iter().find(|person| person.id == id)
    }

    /// The person at this screen.
    pub fn me(&self) -> Option<&Person> {
        self.list.iter().find(|person| person.me)
    }

    /// Adds somebody, or replaces what is known about them.
    pub(super) fn put(&mut self, person: Person) {
        let place = |person: &Person| (!person.me, person.joined_at, person.id);
        self.list.retain(|other| other.id != person.id);
        let index = self
            .list
            .partition_point(|other| place(other) < place(&person));
        self.list.insert(index, person);
        self.mark_twins();
    }

    /// Takes somebody off the list.
    pub(super) fn remove(&mut self, id: PersonId) -> Option<Person> {
        let index = self.list.iter().position(|person| person.id == id)?;
        let gone = self.list.remove(index);
        self.mark_twins();
        Some(gone)
    }

    /// Marks a seat as held without a connection, or connected again.
    pub(super) fn set_away(&mut self, id: PersonId, away: bool) {
        if let Some(person) = self.list.iter_mut().find(|person| person.id == id) {
            person.away = away;
        }
    }

    /// Notes by which names those who were compared with are known.
    pub(super) fn note_compared(&mut self, verified: &Set<PersonId>) {
        for person in &self.list {
            if verified.contains(&person.id) {
                self.compared.insert(person.id, form(person));
            } else {
                self.compared.remove(&person.id);
            }
        }
    }

    /// Whether somebody has the name of one who was compared with, and another key.
    pub(super) fn goes_by_a_compared_name(&self, person: &Person) -> bool {
        let name = form(person);
        let taken = self.compared.values().any(|known| *known == name);
        taken && !person.me && !self.compared.contains_key(&person.id)
    }

    fn mark_twins(&mut self) {
        let forms: Vec<String> = self.list.iter().map(form).collect();
        for (index, person) in self.list.iter_mut().enumerate() {
            let mine = &forms[index];
            person.twin = forms
                .iter()
                .enumerate()
                .any(|(other, form)| other != index && form == mine);
        }
    }
}

/// The form in which names that look alike are equal, as far as is known.
fn form(person: &Person) -> String {
    person.skeleton.clone()
}
