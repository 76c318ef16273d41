//! What one member has seen.

use super::*;

impl Member {
    pub fn said(&self) -> Vec<&Message> {
        self.events
            .iter()
            .filter_map(|event| match event {
                Event::Said(message) => Some(message),
                _ => None,
            })
            .collect()
    }

    /// What the screen shows of others: in the order in which it came, and what came late where it belongs.
    pub fn heard(&self) -> Vec<String> {
        let mut screen: Vec<&Message> = Vec::new();
        for message in self.said() {
            let next = message.late.as_ref().and_then(|late| {
                screen
                    .iter()
                    .position(|shown| shown.id == Some(late.before))
            });
            screen.insert(next.unwrap_or(screen.len()), message);
        }
        screen
            .into_iter()
            .map(|message| text(&message.body))
            .collect()
    }

    /// Own messages that were sent, in the order of their place in the room.
    pub fn sent(&self) -> Vec<LocalId> {
        self.events
            .iter()
            .filter_map(|event| match event {
                Event::Sent { local, .. } => Some(*local),
                _ => None,
            })
            .collect()
    }

    pub fn missing(&self) -> u32 {
        self.events
            .iter()
            .map(|event| match event {
                Event::Missing { count, .. } | Event::Unopened { count } => *count,
                _ => 0,
            })
            .sum()
    }

    pub fn count(&self, matches: impl Fn(&Event) -> bool) -> usize {
        self.events.iter().filter(|event| matches(event)).count()
    }

    pub fn is_online(&self) -> bool {
        *self.session.status() == Status::Online
    }

    pub fn status(&self) -> &Status {
        self.session.status()
    }

    pub fn people(&self) -> Vec<String> {
        self.session
            .people()
            .into_iter()
            .map(|person| person.name)
            .collect()
    }
}
