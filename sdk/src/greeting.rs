//! The relay's first words, without entering anything.

use std::time::Duration;

use crypto::kdf::Salt;
use crypto::tunnel::Fingerprint;
use crypto::wire::handshake::ServerHello;
use futures_util::StreamExt as _;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use crate::{Error, Relay};

const PATIENCE: Duration = Duration::from_secs(20);

/// What the relay says of itself when a socket opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// The key that the tunnel will be wrapped with.
    pub fingerprint: Fingerprint,
    /// The salt for room names.
    pub salt: Salt,
}

impl Relay {
    /// Opens a WebSocket as a member would, reads the relay's hello and hangs up. What it shows are claims: only a
    /// handshake proves that the relay holds the key.
    ///
    /// # Errors
    /// Those of a connection, and [`Error::NotARelay`] where no hello comes.
    pub async fn greeting(&self) -> Result<Greeting, Error> {
        let mut socket = self.socket().await?;
        let first = timeout(PATIENCE, socket.next())
            .await
            .map_err(|_| self.strange("the WebSocket opens but stays silent"))?;
        let hello = match first {
            Some(Ok(Message::Binary(bytes))) => ServerHello::decode(&bytes),
            _ => return Err(self.strange("the WebSocket opens and closes again")),
        };
        let hello = hello.map_err(|_| self.strange("its hello cannot be read"))?;
        Ok(Greeting {
            fingerprint: Fingerprint::of_spki(&hello.spki),
            salt: Salt(hello.salt),
        })
    }
}
