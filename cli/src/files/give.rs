//! `roomkey file send`: offers files and stays until they were fetched.

use std::collections::BTreeSet;

use client::{Answer, Event, FileRef, Status};
use crypto::wire::SenderId;
use sdk::Member;

use super::{Fate, Prepared, Shelf, after, answered, prepare, speed};
use crate::args::{FileSendArguments, RelayArguments};
use crate::exit::{Exit, Failure};
use crate::lines;
use crate::output::Moving;
use crate::room::{Room, warn};
use crate::{people, safe, talk};

/// A file on its way out.
struct Gift {
    name: String,
    prepared: Option<Prepared>,
    file: Option<FileRef>,
    receivers: BTreeSet<SenderId>,
}

pub(crate) async fn run(
    arguments: FileSendArguments,
    relay: &RelayArguments,
) -> Result<(), Failure> {
    let (typed, visit) = (arguments.room.room.as_deref(), &arguments.room.visit);
    let ready = Room::of(typed, visit, relay)?.ready(visit, None).await?;
    // Before the room is entered: what cannot be sent should disturb nobody.
    let mut gifts = Vec::new();
    for path in arguments.paths.clone() {
        let (as_is, limit) = (arguments.as_is, ready.max_file());
        let prepared = tokio::task::spawn_blocking(move || prepare(&path, as_is, limit))
            .await
            .map_err(|error| Failure::new(Exit::Failed, error.to_string()))??;
        gifts.push(Gift {
            name: safe::name(&prepared.file.name),
            prepared: Some(prepared),
            file: None,
            receivers: BTreeSet::new(),
        });
    }
    let mut giver = Giver {
        member: ready.enter(),
        shelf: Shelf::default(),
        gifts,
        receivers: usize::try_from(arguments.receivers).unwrap_or(usize::MAX),
        to: arguments.to,
        told_of_waiting: false,
        moving: Moving::default(),
    };
    let ended = tokio::select! {
        ended = giver.serve() => ended,
        () = after(arguments.wait) => Err(giver.too_late()),
    };
    giver.moving.clear();
    giver.member.leave().await;
    ended
}

struct Giver {
    member: Member,
    shelf: Shelf,
    gifts: Vec<Gift>,
    receivers: usize,
    to: Option<String>,
    told_of_waiting: bool,
    moving: Moving,
}

impl Giver {
    async fn serve(&mut self) -> Result<(), Failure> {
        let mut online = false;
        while let Some(event) = self.member.next().await {
            if let Event::NotSent { why, .. } = &event {
                return Err(undelivered(lines::not_sent(*why)));
            }
            if matches!(event, Event::Status(Status::Waiting { .. })) {
                self.say("connection lost, trying again");
            }
            online |= matches!(event, Event::Status(Status::Online));
            if let Some((file, fate)) = self.shelf.hear(&event, &self.member).await {
                self.heard(file, fate).await?;
            }
            if let Some(ended) = talk::ended(&event) {
                return ended.and(Err(undelivered("the session ended first")));
            }
            if online && self.gifts.iter().any(|gift| gift.prepared.is_some()) {
                self.offer().await?;
            }
            if self
                .gifts
                .iter()
                .all(|gift| gift.receivers.len() >= self.receivers)
            {
                return Ok(());
            }
        }
        Err(undelivered("the session ended first"))
    }

    /// Offers what was not offered yet, once whoever it is for is there.
    async fn offer(&mut self) -> Result<(), Failure> {
        let mut to = None;
        if let Some(who) = &self.to {
            let here = self
                .member
                .drive(|session, _, _| session.people())
                .await
                .unwrap_or_default();
            match people::pick(who, &here) {
                Ok(sid) => to = Some(sid),
                Err(_) if self.told_of_waiting => return Ok(()),
                Err(why) => {
                    self.told_of_waiting = true;
                    self.say(&format!("{why}; waiting"));
                    return Ok(());
                }
            }
        }
        for gift in &mut self.gifts {
            if let Some(prepared) = gift.prepared.take() {
                let size = text::bytes_in_words(prepared.file.size);
                let offered = self.shelf.offer(&self.member, to, prepared).await;
                gift.file = Some(offered.map_err(|error| undelivered(&error.to_string()))?);
                self.moving.clear();
                warn(&format!("offered {}, {size}", gift.name));
            }
        }
        Ok(())
    }

    async fn heard(&mut self, file: FileRef, fate: Fate) -> Result<(), Failure> {
        let is_for_one = self.to.is_some();
        let Some(gift) = self.gifts.iter_mut().find(|gift| gift.file == Some(file)) else {
            return Ok(());
        };
        match fate {
            Fate::Moved {
                done,
                total,
                per_second,
            } => {
                let text = format!("{} {}", gift.name, speed(done, total, per_second));
                self.moving.show(&text);
            }
            Fate::Answered { by, answer } => {
                let here = self
                    .member
                    .drive(|session, _, _| session.people())
                    .await
                    .unwrap_or_default();
                let who = here
                    .iter()
                    .find(|person| person.sid == by)
                    .map_or_else(|| "somebody".to_owned(), people::shown);
                let sentence = format!("{who} {} {}", answered(answer), gift.name);
                match answer {
                    Answer::Received => {
                        gift.receivers.insert(by);
                    }
                    Answer::Accepted => {}
                    // Nobody else can take it.
                    _ if is_for_one => return Err(undelivered(&sentence)),
                    _ => {}
                }
                self.say(&sentence);
            }
            Fate::Failed(why) => {
                return Err(undelivered(&format!("{}: {why}", gift.name)));
            }
            Fate::Saved { .. } | Fate::Unsaved(_) => {}
        }
        Ok(())
    }

    fn say(&mut self, sentence: &str) {
        self.moving.clear();
        warn(sentence);
    }

    fn too_late(&self) -> Failure {
        let left: Vec<&str> = self
            .gifts
            .iter()
            .filter(|gift| gift.receivers.len() < self.receivers)
            .map(|gift| gift.name.as_str())
            .collect();
        undelivered(&format!("not fetched in time: {}", left.join(", ")))
    }
}

fn undelivered(why: &str) -> Failure {
    Failure::new(Exit::NotDelivered, format!("not delivered: {why}"))
}
