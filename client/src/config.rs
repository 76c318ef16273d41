//! What a session is given by its caller.

use std::time::Duration;

use crypto::kdf::Salt;
use crypto::room::RoomKeys;
use crypto::tunnel::Pin;
use crypto::wire::Opening;

use crate::governance::Rules;
use crate::name::DisplayName;

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

/// What a session needs to know before it starts. The only secret in it is the room's keys.
#[derive(Clone)]
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
    /// Enter as soon as the relay says that there is a seat, without waiting at the door.
    pub auto_enter: bool,
    /// What else the room is to be like if we are the first in it.
    pub rules: Rules,
    /// The room's keys were stretched with a second secret. A room that is empty is then not opened unasked: the secret
    /// may just be another one than the others'.
    pub second_secret: bool,
    /// The room may be of either kind if it exists already, as for somebody who followed a link. Otherwise a room that
    /// is not of the kind in `opening` is not entered unless that kind was shown at the door first and
    /// [`Session::enter`](crate::Session::enter) was called then.
    pub accepts_any_mode: bool,
}
