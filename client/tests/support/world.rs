//! Sessions, a relay, and the wires between them. Time passes only when a test says so.

mod member;
mod moving;

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use client::{
    Body, Config, DisplayName, Event, FileDigest, FileNews, FileRef, Message, NewFile, Now,
    Passport, Rules, Session, Status, Transmit,
};
use crypto::kdf::Salt;
use crypto::room::RoomKeys;
use crypto::tunnel::Pin;
use crypto::wire::{Lifetime, LocalId, Opening, RoomMode, SenderId};

use super::relay::{Line, ModelRelay, Out};
use super::rng::TestRng;

pub struct World {
    pub relay: ModelRelay,
    pub members: Vec<Member>,
    pub now: Now,
    pub mode: RoomMode,
    pub history: u16,
    pub root: [u8; 64],
}

pub struct Member {
    pub session: Session,
    pub line: Option<Line>,
    pub rng: TestRng,
    pub events: Vec<Event>,
    /// Off: the socket cannot be opened.
    pub has_network: bool,
    /// Added to this member's wall clock, seconds.
    pub clock_error: i64,
    /// Files that this member has offered, as they are on its disk now.
    pub disk: HashMap<FileRef, Vec<u8>>,
    /// What has come of others' files.
    pub got: HashMap<FileRef, Vec<u8>>,
    up: VecDeque<Vec<u8>>,
    down: VecDeque<Out>,
}

impl World {
    pub fn new(mode: RoomMode, history: u16) -> Self {
        let now = Now {
            wall: Duration::from_secs(1_800_000_000),
            mono: Duration::from_secs(1_000),
        };
        let mut relay = ModelRelay::new(1);
        relay.tick(now.mono);
        Self {
            relay,
            members: Vec::new(),
            now,
            mode,
            history,
            root: [42; 64],
        }
    }

    pub fn config(&self, name: &str) -> Config {
        Config {
            keys: RoomKeys::from_bytes(&self.root),
            name: DisplayName::parse(name).unwrap(),
            opening: Opening {
                mode: self.mode,
                history: self.history,
                lifetime: Lifetime::UntilEmpty,
                max_members: 64,
                control_key: None,
                purge_digest: None,
            },
            pin: Pin::FirstUse,
            salt: Salt([3; 16]),
            bot: None,
            auto_enter: true,
            accepts_any_mode: false,
            rules: Rules::default(),
            second_secret: false,
        }
    }

    /// Adds a member and lets it start; returns its index.
    pub fn add(&mut self, name: &str) -> usize {
        let config = self.config(name);
        self.add_with(config)
    }

    pub fn add_with(&mut self, config: Config) -> usize {
        // Another world has other people.
        let world = u64::from(self.root[0]) << 32 | u64::from(self.history) << 16;
        let mut rng = TestRng::seeded(world + self.members.len() as u64);
        let session = Session::new(config, self.now, &mut rng);
        self.push(session, rng)
    }

    /// Adds a member who moves here from elsewhere.
    pub fn arrive(&mut self, config: Config, passport: &Passport) -> usize {
        let mut rng = TestRng::seeded(1 << 48 | self.members.len() as u64);
        let session = Session::arrive(config, passport, self.now, &mut rng);
        self.push(session, rng)
    }

    fn push(&mut self, session: Session, rng: TestRng) -> usize {
        self.members.push(Member {
            session,
            line: None,
            rng,
            events: Vec::new(),
            has_network: true,
            clock_error: 0,
            disk: HashMap::new(),
            got: HashMap::new(),
            up: VecDeque::new(),
            down: VecDeque::new(),
        });
        self.members.len() - 1
    }

    /// Adds a member and waits until everything is quiet.
    pub fn join(&mut self, name: &str) -> usize {
        let index = self.add(name);
        self.settle();
        index
    }

    /// A member's tab is reloaded.
    pub fn reload(&mut self, index: usize) {
        let now = self.clock(index);
        let frozen = {
            let member = &mut self.members[index];
            member.session.freeze(now, &mut member.rng)
        };
        self.unplug(index);
        self.revive(index, &frozen);
    }

    /// A session that was frozen earlier takes the place of the present one.
    pub fn revive(&mut self, index: usize, frozen: &[u8]) {
        let config = self.config("ignored");
        let now = self.clock(index);
        let member = &mut self.members[index];
        member.session = Session::thaw(config, frozen, now, &mut member.rng).unwrap();
        self.service(index);
    }

    fn clock(&self, index: usize) -> Now {
        let seconds = self.members[index].clock_error;
        let error = Duration::from_secs(seconds.unsigned_abs());
        let wall = if seconds < 0 {
            self.now.wall - error
        } else {
            self.now.wall + error
        };
        Now { wall, ..self.now }
    }

    pub fn say(&mut self, index: usize, text: &str) -> LocalId {
        let now = self.clock(index);
        let member = &mut self.members[index];
        let local = member
            .session
            .say(text.to_owned(), now, &mut member.rng)
            .unwrap();
        self.service(index);
        local
    }

    /// Says something to one other member alone.
    pub fn say_to(&mut self, index: usize, to: usize, text: &str) -> LocalId {
        self.post(index, Some(to), Body::text(text))
    }

    /// Says something of any kind, to everybody or to one.
    pub fn post(&mut self, index: usize, to: Option<usize>, body: Body) -> LocalId {
        let to = to.map(|to| self.sid(to));
        self.act(index, |session, now, rng| match to {
            Some(sid) => session.say_to(sid, body, now, rng).unwrap(),
            None => session.post(body, now, rng).unwrap(),
        })
    }

    /// Does something with a session, and what it asks for then.
    pub fn act<T>(
        &mut self,
        index: usize,
        act: impl FnOnce(&mut Session, Now, &mut TestRng) -> T,
    ) -> T {
        let now = self.clock(index);
        let member = &mut self.members[index];
        let result = act(&mut member.session, now, &mut member.rng);
        self.service(index);
        result
    }

    pub fn rename(&mut self, index: usize, name: &str) {
        let now = self.clock(index);
        let member = &mut self.members[index];
        member
            .session
            .rename(DisplayName::parse(name).unwrap(), now, &mut member.rng);
        self.service(index);
    }

    pub fn retry(&mut self, index: usize, local: LocalId) {
        let now = self.clock(index);
        let member = &mut self.members[index];
        member.session.retry(local, now, &mut member.rng);
        self.service(index);
    }

    pub fn leave(&mut self, index: usize) {
        let now = self.clock(index);
        self.members[index].session.leave(now);
        self.service(index);
        self.settle();
    }

    pub fn wake(&mut self, index: usize) {
        let now = self.clock(index);
        self.members[index].session.wake(now);
        self.service(index);
    }

    pub fn enter(&mut self, index: usize) {
        let now = self.clock(index);
        self.members[index].session.enter(now);
        self.service(index);
    }

    /// The connection breaks; whatever is on the wire is lost.
    pub fn cut(&mut self, index: usize) {
        if self.unplug(index) {
            let now = self.clock(index);
            let member = &mut self.members[index];
            member.session.closed(Some(1006), now, &mut member.rng);
            self.service(index);
        }
    }

    /// The connection breaks, and the relay does not notice.
    pub fn vanish(&mut self, index: usize) {
        let member = &mut self.members[index];
        member.up.clear();
        member.down.clear();
        if member.line.take().is_some() {
            let now = self.clock(index);
            let member = &mut self.members[index];
            member.session.closed(Some(1006), now, &mut member.rng);
            self.service(index);
        }
    }

    /// A member offers a file, to everybody or to one other member.
    pub fn offer(&mut self, index: usize, to: Option<usize>, name: &str, bytes: &[u8]) -> FileRef {
        let mut digest = FileDigest::default();
        digest.update(bytes);
        let new = NewFile {
            name: name.to_owned(),
            media_type: "application/octet-stream".to_owned(),
            size: bytes.len() as u64,
            sha256: digest.finish(),
        };
        let to = to.map(|other| self.sid(other));
        let file = self.act(index, |session, now, rng| {
            session.offer_file(to, new, now, rng).unwrap()
        });
        self.members[index].disk.insert(file, bytes.to_vec());
        file
    }

    pub fn sid(&self, index: usize) -> SenderId {
        self.members[index].session.me().sid
    }
}

pub fn text(body: &Body) -> String {
    match body {
        Body::Text(text) => text.text.clone(),
        other => format!("{other:?}"),
    }
}
