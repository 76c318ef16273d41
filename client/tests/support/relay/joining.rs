//! Who comes in.

use super::*;

impl ModelRelay {
    pub(super) fn join(
        &mut self,
        line: Line,
        id: RoomId,
        opening: Opening,
        resume: Option<Resume>,
    ) {
        let known = resume.filter(|resume| {
            self.seat(id, resume.member)
                .is_some_and(|seat| seat.token.matches(&resume.token))
        });
        let is_new = !self.rooms.contains_key(&id);
        let now = self.now;
        let is_locked = self.rooms.get(&id).is_some_and(|room| room.govern.locked);
        let refusal = if self.closed.contains(&id) {
            Some(Refusal::RoomClosed)
        } else {
            (is_locked && known.is_none()).then_some(Refusal::RoomLocked)
        };
        if let Some(refusal) = refusal {
            if let Some(last_word) = self.last_word.clone().filter(|_| resume.is_some()) {
                self.say(line, last_word);
            }
            let refused = RelayToClient::Refused {
                refusal,
                local: None,
                retry_after: Duration::ZERO,
            };
            return self.say(line, refused);
        }
        let member = known.map_or_else(|| MemberId(self.rng.array()), |resume| resume.member);
        // The same for a seat's whole life: the answer to a resumption may be lost, and must not cost the seat.
        let token = known.map_or_else(|| ResumeToken(self.rng.array()), |resume| resume.token);
        let room = self.rooms.entry(id).or_insert_with(|| Room {
            mode: opening.mode,
            history: opening.history,
            life: Life(u64::from_be_bytes(self.rng.array())),
            head: 0,
            said: 0,
            seats: Vec::new(),
            recent: VecDeque::new(),
            ring: VecDeque::new(),
            anchors: Vec::new(),
            pieces: HashMap::new(),
            wanted: Vec::new(),
            govern: Govern::of(&opening, now),
        });
        let mut replaced = None;
        // What somebody who had a seat cannot be shown any more.
        let mut missed = resume.is_some() && room.said > room.ring.len();
        if let Some(resume) = known {
            let seat = room
                .seats
                .iter_mut()
                .find(|seat| seat.member == member)
                .unwrap();
            replaced = seat.line.replace(line);
            missed = room
                .recent
                .front()
                .is_some_and(|oldest| oldest.seq.0 > resume.last.0 + 1);
        } else {
            let accepted = HashMap::new();
            room.seats.push(Seat {
                member,
                token,
                line: Some(line),
                away_since: Duration::ZERO,
                accepted,
                taken: 0,
            });
        }
        let outcome = match (known.is_some(), is_new) {
            (true, _) => JoinOutcome::Resumed,
            (false, true) => JoinOutcome::Opened,
            (false, false) => JoinOutcome::Entered,
        };
        let mut frames = vec![RelayToClient::Joined {
            member,
            token,
            outcome,
            mode: room.mode,
            history: room.history,
            time_left: room.govern.time_left(now),
            members: room.seats.len() as u32,
            head: Seq(room.head),
            missed: if missed {
                Missed::Unknown
            } else {
                Missed::Nothing
            },
            life: room.life,
        }];
        frames.push(room.govern.changed(now));
        for other in room.seats.iter().filter(|other| other.member != member) {
            frames.push(RelayToClient::Arrived {
                member: other.member,
            });
            if other.line.is_none() {
                frames.push(RelayToClient::Away {
                    member: other.member,
                });
            }
        }
        match known {
            // Own envelopes are confirmed when they are sent again.
            Some(resume) => {
                let missed = room
                    .recent
                    .iter()
                    .filter(|kept| kept.seq > resume.last && kept.from != member);
                frames.extend(missed.map(|kept| kept.delivered(true)));
            }
            None => {
                let mut replay: Vec<_> = room.anchors.iter().chain(&room.ring).cloned().collect();
                replay.sort_by_key(|kept| kept.seq);
                frames.extend(replay.iter().map(|kept| kept.delivered(true)));
            }
        }
        frames.push(RelayToClient::CaughtUp {
            head: Seq(room.head),
        });
        if let Some(old) = replaced.and_then(|old| self.lines.get_mut(&old)) {
            old.seat = None;
            old.close = Some(CloseCode::Replaced);
        }
        if let Some(connection) = self.lines.get_mut(&line) {
            connection.seat = Some((id, member));
            connection.frames.extend(frames);
        }
        let news = if known.is_some() {
            RelayToClient::Returned { member }
        } else {
            RelayToClient::Arrived { member }
        };
        self.tell_others(id, member, &news);
    }
}
