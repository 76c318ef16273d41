//! The relay learns nothing: its memory, its logs and the wire are searched for what was planted.

use anyhow::{Context as _, Result};
use crypto::wire::envelope::bucket;
use data_encoding::BASE64;
use roomkey_e2e::browser::Browser;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;
use roomkey_e2e::{memory, tap::Tap};
use std::collections::BTreeSet;

const ROOM: &str = "zebrafink marmalade lighthouse tundra";
const SLUG: &str = "zebrafink-marmalade-lighthouse-tundra";
const NAME: &str = "Ottoline";
const TEXT: &str = "the heron nests behind the boathouse";

/// The planted words as they might lie about: UTF-8 and UTF-16.
fn needles() -> Vec<Vec<u8>> {
    let mut needles = Vec::new();
    for word in [ROOM, SLUG, "marmalade", NAME, TEXT, "boathouse"] {
        needles.push(word.as_bytes().to_vec());
        needles.push(word.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    needles
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

#[tokio::test]
async fn planted_words_are_not_in_the_relays_memory_its_logs_or_on_the_wire() -> Result<()> {
    let relay = Relay::start().await?;
    let tap = Tap::start(relay.address()).await?;
    let anna = Browser::chromium().await?;
    let bert = Browser::chromium().await?;
    anna.open_room(&tap.url(), ROOM, NAME, Newcomers::SeeLast35)
        .await?;
    let link = anna.invitation().await?;
    bert.join(&link, "Bert").await?;
    anna.say(TEXT).await?;
    bert.hears(TEXT).await?;

    let wire = tap.bytes();
    assert!(
        wire.len() > 10_000 && contains(&wire, b"roomkey.1"),
        "the tap saw no conversation"
    );
    let log = relay.log();
    for needle in needles() {
        assert!(
            !contains(&wire, &needle),
            "on the wire: {}",
            String::from_utf8_lossy(&needle)
        );
        assert!(
            !contains(log.as_bytes(), &needle),
            "in the log: {}",
            String::from_utf8_lossy(&needle)
        );
    }
    assert!(
        !log.contains("/ws") && !log.contains("/relay.json"),
        "a path is in the log:\n{log}"
    );

    // The search can find something: the relay knows the address it listens on.
    let pid = relay.pid().context("the relay is gone")?;
    let known = relay.address().to_string().into_bytes();
    assert!(
        memory::count(pid, &[known])?.iter().all(|count| *count > 0),
        "the memory search is blind"
    );
    for (needle, count) in needles().iter().zip(memory::count(pid, &needles())?) {
        assert_eq!(
            count,
            0,
            "in the relay's memory: {}",
            String::from_utf8_lossy(needle)
        );
    }
    anna.close().await?;
    bert.close().await
}

/// The sizes of the binary WebSocket messages that the page has sent since the last call.
async fn sent_sizes(browser: &Browser) -> Result<Vec<usize>> {
    let mut sizes = Vec::new();
    for (method, parameters) in browser.network().await? {
        if method == "Network.webSocketFrameSent" && parameters["response"]["opcode"] == 2 {
            let payload = parameters["response"]["payloadData"]
                .as_str()
                .unwrap_or_default();
            sizes.push(BASE64.decode(payload.as_bytes())?.len());
        }
    }
    Ok(sizes)
}

#[tokio::test]
async fn messages_travel_in_buckets_only_and_yes_is_as_long_as_no() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    let bert = Browser::chromium().await?;
    anna.open_room(&relay.url(), ROOM, NAME, Newcomers::SeeLast35)
        .await?;
    let link = anna.invitation().await?;
    bert.join(&link, "Bert").await?;
    anna.hears("Bert").await?;

    // Record tag, length and frame head of a publish, then salt, commitment and tags of an envelope: constant for its bucket.
    let mut overheads = BTreeSet::new();
    let mut first = None;
    sent_sizes(&anna).await?;
    for text in [
        "yes",
        "no!",
        "a line of ordinary length, as people write them",
        "x".repeat(2000).as_str(),
        "y".repeat(2040).as_str(),
    ] {
        anna.say(text).await?;
        bert.hears(text).await?;
        let largest = sent_sizes(&anna)
            .await?
            .into_iter()
            .max()
            .context("nothing was sent")?;
        let smallest_bucket = bucket(text.len() + 24 + 20 + 64 + 16);
        let overhead = largest.checked_sub(smallest_bucket);
        overheads.insert(overhead.context("a message smaller than its bucket")?);
        if text.len() < 60 {
            assert_eq!(
                *first.get_or_insert(largest),
                largest,
                "two short messages differ in size"
            );
        }
    }
    assert!(
        overheads.len() <= 2,
        "sizes outside the buckets: overheads {overheads:?}"
    );
    anna.close().await?;
    bert.close().await
}

#[tokio::test]
async fn the_app_talks_to_nobody_but_its_relay() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    anna.open_room(&relay.url(), ROOM, NAME, Newcomers::SeeLast35)
        .await?;
    for text in [
        "https://example.com/tracker.gif",
        "![x](https://example.com/x.png)",
        "<img src=https://example.com/y.png>",
    ] {
        anna.say(text).await?;
        anna.hears("example.com").await?;
    }
    let home = relay.address().to_string();
    let mut requests = 0;
    for (method, parameters) in anna.network().await? {
        let url = match method.as_str() {
            "Network.requestWillBeSent" => parameters["request"]["url"].as_str(),
            "Network.webSocketCreated" => parameters["url"].as_str(),
            _ => None,
        };
        if let Some(url) = url {
            requests += 1;
            let own = url.contains(&format!("//{home}/"))
                || url.starts_with("data:")
                || url.starts_with("blob:");
            assert!(
                own || url.starts_with("chrome:") || url.starts_with("about:"),
                "a request to somebody else: {url}"
            );
        }
    }
    assert!(requests > 4, "the network log is blind");
    anna.close().await
}
