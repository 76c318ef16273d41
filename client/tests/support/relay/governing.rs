//! What orders do.

use super::*;

impl ModelRelay {
    pub(super) fn order(&mut self, line: Line, signed: &Signed) -> Option<()> {
        let connection = self.lines.get(&line)?;
        let (id, _) = connection.seat?;
        let exporter = connection.tunnel.as_ref()?.exporter();
        let (now, lazy) = (self.now, self.lazy);
        let room = self.rooms.get_mut(&id)?;
        if !(room.govern.keys.contains(&signed.signer) && signed.holds(&exporter, &id)) {
            return None;
        }
        self.orders.push(signed.order);
        if lazy {
            return Some(());
        }
        if let Order::Remove(member) = signed.order {
            self.end_seat(id, member);
            return Some(());
        }
        room.govern.obey(signed, now);
        let changed = room.govern.changed(now);
        for (line, _) in self.lines_of(id) {
            self.say(line, changed.clone());
        }
        Some(())
    }

    pub(super) fn end_seat(&mut self, id: RoomId, member: MemberId) {
        let Some(room) = self.rooms.get_mut(&id) else {
            return;
        };
        let Some(at) = room.seats.iter().position(|seat| seat.member == member) else {
            return;
        };
        let seat = room.seats.remove(at);
        room.prune_anchors();
        if let Some(line) = seat.line {
            self.lines.get_mut(&line).unwrap().seat = None;
            self.close(line, CloseCode::Removed);
        }
        self.tell_others(id, member, &RelayToClient::Removed { member });
    }

    pub(super) fn purge(&mut self, line: Line, local: LocalId, secret: &[u8; 32], notice: &[u8]) {
        let digest: [u8; 32] = Sha256::digest(secret).into();
        let seat = self.lines.get(&line).and_then(|line| line.seat);
        let opens = |id: &RoomId| self.rooms.get(id).and_then(|room| room.govern.purge);
        let Some((id, member)) = seat.filter(|(id, _)| opens(id) == Some(digest)) else {
            return self.say(line, not_allowed(local));
        };
        self.say(line, RelayToClient::Accepted { local, seq: Seq(0) });
        let purged = RelayToClient::Purged {
            from: member,
            notice: notice.to_vec(),
        };
        self.tell_others(id, member, &purged);
        self.last_word = Some(purged);
        for (line, _) in self.lines_of(id) {
            self.lines.get_mut(&line).unwrap().seat = None;
            self.close(line, CloseCode::Purged);
        }
        self.rooms.remove(&id);
        self.closed.insert(id);
    }
}
