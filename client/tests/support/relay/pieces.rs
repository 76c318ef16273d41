//! Files, piece by piece.

use super::*;

impl ModelRelay {
    pub(super) fn file(&mut self, line: Line, request: FileRequest) {
        let Some((id, member)) = self.lines.get(&line).and_then(|line| line.seat) else {
            return;
        };
        let most = self.most_pieces;
        let room = self.rooms.get_mut(&id).unwrap();
        match request {
            FileRequest::Put { file, index, piece } => {
                let id = PieceId {
                    owner: member,
                    file,
                    index,
                };
                if index >= most {
                    let refused = FileAnswer::Refused {
                        id,
                        refusal: Refusal::TooLarge,
                        retry_after: Duration::ZERO,
                    };
                    return self.say(line, RelayToClient::File(refused));
                }
                self.puts += 1;
                room.pieces.entry(id).or_insert(piece);
                self.say(line, RelayToClient::File(FileAnswer::Taken { file, index }));
            }
            FileRequest::Get(id) => room.wanted.push((line, id)),
            FileRequest::Drop { file } => {
                room.pieces
                    .retain(|id, _| (id.owner, id.file) != (member, file));
            }
        }
        let room = self.rooms.get_mut(&id).unwrap();
        let mut given = Vec::new();
        room.wanted.retain(|(line, id)| match room.pieces.get(id) {
            Some(piece) => {
                given.push((*line, *id, piece.clone()));
                false
            }
            None => true,
        });
        for (line, id, piece) in given {
            self.say(line, RelayToClient::File(FileAnswer::Piece { id, piece }));
        }
    }
}
