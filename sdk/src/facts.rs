//! What a relay says about itself.

pub use client::Facts;
use client::{NoFacts, RawFacts};
use crypto::wire::VERSION;
use serde_json::Value;

use crate::{Error, Relay};

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
        let file: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |field: &str| file[field].as_str().map(str::to_owned);
        let raw = RawFacts {
            version: file["version"].as_f64(),
            salt: text("salt"),
            fingerprint: text("fingerprint"),
            max_members: file["max_members"].as_f64(),
            max_file: file["limits"]["file"].as_f64(),
        };
        Facts::check(&raw).map_err(|why| match why {
            NoFacts::Broken => self.strange("/relay.json cannot be read"),
            NoFacts::Version(theirs) => Error::Version {
                theirs,
                ours: VERSION,
            },
        })
    }
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
