//! `roomkey file receive`: fetches what is offered and prints where it is.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;

use client::{Body, Event, Person, Status};
use client::{FileRef, Message};
use sdk::Member;

use super::{Fate, Refused, Shelf, after, speed, warned};
use crate::args::{FileReceiveArguments, RelayArguments};
use crate::exit::{Exit, Failure};
use crate::lines::{Kind, Line};
use crate::output::{Moving, print};
use crate::room::{Room, warn};
use crate::{people, talk};

pub(crate) async fn run(
    arguments: FileReceiveArguments,
    relay: &RelayArguments,
) -> Result<(), Failure> {
    if !arguments.into.is_dir() {
        return Err(Failure::new(
            Exit::Usage,
            format!(
                "{} is no folder: make it first, or name another with --into",
                arguments.into.display()
            ),
        ));
    }
    let (typed, visit) = (arguments.room.room.as_deref(), &arguments.room.visit);
    let member = Room::of(typed, visit, relay)?.enter(visit, None).await?;
    let mut taker = Taker {
        member,
        shelf: Shelf::default(),
        offers: VecDeque::new(),
        coming: BTreeMap::new(),
        into: arguments.into,
        from: arguments.from,
        most: arguments
            .most
            .map_or(u64::MAX, |mib| mib.saturating_mul(1 << 20)),
        left: usize::try_from(arguments.count).unwrap_or(usize::MAX),
        moving: Moving::default(),
    };
    let ended = tokio::select! {
        ended = taker.serve() => ended,
        () = after(arguments.wait) => Err(missed("not all of it was offered and fetched in time")),
    };
    taker.moving.clear();
    taker.member.leave().await;
    ended
}

/// A file that can be had.
struct Offered {
    file: FileRef,
    raw: String,
    shown: String,
    size: u64,
}

struct Taker {
    member: Member,
    shelf: Shelf,
    offers: VecDeque<Offered>,
    coming: BTreeMap<FileRef, String>,
    into: PathBuf,
    from: Option<String>,
    most: u64,
    /// How many are still to come.
    left: usize,
    moving: Moving,
}

impl Taker {
    async fn serve(&mut self) -> Result<(), Failure> {
        let mut online = false;
        while let Some(event) = self.member.next().await {
            online |= matches!(event, Event::Status(Status::Online));
            match &event {
                Event::Said(message) => self.noted(message),
                Event::Status(Status::Waiting { .. }) => self.say("connection lost, trying again"),
                _ => {}
            }
            if let Some((file, fate)) = self.shelf.hear(&event, &self.member).await {
                self.heard(file, fate)?;
            }
            if self.left == 0 {
                return Ok(());
            }
            if let Some(ended) = talk::ended(&event) {
                return ended.and(Err(missed("the session ended first")));
            }
            if online && self.coming.len() < self.left && !self.offers.is_empty() {
                self.fetch().await?;
            }
        }
        Err(missed("the session ended first"))
    }

    fn noted(&mut self, message: &Message) {
        match &message.body {
            Body::Offer(offer) if !message.mine => {
                let name = text::FileName::of(&offer.name);
                self.offers.push_back(Offered {
                    file: FileRef {
                        from: message.from,
                        file: offer.file,
                    },
                    raw: offer.name.clone(),
                    shown: name.shown.clone(),
                    size: offer.size,
                });
                if let Some(warning) = warned(&name) {
                    self.say(&format!("{}: {warning}", name.shown));
                }
            }
            Body::Withdraw { file } => self
                .offers
                .retain(|offer| offer.file.file != *file || offer.file.from != message.from),
            _ => {}
        }
    }

    /// Fetches as many as are wanted of what is offered by people who are there.
    async fn fetch(&mut self) -> Result<(), Failure> {
        let here = self
            .member
            .drive(|session, _, _| session.people())
            .await
            .unwrap_or_default();
        while self.coming.len() < self.left
            && let Some(offer) = self.offers.pop_front()
        {
            if !self.is_wanted(&offer, &here) {
                continue;
            }
            let accepted = self
                .shelf
                .accept(&self.member, offer.file, &self.into, &offer.raw)
                .await;
            match accepted {
                Ok(()) => {}
                Err(Refused::Gone) => continue,
                Err(Refused::Disk(why)) => return Err(Failure::new(Exit::Failed, why)),
            }
            self.say(&format!(
                "fetching {}, {}",
                offer.shown,
                text::bytes_in_words(offer.size)
            ));
            self.coming.insert(offer.file, offer.shown);
        }
        Ok(())
    }

    fn is_wanted(&self, offer: &Offered, here: &[Person]) -> bool {
        let from = offer.file.from;
        offer.size <= self.most
            // Whoever has left has taken it along.
            && here.iter().any(|person| person.sid == from)
            && self
                .from
                .as_ref()
                .is_none_or(|who| people::pick(who, here) == Ok(from))
    }

    fn heard(&mut self, file: FileRef, fate: Fate) -> Result<(), Failure> {
        let Some(name) = self.coming.get(&file) else {
            return Ok(());
        };
        match fate {
            Fate::Moved {
                done,
                total,
                per_second,
            } => {
                let text = format!("{name} {}", speed(done, total, per_second));
                self.moving.show(&text);
            }
            Fate::Saved { path, .. } => {
                self.coming.remove(&file);
                self.left -= 1;
                self.moving.clear();
                print(&Line {
                    kind: Kind::Happened,
                    text: path.display().to_string(),
                })?;
            }
            Fate::Failed(why) => {
                let sentence = format!("{name}: {why}");
                self.coming.remove(&file);
                self.say(&sentence);
            }
            Fate::Unsaved(why) => {
                return Err(Failure::new(Exit::Failed, format!("{name}: {why}")));
            }
            Fate::Answered { .. } => {}
        }
        Ok(())
    }

    fn say(&mut self, sentence: &str) {
        self.moving.clear();
        warn(sentence);
    }
}

fn missed(why: &str) -> Failure {
    Failure::new(Exit::NotDelivered, why)
}
