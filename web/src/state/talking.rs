//! What changes in a conversation: the part of reducing that is about words.

use std::time::Duration;

use super::Action;
use super::notice::Notice;
use super::people::PersonId;
use super::room::Room;
use super::said::Said;
use super::talk::Whom;

impl Room {
    pub(super) fn said(
        &mut self,
        said: Said,
        before: Option<&str>,
        at: Duration,
        is_visible: bool,
    ) {
        let is_muted = self.talk.muted.contains(&said.from);
        let counts = !said.mine && !is_visible && !said.replayed && !is_muted;
        if let Some(partner) = said.partner().filter(|_| !said.replayed && !is_muted) {
            let is_spoken_to = self.talk.scope.as_ref().is_some_and(|it| it.id == partner);
            let talk = self.talk.make_mut();
            if said.mine {
                talk.unread.remove(&partner);
            } else if !is_spoken_to || !is_visible {
                *talk.unread.get_or_default(partner) += 1;
            }
        }
        self.log.make_mut().say(at, said, before, counts);
    }

    pub(super) fn apply_talk(&mut self, action: Action) {
        match action {
            Action::SpeakTo(id) => {
                let whom = id.map(|id| self.whom(id));
                // Somebody nobody knows: the scope stays what the chip says.
                if whom != Some(None) {
                    self.talk.make_mut().speak_to(whom.flatten());
                }
            }
            Action::TurnTo(about) => {
                let log = self.log.clone();
                let mut talk = self.talk.clone();
                talk.make_mut().turn_to(about, &log, |id| self.whom(id));
                self.talk = talk;
            }
            Action::FocusComposer => self.talk.make_mut().wants_focus += 1,
            Action::GoTo(line) => {
                let count = self.talk.goal.map_or(0, |(_, count)| count + 1);
                self.talk.make_mut().goal = Some((line, count));
            }
            Action::Mute { id, muted } => self.talk.make_mut().mute(id, muted),
            Action::NotifyHere(notify) => self.talk.make_mut().notify = notify,
            Action::ClearLog => self.log.make_mut().clear(),
            Action::TimerStarted { line, at } => self.log.make_mut().start_timer(line, at),
            Action::TimersPassed(now) => self.log.make_mut().expire(now),
            Action::Changed {
                about,
                from,
                partner,
                change,
            } => {
                self.log.make_mut().change(&about, from, partner, change);
            }
            Action::Topic { text, by, at } => {
                let topic = Some(text).filter(|text| !text.trim().is_empty());
                let notice = Notice::Topic {
                    name: by,
                    cleared: topic.is_none(),
                };
                if topic != self.talk.topic {
                    self.talk.make_mut().topic = topic;
                    self.log.make_mut().note(at, notice);
                }
            }
            Action::Typing {
                id,
                is_typing,
                to_me,
            } => self.talk.make_mut().set_typing(id, is_typing, to_me),
            Action::SeenBy { id, up_to } => {
                if let Some(line) = self.log.line_of(&up_to) {
                    let seen = self.talk.make_mut().seen.get_or_insert(id, line);
                    *seen = line.max(*seen);
                }
            }
            Action::TalkKept {
                scope,
                muted,
                topic,
                notify,
            } => {
                let talk = self.talk.make_mut();
                talk.scope = scope;
                talk.muted = muted.into_iter().collect();
                talk.topic = topic;
                talk.notify = notify;
            }
            _ => {}
        }
    }

    /// Somebody as the chip shows them: from the list, from the chip itself, or from what they said.
    fn whom(&self, id: PersonId) -> Option<Whom> {
        if let Some(person) = self.people.find(id).filter(|person| !person.me) {
            return Some(Whom::from(person));
        }
        let scope = self.talk.scope.as_ref().filter(|scope| scope.id == id);
        scope.cloned().or_else(|| {
            let said = self.log.newest_of(id)?;
            Some(Whom {
                id,
                name: said.name.clone(),
                tag: said.tag.clone(),
            })
        })
    }
}
