//! The one place where the state changes.

use std::rc::Rc;
use std::time::Duration;

use yew::Reducible;

use super::leaping::{Advice, Asked};
use super::log::{EntryKind, Log};
use super::notice::{Notice, Ruling};
use super::people::{People, Person, PersonId, Who};
use super::room::{Room, RoomCard, Rules, Status};
use super::wire::Wire;
use super::{Action, Blocked, Ended, Relay, Screen, State};
use crate::shared::Shared;

impl Reducible for State {
    type Action = Action;

    fn reduce(mut self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::make_mut(&mut self).apply(action);
        self
    }
}

impl State {
    /// Applies one action. The same state and action always give the same result.
    pub fn apply(&mut self, action: Action) {
        match action {
            Action::Several(actions) => actions.into_iter().for_each(|one| self.apply(one)),
            Action::SetSettings(settings) => self.settings = Shared::new(settings),
            Action::SetTheme(theme) => self.settings.make_mut().theme = theme,
            Action::SetFilters(filters) => {
                self.settings.make_mut().filters = filters;
                self.in_room(|room, _| room.log.make_mut().reveal_none());
            }
            Action::ShowComings(shows) => self.settings.make_mut().shows_comings = shows,
            Action::VeilsHidden(veils) => self.settings.make_mut().veils_hidden = veils,
            Action::KeepsAddress(keeps) => self.settings.make_mut().keeps_address = keeps,
            Action::Copied(copied) => self.copied = copied,

            Action::Online(online) => self.page.online = online,
            Action::Visible(visible) => {
                self.page.visible = visible;
                if visible {
                    self.in_room(|room, _| room.log.make_mut().clear_unread());
                }
            }
            Action::Focused(focused) => self.page.focused = focused,
            Action::MayNotify(may) => self.page.may_notify = may,
            Action::CleanerReady => self.page.cleaner = true,
            Action::RelayKnown(facts) => self.relay = Relay::Known(facts),

            Action::Leap(action) => self.leap(action),

            Action::ShowDoor(door) => {
                self.leaps = Shared::default();
                self.set_aside = None;
                self.screen = Screen::Door(door);
            }
            Action::ShowInvited(invited) => {
                self.forget_leaps();
                self.set_aside = None;
                self.screen = Screen::Invited(invited);
            }
            Action::ShowMaking(making) => {
                self.forget_leaps();
                self.screen = Screen::Making(making);
            }
            Action::ShowLinkTrouble(trouble) => self.screen = Screen::LinkTrouble(trouble),
            Action::Block(blocked) => self.block(blocked),
            Action::KeyProgress(progress) => match &mut self.screen {
                Screen::Invited(invited) => invited.progress = progress,
                Screen::Making(making) => {
                    if let super::Step::Key(shown) = &mut making.step {
                        *shown = progress;
                    }
                }
                _ => {}
            },
            Action::KeyReady(face) => match &mut self.screen {
                Screen::Invited(invited) => {
                    invited.face = Some(face);
                    invited.progress.total = invited.progress.total.max(1);
                    invited.progress.done = invited.progress.total;
                }
                Screen::Making(making) => making.face = Some(face),
                _ => {}
            },
            Action::Step(step) => {
                if let Screen::Making(making) = &mut self.screen {
                    making.step = step;
                }
            }
            Action::Entered { card, earlier, at } => self.enter(*card, earlier, at),
            Action::End {
                why,
                at,
                can_rejoin,
            } => {
                let face = match &self.screen {
                    Screen::Room(room) => Some(room.card.face.clone()),
                    Screen::Making(making) => making.face.clone(),
                    _ => None,
                };
                if self.leaps.own.is_some() {
                    self.leaps.make_mut().own = None;
                }
                self.set_aside = None;
                self.screen = Screen::Ended(Ended {
                    why,
                    at,
                    face,
                    can_rejoin,
                });
            }
            Action::Forgotten => {
                if let Screen::Ended(ended) = &mut self.screen {
                    ended.can_rejoin = false;
                }
            }
            Action::Rules(rules) => self.rule(rules),
            Action::Mute { id, muted: true } => {
                let asks = |asked: &Asked| asked.by.id == id;
                if self.leaps.asked.iter().any(asks) {
                    self.leaps.make_mut().asked.retain(|asked| !asks(asked));
                }
                self.in_room(|room, is_visible| room.apply(action, is_visible));
            }
            Action::Notice {
                notice:
                    Notice::Ruled {
                        by: Who { me: true, .. },
                        order: Ruling::Remove(ref name),
                    },
                ..
            } => {
                self.leaps.make_mut().advice = Some(Advice::Removed(name.clone()));
                self.in_room(|room, is_visible| room.apply(action, is_visible));
            }
            in_room => self.in_room(|room, is_visible| room.apply(in_room, is_visible)),
        }
    }

    fn in_room(&mut self, change: impl FnOnce(&mut Room, bool)) {
        let is_visible = self.page.visible;
        match &mut self.screen {
            Screen::Room(room) => change(room, is_visible),
            // The conversation goes on being told about what becomes of its messages.
            _ => {
                if let Some(room) = &mut self.set_aside {
                    change(room, is_visible);
                }
            }
        }
    }

    /// Takes over what holds in the room. Suggested filters are taken by whoever has not chosen any.
    fn rule(&mut self, rules: Rules) {
        let mut adopted = None;
        let chosen = self.settings.filters;
        self.in_room(|room, _| {
            let before = room.card.rules.filters;
            if rules.filters != before && chosen == before.unwrap_or_default() {
                adopted = rules.filters;
                room.log.make_mut().reveal_none();
            }
            room.people.make_mut().note_compared(&rules.verified);
            room.card.make_mut().rules = rules;
        });
        if let Some(filters) = adopted {
            self.settings.make_mut().filters = filters;
        }
    }

    fn block(&mut self, blocked: Blocked) {
        if !matches!(blocked, Blocked::KeyChanged { .. }) {
            self.relay = Relay::Unusable;
        }
        let before = std::mem::replace(&mut self.screen, Screen::Blocked(blocked));
        if let Screen::Room(room) = before {
            self.set_aside = Some(room);
        }
    }

    fn enter(&mut self, card: RoomCard, earlier: Vec<(Duration, EntryKind)>, at: Duration) {
        if let Some(room) = self.set_aside.take() {
            self.screen = Screen::Room(room);
        }
        if let Screen::Room(room) = &mut self.screen {
            // A new seat was taken under an open page: the conversation stays.
            room.card = Shared::new(card);
            room.status = Status::Online;
            return;
        }
        let resumed = !earlier.is_empty();
        let mut log = Log::restored(earlier);
        let first = if resumed {
            Notice::Resumed
        } else {
            Notice::Opened {
                by_me: card.opened_by_me,
            }
        };
        log.note(at, first);
        self.screen = Screen::Room(Room {
            card: Shared::new(card),
            log: Shared::new(log),
            files: Shared::default(),
            people: Shared::default(),
            talk: Shared::default(),
            status: Status::Online,
            wire: Shared::new(Wire::default()),
        });
    }
}

impl Room {
    fn apply(&mut self, action: Action, is_visible: bool) {
        match action {
            Action::Reveal(id) => self.log.make_mut().reveal(id, true),
            Action::HideAgain(id) => self.log.make_mut().reveal(id, false),
            Action::ReadToEnd => self.log.make_mut().clear_line(),
            Action::Status(status) => self.status = status,
            Action::ClosesAt(closes_at) => self.card.make_mut().closes_at = closes_at,
            Action::Purging(at) => self.card.make_mut().purges_at = at,
            Action::Said { said, at } => self.said(*said, None, at, is_visible),
            Action::CameLate { said, before, at } => {
                self.said(*said, Some(&before), at, is_visible);
            }
            Action::File(action) => self.files.make_mut().apply(action),
            Action::Relayed { local, id } => self.log.make_mut().relayed(local, id),
            Action::Delivery { local, delivery } => {
                self.log.make_mut().set_delivery(local, delivery);
            }
            Action::Discarded(local) => self.log.make_mut().discard(local),
            Action::PersonCame {
                person,
                at,
                silently,
            } => self.came(person, at, silently),
            Action::PersonChanged { person, at } => self.changed(person, at),
            Action::PersonAway { id, away } => self.people.make_mut().set_away(id, away),
            Action::PersonLeft { id, at } => self.left(id, at),
            Action::Notice { notice, at } => self.log.make_mut().note(at, notice),
            Action::Wire(record) => self.wire.make_mut().push(record),
            other => self.apply_talk(other),
        }
    }

    fn came(&mut self, person: Person, at: Duration, silently: bool) {
        let is_known = self.people.find(person.id).is_some();
        if !is_known && !person.me {
            let (id, name) = (person.id, person.name.clone());
            let log = self.log.make_mut();
            if !silently {
                log.note(
                    at,
                    Notice::CameIn {
                        id,
                        name: name.clone(),
                        tag: person.tag.clone(),
                    },
                );
            }
            if self.people.goes_by_a_compared_name(&person) {
                let (name, tag) = (name.clone(), person.tag.clone());
                log.note(at, Notice::Impostor { id, name, tag });
            }
            if let Some(destination) = person.bot.clone() {
                log.note(
                    at,
                    Notice::Bot {
                        id,
                        name,
                        destination,
                    },
                );
            }
        }
        self.put(person, at);
    }

    fn changed(&mut self, person: Person, at: Duration) {
        if let Some(known) = self.people.find(person.id)
            && known.name != person.name
        {
            let notice = Notice::Renamed {
                id: person.id,
                from: known.name.clone(),
                to: person.name.clone(),
                tag: person.tag.clone(),
            };
            self.log.make_mut().note(at, notice);
        }
        // One that declares itself only later, or sends things elsewhere from now on, is no less of a bot.
        if let Some(destination) = &person.bot
            && let Some(known) = self.people.find(person.id)
            && known.bot.as_ref() != Some(destination)
        {
            let notice = Notice::Bot {
                id: person.id,
                name: person.name.clone(),
                destination: destination.clone(),
            };
            self.log.make_mut().note(at, notice);
        }
        self.talk.make_mut().renamed(&person);
        self.put(person, at);
    }

    fn left(&mut self, id: PersonId, at: Duration) {
        self.talk.make_mut().left(id);
        if let Some(gone) = self.people.make_mut().remove(id) {
            let notice = Notice::Left {
                id,
                name: gone.name,
                tag: gone.tag,
            };
            self.log.make_mut().note(at, notice);
        }
    }

    fn put(&mut self, person: Person, at: Duration) {
        let (id, name) = (person.id, person.name.clone());
        let is_old = |known: &Person| known.twin && known.name == name;
        let was_told = self.people.find(id).is_some_and(is_old);
        let people: &mut People = self.people.make_mut();
        people.put(person);
        // On a narrow screen nobody looks at the list of people.
        if !was_told && people.find(id).is_some_and(|person| person.twin) {
            self.log.make_mut().note(at, Notice::Twin { name });
        }
    }
}
