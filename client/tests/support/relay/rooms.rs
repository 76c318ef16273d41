//! What is said in a room, and who is told.

use super::*;

impl ModelRelay {
    pub(super) fn publish(&mut self, line: Line, local: LocalId, keep: Keep, envelope: Vec<u8>) {
        let Some((id, member)) = self.lines.get(&line).and_then(|connection| connection.seat)
        else {
            let refused = RelayToClient::Refused {
                refusal: Refusal::NotJoined,
                local: Some(local),
                retry_after: Duration::ZERO,
            };
            return self.say(line, refused);
        };
        if self.swallow > 0 {
            self.swallow -= 1;
            return;
        }
        let (burst, retry_after) = (self.burst, self.retry_after);
        let seat = self.seat(id, member).unwrap();
        if let Some(seq) = seat.accepted.get(&local) {
            let accepted = RelayToClient::Accepted { local, seq: *seq };
            return self.say(line, accepted);
        }
        if burst.is_some_and(|burst| seat.taken >= burst) {
            return self.say(
                line,
                RelayToClient::Refused {
                    refusal: Refusal::TooFast,
                    local: Some(local),
                    retry_after,
                },
            );
        }
        seat.taken += 1;
        self.published.push((id, member, keep, envelope.clone()));
        let buffer = self.buffer;
        let room = self.rooms.get_mut(&id).unwrap();
        room.head += 1;
        let kept = Kept {
            seq: Seq(room.head),
            from: member,
            envelope,
        };
        let seat = room
            .seats
            .iter_mut()
            .find(|seat| seat.member == member)
            .unwrap();
        seat.accepted.insert(local, kept.seq);
        room.recent.push_back(kept.clone());
        if room.recent.len() > buffer {
            room.recent.pop_front();
        }
        match keep {
            Keep::Transient => {}
            Keep::Anchor => room.anchors.push(kept.clone()),
            Keep::Ring => {
                room.said += 1;
                room.ring.push_back(kept.clone());
                while room.ring.len() > usize::from(room.history) {
                    room.ring.pop_front();
                }
            }
        }
        room.prune_anchors();
        self.say(
            line,
            RelayToClient::Accepted {
                local,
                seq: kept.seq,
            },
        );
        self.tell_others(id, member, &kept.delivered(false));
    }

    pub(super) fn vacate(&mut self, id: RoomId, member: MemberId) {
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        room.seats.retain(|seat| seat.member != member);
        room.pieces.retain(|id, _| id.owner != member);
        if room.seats.is_empty() {
            self.rooms.remove(&id);
            return;
        }
        room.prune_anchors();
        self.tell_others(id, member, &RelayToClient::Departed { member });
    }

    pub(super) fn tell_others(&mut self, room: RoomId, member: MemberId, frame: &RelayToClient) {
        for (line, _) in self
            .lines_of(room)
            .into_iter()
            .filter(|(_, other)| *other != member)
        {
            self.say(line, frame.clone());
        }
    }
}
