//! Which room, on which relay, as whom: put together from arguments, environment, files and questions.

use std::fs;
use std::io::{IsTerminal as _, stderr};
use std::path::Path;

use client::link::{self, Target};
use client::{BotDisclosure, DisplayName};
use crypto::kdf::SecondSecret;
use crypto::mark::SecretMark;
use crypto::name::{NameError, RoomName};
use crypto::tunnel::Fingerprint;
use sdk::{Door, Member, Relay, rng};

use crate::args::{Newcomers, RelayArguments, VisitArguments};
use crate::exit::{Exit, Failure};

/// A room whose relay has answered: one step from the inside.
pub(crate) struct Ready {
    door: Door,
    you: DisplayName,
    any_mode: bool,
    /// Where another room would be.
    pub(crate) relay: Relay,
    /// What the room looks like to everybody in it: four emoji.
    pub(crate) face: String,
}

impl Ready {
    /// The longest file that the relay takes.
    pub(crate) fn max_file(&self) -> u64 {
        self.door.max_file()
    }

    /// Starts the session.
    pub(crate) fn enter(self) -> Member {
        self.door.enter(self.you, self.any_mode)
    }
}

/// Everything that is needed to enter.
pub(crate) struct Room {
    relay: Relay,
    name: RoomName,
    pin: Option<Fingerprint>,
    second: Option<SecondSecret>,
    you: DisplayName,
    /// A link says that the room takes the second secret, and perhaps what tells a wrong one. Who names the room instead
    /// may be the one who opens it.
    takes_second: bool,
    mark: Option<SecretMark>,
}

impl Room {
    /// Reads the arguments, and asks for what is missing where there is a terminal.
    pub(crate) fn of(
        typed: Option<&str>,
        room: &VisitArguments,
        relay: &RelayArguments,
    ) -> Result<Self, Failure> {
        let typed = match (typed, &room.room_file) {
            (Some(typed), _) => typed.to_owned(),
            (None, Some(file)) => first_line(file)?,
            (None, None) => ask("Link or room name: ").ok_or_else(|| {
                usage("say which room: put its link or name into ROOMKEY_ROOM or into a file for --room-file")
            })?,
        };
        let second = match (&room.secret_file, std::env::var("ROOMKEY_SECRET")) {
            (Some(file), _) => Some(first_line(file)?),
            (None, Ok(secret)) => Some(secret),
            (None, Err(_)) => None,
        };
        let second = second
            .map(|typed| {
                SecondSecret::parse(&typed)
                    .ok_or_else(|| usage("the second secret is empty or holds control characters"))
            })
            .transpose()?;
        let you = match &room.name {
            Some(typed) => DisplayName::parse(typed).map_err(|error| usage(error.to_string()))?,
            None => DisplayName::generate(&mut rng()),
        };
        let found = read(&typed)?;
        if found.takes_second && second.is_none() {
            return Err(usage(
                "this link's room has a password: put it into a file and give --secret-file, or set ROOMKEY_SECRET",
            ));
        }
        let address = relay.relay.clone().or(found.address).ok_or_else(|| {
            usage("say which relay: give a whole link, or --relay https://chat.example, or set ROOMKEY_RELAY")
        })?;
        Ok(Self {
            relay: connect(&address, relay)?,
            name: found.name,
            pin: relay.relay_key.or(found.pin),
            second,
            you,
            takes_second: found.takes_second,
            mark: found.mark,
        })
    }

    /// Asks the relay, stretches the name and starts the session.
    pub(crate) async fn enter(
        self,
        room: &VisitArguments,
        bot: Option<BotDisclosure>,
    ) -> Result<Member, Failure> {
        Ok(self.ready(room, bot).await?.enter())
    }

    /// Asks the relay and stretches the name. Nobody in the room learns of it yet.
    pub(crate) async fn ready(
        self,
        room: &VisitArguments,
        bot: Option<BotDisclosure>,
    ) -> Result<Ready, Failure> {
        let relay = self.relay.clone();
        let mut door = Door::find(self.relay, self.name, self.second, self.pin).await?;
        if self.mark.is_some_and(|mark| !mark.fits(door.keys())) {
            return Err(Failure::new(
                Exit::Refused,
                "that is not this room's second secret: ask whoever sent the link. Nothing was sent",
            ));
        }
        (door.opening.mode, door.opening.history) =
            room.newcomers.unwrap_or(Newcomers::Last35).mode();
        door.opening.lifetime = room.closes.lifetime();
        door.bot = bot;
        let face = door.keys().face().emoji.join(" ");
        door.waits_where_empty = self.takes_second;
        Ok(Ready {
            door,
            you: self.you,
            any_mode: room.newcomers.is_none(),
            relay,
            face,
        })
    }
}

/// The relay at `address`, reached as the arguments say.
pub(crate) fn connect(address: &str, relay: &RelayArguments) -> Result<Relay, Failure> {
    Ok(Relay::new(
        address,
        relay.proxy.clone(),
        relay.ca.as_deref(),
    )?)
}

struct Found {
    name: RoomName,
    pin: Option<Fingerprint>,
    address: Option<String>,
    mark: Option<SecretMark>,
    takes_second: bool,
}

fn read(typed: &str) -> Result<Found, Failure> {
    let typed = typed.trim();
    let Some((host, target)) = link::follow(typed) else {
        let name = RoomName::parse(typed).map_err(|error| usage(wrong_name(&error)))?;
        return Ok(Found {
            name,
            pin: None,
            address: None,
            mark: None,
            takes_second: false,
        });
    };
    let room = match target {
        Target::Room(room) => room,
        Target::Rewritten(Some(room)) => {
            warn(
                "this link was rewritten on its way (# became %23): the relay may have seen the room's name if anybody opened it in a browser",
            );
            room
        }
        Target::Newer => {
            return Err(Failure::new(
                Exit::Version,
                "this link is of a newer kind: update roomkey",
            ));
        }
        Target::Front | Target::Incomplete | Target::Rewritten(None) => {
            return Err(usage(
                "this link lost its room name: ask for it again, or give the name itself",
            ));
        }
    };
    let insecure = typed
        .trim_start_matches('<')
        .to_ascii_lowercase()
        .starts_with("http://");
    let address = (!host.is_empty()).then(|| match (insecure, typed.contains("://")) {
        (true, _) => format!("http://{host}"),
        (false, true) => format!("https://{host}"),
        // The scheme was lost on the way; the relay's address tells what it must have been.
        (false, false) => host,
    });
    Ok(Found {
        name: room.name,
        pin: room.fingerprint,
        address,
        mark: room.mark,
        takes_second: room.second,
    })
}

fn wrong_name(error: &NameError) -> String {
    match error {
        NameError::Empty => "the room's name is empty".to_owned(),
        other => other.to_string(),
    }
}

fn usage(sentence: impl Into<String>) -> Failure {
    Failure::new(Exit::Usage, sentence)
}

fn first_line(file: &Path) -> Result<String, Failure> {
    let text = fs::read_to_string(file).map_err(|error| {
        Failure::new(
            Exit::Failed,
            format!("could not read {}: {error}", file.display()),
        )
    })?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// Asks on the terminal without showing the answer; `None` where there is no terminal.
fn ask(question: &str) -> Option<String> {
    if !stderr().is_terminal() {
        return None;
    }
    rpassword::prompt_password(question).ok()
}

#[expect(
    clippy::print_stderr,
    reason = "a warning for the person, beside the output"
)]
pub(crate) fn warn(sentence: &str) {
    eprintln!("roomkey: {sentence}");
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "abcdefghijklmnopqrstuvwxyy";

    #[test]
    fn a_link_names_its_relay_room_and_key() {
        for (typed, address) in [
            (
                format!("https://chat.example/#/r/blue-otter/{KEY}"),
                "https://chat.example",
            ),
            (
                format!("HTTP://192.168.1.5:8080/#/r/blue-otter/{KEY}"),
                "http://192.168.1.5:8080",
            ),
            (format!("chat.example/#/r/blue-otter/{KEY}"), "chat.example"),
        ] {
            let found = read(&typed).unwrap();
            assert_eq!(found.name.as_str(), "blue-otter");
            assert_eq!(found.pin.map(|pin| pin.to_string()).as_deref(), Some(KEY));
            assert_eq!(found.address.as_deref(), Some(address));
        }
    }

    #[test]
    fn a_name_is_a_name() {
        let found = read("  Blue   Otter ").unwrap();
        assert_eq!((found.name.as_str(), found.address), ("blue-otter", None));
        assert!(!found.takes_second);
    }

    #[test]
    fn what_cannot_be_followed_says_why() {
        let exit = |typed: &str| read(typed).err().map(|failure| failure.exit);
        assert_eq!(exit(""), Some(Exit::Usage));
        assert_eq!(exit("https://chat.example/"), Some(Exit::Usage));
        assert_eq!(exit("https://chat.example/#/r/"), Some(Exit::Usage));
        assert_eq!(exit("https://chat.example/#/new/kind"), Some(Exit::Version));
        let cut = format!("https://chat.example/#/r/blue-otter/{}", &KEY[..20]);
        assert_eq!(exit(&cut), Some(Exit::Usage));
    }
}
