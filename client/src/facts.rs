//! What a relay says about itself at `/relay.json`: which of it is believed, whoever reads the JSON.

use crypto::kdf::Salt;
use crypto::tunnel::Fingerprint;
use crypto::wire::VERSION;

/// A relay's public facts. Nothing in them is believed further than the tunnel proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Goes into every stretch, so that the same name is another room on another relay.
    pub salt: Salt,
    /// The relay's tunnel key as it says. It is compared with what the tunnel proves.
    pub fingerprint: Fingerprint,
    /// The most members of a room.
    pub max_members: u16,
    /// The longest file that it takes, in bytes; nothing where it takes none.
    pub max_file: u64,
}

/// The fields as they stand in the file, each missing where it is of another kind. Numbers are what JSON has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawFacts {
    /// `version`
    pub version: Option<f64>,
    /// `salt`, 32 hexadecimal digits
    pub salt: Option<String>,
    /// `fingerprint`, 26 characters
    pub fingerprint: Option<String>,
    /// `max_members`
    pub max_members: Option<f64>,
    /// `limits.file`
    pub max_file: Option<f64>,
}

/// Why a file at `/relay.json` is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFacts {
    /// It is not the file of a relay, or not a whole one.
    Broken,
    /// The relay speaks this version of the protocol.
    Version(u64),
}

/// What a relay that does not say takes in a room.
const MEMBERS: u16 = 64;

impl Facts {
    /// Checks the fields. The version decides first, so that a newer file may look different.
    ///
    /// # Errors
    /// [`NoFacts`].
    pub fn check(raw: &RawFacts) -> Result<Self, NoFacts> {
        let version = raw.version.and_then(whole).ok_or(NoFacts::Broken)?;
        if version != u64::from(VERSION) {
            return Err(NoFacts::Version(version));
        }
        let salt = raw.salt.as_deref().and_then(hex16);
        let fingerprint = raw.fingerprint.as_deref().map(str::parse);
        let members = raw.max_members.and_then(whole);
        Ok(Self {
            salt: Salt(salt.ok_or(NoFacts::Broken)?),
            fingerprint: fingerprint.and_then(Result::ok).ok_or(NoFacts::Broken)?,
            max_members: members
                .and_then(|members| u16::try_from(members).ok())
                .filter(|members| *members >= 2)
                .unwrap_or(MEMBERS),
            max_file: raw.max_file.and_then(whole).unwrap_or_default(),
        })
    }
}

/// A number without a fraction that a float holds exactly.
fn whole(number: f64) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked"
    )]
    let whole = number as u64;
    ((0.0..=9e15).contains(&number) && number.fract() == 0.0).then_some(whole)
}

fn hex16(text: &str) -> Option<[u8; 16]> {
    // A sign in front would be taken for part of a number.
    if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    u128::from_str_radix(text, 16).ok().map(u128::to_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw() -> RawFacts {
        RawFacts {
            version: Some(1.0),
            salt: Some("000102030405060708090a0b0c0d0e0f".to_owned()),
            fingerprint: Some("abcdefghijklmnopqrstuvwxya".to_owned()),
            max_members: Some(50.0),
            max_file: Some(1000.0),
        }
    }

    #[test]
    fn a_relays_file_is_read() {
        let facts = Facts::check(&raw()).unwrap();
        assert_eq!(facts.salt.0, core::array::from_fn(|index| index as u8));
        assert_eq!((facts.max_members, facts.max_file), (50, 1000));
    }

    #[test]
    fn another_version_is_told_before_anything_else_is_read() {
        for version in [0_u32, 2] {
            let other = RawFacts {
                version: Some(f64::from(version)),
                ..RawFacts::default()
            };
            let told = NoFacts::Version(u64::from(version));
            assert_eq!(Facts::check(&other), Err(told));
        }
    }

    #[test]
    fn a_version_that_is_no_whole_number_is_no_relays() {
        for version in [None, Some(1.5), Some(-1.0), Some(f64::NAN), Some(1e300)] {
            let broken = RawFacts { version, ..raw() };
            assert_eq!(Facts::check(&broken), Err(NoFacts::Broken), "{version:?}");
        }
    }

    #[test]
    fn a_broken_salt_or_key_is_no_relays() {
        let salts = [
            "",
            "00",
            "zz0102030405060708090a0b0c0d0e0f",
            "+00102030405060708090a0b0c0d0e0f",
        ];
        for salt in salts
            .map(|salt| Some(salt.to_owned()))
            .into_iter()
            .chain([None])
        {
            let broken = RawFacts { salt, ..raw() };
            assert_eq!(Facts::check(&broken), Err(NoFacts::Broken), "{broken:?}");
        }
        for fingerprint in [None, Some("short".to_owned())] {
            let broken = RawFacts {
                fingerprint,
                ..raw()
            };
            assert_eq!(Facts::check(&broken), Err(NoFacts::Broken), "{broken:?}");
        }
    }

    #[test]
    fn limits_that_make_no_sense_are_as_if_they_were_not_there() {
        for number in [
            None,
            Some(-1.0),
            Some(2.5),
            Some(f64::INFINITY),
            Some(1e300),
        ] {
            let odd = RawFacts {
                max_members: number,
                max_file: number,
                ..raw()
            };
            let facts = Facts::check(&odd).unwrap();
            assert_eq!((facts.max_members, facts.max_file), (64, 0), "{number:?}");
        }
    }
}
