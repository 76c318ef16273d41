//! Sessions, a relay, and the wires between them. Time passes only when a test says so.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use client::{
    Body, Config, DisplayName, Event, FileDigest, FileNews, FileRef, Message, NewFile, Now, Rules,
    Session, Status, Transmit,
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

    fn unplug(&mut self, index: usize) -> bool {
        let member = &mut self.members[index];
        member.up.clear();
        member.down.clear();
        let line = member.line.take();
        if let Some(line) = line {
            self.relay.cut(line);
        }
        line.is_some()
    }

    /// Reads and writes files for a session.
    fn move_bytes(&mut self, index: usize, event: &Event) {
        let Event::File { file, news } = event else {
            return;
        };
        let now = self.clock(index);
        let member = &mut self.members[index];
        match news {
            FileNews::Wanted {
                index,
                offset,
                length,
            } => {
                let from = *offset as usize;
                let part = member
                    .disk
                    .get(file)
                    .map(|bytes| &bytes[from.min(bytes.len())..bytes.len().min(from + length)]);
                match part {
                    Some(part) => {
                        member
                            .session
                            .file_slice(*file, *index, part, now, &mut member.rng)
                    }
                    None => member.session.file_vanished(*file, now, &mut member.rng),
                }
            }
            FileNews::Bytes(bytes) => member.got.entry(*file).or_default().extend(&bytes.0),
            _ => {}
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

    /// Does what a session asks of its shell.
    fn service(&mut self, index: usize) {
        loop {
            while let Some(event) = self.members[index].session.poll_event() {
                self.move_bytes(index, &event);
                self.members[index].events.push(event);
            }
            let Some(transmit) = self.members[index].session.poll_transmit() else {
                return;
            };
            match transmit {
                Transmit::Connect => {
                    self.unplug(index);
                    let now = self.clock(index);
                    let member = &mut self.members[index];
                    if member.has_network {
                        member.line = Some(self.relay.connect());
                        member.session.opened(now);
                    } else {
                        member.session.closed(None, now, &mut member.rng);
                    }
                }
                Transmit::Message(bytes) => self.members[index].up.push_back(bytes),
                Transmit::Close(_) => {
                    // What was sent before the close still arrives.
                    while self.deliver_up(index) {}
                    self.unplug(index);
                }
            }
        }
    }

    /// One message from a session to the relay.
    pub fn deliver_up(&mut self, index: usize) -> bool {
        let member = &mut self.members[index];
        match (member.line, member.up.pop_front()) {
            (Some(line), Some(bytes)) => {
                self.relay.receive(line, &bytes);
                true
            }
            _ => false,
        }
    }

    /// One message from the relay to a session.
    pub fn deliver_down(&mut self, index: usize) -> bool {
        if let Some(line) = self.members[index].line {
            let out = self.relay.drain(line);
            self.members[index].down.extend(out);
        }
        let now = self.clock(index);
        let member = &mut self.members[index];
        match member.down.pop_front() {
            Some(Out::Message(bytes)) => member.session.receive(&bytes, now, &mut member.rng),
            Some(Out::Close(code)) => {
                member.line = None;
                member.up.clear();
                member.down.clear();
                member
                    .session
                    .closed(Some(code.as_u16()), now, &mut member.rng);
            }
            None => return false,
        }
        self.service(index);
        true
    }

    /// Carries messages until nothing moves.
    pub fn settle(&mut self) {
        for _ in 0..100_000 {
            let mut moved = false;
            for index in 0..self.members.len() {
                self.service(index);
                moved |= self.deliver_up(index);
                moved |= self.deliver_down(index);
            }
            if !moved {
                return;
            }
        }
        panic!("the world does not come to rest");
    }

    /// Time passes, with everything on the wires delivered.
    pub fn pass(&mut self, time: Duration) {
        let end = self.now.mono + time;
        for _ in 0..100_000 {
            self.settle();
            let next = self
                .members
                .iter()
                .filter_map(|member| member.session.deadline())
                .min();
            let next = next
                .map_or(end, |next| next.clamp(self.now.mono, end))
                .min(self.now.mono + Duration::from_secs(1));
            let is_over = next == end && self.now.mono == end;
            self.jump(next - self.now.mono);
            if is_over {
                self.settle();
                return;
            }
        }
        panic!("some deadline never moves on");
    }

    /// Time passes with nothing delivered.
    pub fn jump(&mut self, time: Duration) {
        self.now = Now {
            wall: self.now.wall + time,
            mono: self.now.mono + time,
        };
        self.relay.tick(self.now.mono);
        for index in 0..self.members.len() {
            let now = self.clock(index);
            let member = &mut self.members[index];
            if member
                .session
                .deadline()
                .is_some_and(|deadline| deadline <= now.mono)
            {
                member.session.tick(now, &mut member.rng);
                self.service(index);
            }
        }
    }

    /// Everybody is online and has everything.
    pub fn calm(&mut self) {
        for index in 0..self.members.len() {
            self.members[index].has_network = true;
            self.wake(index);
        }
        self.pass(Duration::from_secs(40));
    }

    pub fn sid(&self, index: usize) -> SenderId {
        self.members[index].session.me().sid
    }
}

impl Member {
    pub fn said(&self) -> Vec<&Message> {
        self.events
            .iter()
            .filter_map(|event| match event {
                Event::Said(message) => Some(message),
                _ => None,
            })
            .collect()
    }

    /// What the screen shows of others, in the order in which it came.
    pub fn heard(&self) -> Vec<String> {
        self.said()
            .into_iter()
            .map(|message| text(&message.body))
            .collect()
    }

    /// Own messages that were sent, in the order of their place in the room.
    pub fn sent(&self) -> Vec<LocalId> {
        self.events
            .iter()
            .filter_map(|event| match event {
                Event::Sent { local, .. } => Some(*local),
                _ => None,
            })
            .collect()
    }

    pub fn missing(&self) -> u32 {
        self.events
            .iter()
            .map(|event| match event {
                Event::Missing { count, .. } | Event::Unopened { count } => *count,
                _ => 0,
            })
            .sum()
    }

    pub fn count(&self, matches: impl Fn(&Event) -> bool) -> usize {
        self.events.iter().filter(|event| matches(event)).count()
    }

    pub fn is_online(&self) -> bool {
        *self.session.status() == Status::Online
    }

    pub fn status(&self) -> &Status {
        self.session.status()
    }

    pub fn people(&self) -> Vec<String> {
        self.session
            .people()
            .into_iter()
            .map(|person| person.name)
            .collect()
    }
}

pub fn text(body: &Body) -> String {
    match body {
        Body::Text(text) => text.text.clone(),
        other => format!("{other:?}"),
    }
}
