//! The smallest member that can listen: what `client` does, without its courtesies. Describes each envelope in a line.

use std::collections::BTreeMap;
use std::time::Duration;

use crypto::control::Notice;
use crypto::envelope::{Kind, Outer};
use crypto::error::OpenError;
use crypto::identity::Identity;
use crypto::peer::{Opened, PeerKey};
use crypto::room::RoomKeys;
use crypto::wire::SenderId;

pub(crate) struct Receiver {
    pub(crate) keys: RoomKeys,
    pub(crate) me: Identity,
    pub(crate) peers: BTreeMap<SenderId, PeerKey>,
    pub(crate) now: Duration,
}

impl Receiver {
    pub(crate) fn new(keys: RoomKeys, me: Identity) -> Self {
        Self {
            keys,
            me,
            peers: BTreeMap::new(),
            now: Duration::ZERO,
        }
    }

    /// One envelope, as one line of a vector file.
    pub(crate) fn receive(&mut self, envelope: &[u8]) -> String {
        self.try_receive(envelope)
            .unwrap_or_else(|error| format!("refused {error:?}"))
    }

    pub(crate) fn try_receive(&mut self, envelope: &[u8]) -> Result<String, OpenError> {
        let outer = Outer::open(&self.keys, envelope)?;
        let sid = outer.header().sid;
        if outer.header().kind == Kind::Hello {
            let hello = outer.open_hello(&self.keys)?;
            match self.peers.get_mut(&sid) {
                Some(peer) => peer.take_hello(&hello, self.now)?,
                None => {
                    self.peers
                        .insert(sid, PeerKey::meet(&self.keys, &self.me, &hello)?);
                }
            }
            let said = &hello.introduction;
            return Ok(format!(
                "hello revision={} mode={:?} bot={:?} control={} charter={} name={}",
                said.revision,
                said.mode,
                said.bot,
                said.own_control.is_some(),
                said.charter.len(),
                said.name
            ));
        }
        let peer = self.peers.get_mut(&sid).ok_or(OpenError::NoKey)?;
        Ok(match peer.open(&outer, self.now)? {
            Opened::Message(letter) => {
                format!(
                    "message at={} {}",
                    letter.sent_at.as_millis(),
                    String::from_utf8_lossy(&letter.content)
                )
            }
            Opened::Private(letter) => {
                format!(
                    "private at={} {}",
                    letter.sent_at.as_millis(),
                    String::from_utf8_lossy(&letter.content)
                )
            }
            Opened::ChainKey { epoch, generation } => {
                format!("chain epoch={} generation={}", epoch.0, generation.0)
            }
            Opened::LoneKey { epoch, generation } => {
                format!("lone key epoch={} generation={}", epoch.0, generation.0)
            }
            Opened::Control(Notice::Statement(said)) => {
                format!(
                    "statement number={} at={} {:?}",
                    said.number,
                    said.at.as_millis(),
                    said.command
                )
            }
            Opened::Control(Notice::Purged { at }) => format!("purged at={}", at.as_millis()),
            Opened::ForOthers => "for others".to_owned(),
        })
    }

    /// Everything it knows, to be compared.
    pub(crate) fn state(&self) -> Vec<Vec<u8>> {
        self.peers
            .values()
            .map(|peer| peer.freeze(self.now).to_vec())
            .collect()
    }
}
