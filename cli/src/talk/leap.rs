//! Moving to a fresh room: `/leap`, and `/go` where somebody else leaps.

use std::collections::BTreeSet;
use std::time::Duration;

use client::{DisplayName, Event, Invitation, InvitationId, Invited, Passport, Status};
use crypto::name::RoomName;
use crypto::tunnel::Fingerprint;
use crypto::wire::{JoinOutcome, LocalId, RoomMode, SenderId, TimeLeft};
use sdk::{Door, Member, Relay, rng};
use tokio::time::timeout;

use super::speaker::everybody;
use crate::lines::{Kind, Line};
use crate::people;
use crate::safe;

/// How long getting into the other room may take before this one is kept.
const PATIENCE: Duration = Duration::from_secs(20);

/// The next room, entered: everything else about the one before is over.
pub(crate) struct Moved {
    pub(crate) member: Member,
    /// What the room looks like to everybody in it.
    pub(crate) face: String,
}

/// See the module.
pub(crate) struct Leaper {
    relay: Relay,
    /// What the room that is open is like.
    kind: (RoomMode, u16),
    time_left: TimeLeft,
    /// Who asks us along; the newest one's room may have been looked at.
    asked: Option<(Invited, Option<Door>)>,
    /// The new room, and the letters that the relay does not have yet.
    own: Option<(Moved, BTreeSet<LocalId>)>,
    moved: Option<Moved>,
    /// Who was asked to come here, by the names they had.
    party: Vec<(SenderId, String)>,
    /// Of these, who has come.
    came: BTreeSet<SenderId>,
}

impl Leaper {
    pub(crate) fn new(relay: Relay) -> Self {
        Self {
            relay,
            kind: (RoomMode::OpenHistory, 35),
            time_left: TimeLeft::UntilEmpty,
            asked: None,
            own: None,
            moved: None,
            party: Vec::new(),
            came: BTreeSet::new(),
        }
    }

    /// The room to go on in, once there is one.
    pub(crate) fn moved(&mut self) -> Option<Moved> {
        self.asked = None;
        self.moved.take()
    }

    /// Whether [`moved`](Self::moved) has something.
    pub(crate) fn has_moved(&self) -> bool {
        self.moved.is_some()
    }

    /// Takes note of what happens. What is to be shown of it.
    pub(crate) fn hear(&mut self, event: &Event) -> Option<Line> {
        match event {
            Event::Entered {
                mode,
                history,
                time_left,
                ..
            } => {
                self.kind = (*mode, *history);
                self.time_left = *time_left;
            }
            Event::RoomChanged { time_left, .. } => self.time_left = *time_left,
            Event::Invited(invited) => {
                let line = asks(invited);
                self.asked = Some((invited.clone(), None));
                return Some(line);
            }
            Event::InvitationGone(id) if self.asked.as_ref().is_some_and(|it| it.0.id == *id) => {
                self.asked = None;
                return Some(line("that invitation does not count any more"));
            }
            Event::Sent { local, .. } | Event::NotSent { local, .. } => self.settled(*local),
            Event::PersonArrived(person) => return self.arrived(person.sid),
            _ => {}
        }
        None
    }

    fn settled(&mut self, local: LocalId) {
        if let Some((_, letters)) = &mut self.own {
            letters.remove(&local);
        }
        let is_due = |own: &mut (Moved, BTreeSet<LocalId>)| own.1.is_empty();
        if let Some((moved, _)) = self.own.take_if(is_due) {
            self.moved = Some(moved);
        }
    }

    fn arrived(&mut self, sid: SenderId) -> Option<Line> {
        if !self.party.iter().any(|(expected, _)| *expected == sid) || !self.came.insert(sid) {
            return None;
        }
        let awaited: Vec<&str> = self
            .party
            .iter()
            .filter(|(sid, _)| !self.came.contains(sid))
            .map(|(_, name)| name.as_str())
            .collect();
        Some(line(&match awaited.as_slice() {
            [] => "everybody who was asked is here".to_owned(),
            _ => format!("still awaited: {}", awaited.join(", ")),
        }))
    }

    /// Opens a fresh room and asks these people along, or everybody who is no bot where nobody is named. The room that is
    /// open is left once the relay has their letters.
    pub(crate) async fn leap(
        &mut self,
        names: &[String],
        member: &Member,
    ) -> Result<String, String> {
        let here = everybody(member).await;
        let people: BTreeSet<SenderId> = match names {
            [] => {
                let people = here.iter().filter(|person| person.bot.is_none());
                people.map(|person| person.sid).collect()
            }
            names => {
                let picked = names.iter().map(|who| people::pick(who, &here));
                picked.collect::<Result<_, _>>()?
            }
        };
        if people.is_empty() {
            return Err("nobody else is here: whoever should come has to be".to_owned());
        }
        let people: Vec<SenderId> = people.into_iter().collect();
        let name = RoomName::generate(&mut rng());
        let bag = Bag::of(member).await?;
        let mut door = self.door(name.clone(), bag.pin).await?;
        (door.opening.mode, door.opening.history) = self.kind;
        door.opening.lifetime = match self.time_left {
            TimeLeft::UntilEmpty => crypto::wire::Lifetime::UntilEmpty,
            // What is left of this one, in whole minutes.
            TimeLeft::For(left) => crypto::wire::Lifetime::For(Duration::from_secs(
                left.as_secs().div_ceil(60).max(1) * 60,
            )),
        };
        let moved = enter(door, bag.you, &bag.passport, JoinOutcome::Opened).await?;
        let party: Vec<_> = here
            .iter()
            .filter(|person| people.contains(&person.sid))
            .map(|person| (person.sid, people::shown(person)))
            .collect();
        let letters = member
            .drive(move |session, now, rng| session.invite(&people, &name, now, rng))
            .await
            .ok_or("this room is over")?
            .map_err(|error| error.to_string())?;
        let names: Vec<_> = party.iter().map(|(_, name)| name.clone()).collect();
        self.expect(party);
        self.own = Some((moved, letters.into_iter().collect()));
        Ok(format!(
            "asking {}; you go ahead. The room you leave stays open to whoever knows its name",
            names.join(", ")
        ))
    }

    /// Shows where the newest invitation leads, and the second time goes there.
    pub(crate) async fn go(&mut self, member: &Member) -> Result<String, String> {
        let (invited, door) = self.asked.as_ref().ok_or("nobody has asked you along")?;
        let id = invited.id;
        let bag = Bag::of(member).await?;
        if door.is_none() {
            let Invitation { name, .. } = lookup(id, member).await?;
            let mut door = self.door(name, bag.pin).await?;
            // Whoever is asked into a room does not open it.
            door.waits_where_empty = true;
            let face = door.keys().face().emoji.join(" ");
            if let Some(asked) = &mut self.asked {
                asked.1 = Some(door);
            }
            return Ok(format!(
                "the new room is {face} : ask whoever leapt whether theirs is. /go again to move there, /stay not to"
            ));
        }
        let (invited, door) = self.asked.take().ok_or("nobody has asked you along")?;
        let door = door.ok_or("nobody has asked you along")?;
        let moved = enter(door, bag.you, &bag.passport, JoinOutcome::Entered).await?;
        let everybody = invited.party.iter().chain([&invited.by]);
        let party = everybody
            .filter(|by| !by.me)
            .map(|by| (by.sid, shown(by)))
            .collect();
        self.expect(party);
        self.moved = Some(moved);
        Ok("you leave this room for the new one".to_owned())
    }

    /// Does not follow.
    pub(crate) async fn stay(&mut self, member: &Member) -> Result<String, String> {
        let (invited, _) = self.asked.take().ok_or("nobody has asked you along")?;
        member
            .drive(move |session, _, _| session.decline(invited.id))
            .await;
        Ok("you stay here; nobody is told".to_owned())
    }

    fn expect(&mut self, party: Vec<(SenderId, String)>) {
        self.party = party;
        self.came.clear();
    }

    async fn door(&self, name: RoomName, pin: Option<Fingerprint>) -> Result<Door, String> {
        Door::find(self.relay.clone(), name, None, pin)
            .await
            .map_err(|error| error.to_string())
    }
}

/// What somebody takes from one room to the next.
struct Bag {
    you: DisplayName,
    passport: Passport,
    /// The key that the relay has shown in this room.
    pin: Option<Fingerprint>,
}

impl Bag {
    async fn of(member: &Member) -> Result<Self, String> {
        let taken = member
            .drive(|session, _, rng| {
                let name = session.me().name;
                (name, session.passport(rng), session.fingerprint())
            })
            .await;
        let (name, passport, pin) = taken.ok_or("this room is over")?;
        let you = DisplayName::parse(&name).map_err(|error| error.to_string())?;
        Ok(Self { you, passport, pin })
    }
}

async fn lookup(id: InvitationId, member: &Member) -> Result<Invitation, String> {
    let invitation = member
        .drive(move |session, _, _| session.invitation(id))
        .await;
    invitation
        .flatten()
        .ok_or_else(|| "that invitation does not count any more".to_owned())
}

/// Gets in, as the first where `wanted` says so. What was said meanwhile is kept for the screen.
async fn enter(
    door: Door,
    you: DisplayName,
    passport: &Passport,
    wanted: JoinOutcome,
) -> Result<Moved, String> {
    let face = door.keys().face().emoji.join(" ");
    let mut member = door.arrive(you, wanted == JoinOutcome::Entered, passport);
    let mut heard = Vec::new();
    let entered = timeout(PATIENCE, async {
        while let Some(event) = member.next().await {
            let outcome = match &event {
                Event::Entered { outcome, .. } => Some(Ok(*outcome)),
                Event::Status(Status::AtDoor) => {
                    Some(Err("nobody is in that room any more; you stay here"))
                }
                Event::Status(Status::Ended(_)) => {
                    Some(Err("the new room did not let you in; you stay here"))
                }
                _ => None,
            };
            heard.push(event);
            if let Some(outcome) = outcome {
                return outcome;
            }
        }
        Err("the new room did not let you in; you stay here")
    });
    match entered.await {
        Ok(Ok(outcome)) if outcome == wanted => {}
        Ok(Ok(_)) => return Err("somebody was in the new room already; you stay here".to_owned()),
        Ok(Err(why)) => return Err(why.to_owned()),
        Err(_) => return Err("the new room could not be reached; you stay here".to_owned()),
    }
    member.unread(heard);
    Ok(Moved { member, face })
}

fn asks(invited: &Invited) -> Line {
    let others: Vec<String> = invited
        .party
        .iter()
        .filter(|by| !by.me)
        .map(shown)
        .collect();
    let others = match others.as_slice() {
        [] => String::new(),
        _ => format!(" and {}", others.join(", ")),
    };
    line(&format!(
        "{} wants to move to a new room with you{others}. /go shows it, /stay stays",
        shown(&invited.by)
    ))
}

fn shown(by: &client::By) -> String {
    format!("{}·{}", safe::name(&by.name), by.tag.text())
}

fn line(sentence: &str) -> Line {
    Line {
        kind: Kind::Warning,
        text: format!("* {sentence}"),
    }
}
