//! What the relay says about itself at `/relay.json`, asked once when the page starts.

use std::time::Duration;

use crypto::kdf::Salt;
use crypto::tunnel::Fingerprint;
use crypto::wire::VERSION;
use js_sys::{JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestCache, RequestInit, Response};

use crate::browser;
use crate::state::{Blocked, ClockOff, RelayFacts};

/// The relay's public facts in the types of the protocol.
#[derive(Clone, Debug)]
pub(crate) struct RelayCard {
    /// Goes into every stretch, so that the same name is another room on another relay.
    pub(crate) salt: Salt,
    /// The relay's tunnel key as the page learned it. The page came from the same place, so this
    /// alone proves nothing; it is compared with what the tunnel proves.
    pub(crate) fingerprint: Fingerprint,
    /// The most people in a room.
    pub(crate) max_members: u16,
    /// How far this device's clock is from the relay's, if that is worth a word.
    pub(crate) clock: Option<ClockOff>,
    /// The longest file, in bytes.
    pub(crate) max_file: u64,
}

/// The fields as they stand in the file, none of them believed yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RawCard {
    /// `version`
    pub(crate) version: Option<f64>,
    /// `salt`, 32 hexadecimal digits
    pub(crate) salt: Option<String>,
    /// `fingerprint`, 26 characters
    pub(crate) fingerprint: Option<String>,
    /// `max_members`
    pub(crate) max_members: Option<f64>,
    /// The answer's `Date` header, in milliseconds since the Unix epoch
    pub(crate) date: Option<f64>,
    /// `limits.file`
    pub(crate) max_file: Option<f64>,
}

impl RelayCard {
    /// Checks the fields. The version decides first, so that a newer file may look different.
    pub(crate) fn check(raw: &RawCard, now: Duration) -> Result<Self, Blocked> {
        let version = raw.version.ok_or(Blocked::Unreachable)?;
        if version > f64::from(VERSION) {
            return Err(Blocked::RelayTooNew);
        }
        if version < f64::from(VERSION) {
            return Err(Blocked::RelayTooOld);
        }
        let salt = raw
            .salt
            .as_deref()
            .and_then(hex16)
            .ok_or(Blocked::Unreachable)?;
        let fingerprint = raw
            .fingerprint
            .as_deref()
            .and_then(|text| text.parse().ok())
            .ok_or(Blocked::Unreachable)?;
        let max_members = raw
            .max_members
            .filter(|n| (2.0..=65_535.0).contains(n))
            .unwrap_or(64.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "range checked above"
        )]
        let max_members = max_members as u16;
        let max_file = raw
            .max_file
            .filter(|n| (0.0..=1e15).contains(n))
            .unwrap_or(0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "range checked above"
        )]
        let max_file = max_file as u64;
        Ok(Self {
            salt: Salt(salt),
            fingerprint,
            max_members,
            clock: raw.date.and_then(|date| clock_off(date, now)),
            max_file,
        })
    }

    /// What the screen shows of it.
    pub(crate) fn facts(&self) -> RelayFacts {
        RelayFacts {
            fingerprint: self.fingerprint.to_string(),
            max_members: self.max_members,
            clock: self.clock,
            max_file: self.max_file,
        }
    }
}

/// From here on a wrong clock would puzzle people.
const CLOCK_SLACK: Duration = Duration::from_secs(120);

fn clock_off(date: f64, now: Duration) -> Option<ClockOff> {
    let there = Duration::try_from_secs_f64(date / 1000.0).ok()?;
    let by = now.abs_diff(there);
    (by > CLOCK_SLACK).then_some(ClockOff {
        ahead: now > there,
        by,
    })
}

fn hex16(text: &str) -> Option<[u8; 16]> {
    if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 16];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// Asks the relay.
pub(crate) async fn ask() -> Result<RelayCard, Blocked> {
    let raw = fetch().await.map_err(|_| Blocked::Unreachable)?;
    RelayCard::check(&raw, browser::wall())
}

/// The start of the hash of the page that the relay serves now, if the app behind it is not the one that runs here.
/// A relay that does not answer has nothing new to say.
pub(crate) async fn other_app() -> Option<String> {
    let script = browser::document()
        .query_selector("script[data-wasm]")
        .ok()??;
    let mine = script.get_attribute("data-wasm")?;
    let (_, build) = fetch_json("/build.json").await.ok()?;
    let assets = Reflect::get(&build, &"assets".into()).ok()?;
    // The name of a module carries a hash of what is in it.
    let is_served = Reflect::has(&assets, &mine.trim_start_matches('/').into()).ok()?;
    let page = Reflect::get(&assets, &"index.html".into())
        .ok()?
        .as_string()?;
    (!is_served).then(|| page.chars().take(16).collect())
}

async fn fetch_json(path: &str) -> Result<(Response, JsValue), JsValue> {
    let options = RequestInit::new();
    options.set_cache(RequestCache::NoStore);
    let request = browser::window().fetch_with_str_and_init(path, &options);
    let response: Response = JsFuture::from(request).await?.dyn_into()?;
    if !response.ok() {
        return Err(JsValue::NULL);
    }
    let body = JsFuture::from(response.text()?)
        .await?
        .as_string()
        .unwrap_or_default();
    Ok((response, JSON::parse(&body)?))
}

async fn fetch() -> Result<RawCard, JsValue> {
    let (response, object) = fetch_json("/relay.json").await?;
    let date = response.headers().get("date").ok().flatten();
    let field = |name: &str| Reflect::get(&object, &JsValue::from_str(name)).ok();
    Ok(RawCard {
        version: field("version").and_then(|value| value.as_f64()),
        salt: field("salt").and_then(|value| value.as_string()),
        fingerprint: field("fingerprint").and_then(|value| value.as_string()),
        max_members: field("max_members").and_then(|value| value.as_f64()),
        date: date.map(|date| js_sys::Date::parse(&date)),
        max_file: field("limits")
            .and_then(|limits| Reflect::get(&limits, &JsValue::from_str("file")).ok())
            .and_then(|value| value.as_f64()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw() -> RawCard {
        RawCard {
            version: Some(1.0),
            salt: Some("000102030405060708090a0b0c0d0e0f".to_owned()),
            fingerprint: Some("abcdefghijklmnopqrstuvwxya".to_owned()),
            max_members: Some(50.0),
            date: None,
            max_file: Some(1000.0),
        }
    }

    const NOW: Duration = Duration::from_secs(1_800_000_000);

    #[test]
    fn a_good_card_is_read() {
        let card = RelayCard::check(&raw(), NOW).unwrap();
        assert_eq!(card.salt.0[15], 15);
        assert_eq!(card.max_members, 50);
        assert_eq!(card.max_file, 1000);
    }

    #[test]
    fn a_clock_that_is_minutes_off_is_noticed_and_seconds_are_not() {
        let clock = |relay: u64| {
            let card = RawCard {
                date: Some(relay as f64 * 1000.0),
                ..raw()
            };
            RelayCard::check(&card, NOW).unwrap().clock
        };
        let seconds = NOW.as_secs();
        let off = |ahead| {
            Some(ClockOff {
                ahead,
                by: Duration::from_secs(420),
            })
        };
        assert_eq!(clock(seconds + 100), None);
        assert_eq!(clock(seconds - 420), off(true));
        assert_eq!(clock(seconds + 420), off(false));
        let nonsense = RawCard {
            date: Some(f64::NAN),
            ..raw()
        };
        assert_eq!(RelayCard::check(&nonsense, NOW).unwrap().clock, None);
    }

    #[test]
    fn an_older_and_a_newer_relay_are_told_apart_before_anything_else_is_read() {
        let newer = RawCard {
            version: Some(2.0),
            ..RawCard::default()
        };
        assert_eq!(
            RelayCard::check(&newer, NOW).err(),
            Some(Blocked::RelayTooNew)
        );
        let older = RawCard {
            version: Some(0.0),
            ..RawCard::default()
        };
        assert_eq!(
            RelayCard::check(&older, NOW).err(),
            Some(Blocked::RelayTooOld)
        );
    }

    #[test]
    fn a_card_with_a_broken_salt_or_key_is_no_card() {
        for salt in [
            "",
            "00",
            "zz0102030405060708090a0b0c0d0e0f",
            "+00102030405060708090a0b0c0d0e0f",
        ] {
            let broken = RawCard {
                salt: Some(salt.to_owned()),
                ..raw()
            };
            assert_eq!(
                RelayCard::check(&broken, NOW).err(),
                Some(Blocked::Unreachable),
                "{salt}"
            );
        }
        let broken = RawCard {
            fingerprint: Some("short".to_owned()),
            ..raw()
        };
        assert_eq!(
            RelayCard::check(&broken, NOW).err(),
            Some(Blocked::Unreachable)
        );
    }
}
