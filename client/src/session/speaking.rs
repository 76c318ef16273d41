//! What the person says.

use crypto::wire::{LocalId, SenderId};
use rand_core::CryptoRng;

use super::{Link, Now, Session};
use crate::body::{Body, SayError, Text};
use crate::event::{Event, Message, NotSent, Status};
use crate::outbox::Letter;

impl Session {
    /// Says words to everybody; see [`Session::post`].
    ///
    /// # Errors
    /// As [`Session::post`].
    pub fn say(
        &mut self,
        text: impl Into<Text>,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<LocalId, SayError> {
        self.post(Body::text(text), now, rng)
    }

    /// Says something to everybody. It is sent as soon as possible and in order, however long that takes.
    ///
    /// # Errors
    /// [`SayError`] where there is nothing to send, too much of it, or no session any more.
    pub fn post(
        &mut self,
        body: Body,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<LocalId, SayError> {
        self.compose(body, None, now, rng)
    }

    /// Says something to one person alone. On the wire it cannot be told from what is said to everybody. Somebody who
    /// is not there when its turn comes makes it [`NotSent::Absent`](crate::NotSent::Absent).
    ///
    /// # Errors
    /// As [`Session::post`].
    pub fn say_to(
        &mut self,
        sid: SenderId,
        body: Body,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<LocalId, SayError> {
        self.compose(body, Some(sid), now, rng)
    }

    fn compose(
        &mut self,
        body: Body,
        to: Option<SenderId>,
        now: Now,
        rng: &mut impl CryptoRng,
    ) -> Result<LocalId, SayError> {
        if matches!(self.link, Link::Ended) {
            return Err(SayError::Ended);
        }
        let me = self.identity.sender_id();
        body.check(me)?;
        if matches!(body, Body::Topic(_)) && to.is_none() {
            self.replace_topic(now);
        }
        let local = self.outbox.write(to, body.encode(), now.wall);
        self.events.push_back(Event::Composed(Message {
            id: None,
            local: Some(local),
            from: me,
            name: self.name.as_str().to_owned(),
            tag: self.identity.tag(),
            mine: true,
            to,
            seq: None,
            sent_at: now.wall,
            received_at: now.wall,
            body,
            replayed: false,
            late: None,
        }));
        self.signals.spoke();
        self.pump(now, rng);
        if let Status::Waiting { until, .. } = self.status {
            self.turn_to(Status::Waiting {
                until,
                queued: self.outbox.waiting(),
            });
        }
        Ok(local)
    }

    /// The room has one topic: an earlier one that still waits need not go out.
    fn replace_topic(&mut self, now: Now) {
        self.topic_at = now.wall;
        let me = self.identity.sender_id();
        let is_topic = |letter: &Letter| {
            letter.to.is_none() && matches!(Body::decode(&letter.content, me), Ok(Body::Topic(_)))
        };
        for local in self.outbox.take_back(is_topic) {
            let why = NotSent::Replaced;
            self.events.push_back(Event::NotSent { local, why });
        }
    }

    /// Sends a message again that was [`Event::NotSent`]. It keeps its name and takes the last place in the queue.
    pub fn retry(&mut self, local: LocalId, now: Now, rng: &mut impl CryptoRng) {
        if !matches!(self.link, Link::Ended) && self.outbox.retry(local, now.mono) {
            self.pump(now, rng);
        }
    }

    /// Gives up on a message that was not sent, or not yet. One that is on its way may still arrive.
    pub fn discard(&mut self, local: LocalId) {
        self.outbox.discard(local);
    }
}
