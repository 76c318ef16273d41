//! What we publish, from the moment it is written until the relay has said that it has it.
//!
//! Two queues. **Letters** are what a person says: they go out strictly one after the other, so that nothing the relay
//! refuses or loses can ever change their order. **Notices** (hellos and chain keys) go out at once, in front of the
//! letter that needs them.
//!
//! A letter is sealed when its turn comes, because only then is it known who may read it. From then on its bytes never
//! change: whatever is sent again is the same envelope, which receivers take once. Where the relay has forgotten the
//! room meanwhile, people may be there who cannot open these bytes; they are handed the key of that one letter. What carries the keys of
//! letters is remembered and said again like these.

mod lately;
mod letter;
mod publication;

use std::collections::VecDeque;
use std::time::Duration;

use crypto::lone::LoneKey;
use crypto::wire::{ClientToRelay, LocalId, SenderId};
use zeroize::Zeroizing;

use crate::event::NotSent;

use lately::Lately;
pub(crate) use letter::Letter;
use publication::ANSWER_WITHIN;
pub(crate) use publication::{Class, Publication, Settled};
use sorted::Set;

/// A letter that has been sent this often on one connection and has no answer is given up.
const MOST_TRIES: u8 = 4;
/// How long receivers keep the key of a message that was overtaken, with a margin.
const OVERTAKEN_KEYS_LAST: Duration = Duration::from_secs(4 * 60);

/// See the module.
#[derive(Default)]
pub(crate) struct Outbox {
    pub(crate) notices: VecDeque<Publication>,
    pub(crate) letters: VecDeque<Letter>,
    pub(crate) lately: Lately,
    pub(crate) next_local: u32,
    pub(crate) next_wire: u32,
    /// The relay asked for a pause.
    paused_until: Option<Duration>,
}

impl Outbox {
    /// An empty one that goes on counting from these.
    pub(crate) fn numbered_from(next_local: u32, next_wire: u32) -> Self {
        Self {
            next_local,
            next_wire,
            ..Self::default()
        }
    }

    /// Takes over something to say.
    pub(crate) fn write(
        &mut self,
        to: Option<SenderId>,
        content: Zeroizing<Vec<u8>>,
        written_at: Duration,
    ) -> LocalId {
        let local = LocalId(self.next_local);
        self.next_local = self.next_local.wrapping_add(1);
        self.letters.push_back(Letter {
            local,
            to,
            content,
            written_at,
            sealed: None,
            key: None,
            adrift: false,
            handed: Set::new(),
            failed: None,
        });
        local
    }

    /// Takes back what nobody needs any more, unless it may already be on its way.
    pub(crate) fn take_back(&mut self, is_needless: impl Fn(&Letter) -> bool) -> Vec<LocalId> {
        let mut taken_back = Vec::new();
        self.letters.retain(|letter| {
            let is_new = letter.sealed.is_none() && letter.failed.is_none();
            let goes = is_new && is_needless(letter);
            taken_back.extend(goes.then_some(letter.local));
            !goes
        });
        taken_back
    }

    /// A number at the relay for something that is no publication.
    pub(crate) fn number(&mut self) -> LocalId {
        let local = LocalId(self.next_wire);
        self.next_wire = self.next_wire.wrapping_add(1);
        local
    }

    /// A hello, a chain key or a sign of life to publish. It replaces an earlier one of its class that the relay does not
    /// have. One that is under way stays: letters may be sealed with the chain that it begins.
    pub(crate) fn notify(&mut self, notice: Publication) {
        self.notices
            .retain(|earlier| !earlier.is_replaced_by(&notice));
        self.notices.push_back(notice);
    }

    /// How many letters wait.
    pub(crate) fn waiting(&self) -> usize {
        self.letters
            .iter()
            .filter(|letter| letter.failed.is_none())
            .count()
    }

    /// Whether anything waits that is held back for people who are about to be here.
    pub(crate) fn has_something_to_say(&self) -> bool {
        self.waiting() > 0 || !self.lately.again.is_empty()
    }

    /// Whether something that a relay forgot is being said again.
    pub(crate) fn repeats(&self) -> bool {
        !self.lately.again.is_empty()
    }

    /// The letter whose turn it is, if it is still to be sealed and may go out now.
    pub(crate) fn unsealed(&self, now: Duration) -> Option<&Letter> {
        if self.is_paused(now) || !self.lately.again.is_empty() {
            return None;
        }
        self.turn().filter(|letter| letter.sealed.is_none())
    }

    /// Gives the letter whose turn it is its final form.
    pub(crate) fn seal(&mut self, publication: Publication, key: Option<LoneKey>) {
        if let Some(letter) = self.turn_mut() {
            letter.sealed = Some(publication);
            letter.key = key;
            letter.adrift = false;
        }
    }

    /// The letter that would go out now in a form that whoever is here may not be able to open.
    pub(crate) fn adrift(&mut self, now: Duration) -> Option<&mut Letter> {
        if self.is_paused(now) {
            return None;
        }
        let letter = self.turn_mut()?;
        let is_due = letter.sealed.as_ref().is_some_and(|it| it.is_due(now));
        (letter.adrift && is_due).then_some(letter)
    }

    /// The letter whose turn it is cannot be sealed.
    pub(crate) fn fail_turn(&mut self, why: NotSent) -> Option<LocalId> {
        let letter = self.turn_mut()?;
        letter.failed = Some(why);
        Some(letter.local)
    }

    /// Frames to send now, in order; letters only where they may go.
    pub(crate) fn due(&mut self, now: Duration, letters_may_go: bool) -> Vec<ClientToRelay> {
        if self.is_paused(now) {
            return Vec::new();
        }
        self.paused_until = None;
        let next_wire = &mut self.next_wire;
        let mut frames: Vec<_> = self
            .notices
            .iter_mut()
            .filter(|notice| notice.is_due(now))
            .map(|notice| notice.send(next_wire, now))
            .collect();
        let turn = self
            .letters
            .iter_mut()
            .find(|letter| letter.failed.is_none());
        let letter = turn.and_then(|letter| letter.sealed.as_mut());
        let sealed = match self.lately.again.front_mut() {
            Some(again) => Some(again),
            None => letter,
        };
        if let Some(sealed) = sealed.filter(|_| letters_may_go)
            && let Some(sealed) =
                Some(sealed).filter(|sealed| sealed.is_due(now) && sealed.tries < MOST_TRIES)
        {
            frames.push(sealed.send(next_wire, now));
        }
        frames
    }

    /// The letter that the relay has left unanswered too often, now failed.
    pub(crate) fn give_up(&mut self, now: Duration) -> Option<LocalId> {
        let is_hopeless = |again: &mut Publication| again.tries >= MOST_TRIES && again.is_due(now);
        while self.lately.again.pop_front_if(is_hopeless).is_some() {}
        let letter = self.turn_mut()?;
        let sealed = letter.sealed.as_ref()?;
        if sealed.tries < MOST_TRIES || !sealed.is_due(now) {
            return None;
        }
        letter.failed = Some(NotSent::Unanswered);
        Some(letter.local)
    }

    /// The relay has what it was sent under `wire`.
    pub(crate) fn accepted(&mut self, wire: LocalId, now: Duration) -> Option<Settled> {
        let is_again = |again: &Publication| again.wire == Some(wire);
        if let Some((header, carried)) = self.lately.settle(is_again, now) {
            return Some(Settled::Again { header, carried });
        }
        let is_it = |notice: &Publication| notice.wire == Some(wire);
        if let Some(at) = self.notices.iter().position(is_it) {
            if let Some(notice) = self.notices.remove(at).filter(|it| it.carries_keys) {
                self.lately.take(notice, now);
            }
            return Some(Settled::Notice);
        }
        let is_it = |letter: &Letter| {
            letter
                .sealed
                .as_ref()
                .is_some_and(|sealed| sealed.wire == Some(wire))
        };
        let letter = self
            .letters
            .iter()
            .position(is_it)
            .and_then(|at| self.letters.remove(at))?;
        let local = letter.local;
        let sealed = letter.sealed?;
        let (header, carried) = (sealed.header, sealed.carried);
        self.lately.take(sealed, now);
        Some(Settled::Letter {
            local,
            header,
            carried,
        })
    }

    /// An own envelope came back from the relay's ring: it has it, whatever became of the answer. Only the very bytes
    /// say so: any member can make others that bear the same name.
    pub(crate) fn seen(&mut self, envelope: &[u8], now: Duration) -> Option<LocalId> {
        self.lately.settle(|again| again.envelope == envelope, now);
        let is_it = |letter: &Letter| {
            letter
                .sealed
                .as_ref()
                .is_some_and(|sealed| sealed.envelope == envelope)
        };
        let at = self.letters.iter().position(is_it)?;
        let letter = self.letters.remove(at)?;
        if let Some(sealed) = letter.sealed {
            self.lately.take(sealed, now);
        }
        Some(letter.local)
    }

    /// The relay asks for a pause and does not have what came under `wire`.
    pub(crate) fn pause(&mut self, wire: Option<LocalId>, until: Duration) {
        if let Some(publication) = wire.and_then(|wire| self.find(wire)) {
            publication.forget_wire();
            publication.tries = 0;
        }
        self.paused_until = Some(
            self.paused_until
                .map_or(until, |earlier| earlier.max(until)),
        );
    }

    /// The relay will not take what came under `wire`. Returns the letter, if it was one.
    pub(crate) fn refused(&mut self, wire: LocalId, why: NotSent) -> Option<LocalId> {
        self.notices.retain(|notice| notice.wire != Some(wire));
        self.lately.drop_refused(wire);
        let is_it = |letter: &&mut Letter| {
            letter
                .sealed
                .as_ref()
                .is_some_and(|sealed| sealed.wire == Some(wire))
        };
        let letter = self.letters.iter_mut().find(is_it)?;
        letter.failed = Some(why);
        if let Some(sealed) = &mut letter.sealed {
            sealed.forget_wire();
        }
        Some(letter.local)
    }

    /// Puts a failed letter at the end of the queue again. One that the relay certainly never had is sealed anew when
    /// receivers may already have dropped its key; one that it may have had keeps its bytes.
    pub(crate) fn retry(&mut self, local: LocalId, now: Duration) -> bool {
        let is_it = |letter: &Letter| letter.local == local && letter.failed.is_some();
        let Some(mut letter) = self
            .letters
            .iter()
            .position(is_it)
            .and_then(|at| self.letters.remove(at))
        else {
            return false;
        };
        let never_arrived = matches!(letter.failed.take(), Some(NotSent::Refused(_)));
        let is_old = |sealed: &Publication| now > sealed.sealed_at + OVERTAKEN_KEYS_LAST;
        if never_arrived && letter.sealed.as_ref().is_some_and(is_old) {
            letter.sealed = None;
            letter.key = None;
        }
        if let Some(sealed) = &mut letter.sealed {
            // Another number: the relay has meanwhile accepted later ones.
            sealed.forget_wire();
            sealed.tries = 0;
        }
        self.letters.push_back(letter);
        true
    }

    /// Forgets a letter. False if there is none of that name.
    pub(crate) fn discard(&mut self, local: LocalId) -> bool {
        let before = self.letters.len();
        self.letters.retain(|letter| letter.local != local);
        self.letters.len() != before
    }

    /// A connection stands anew. In the same seat the relay recognises what it already has by its number; in another
    /// seat the numbers mean nothing.
    pub(crate) fn reconnected(&mut self, same_seat: bool) {
        self.paused_until = None;
        self.notices
            .retain(|notice| notice.class != Class::Momentary);
        for letter in self.letters.iter_mut().filter(|_| !same_seat) {
            letter.adrift = letter.sealed.is_some();
            letter.handed.clear();
        }
        let letters = self
            .letters
            .iter_mut()
            .filter_map(|letter| letter.sealed.as_mut());
        let waiting = self.notices.iter_mut().chain(&mut self.lately.again);
        for publication in waiting.chain(letters) {
            publication.carried |= publication.tries > 0;
            publication.sent_at = None;
            publication.tries = 0;
            if !same_seat {
                publication.wire = None;
            }
        }
    }

    /// When [`due`](Self::due) or [`give_up`](Self::give_up) has something to do at the latest.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        if self.paused_until.is_some() {
            return self.paused_until;
        }
        let letter = self.turn().and_then(|letter| letter.sealed.as_ref());
        let turn = self.lately.again.front().or(letter);
        self.notices
            .iter()
            .chain(turn)
            .filter_map(|waiting| waiting.sent_at)
            .map(|sent| sent + ANSWER_WITHIN)
            .min()
    }

    /// Ends everything that waits; the letters concerned, in order.
    pub(crate) fn fail_all(&mut self, why: NotSent) -> Vec<LocalId> {
        self.notices.clear();
        self.lately = Lately::default();
        let waiting = self
            .letters
            .iter_mut()
            .filter(|letter| letter.failed.is_none());
        waiting
            .map(|letter| {
                letter.failed = Some(why);
                letter.local
            })
            .collect()
    }

    pub(crate) fn is_paused(&self, now: Duration) -> bool {
        self.paused_until.is_some_and(|until| now < until)
    }

    fn turn(&self) -> Option<&Letter> {
        self.letters.iter().find(|letter| letter.failed.is_none())
    }

    fn turn_mut(&mut self) -> Option<&mut Letter> {
        self.letters
            .iter_mut()
            .find(|letter| letter.failed.is_none())
    }

    fn find(&mut self, wire: LocalId) -> Option<&mut Publication> {
        let letters = self.letters.iter_mut();
        let letters = letters.filter_map(|letter| letter.sealed.as_mut());
        self.notices
            .iter_mut()
            .chain(&mut self.lately.again)
            .chain(letters)
            .find(|publication| publication.wire == Some(wire))
    }
}
