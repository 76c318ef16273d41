//! One member's part in one room, over as many connections as it takes.

use std::time::Duration;

use crypto::kdf::Salt;
use crypto::room::RoomKeys;
use crypto::tunnel::{Fingerprint, Pin};
use crypto::wire::{LocalId, Opening, RoomId};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::body::SayError;
use crate::event::{Event, Person, Status, Transmit};
use crate::name::DisplayName;

/// Whoever is away for this long is said to have left, although the relay keeps the seat for longer.
pub const AWAY_MEANS_LEFT: Duration = Duration::from_secs(45);

/// Both clocks, as the caller reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Since the Unix epoch. May jump and may be wrong; never used to measure.
    pub wall: Duration,
    /// Since an arbitrary start. Never goes back.
    pub mono: Duration,
}

/// What a bot declares about itself to everybody in the room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotDisclosure {
    /// Where it sends what it reads, in its operator's words.
    pub destination: String,
}

/// What a session needs to know before it starts. No secret but the room's keys.
pub struct Config {
    /// The keys stretched from the room's name.
    pub keys: RoomKeys,
    /// The name to go by.
    pub name: DisplayName,
    /// What the room is to be like if we are the first in it.
    pub opening: Opening,
    /// The relay's key, or that whatever it shows is taken.
    pub pin: Pin,
    /// The salt that `keys` were stretched with. A relay with another one is refused.
    pub salt: Salt,
    /// Set by programs that read along.
    pub bot: Option<BotDisclosure>,
    /// Enter as soon as the relay answers, without waiting at the door.
    pub auto_enter: bool,
}

/// Why a saved session cannot be taken up again. A new session is then the way on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThawError {
    /// It was saved for another room, by another version, or is damaged.
    Unreadable,
}

/// A member's part in a room. Dropping it wipes its keys.
pub struct Session {}

#[expect(unused_variables, clippy::unimplemented, reason = "being written")]
impl Session {
    /// A new member with fresh keys. Starts to connect at once.
    pub fn new(config: Config, now: Now, rng: &mut impl CryptoRng) -> Self { unimplemented!() }

    /// Everything a reloaded tab needs to go on in the same seat under the same identity, sealed under the room's
    /// keys. The own chain key is not in it: a thawed session starts a fresh epoch, so no message key is ever used
    /// by two lives of a session. Store it only where it dies with the tab, and delete it once thawed.
    pub fn freeze(&self, rng: &mut impl CryptoRng) -> Zeroizing<Vec<u8>> { unimplemented!() }

    /// Goes on where [`freeze`](Self::freeze) stopped, after reconnecting. Of `config`, keys, salt, opening and bot
    /// count; name, pin and everything else are what they were.
    pub fn thaw(config: Config, frozen: &[u8], now: Now, rng: &mut impl CryptoRng) -> Result<Self, ThawError> { unimplemented!() }

    /// The socket asked for by [`Transmit::Connect`] is open and agreed on the subprotocol.
    pub fn opened(&mut self, now: Now) { unimplemented!() }
    /// One binary message arrived. Whatever is wrong with it becomes events and a [`Transmit::Close`].
    pub fn receive(&mut self, message: &[u8], now: Now, rng: &mut impl CryptoRng) { unimplemented!() }
    /// The socket is gone or never opened. `code` is the close frame's, if there was one.
    pub fn closed(&mut self, code: Option<u16>, now: Now, rng: &mut impl CryptoRng) { unimplemented!() }
    /// Time has passed.
    pub fn tick(&mut self, now: Now, rng: &mut impl CryptoRng) { unimplemented!() }
    /// When [`tick`](Self::tick) is due, on the monotonic clock.
    pub fn deadline(&self) -> Option<Duration> { unimplemented!() }
    /// The network is back, the tab visible again, or somebody pressed "Try now": reconnect at once, or find out
    /// quickly whether the connection still stands.
    pub fn wake(&mut self, now: Now) { unimplemented!() }
    /// What to do next with the socket.
    pub fn poll_transmit(&mut self) -> Option<Transmit> { unimplemented!() }
    /// What happened.
    pub fn poll_event(&mut self) -> Option<Event> { unimplemented!() }

    /// Takes the seat after [`Event::Door`].
    pub fn enter(&mut self, now: Now) { unimplemented!() }
    /// Says something. It is sent as soon as possible and in order, however long that takes.
    pub fn say(&mut self, text: String, now: Now, rng: &mut impl CryptoRng) -> Result<LocalId, SayError> { unimplemented!() }
    /// Takes another name, and tells the others.
    pub fn rename(&mut self, name: DisplayName, now: Now, rng: &mut impl CryptoRng) { unimplemented!() }
    /// Sends a message again that was [`Event::NotSent`].
    pub fn retry(&mut self, local: LocalId, now: Now, rng: &mut impl CryptoRng) { unimplemented!() }
    /// Gives up on a message that was not sent, or not yet.
    pub fn discard(&mut self, local: LocalId) { unimplemented!() }
    /// Leaves the room. The session is over afterwards.
    pub fn leave(&mut self, now: Now) { unimplemented!() }
    /// Takes the key of [`Event::RelayKeyChanged`] after somebody has compared and typed it, and connects.
    pub fn trust_new_key(&mut self, found: Fingerprint) { unimplemented!() }
    /// Whether [`Event::Wire`] is wanted. It is at first.
    pub fn watch_wire(&mut self, wanted: bool) { unimplemented!() }

    /// Where the session stands.
    pub fn status(&self) -> &Status { unimplemented!() }
    /// The room's address.
    pub fn room(&self) -> RoomId { unimplemented!() }
    /// Ourselves, as others see us.
    pub fn me(&self) -> Person { unimplemented!() }
    /// Everybody in the room but ourselves, in the order of their arrival.
    pub fn people(&self) -> Vec<Person> { unimplemented!() }
}
