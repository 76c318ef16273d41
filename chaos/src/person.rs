//! Somebody who talks all the time and writes down what they hear.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use client::{Body, Event, Message, MessageId, Status};
use crypto::wire::{LocalId, SenderId};
use sdk::{Member, Relay};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until};

use crate::diary::{Alarm, Diary, Fate, Heard, Said};
use crate::dice::Dice;
use crate::room::Room;

/// The pause between two things that somebody says, on average.
const PAUSE: Duration = Duration::from_millis(800);
/// Own messages that may still be edited.
const EDITABLE: usize = 8;

/// What a person is told to do.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    /// Reload the tab, which takes this long.
    Reload(Duration),
    /// Begin to talk.
    Talk,
    /// Say nothing new.
    Hush,
    /// Say one last thing.
    LastWord,
}

/// How a person is, for whoever waits until everybody is well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// In the room and caught up.
    pub(crate) online: bool,
    /// Things that wait to be sent.
    pub(crate) waiting: usize,
    /// Others who are here, connected.
    pub(crate) around: usize,
    /// Others whose last word was heard.
    pub(crate) last_words: usize,
    /// How often the tab was reloaded.
    pub(crate) reloads: usize,
    /// What the status line says.
    pub(crate) status: String,
}

/// The name of number `who`.
pub(crate) fn name(who: usize) -> String {
    format!("Member {who}")
}

fn who(name: &str) -> Option<usize> {
    name.strip_prefix("Member ")?.parse().ok()
}

/// What everybody says: the number, whether it is the last, and something of a length of its own.
fn words(number: usize, is_last: bool, dice: &mut Dice) -> String {
    let last = if is_last { " last" } else { "" };
    let filler = if dice.percent(3) {
        dice.index(6_000)
    } else {
        dice.index(120)
    };
    format!("{number}{last} {}", "word ".repeat(filler / 5))
}

fn number(text: &str) -> Option<(usize, bool)> {
    let mut words = text.split(' ');
    let number = words.next()?.parse().ok()?;
    Some((number, words.next() == Some("last")))
}

/// Where a person's diary lies, in reach of whoever gives up waiting.
pub(crate) type Shared = Arc<Mutex<Diary>>;

/// See the module.
pub(crate) struct Person {
    who: usize,
    room: Room,
    relay: Relay,
    member: Member,
    diary: Shared,
    dice: Dice,
    orders: mpsc::Receiver<Order>,
    standing: watch::Sender<Standing>,
    /// Numbers by the name that the session gave them.
    locals: HashMap<LocalId, usize>,
    /// The newest own messages to everybody.
    own: Vec<MessageId>,
    /// Who is around, and whether their connection is.
    around: BTreeMap<SenderId, (usize, bool)>,
    last_words: BTreeMap<usize, ()>,
    talks: bool,
    /// When a word of anybody came last.
    heard_at: Instant,
}

impl Person {
    pub(crate) fn enter(
        who: usize,
        room: Room,
        relay: Relay,
        dice: Dice,
        orders: mpsc::Receiver<Order>,
        standing: watch::Sender<Standing>,
        diary: Shared,
    ) -> Result<Self> {
        let member = Member::start(relay.clone(), room.config(&name(who))?);
        Ok(Self {
            who,
            room,
            relay,
            member,
            diary,
            dice,
            orders,
            standing,
            locals: HashMap::new(),
            own: Vec::new(),
            around: BTreeMap::new(),
            last_words: BTreeMap::new(),
            talks: false,
            heard_at: Instant::now(),
        })
    }

    /// Lives until nobody gives orders any more.
    pub(crate) async fn live(mut self) -> Result<()> {
        let mut speaks_at = self.pause();
        loop {
            self.stand();
            tokio::select! {
                event = self.member.next() => {
                    let event = event.context("the session is gone")?;
                    if let Event::Status(Status::Ended(end)) = &event {
                        bail!("the session of member {} ended: {end:?}", self.who);
                    }
                    self.happened(event);
                }
                order = self.orders.recv() => match order {
                    None => return Ok(()),
                    Some(Order::Talk) => self.talks = true,
                    Some(Order::Hush) => self.talks = false,
                    Some(Order::LastWord) => self.say_last().await?,
                    Some(Order::Reload(takes)) => self.reload(takes).await?,
                },
                () = sleep_until(speaks_at), if self.talks => {
                    self.talk().await?;
                    speaks_at = self.pause();
                }
            }
        }
    }

    fn pause(&mut self) -> Instant {
        let millis = u64::try_from(PAUSE.as_millis()).unwrap_or(u64::MAX);
        Instant::now() + Duration::from_millis(self.dice.between(millis / 4, millis * 7 / 4))
    }

    fn diary<T>(&self, write: impl FnOnce(&mut Diary) -> T) -> T {
        write(&mut self.diary.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn stand(&self) {
        let waiting = self.diary(|diary| diary.waiting());
        let around = self.around.values().filter(|(_, is_here)| *is_here).count();
        self.standing.send_if_modified(|standing| {
            let before = standing.clone();
            standing.waiting = waiting;
            standing.around = around;
            standing.last_words = self.last_words.len();
            before != *standing
        });
    }

    /// One more thing, of a kind that is drawn.
    async fn talk(&mut self) -> Result<()> {
        let number = self.diary(|diary| diary.said.len());
        let text = words(number, false, &mut self.dice);
        match self.dice.index(10) {
            0 | 1 if !self.around.is_empty() => {
                let at = self.dice.index(self.around.len());
                let to = self
                    .around
                    .iter()
                    .nth(at)
                    .map(|(sid, (who, _))| (*sid, *who));
                self.say(Body::text(text), to).await
            }
            2 if !self.own.is_empty() => {
                let at = self.dice.index(self.own.len());
                let of = self.own.get(at).copied();
                let edit = of.map(|of| Body::Edit {
                    of,
                    text: text.clone().into(),
                });
                self.say(edit.unwrap_or_else(|| Body::text(text)), None)
                    .await
            }
            _ => self.say(Body::text(text), None).await,
        }
    }

    async fn say_last(&mut self) -> Result<()> {
        let number = self.diary(|diary| diary.said.len());
        let text = words(number, true, &mut self.dice);
        self.say(Body::text(text), None).await
    }

    async fn say(&mut self, body: Body, to: Option<(SenderId, usize)>) -> Result<()> {
        let said = self.member.drive(move |session, now, rng| match to {
            None => session.post(body, now, rng),
            Some((sid, _)) => session.say_to(sid, body, now, rng),
        });
        let local = said.await.context("the session is gone")?;
        let local = local.map_err(|error| anyhow::anyhow!("{} cannot speak: {error}", self.who))?;
        let number = self.diary(|diary| {
            diary.said.push(Said {
                to: to.map(|(_, who)| who),
                fate: Fate::Waiting,
            });
            diary.said.len() - 1
        });
        self.locals.insert(local, number);
        Ok(())
    }

    /// Stops as a tab that is reloaded does, and goes on from what it has kept.
    async fn reload(&mut self, takes: Duration) -> Result<()> {
        let frozen = self.member.freeze().await.context("the session is gone")?;
        while let Some(event) = self.member.next().await {
            self.happened(event);
        }
        self.standing.send_modify(|standing| {
            standing.online = false;
            standing.reloads += 1;
            "reloading".clone_into(&mut standing.status);
        });
        sleep(takes).await;
        // The new page starts from nothing: who is there it is told again.
        self.around.clear();
        let config = self.room.config(&name(self.who))?;
        self.member = Member::thaw(self.relay.clone(), config, &frozen)
            .map_err(|error| anyhow::anyhow!("{} cannot go on: {error}", self.who))?;
        Ok(())
    }

    fn happened(&mut self, event: Event) {
        match event {
            Event::Status(status) => self.standing.send_modify(|standing| {
                standing.online = status == Status::Online;
                standing.status = format!("{status:?}");
            }),
            Event::Sent { local, id, .. } => {
                if let Some(number) = self.locals.get(&local).copied() {
                    let to = self.diary(|diary| {
                        diary.settle(number, Fate::Sent);
                        diary.said.get(number).and_then(|said| said.to)
                    });
                    if to.is_none() {
                        self.own.push(id);
                        let surplus = self.own.len().saturating_sub(EDITABLE);
                        self.own.drain(..surplus);
                    }
                }
            }
            Event::NotSent { local, why } => {
                if let Some(number) = self.locals.get(&local).copied() {
                    self.diary(|diary| diary.settle(number, Fate::NotSent(why)));
                }
            }
            Event::Said(message) if !message.mine => self.hear(&message),
            Event::GapInHistory { .. } => self.note(Heard::Gap(self.heard_at.elapsed())),
            Event::Missing { .. } => self.note(Heard::Alarm(Alarm::Missing)),
            Event::Unopened { .. } => self.note(Heard::Alarm(Alarm::Unopened)),
            Event::Unverifiable { .. } => self.note(Heard::Alarm(Alarm::Unverifiable)),
            Event::Diverged { .. } => self.note(Heard::Alarm(Alarm::Diverged)),
            Event::ControlDisputed { .. } | Event::RoomModeDisputed { .. } => {
                self.note(Heard::Alarm(Alarm::Disputed));
            }
            Event::PersonArrived(person) => {
                if let Some(who) = who(&person.name) {
                    self.around.insert(person.sid, (who, !person.away));
                }
            }
            Event::PersonAway(sid) => self.is_here(&sid, false),
            Event::PersonReturned(sid) => self.is_here(&sid, true),
            Event::PersonLeft(sid) => drop(self.around.remove(&sid)),
            _ => {}
        }
    }

    fn is_here(&mut self, sid: &SenderId, is_here: bool) {
        if let Some(person) = self.around.get_mut(sid) {
            person.1 = is_here;
        }
    }

    fn note(&self, heard: Heard) {
        self.diary(|diary| diary.heard.push(heard));
    }

    fn hear(&mut self, message: &Message) {
        let (Body::Text(text) | Body::Edit { text, .. }) = &message.body else {
            return;
        };
        let (Some(from), Some((number, is_last)), Some(id)) =
            (who(&message.name), number(&text.text), message.id)
        else {
            return;
        };
        self.heard_at = Instant::now();
        let before = message.late.as_ref().map(|late| late.before);
        let words = Heard::Words {
            from,
            number,
            id,
            late: before.is_some(),
        };
        self.diary(|diary| diary.hear(words, before));
        if is_last {
            self.last_words.insert(from, ());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_names_its_number_and_whether_it_is_the_last() {
        let mut dice = Dice::new(1);
        assert_eq!(number(&words(17, false, &mut dice)), Some((17, false)));
        assert_eq!(number(&words(18, true, &mut dice)), Some((18, true)));
        assert_eq!(number("hello"), None);
        assert_eq!(who(&name(4)), Some(4));
    }
}
