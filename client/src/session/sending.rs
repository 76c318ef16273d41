//! Envelopes out, and whose keys they need. One path for every kind of room: before a letter is sealed, everybody who
//! is present has, or is sent, the chain it will be sealed with, and nobody who left has it.

use std::time::Duration;

use crypto::envelope::{Kind, Letter, SealError};
use crypto::hello::Introduction;
use crypto::peer::PeerKey;
use crypto::wire::{Keep, LocalId, Refusal, RoomMode, SenderId, Seq};
use rand_core::CryptoRng;

use super::receiving::message_id;
use super::{Now, Phase, Session};
use crate::event::{Event, NotSent};
use crate::outbox::{Class, Publication, Settled};
use crate::roster::Peer;

/// Recipients of one announcement: with their boxes it stays well below the largest envelope.
const RECIPIENTS: usize = 128;
/// Whoever arrives this soon after our last letter gets our chain at once: a letter may have crossed their arrival.
/// Everybody else gets it with the next letter, so that a quiet member costs a newcomer nothing.
const SPOKE_LATELY: Duration = Duration::from_secs(30);
/// Whoever says hello again and again does not make us answer each time.
const AGAIN_EVERY: Duration = Duration::from_secs(10);

impl Session {
    /// Sends whatever can be sent now.
    pub(super) fn pump(&mut self, now: Now, rng: &mut impl CryptoRng) {
        self.clock = now.mono;
        if self.phase() == Some(Phase::Online) {
            self.hello_due |= self.outbox.lately.owes_hello();
            if self.hello_due {
                self.publish_hello(now, rng);
            }
            if self
                .spoke_at
                .is_some_and(|spoke| now.mono <= spoke + SPOKE_LATELY)
                && !self.is_epoch_over(now)
                && !self.outbox.is_paused(now.mono)
            {
                self.announce(AGAIN_EVERY, now, rng);
            }
            while let Some(local) = self.outbox.give_up(now.mono) {
                self.events.push_back(Event::NotSent {
                    local,
                    why: NotSent::Unanswered,
                });
            }
            let letters_may_go = self.letters_wait_until(now.mono).is_none();
            while letters_may_go
                && self.outbox.unsealed(now.mono).is_some()
                && let Err(why) = self.seal_next(now, rng)
            {
                let Some(local) = self.outbox.fail_turn(why) else {
                    break;
                };
                self.events.push_back(Event::NotSent { local, why });
            }
            if letters_may_go && self.outbox.repeats() && !self.is_epoch_over(now) {
                // Whoever is new learns where for them it begins, and that they miss nothing.
                self.announce(AGAIN_EVERY, now, rng);
            }
            self.signal(now, rng);
            self.move_files(now, rng);
            if letters_may_go {
                self.hand_over_keys(now, rng);
            }
            for frame in self.outbox.due(now.mono, letters_may_go) {
                self.send(&frame);
            }
            // After the notices: a removal's goes ahead of it.
            self.send_orders(now, rng);
        }
        self.flush();
    }

    /// Until when letters are held back for people who are about to be here. No history that a relay keeps is long
    /// enough for all that a whole room has waited to say.
    pub(super) fn letters_wait_until(&self, mono: Duration) -> Option<Duration> {
        self.roster.regathers_until(mono)
    }

    /// Seals the letter whose turn it is.
    fn seal_next(&mut self, now: Now, rng: &mut impl CryptoRng) -> Result<(), NotSent> {
        if let Some(to) = self.outbox.unsealed(now.mono).and_then(|next| next.to) {
            return self.seal_private(to, now, rng);
        }
        if self.is_epoch_over(now) {
            let Some(sender) = &mut self.sender else {
                return Ok(());
            };
            sender.start_epoch(now.mono, rng).map_err(cause)?;
            self.told.clear();
            if self.kind == Some(RoomMode::OpenHistory) {
                self.publish_hello(now, rng);
            }
        }
        self.announce(Duration::ZERO, now, rng);
        // When it leaves, not when it was written: an hour offline is not a wrong clock.
        let sent_at = self.seals_at(now.wall);
        let (Some(sender), Some(letter)) = (&mut self.sender, self.outbox.unsealed(now.mono))
        else {
            return Ok(());
        };
        let text = Letter {
            sent_at,
            seen: self.seen.digest(),
            content: letter.content.clone(),
        };
        let mut sealed = sender
            .seal_message(&self.keys, &self.identity, &text, rng)
            .map_err(cause)?;
        let key = sealed.key.take();
        self.outbox
            .seal(Publication::new(sealed, Keep::Ring, now.mono), key);
        self.spoke_at = Some(now.mono);
        Ok(())
    }

    /// Seals the letter whose turn it is for one person alone, who must be there.
    fn seal_private(
        &mut self,
        to: SenderId,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<(), NotSent> {
        let sent_at = self.seals_at(now.wall);
        let recipient = self.roster.peer(&to).filter(|peer| peer.is_present());
        let recipient = recipient.ok_or(NotSent::Absent)?;
        let (Some(sender), Some(letter)) = (&mut self.sender, self.outbox.unsealed(now.mono))
        else {
            return Ok(());
        };
        let text = Letter {
            sent_at,
            seen: self.seen.digest(),
            content: letter.content.clone(),
        };
        let sealed = sender
            .seal_private(&self.keys, &self.identity, &recipient.key, &text, rng)
            .map_err(cause)?;
        self.outbox
            .seal(Publication::new(sealed, Keep::Ring, now.mono), None);
        Ok(())
    }

    /// Whether the chain must not be used any more: it is worn out, or somebody who left holds it.
    fn is_epoch_over(&self, now: Now) -> bool {
        let left = |sid: &SenderId| !self.roster.peer(sid).is_some_and(Peer::is_entitled);
        self.sender
            .as_ref()
            .is_some_and(|sender| sender.needs_new_epoch(now.mono))
            || self.told.keys().any(left)
    }

    /// Sends the chain to everybody present who does not have it, and anew to those who said hello since, if it was sent
    /// to them at least `apart` ago. In an open-history room the hello carries it.
    fn announce(&mut self, apart: Duration, now: Now, rng: &mut impl CryptoRng) {
        if self.kind != Some(RoomMode::ForwardSecret) {
            return;
        }
        let Some(sender) = &mut self.sender else {
            return;
        };
        // A member that says hello again may have lost what it had.
        let lacking: Vec<(SenderId, u32, &PeerKey)> = self
            .roster
            .peers()
            .filter(|peer| {
                let may_lack = |(revision, at): &(u32, Duration)| {
                    *revision != peer.revision && now.mono >= *at + apart
                };
                peer.is_entitled() && self.told.get(&peer.person.sid).is_none_or(may_lack)
            })
            .map(|peer| (peer.person.sid, peer.revision, &peer.key))
            .collect();
        for some in lacking.chunks(RECIPIENTS) {
            let to: Vec<&PeerKey> = some.iter().map(|(_, _, key)| *key).collect();
            let Ok(sealed) = sender.announce(&self.keys, &self.identity, &to, now.wall, rng) else {
                return;
            };
            let notice = Publication::new(sealed, Keep::Transient, now.mono);
            self.outbox.notify(notice.with_keys(true));
            self.told.extend(
                some.iter()
                    .map(|(sid, revision, _)| (*sid, (*revision, now.mono))),
            );
        }
    }

    pub(super) fn publish_hello(&mut self, now: Now, rng: &mut impl CryptoRng) {
        let (Some(sender), Some(mode)) = (&self.sender, self.kind) else {
            return;
        };
        let introduction = Introduction {
            revision: self.revision.saturating_add(1),
            sent_at: now.wall,
            mode,
            name: self.name.as_str().to_owned(),
            bot: self.bot.as_ref().map(|bot| bot.destination.clone()),
            voucher: None,
            control_key: self.rule.charter.root(),
            own_control: Some(self.rule.key.public()),
            charter: self.rule.charter.statements().to_vec(),
        };
        let adrift = self.outbox.adrift(now.mono);
        self.announced_adrift = adrift.as_ref().map(|letter| letter.local);
        let key = adrift.and_then(|letter| letter.key.as_ref());
        let (keys, me) = (&self.keys, &self.identity);
        // A name and a destination that fit a hello are all that can be configured.
        if let Ok(sealed) = sender.seal_hello_with(keys, me, &introduction, key, rng) {
            let is_open = mode == RoomMode::OpenHistory;
            let begins = is_open.then(|| (sender.epoch(), sender.generation()));
            let notice = Publication::new(sealed, Keep::Anchor, now.mono);
            let notice = notice.of(Class::Hello(begins)).with_keys(is_open);
            self.outbox.notify(notice);
            self.revision = introduction.revision;
        }
        self.hello_due = false;
    }

    pub(super) fn accepted(&mut self, wire: LocalId, seq: Seq, now: Now) {
        self.note_seq(seq);
        let came_later = self.placed > seq;
        let (local, header, carried) = match self.outbox.accepted(wire, self.clock) {
            None | Some(Settled::Notice) => return,
            Some(Settled::Again { header, carried }) => {
                if header.kind == Kind::Message {
                    self.is_repeated(now.wall);
                }
                (None, header, carried)
            }
            Some(Settled::Letter {
                local,
                header,
                carried,
            }) => (Some(local), header, carried),
        };
        if !carried || !came_later {
            self.placed = seq;
            self.seen.note(&header);
        } else {
            // It got its place before the connection broke, ahead of what we have taken in since: our order of
            // things is not the room's, so we count from here rather than raise a false alarm. Later than a
            // reconnection there is no honest reason for it.
            self.seen.lose_thread();
        }
        self.is_sent(&header);
        let id = message_id(&header);
        self.events
            .extend(local.map(|local| Event::Sent { local, seq, id }));
    }

    pub(super) fn refused(
        &mut self,
        refusal: Refusal,
        wire: LocalId,
        retry_after: Duration,
        now: Now,
    ) {
        if refusal == Refusal::TooFast {
            let retry_after = retry_after.max(Duration::from_millis(50));
            self.outbox.pause(Some(wire), now.mono + retry_after);
            self.events.push_back(Event::TooFast { retry_after });
        } else if let Some(local) = self.outbox.refused(wire, NotSent::Refused(refusal)) {
            self.events.push_back(Event::NotSent {
                local,
                why: NotSent::Refused(refusal),
            });
        }
    }
}

fn cause(error: SealError) -> NotSent {
    match error {
        SealError::TooLarge => NotSent::Refused(Refusal::TooLarge),
        // The session has used up its identity: only a new one can say more.
        _ => NotSent::Ended,
    }
}
