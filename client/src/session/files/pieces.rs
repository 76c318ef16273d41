//! Pieces out and in, and what becomes of them when somebody leaves or the relay says no.

use std::time::Duration;

use crypto::wire::{ClientToRelay, FileAnswer, FileId, FileRequest, Refusal, SenderId};
use rand_core::CryptoRng;

use super::super::{Now, Phase, Session};
use crate::body::FileSignal;
use crate::transfer::{Answer, FileNews, FileRef, FileTrouble};

/// The relay is asked again no sooner than this.
const LEAST_PAUSE: Duration = Duration::from_millis(100);
/// How long we wait for room at the relay.
const PATIENCE: Duration = Duration::from_secs(60);

impl Session {
    /// Another connection stands.
    pub(in crate::session) fn files_reconnected(&mut self, same_seat: bool) {
        self.transfers.paused_until = None;
        for outgoing in self.transfers.outgoing.values_mut() {
            outgoing.reconnected(same_seat);
        }
        for incoming in self.transfers.incoming.values_mut() {
            incoming.reconnected();
        }
    }

    /// Moves whatever can be moved now.
    pub(in crate::session) fn move_files(&mut self, now: Now, rng: &mut impl CryptoRng) {
        self.lose_who_left();
        if self.phase() != Some(Phase::Online) || self.outbox.is_paused(now.mono) {
            return;
        }
        self.say_farewells(now, rng);
        self.ask_senders(now, rng);
        let idle = self.transfers.outgoing.iter_mut();
        let idle: Vec<_> = idle
            .filter_map(|(file, outgoing)| outgoing.is_idle().then_some(*file))
            .collect();
        for file in idle {
            self.drop_at_relay(file);
        }
        if self.transfers.is_paused(now.mono) {
            return;
        }
        self.put_pieces(now);
        self.get_pieces(now);
    }

    fn put_pieces(&mut self, now: Now) {
        let mut due = Vec::new();
        for (file, outgoing) in self.transfers.outgoing.iter_mut() {
            while let Some((index, piece)) = outgoing.send(now.mono) {
                due.push(FileRequest::Put {
                    file: *file,
                    index,
                    piece,
                });
            }
        }
        for put in due {
            self.send(&ClientToRelay::File(put));
        }
        let mut under_way = self.transfers.putting();
        let mut wanted = Vec::new();
        let mut has_more = true;
        // One piece of each at a time, so that a long file does not make a short one wait.
        while has_more {
            has_more = false;
            for (file, outgoing) in self.transfers.outgoing.iter_mut() {
                if self.transfers.puts.has_room(under_way)
                    && let Some((index, offset, length)) = outgoing.want()
                {
                    under_way += 1;
                    has_more = true;
                    let news = FileNews::Wanted {
                        index,
                        offset,
                        length,
                    };
                    wanted.push((*file, news));
                }
            }
        }
        for (file, news) in wanted {
            self.tell_of(self.my(file), news);
        }
    }

    fn get_pieces(&mut self, now: Now) {
        let mut under_way = self.transfers.getting();
        let mut due = Vec::new();
        let mut has_more = true;
        while has_more {
            has_more = false;
            for incoming in self.transfers.incoming.values_mut() {
                if self.transfers.gets.has_room(under_way)
                    && let Some(id) = incoming.want(now.mono)
                {
                    under_way += 1;
                    has_more = true;
                    due.push(id);
                }
            }
        }
        for id in due {
            self.send(&ClientToRelay::File(FileRequest::Get(id)));
        }
    }

    /// Lets senders know what we want of them, where they are there to hear it.
    fn ask_senders(&mut self, now: Now, rng: &mut impl CryptoRng) {
        let roster = &self.roster;
        let asking = self.transfers.incoming.iter_mut();
        let asking: Vec<_> = asking
            .filter_map(|(file, incoming)| {
                let peer = roster.peer(&file.from).filter(|peer| peer.is_present())?;
                let from = incoming.ask(peer.seat?, now.mono)?;
                Some((*file, from))
            })
            .collect();
        for (file, from) in asking {
            let signal = FileSignal::Accept {
                file: file.file,
                from,
            };
            self.answer(file, signal, now, rng);
        }
    }

    fn say_farewells(&mut self, now: Now, rng: &mut impl CryptoRng) {
        for file in std::mem::take(&mut self.transfers.farewells) {
            self.answer(file, FileSignal::Stop(file.file), now, rng);
        }
    }

    /// Senders and receivers who have left take their transfers with them.
    fn lose_who_left(&mut self) {
        let roster = &self.roster;
        // Somebody whom we have never met may still be about to say hello.
        let has_left = |sid: &SenderId| roster.peer(sid).is_some_and(|peer| !peer.is_shown());
        let mut lost = Vec::new();
        for (file, incoming) in self.transfers.incoming.iter_mut() {
            if incoming.is_under_way() && has_left(&file.from) {
                incoming.give_up();
                lost.push((*file, FileNews::Failed(FileTrouble::SenderLeft)));
            }
        }
        let me = self.identity.sender_id();
        for (file, outgoing) in self.transfers.outgoing.iter_mut() {
            let file = FileRef {
                from: me,
                file: *file,
            };
            let gone = outgoing.lost(|sid| !has_left(sid));
            lost.extend(gone.into_iter().map(|by| {
                let answer = Answer::Left;
                (file, FileNews::Answer { by, answer })
            }));
        }
        for (file, news) in lost {
            self.tell_of(file, news);
        }
    }

    /// The relay speaks of pieces.
    pub(in crate::session) fn file_frame(
        &mut self,
        answer: FileAnswer,
        now: Now,
        rng: &mut impl CryptoRng,
    ) {
        match answer {
            FileAnswer::Taken { file, index } => {
                let outgoing = self.transfers.outgoing.get_mut(&file);
                let taken = outgoing.and_then(|outgoing| outgoing.taken(index, now.mono));
                if let Some((after, news)) = taken {
                    self.transfers.no_room_since = None;
                    self.transfers.puts.answered(after);
                    if let Some(news) = news {
                        self.tell_of(self.my(file), news);
                    }
                }
            }
            FileAnswer::Piece { id, piece } => {
                let room = self.keys.room_id();
                // The seat says whose file it is; the file's own key says whether that is true.
                let holder = self.transfers.incoming.iter_mut();
                let holder =
                    holder
                        .filter(|(file, _)| file.file == id.file)
                        .find_map(|(file, incoming)| {
                            let arrival = incoming.arrived(&room, id, &piece, now.mono)?;
                            Some((*file, arrival))
                        });
                let Some((file, arrival)) = holder else {
                    return;
                };
                self.transfers.gets.answered(arrival.after);
                for news in arrival.news {
                    self.tell_of(file, news);
                }
                if let Some(intact) = arrival.end {
                    let signal = FileSignal::Done {
                        file: file.file,
                        intact,
                    };
                    self.answer(file, signal, now, rng);
                }
            }
            FileAnswer::Refused {
                id,
                refusal,
                retry_after,
            } => {
                let is_mine = self
                    .seat
                    .as_ref()
                    .is_some_and(|seat| seat.member == id.owner);
                if is_mine {
                    self.put_refused(id.file, id.index, refusal, now);
                } else {
                    let theirs = self.transfers.incoming.iter_mut();
                    for (_, incoming) in theirs.filter(|(file, _)| file.file == id.file) {
                        incoming.put_off(id.index);
                    }
                }
                let until = now.mono + retry_after.max(LEAST_PAUSE);
                self.transfers.paused_until = Some(until);
            }
        }
    }

    fn put_refused(&mut self, file: FileId, index: u32, refusal: Refusal, now: Now) {
        match refusal {
            Refusal::TooLarge => self.cannot_send(file, FileTrouble::TooLarge, now),
            Refusal::Unsupported => self.cannot_send(file, FileTrouble::NoFiles, now),
            Refusal::RelayFull => {
                let since = *self.transfers.no_room_since.get_or_insert(now.mono);
                if now.mono >= since + PATIENCE {
                    self.transfers.no_room_since = None;
                    return self.cannot_send(file, FileTrouble::NoRoom, now);
                }
                if let Some(outgoing) = self.transfers.outgoing.get_mut(&file) {
                    outgoing.put_off(index);
                }
            }
            _ => {
                if let Some(outgoing) = self.transfers.outgoing.get_mut(&file) {
                    outgoing.put_off(index);
                }
            }
        }
    }

    /// When [`Session::move_files`] has something to do because of time.
    pub(in crate::session) fn files_deadline(&self) -> Option<Duration> {
        let is_there = |sid: &SenderId| {
            self.roster
                .peer(sid)
                .is_some_and(|peer| peer.is_present() && peer.seat.is_some())
        };
        let asked = self.transfers.incoming.iter();
        let stalls = asked
            .filter(|(file, _)| is_there(&file.from))
            .filter_map(|(_, incoming)| incoming.deadline());
        let pause = self.transfers.paused_until;
        stalls
            .chain(pause.filter(|until| *until > self.clock))
            .min()
    }
}
