//! What the relay says about itself at `/relay.json`, asked once when the page starts.

use std::time::Duration;

use client::{Facts, NoFacts, RawFacts};
use crypto::wire::VERSION;
use js_sys::{JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestCache, RequestInit, Response};

use crate::browser;
use crate::state::{Blocked, ClockOff, RelayFacts};

/// The relay's public facts as this page learned them. The page came from the same place, so they alone prove nothing.
#[derive(Clone, Debug)]
pub(crate) struct RelayCard {
    /// The facts.
    pub(crate) facts: Facts,
    /// How far this device's clock is from the relay's, if that is worth a word.
    pub(crate) clock: Option<ClockOff>,
}

impl RelayCard {
    /// What the screen shows of it.
    pub(crate) fn shown(&self) -> RelayFacts {
        RelayFacts {
            fingerprint: self.facts.fingerprint.to_string(),
            max_members: self.facts.max_members,
            clock: self.clock,
            max_file: self.facts.max_file,
        }
    }
}

fn blocked(why: NoFacts) -> Blocked {
    match why {
        NoFacts::Broken => Blocked::Unreachable,
        NoFacts::Version(theirs) if theirs > u64::from(VERSION) => Blocked::RelayTooNew,
        NoFacts::Version(_) => Blocked::RelayTooOld,
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

/// Asks the relay.
pub(crate) async fn ask() -> Result<RelayCard, Blocked> {
    let (raw, date) = fetch().await.map_err(|_| Blocked::Unreachable)?;
    Ok(RelayCard {
        facts: Facts::check(&raw).map_err(blocked)?,
        clock: date.and_then(|date| clock_off(date, browser::wall())),
    })
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

/// The fields, and the answer's `Date` header in milliseconds since the Unix epoch.
async fn fetch() -> Result<(RawFacts, Option<f64>), JsValue> {
    let (response, object) = fetch_json("/relay.json").await?;
    let date = response.headers().get("date").ok().flatten();
    let field = |name: &str| Reflect::get(&object, &JsValue::from_str(name)).ok();
    let raw = RawFacts {
        version: field("version").and_then(|value| value.as_f64()),
        salt: field("salt").and_then(|value| value.as_string()),
        fingerprint: field("fingerprint").and_then(|value| value.as_string()),
        max_members: field("max_members").and_then(|value| value.as_f64()),
        max_file: field("limits")
            .and_then(|limits| Reflect::get(&limits, &JsValue::from_str("file")).ok())
            .and_then(|value| value.as_f64()),
    };
    Ok((raw, date.map(|date| js_sys::Date::parse(&date))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_minutes_off_is_noticed_and_seconds_are_not() {
        const NOW: Duration = Duration::from_secs(1_800_000_000);
        let clock = |relay: u64| clock_off(relay as f64 * 1000.0, NOW);
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
        assert_eq!(clock_off(f64::NAN, NOW), None);
    }

    #[test]
    fn an_older_and_a_newer_relay_are_told_apart() {
        assert_eq!(blocked(NoFacts::Version(2)), Blocked::RelayTooNew);
        assert_eq!(blocked(NoFacts::Version(0)), Blocked::RelayTooOld);
        assert_eq!(blocked(NoFacts::Broken), Blocked::Unreachable);
    }
}
