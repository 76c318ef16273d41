//! What a relay says about itself.

use crypto::kdf::Salt;
use crypto::tunnel::Fingerprint;
use crypto::wire::VERSION;
use serde::Deserialize;

use crate::{Error, Relay};

/// The public facts at `/relay.json`. Nothing in them is believed further than the tunnel proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Goes into every stretch, so that the same name is another room on another relay.
    pub salt: Salt,
    /// The relay's tunnel key as it says.
    pub fingerprint: Fingerprint,
    /// The most members of a room.
    pub max_members: u16,
    /// The longest file that it takes, in bytes; nothing where it takes none.
    pub max_file: u64,
}

#[derive(Deserialize)]
struct Version {
    version: u64,
}

#[derive(Deserialize)]
struct Raw {
    salt: String,
    fingerprint: String,
    max_members: Option<u16>,
    #[serde(default)]
    limits: Limits,
}

#[derive(Default, Deserialize)]
struct Limits {
    #[serde(default)]
    file: u64,
}

/// More than this is not the file we know.
const LONGEST: usize = 64 * 1024;

impl Relay {
    /// Asks the relay for its facts.
    ///
    /// # Errors
    /// Those of a connection; [`Error::NotARelay`] and [`Error::Version`].
    pub async fn facts(&self) -> Result<Facts, Error> {
        let page = self.get("/relay.json", LONGEST).await?;
        if !page.status.is_success() {
            return Err(self.strange(format!("/relay.json is {}", page.status)));
        }
        self.read_facts(&page.body)
    }

    fn read_facts(&self, body: &[u8]) -> Result<Facts, Error> {
        let broken = || self.strange("/relay.json cannot be read");
        // The version decides first: a newer file may look different.
        let Version { version } = serde_json::from_slice(body).map_err(|_| broken())?;
        if version != u64::from(VERSION) {
            return Err(Error::Version {
                theirs: version,
                ours: VERSION,
            });
        }
        let raw: Raw = serde_json::from_slice(body).map_err(|_| broken())?;
        Ok(Facts {
            salt: Salt(hex16(&raw.salt).ok_or_else(broken)?),
            fingerprint: raw.fingerprint.parse().map_err(|_| broken())?,
            max_members: raw.max_members.unwrap_or(64).max(2),
            max_file: raw.limits.file,
        })
    }
}

fn hex16(text: &str) -> Option<[u8; 16]> {
    if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Facts, Error> {
        Relay::new("http://relay.example", None, None)
            .unwrap()
            .read_facts(body.as_bytes())
    }

    #[test]
    fn a_relays_file_is_read() {
        let facts = read(
            r#"{"version":1,"salt":"000102030405060708090a0b0c0d0e0f",
                "fingerprint":"abcdefghijklmnopqrstuvwxyy","max_members":50,
                "limits":{"envelope":1,"file":1000},"newer":[]}"#,
        )
        .unwrap();
        assert_eq!(facts.salt.0, core::array::from_fn(|index| index as u8));
        assert_eq!((facts.max_members, facts.max_file), (50, 1000));
    }

    #[test]
    fn another_version_is_told_before_anything_else_is_read() {
        assert!(matches!(
            read(r#"{"version":2}"#),
            Err(Error::Version { theirs: 2, .. })
        ));
    }

    #[test]
    fn a_broken_file_is_no_relays() {
        for body in [
            "",
            "<html>",
            r#"{"version":1}"#,
            r#"{"version":1,"salt":"+0","fingerprint":"abcdefghijklmnopqrstuvwxyy"}"#,
            r#"{"version":1,"salt":"000102030405060708090a0b0c0d0e0f","fingerprint":"short"}"#,
        ] {
            assert!(matches!(read(body), Err(Error::NotARelay { .. })), "{body}");
        }
    }
}
