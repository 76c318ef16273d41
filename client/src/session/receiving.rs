//! Envelopes in. Whatever a screen shows has passed through here, and only what its author signed for this room.

use std::time::Duration;

use crypto::envelope::{Header, Kind, Letter, Outer};
use crypto::error::OpenError;
use crypto::hello::Hello;
use crypto::identity::Tag;
use crypto::peer::{Opened, PeerKey};
use crypto::seen::Agreement;
use crypto::wire::{MemberId, RoomMode, SenderId, Seq};

use super::{Now, Phase, Session};
use crate::body::{Body, FileSignal, Signal};
use crate::event::{Event, Message, MessageId};
use crate::held::Early;

/// Own messages that are remembered to be sent.
const OWN: usize = 4_096;

impl Session {
    /// The relay reached this number: from there on it repeats after a reconnection. The number is the relay's word
    /// and good for nothing else; in particular it does not decide what counts as seen.
    pub(super) fn note_seq(&mut self, seq: Seq) {
        if let Some(seat) = &mut self.seat {
            seat.last = seat.last.max(seq);
        }
    }

    pub(super) fn delivered(
        &mut self,
        seq: Seq,
        from: MemberId,
        replayed: bool,
        envelope: &[u8],
        now: Now,
    ) {
        self.note_seq(seq);
        self.placed = seq;
        let outer = match Outer::open(&self.keys, envelope) {
            Ok(outer) => outer,
            Err(OpenError::Unsupported) => return self.events.push_back(Event::Unsupported),
            Err(_) => return self.unverifiable(1),
        };
        let header = *outer.header();
        if self.rule.charter.is_removed(&header.sid) {
            // Dropped, but counted below like everything that comes: who was removed when plays no part in whether we
            // see the same conversation.
        } else if header.kind == Kind::Hello {
            self.hello(&outer, from, replayed, now);
        } else if header.sid == self.identity.sender_id() {
            self.own(&outer, envelope, seq, replayed, now);
        } else {
            self.open(
                Early {
                    outer,
                    seq,
                    replayed,
                    wall: now.wall,
                    mono: now.mono,
                },
                now,
            );
        }
        if header.kind == Kind::Message && !replayed && self.seen.knows(&header) {
            // Those who have not had it take it in now.
            self.is_repeated(now.wall);
        }
        // After it was judged by what came before it.
        self.seen.note(&header);
    }

    /// Somebody says again what the relay had forgotten: some have it already, and some get it only now.
    pub(super) fn is_repeated(&mut self, wall: Duration) {
        if self.outbox.lately.repeated(wall) {
            self.seen.shuffle();
        }
    }

    pub(super) fn unverifiable(&mut self, count: u32) {
        self.events.push_back(Event::Unverifiable { count });
    }

    /// Without the key the name on a message is a mere claim: any member can put another's on an envelope, and the relay
    /// can withhold a key. So nobody is blamed.
    pub(super) fn unopened(&mut self, count: u32) {
        self.events.push_back(Event::Unopened { count });
    }

    fn open(&mut self, early: Early, now: Now) {
        let sid = early.sid();
        let Some(peer) = self.roster.peer_mut(&sid) else {
            return self.hold(early);
        };
        let had_chain = peer.key.has_chain();
        match peer.key.open(&early.outer, now.mono) {
            Ok(Opened::Message(letter)) => self.said(sid, &early, &letter, false, now),
            Ok(Opened::Private(letter)) => self.said(sid, &early, &letter, true, now),
            Ok(Opened::ChainKey { .. }) => self.retry_held(sid, !had_chain, now),
            Ok(Opened::LoneKey { .. }) => self.retry_held(sid, false, now),
            Ok(Opened::Control(notice)) => self.heard_notice(notice, early.replayed),
            Ok(Opened::ForOthers) | Err(OpenError::Replayed | OpenError::BeforeStart) => {}
            Err(OpenError::NoKey) if self.is_for_others(&early) => {}
            Err(OpenError::NoKey) => self.hold(early),
            Err(OpenError::TooFarAhead) => self.unverifiable(1),
            Err(OpenError::Unsupported) => self.events.push_back(Event::Unsupported),
            Err(_) => self.unverifiable(1),
        }
        self.report_lost(sid, now.mono);
    }

    pub(super) fn said(
        &mut self,
        sid: SenderId,
        early: &Early,
        letter: &Letter,
        is_private: bool,
        now: Now,
    ) {
        if is_private {
            match Signal::decode(&letter.content) {
                Ok(None) => {}
                Ok(Some(signal)) => return self.signalled(sid, signal, early.replayed, now),
                Err(_) => return self.unverifiable(1),
            }
            match FileSignal::decode(&letter.content) {
                Ok(None) => {}
                Ok(Some(signal)) => return self.was_answered(sid, signal, now),
                Err(_) => return self.unverifiable(1),
            }
        }
        let invitation = self.read_invitation(sid, letter, is_private);
        let (Ok(invitation), Ok(body)) = (invitation, Body::decode(&letter.content, sid)) else {
            return self.unverifiable(1);
        };
        let is_unsettled = self.outbox.lately.is_unsettled(early.wall, letter.sent_at);
        if self.seen.judge(sid, letter.seen, is_unsettled) == Agreement::Diverged {
            self.events.push_back(Event::Diverged { with: sid });
        }
        if !is_private && self.outbox.lately.is_older(letter.sent_at) {
            self.is_repeated(early.wall);
        }
        self.has_spoken(sid);
        if !early.replayed {
            self.compare_clocks(sid, letter.sent_at, early.wall, false);
        }
        if let Some(invitation) = invitation {
            return self.was_invited(sid, invitation, early, letter.sent_at);
        }
        match &body {
            Body::Offer(offer) => self.was_offered(sid, offer),
            Body::Withdraw { file } => return self.was_withdrawn(sid, *file),
            _ => {}
        }
        let late = self.place(sid, early, letter.sent_at, &body);
        let Some(peer) = self.roster.peer(&sid) else {
            return;
        };
        self.events.push_back(Event::Said(Message {
            id: Some(message_id(early.outer.header())),
            local: None,
            from: sid,
            name: peer.person.name.clone(),
            tag: peer.person.tag,
            mine: false,
            to: is_private.then(|| self.identity.sender_id()),
            seq: Some(early.seq),
            sent_at: letter.sent_at,
            received_at: early.wall,
            body,
            replayed: early.replayed,
            late,
        }));
    }

    /// Remembers that one of our own messages has its place. The oldest are forgotten: no ring reaches back that far.
    pub(super) fn is_sent(&mut self, header: &Header) {
        self.own.insert((header.epoch, header.generation));
        if self.own.len() > OWN {
            self.own.pop_first();
        }
    }

    /// What bears our name: one of our own envelopes, from the relay's ring. Or something that another member has put
    /// our name on, so the name alone settles nothing.
    fn own(&mut self, outer: &Outer, envelope: &[u8], seq: Seq, replayed: bool, now: Now) {
        let header = *outer.header();
        if let Some(local) = self.outbox.seen(envelope, now.mono) {
            self.is_sent(&header);
            self.events.push_back(Event::Sent {
                local,
                seq,
                id: message_id(&header),
            });
            return;
        }
        // What we said to one person, only they can open.
        if header.kind != Kind::Message || self.own.contains(&(header.epoch, header.generation)) {
            return;
        }
        // Written by an earlier life of this session.
        let opened = match &mut self.mirror {
            Some(mirror) => mirror.open(outer, now.mono),
            None => Err(OpenError::NoKey),
        };
        let letter = match opened {
            Ok(Opened::Message(letter)) => letter,
            Err(OpenError::Replayed) => return,
            // From before this life, and we no longer have its key.
            Err(OpenError::NoKey | OpenError::BeforeStart) if replayed => return,
            _ => return self.unverifiable(1),
        };
        self.is_sent(&header);
        let Ok(body) = Body::decode(&letter.content, header.sid) else {
            return;
        };
        if matches!(body, Body::Withdraw { .. }) {
            return;
        }
        self.events.push_back(Event::Said(Message {
            id: Some(message_id(&header)),
            local: None,
            from: header.sid,
            name: self.name.as_str().to_owned(),
            tag: self.identity.tag(),
            mine: true,
            to: None,
            seq: Some(seq),
            sent_at: letter.sent_at,
            received_at: now.wall,
            body,
            replayed: true,
            late: None,
        }));
    }

    fn hello(&mut self, outer: &Outer, from: MemberId, replayed: bool, now: Now) {
        let hello = match outer.open_hello(&self.keys) {
            Ok(hello) => hello,
            Err(OpenError::Unsupported) => return self.events.push_back(Event::Unsupported),
            Err(_) => return self.unverifiable(1),
        };
        let sid = hello.sender_id();
        if sid == self.identity.sender_id() {
            return self.own_hello(&hello, now);
        }
        let theirs = hello.introduction.mode;
        if self.kind.is_some_and(|ours| ours != theirs) {
            return self.mode_disputed(sid, theirs);
        }
        if !self
            .roster
            .may_speak(sid, hello.introduction.revision, from)
        {
            return self.unverifiable(1);
        }
        let first_chain = self
            .roster
            .peer(&sid)
            .is_none_or(|peer| !peer.key.has_chain());
        if self.roster.peer(&sid).is_some() {
            if !self.heard_again(sid, &hello, now) {
                return;
            }
        } else if !self.roster.make_room() {
            return self.unverifiable(1);
        } else {
            let Ok(key) = PeerKey::meet(&self.keys, &self.identity, &hello) else {
                return self.unverifiable(1);
            };
            let introduction = &hello.introduction;
            self.roster.meet(
                sid,
                introduction.name.clone(),
                introduction.bot.clone(),
                key,
                introduction.revision,
                now,
            );
        }
        self.roster.sit(sid, from, now, &mut self.events);
        self.hello_governs(&hello);
        self.signals.met(sid, hello.introduction.revision);
        if !replayed {
            self.compare_clocks(sid, hello.introduction.sent_at, now.wall, true);
        }
        self.retry_held(sid, first_chain, now);
        self.report_lost(sid, now.mono);
    }

    /// A later hello of somebody we know. False where it is an old one, or none of theirs.
    fn heard_again(&mut self, sid: SenderId, hello: &Hello, now: Now) -> bool {
        let Some(peer) = self.roster.peer_mut(&sid) else {
            return false;
        };
        match peer.key.take_hello(hello, now.mono) {
            Ok(()) => {}
            // The relay may repeat it to us after every reconnection. It ties nobody to a seat: whoever takes a new
            // seat says so with a new hello.
            // Its chain may be one that we could not be given then.
            Err(OpenError::Replayed) => {
                self.retry_held(sid, false, now);
                return false;
            }
            Err(_) => {
                self.unverifiable(1);
                return false;
            }
        }
        let introduction = &hello.introduction;
        peer.revision = introduction.revision;
        let previous = std::mem::replace(&mut peer.person.name, introduction.name.clone());
        let bot_before = std::mem::replace(&mut peer.person.bot, introduction.bot.clone());
        let renamed = previous != peer.person.name;
        if (renamed || bot_before != peer.person.bot) && peer.is_shown() {
            let person = peer.person.clone();
            self.events.push_back(Event::PersonChanged {
                person,
                previous_name: renamed.then_some(previous),
            });
        }
        true
    }

    /// Our own hello, from the relay's ring.
    fn own_hello(&mut self, hello: &Hello, now: Now) {
        // A life of this session that ended without being saved may have said more than we remember.
        if hello.introduction.revision > self.revision {
            self.revision = hello.introduction.revision;
            self.hello_due = true;
        }
        match &mut self.mirror {
            // An older hello than the mirror's is of no use to it.
            Some(mirror) => drop(mirror.take_hello(hello, now.mono)),
            None => self.mirror = PeerKey::meet(&self.keys, &self.identity, hello).ok(),
        }
    }

    /// Somebody was told another kind of room. We cannot know who of us was lied to. Those who are just entering turn
    /// back; those inside keep their keys from whoever stands in the other kind of room.
    fn mode_disputed(&mut self, with: SenderId, theirs: RoomMode) {
        self.events.push_back(Event::RoomModeDisputed {
            with,
            tag: Tag::of(&with),
            theirs,
        });
        // Judged in `caught_up`, when everybody who is there has been heard.
        self.disputed |= self.phase() == Some(Phase::CatchingUp);
    }
}

pub(super) fn message_id(header: &Header) -> MessageId {
    MessageId {
        sid: header.sid,
        epoch: header.epoch,
        generation: header.generation,
    }
}
