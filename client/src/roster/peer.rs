//! What happens to one person.

use std::time::Duration;

use super::{Event, Events, Now, Peer, Presence};

impl Peer {
    /// Whether they have a seat, and no longer without a connection than a seat lasts.
    pub(crate) fn is_present(&self) -> bool {
        self.seat.is_some() && self.presence != Presence::Absent
    }

    /// Whether they are to get our keys: whoever is present, and whose seat a relay forgot, for as long as it would have
    /// lasted. The relay holds nothing for them, but what it forgets in its turn is said again to them.
    pub(crate) fn is_entitled(&self) -> bool {
        self.presence != Presence::Absent && (self.seat.is_some() || self.scattered_at.is_some())
    }

    /// Whether they are on the list.
    pub(crate) fn is_shown(&self) -> bool {
        matches!(self.presence, Presence::Here | Presence::Away(_))
    }

    pub(super) fn is_here(&mut self, now: Now, events: &mut Events) {
        self.person.away = false;
        match std::mem::replace(&mut self.presence, Presence::Here) {
            Presence::Here => {}
            Presence::Away(_) => events.push_back(Event::PersonReturned(self.person.sid)),
            Presence::Absent | Presence::Silent(_) => {
                self.person.joined_at = now.wall;
                events.push_back(Event::PersonArrived(self.person.clone()));
            }
        }
    }

    pub(super) fn is_away(&mut self, since: Duration, events: &mut Events) {
        if self.presence == Presence::Here {
            self.presence = Presence::Away(since);
            self.person.away = true;
            events.push_back(Event::PersonAway(self.person.sid));
        }
    }

    pub(super) fn has_left(&mut self, events: &mut Events) {
        if self.is_shown() {
            self.person.away = false;
            events.push_back(Event::PersonLeft(self.person.sid));
        }
        self.presence = Presence::Absent;
        self.scattered_at = None;
    }
}
