//! Letters that outlived their seat.
//!
//! A letter may be under way when the relay forgets the room, or gives up our seat. Whether the relay had it by then,
//! and who got it, nobody knows; so it goes out again in the same bytes, which nobody takes twice. Whoever is in the room
//! now may never have had its chain, and after a reload we no longer have it either. Its own key is enough: in a
//! forward-secret room it goes to whoever is present, in an open-history room it stands in the hello, where those who
//! come later find it, too.

use crypto::peer::PeerKey;
use crypto::wire::{Keep, RoomMode, SenderId};
use rand_core::CryptoRng;

use super::{Now, Session};
use crate::event::{Event, NotSent};
use crate::outbox::Publication;

/// Recipients of one envelope.
const RECIPIENTS: usize = 128;

impl Session {
    /// Sees to it that the letter whose turn it is can be opened by whoever is here.
    pub(super) fn hand_over_keys(&mut self, now: Now, rng: &mut impl CryptoRng) {
        self.fail_for_the_absent(now);
        let Some(letter) = self.outbox.adrift(now.mono) else {
            return;
        };
        if letter.key.is_none() {
            return;
        }
        if self.kind == Some(RoomMode::OpenHistory) {
            if self.announced_adrift != Some(letter.local) {
                self.publish_hello(now, rng);
            }
            return;
        }
        self.hand_over(now, rng);
    }

    /// What is for somebody alone who has not come back may have reached them before; sent again, it would reach nobody.
    fn fail_for_the_absent(&mut self, now: Now) {
        while let Some(letter) = self.outbox.adrift(now.mono)
            && let Some(to) = letter.to
            && !self.roster.peer(&to).is_some_and(|peer| peer.is_present())
            && let Some(local) = self.outbox.fail_turn(NotSent::Absent)
        {
            let why = NotSent::Absent;
            self.events.push_back(Event::NotSent { local, why });
        }
    }

    fn hand_over(&mut self, now: Now, rng: &mut impl CryptoRng) {
        let Some(letter) = self.outbox.adrift(now.mono) else {
            return;
        };
        let (Some(sender), Some(key)) = (&mut self.sender, &letter.key) else {
            return;
        };
        let lacking: Vec<(SenderId, &PeerKey)> = self
            .roster
            .peers()
            .filter(|peer| peer.is_entitled() && !letter.handed.contains(&peer.person.sid))
            .map(|peer| (peer.person.sid, &peer.key))
            .collect();
        let mut sealed = Vec::new();
        for some in lacking.chunks(RECIPIENTS) {
            let to: Vec<&PeerKey> = some.iter().map(|(_, key)| *key).collect();
            sealed.extend(sender.hand_over(&self.keys, &self.identity, key, &to, now.wall, rng));
        }
        letter.handed.extend(lacking.iter().map(|(sid, _)| *sid));
        for sealed in sealed {
            let notice = Publication::new(sealed, Keep::Transient, now.mono);
            self.outbox.notify(notice.with_keys(true));
        }
    }
}
