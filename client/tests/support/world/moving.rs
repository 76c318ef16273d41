//! Bytes and time.

use super::*;

impl World {
    pub(super) fn unplug(&mut self, index: usize) -> bool {
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
    pub(super) fn move_bytes(&mut self, index: usize, event: &Event) {
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

    /// Does what a session asks of its shell.
    pub(super) fn service(&mut self, index: usize) {
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

    /// Everybody but one is online and waits for nobody.
    pub fn calm_but(&mut self, who: usize) {
        for index in (0..self.members.len()).filter(|index| *index != who) {
            self.members[index].has_network = true;
            self.wake(index);
        }
        self.pass(Duration::from_secs(25));
    }

    /// Everybody is online and has everything.
    pub fn calm(&mut self) {
        for index in 0..self.members.len() {
            self.members[index].has_network = true;
            self.wake(index);
        }
        self.pass(Duration::from_secs(40));
    }
}
