//! What is left on the device after leaving and after panic: storage, address, history, and the app's own memory.

use anyhow::{Context as _, Result};
use roomkey_e2e::browser::Browser;
use roomkey_e2e::heap;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;
use serde_json::{Value, json};

const ROOM: &str = "gherkin oblong tapestry wombat cinder";
const SLUG: &str = "gherkin-oblong-tapestry-wombat-cinder";
const NAME: &str = "Zenobia Quux";
const MINE: &str = "the lantern hangs behind the third shutter";
const THEIRS: &str = "bring the brass astrolabe at midnight";

/// Everything the browser keeps for the site, as one text.
async fn storage(browser: &Browser) -> Result<String> {
    let kept = browser
        .client
        .execute_async(
            "const done = arguments[arguments.length - 1];
             (async () => {
               const kept = [location.href, document.title, document.cookie, document.documentElement.outerHTML];
               for (const storage of [sessionStorage, localStorage]) {
                 for (const [key, value] of Object.entries(storage)) kept.push(key, value);
               }
               for (const base of await indexedDB.databases()) kept.push(base.name);
               for (const cache of await caches.keys()) kept.push(cache);
               return kept.join('\\n');
             })().then(done, (error) => done('failed: ' + error));",
            vec![],
        )
        .await?;
    let kept = kept.as_str().unwrap_or_default().to_owned();
    anyhow::ensure!(!kept.starts_with("failed"), "{kept}");
    Ok(kept)
}

/// Writes down every linear memory that a WebAssembly module of the page brings along or is given, from before the app's
/// first line: nothing in the app has to help, and nothing in it could hide one.
const RECORD: &str = "
    window.memories = new Set();
    const note = (found) => {
      for (const it of Object.values((found.instance ?? found).exports)) if (it instanceof WebAssembly.Memory) memories.add(it);
      return found;
    };
    for (const name of ['instantiate', 'instantiateStreaming']) {
      const real = WebAssembly[name];
      WebAssembly[name] = (...given) => real.apply(WebAssembly, given).then(note);
    }
    for (const name of ['Memory', 'Instance']) {
      WebAssembly[name] = new Proxy(WebAssembly[name], { construct: (real, given) => {
        const made = new real(...given);
        if (name === 'Memory') memories.add(made); else note(made);
        return made;
      } });
    }";

/// How often each word occurs, as UTF-8 or UTF-16, in the linear memories of all the page's WebAssembly modules.
async fn in_memory(browser: &Browser, words: &[&str]) -> Result<Vec<u64>> {
    let scan = "
        const utf16 = (text) => new Uint8Array(new Uint16Array([...text].map((c) => c.charCodeAt(0))).buffer);
        const needles = arguments[0].map((word) => [new TextEncoder().encode(word), utf16(word)]);
        const count = (bytes, needle) => {
          let found = 0;
          for (let at = bytes.indexOf(needle[0]); at >= 0; at = bytes.indexOf(needle[0], at + 1)) {
            if (needle.every((byte, index) => bytes[at + index] === byte)) found++;
          }
          return found;
        };
        const every = [...memories].map((memory) => new Uint8Array(memory.buffer));
        return [every.length, ...needles.map((forms) =>
          every.reduce((sum, bytes) => sum + forms.reduce((both, form) => both + count(bytes, form), 0), 0))];";
    let answer = browser.eval(scan, vec![json!(words)]).await?;
    let counts: Vec<u64> = answer
        .as_array()
        .with_context(|| format!("no counts but {answer}"))?
        .iter()
        .filter_map(Value::as_u64)
        .collect();
    let (memories, counts) = counts.split_first().context("an empty answer")?;
    anyhow::ensure!(*memories > 0, "the search found no memory to look into");
    Ok(counts.to_vec())
}

/// Which of the words JavaScript can still reach.
async fn on_heap<'a>(browser: &Browser, words: &[&'a str]) -> Result<Vec<&'a str>> {
    // What is certain to be there: a search that does not find it is blind.
    let planted = "const plant = ['the search', 'sees this']; window.planted = plant.join(' ')";
    browser.eval(planted, vec![]).await?;
    let heap = heap::reachable(&browser.heap().await?)?;
    anyhow::ensure!(
        heap.contains("the search sees this"),
        "the search of the heap is blind"
    );
    let is_there = |word: &&&str| heap.contains(**word);
    Ok(words.iter().filter(is_there).copied().collect())
}

const NONE: [&str; 0] = [];

/// The addresses and titles between which Back and Forward lead. What somebody typed to get there is the browser's own.
async fn steps(browser: &Browser) -> Result<String> {
    let history = browser
        .devtools("Page.getNavigationHistory", json!({}))
        .await?;
    let entries = history["entries"].as_array().context("no history")?;
    let lines = entries
        .iter()
        .map(|entry| format!("{} {}", entry["url"], entry["title"]));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

async fn conversation(relay: &Relay) -> Result<(Browser, Browser)> {
    let zoe = Browser::chromium().await?;
    let bert = Browser::chromium().await?;
    zoe.before_pages(RECORD).await?;
    zoe.open_room(&relay.url(), ROOM, NAME, Newcomers::SeeLast35)
        .await?;
    let link = zoe.invitation().await?;
    bert.join(&link, "Bert").await?;
    zoe.say(MINE).await?;
    bert.say(THEIRS).await?;
    zoe.hears(THEIRS).await?;
    zoe.until("/relayed/i.test(document.body.innerText)", vec![])
        .await?;
    Ok((zoe, bert))
}

#[tokio::test]
async fn after_leaving_no_word_is_in_storage_or_the_apps_memory_and_after_forgetting_no_name_either()
-> Result<()> {
    let relay = Relay::start().await?;
    let (zoe, bert) = conversation(&relay).await?;
    let said = [MINE, THEIRS];
    let named = [ROOM, SLUG, NAME];
    // The search can find something: this is what it finds while they talk.
    for count in in_memory(&zoe, &[MINE, THEIRS, SLUG, NAME]).await? {
        assert!(count > 0, "the search is blind");
    }
    zoe.click("button", "Leave").await?;
    zoe.reads("You left").await?;
    let kept = storage(&zoe).await?;
    for word in said.iter().chain(&named) {
        assert!(!kept.contains(word), "{word:?} is kept in:\n{kept}");
    }
    assert_eq!(
        in_memory(&zoe, &said).await?,
        [0, 0],
        "said words in memory"
    );
    assert_eq!(on_heap(&zoe, &said).await?, NONE, "said words on the heap");
    zoe.click("button", "Forget this room").await?;
    zoe.reads("Forgotten").await?;
    assert_eq!(in_memory(&zoe, &named).await?, [0, 0, 0], "names in memory");
    assert_eq!(on_heap(&zoe, &named).await?, NONE, "names on the heap");
    bert.click("button", "Leave").await?;
    bert.reads("You left").await?;
    for browser in [&zoe, &bert] {
        let steps = steps(browser).await?;
        assert!(!steps.contains("/#/"), "the link is a step away:\n{steps}");
    }
    zoe.picture("forgotten-desktop").await?;
    zoe.close().await?;
    bert.close().await
}

/// Waits for the blank page and checks that nothing led from it.
async fn is_gone(browser: &Browser) -> Result<()> {
    browser
        .until("location.href === 'about:blank'", vec![])
        .await?;
    let left = browser
        .eval(
            "return [document.title, document.documentElement.textContent, history.state].join('')",
            vec![],
        )
        .await?;
    assert_eq!(left, json!(""), "something is left on the blank page");
    let words = [MINE, THEIRS, ROOM, SLUG, NAME];
    assert_eq!(on_heap(browser, &words).await?, NONE, "on the heap");
    Ok(())
}

#[tokio::test]
async fn panic_leaves_a_blank_page_and_nothing_in_storage_or_one_step_back() -> Result<()> {
    let relay = Relay::start().await?;
    let (zoe, bert) = conversation(&relay).await?;
    // What an earlier or another page of the site may have kept goes as well.
    zoe.eval(
        "sessionStorage.setItem('roomkey.tab', arguments[0]); localStorage.setItem('x', arguments[0])",
        vec![json!(MINE)],
    )
    .await?;
    zoe.click(
        "button",
        "Panic: wipe everything here and show a blank page. Escape three times does it, too",
    )
    .await?;
    is_gone(&zoe).await?;
    bert.hears("left").await?;
    // Bert came by the link.
    bert.client
        .active_element()
        .await?
        .send_keys("\u{E00C}\u{E00C}\u{E00C}")
        .await?;
    is_gone(&bert).await?;
    for browser in [&zoe, &bert] {
        let steps = steps(browser).await?;
        for word in [ROOM, SLUG, NAME, "/#/"] {
            assert!(!steps.contains(word), "{word:?} is a step away:\n{steps}");
        }
    }
    zoe.client.back().await?;
    zoe.goto(&relay.url()).await?;
    zoe.find("button", "Open room").await?;
    let kept = storage(&zoe).await?;
    for word in [MINE, THEIRS, ROOM, SLUG, NAME] {
        assert!(!kept.contains(word), "{word:?} is kept in:\n{kept}");
    }
    zoe.close().await?;
    bert.close().await
}

#[tokio::test]
async fn escape_three_times_is_panic_whatever_has_the_focus() -> Result<()> {
    let relay = Relay::start().await?;
    let (zoe, bert) = conversation(&relay).await?;
    // A reader of the app's memory that outlives the page it belonged to.
    zoe.click("button", "Invite").await?;
    zoe.find("button", "Copy link").await?;
    let field = zoe.find("button", "Copy link").await?;
    field.send_keys("\u{E00C}\u{E00C}\u{E00C}").await?;
    is_gone(&zoe).await?;
    bert.hears("left").await?;
    zoe.close().await?;
    bert.close().await
}

#[tokio::test]
async fn a_tab_that_was_closed_leaves_nothing_to_the_next_one() -> Result<()> {
    let relay = Relay::start().await?;
    let (zoe, bert) = conversation(&relay).await?;
    zoe.paste("Message", "a draft of Zenobia's").await?;
    zoe.start_afresh().await?;
    zoe.goto(&relay.url()).await?;
    zoe.find("button", "Open room").await?;
    let kept = storage(&zoe).await?;
    let words = [MINE, THEIRS, ROOM, SLUG, NAME, "a draft of"];
    for word in words {
        assert!(!kept.contains(word), "{word:?} is kept in:\n{kept}");
    }
    assert_eq!(on_heap(&zoe, &words).await?, NONE, "on the heap");
    zoe.close().await?;
    bert.close().await
}
