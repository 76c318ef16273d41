//! Hostile texts and names are shown as harmless words: nothing runs, loads, or breaks out of the log.

#[path = "../../../text/tests/it/corpus.rs"]
pub(crate) mod corpus;

use anyhow::Result;
use roomkey_e2e::browser::Browser;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;
use serde_json::{Value, json};

const ROOM: &str = "handyman krypton anaconda ripping crease";

/// Counts dialogs, policy reports and foreign elements from before the app's first script.
const WATCH: &str = "
  window.hostile = [];
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) {
    window[name] = (...words) => { window.hostile.push(name + ' ' + words.join(' ')); };
  }
  document.addEventListener('securitypolicyviolation', (event) =>
    window.hostile.push('csp ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
";

/// What should never be inside the log of messages.
const FOREIGN: &str = "
  const log = one('log', 'Messages');
  const bad = 'script, iframe, object, embed, form, style, link, meta, base, img, video, audio, math, frame, template, marquee, [srcdoc], [formaction], [style]';
  const foreign = [...log.querySelectorAll(bad)].map((e) => e.outerHTML.slice(0, 200));
  for (const element of document.querySelectorAll('*')) {
    for (const attribute of element.attributes) {
      if (/^on/i.test(attribute.name)) foreign.push(attribute.name + ' on ' + element.tagName);
      if (['href', 'src', 'action', 'xlink:href'].includes(attribute.name) && /^\\s*(javascript|data|vbscript|blob|file):/i.test(attribute.value)) {
        foreign.push(attribute.name + '=' + attribute.value.slice(0, 80));
      }
    }
  }
  return { hostile: window.hostile, foreign };
";

fn assert_clean(found: &Value, context: &str) {
    assert_eq!(found["hostile"], json!([]), "{context}");
    assert_eq!(found["foreign"], json!([]), "{context}");
}

#[tokio::test]
async fn hostile_texts_are_inert_on_both_screens() -> Result<()> {
    let mut payloads = corpus::entries(corpus::XSS);
    payloads.extend(naughty_strings::BLNS.iter().map(ToString::to_string));
    payloads.retain(|payload| !payload.trim().is_empty());
    assert!(payloads.len() >= 300, "only {} payloads", payloads.len());
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    let bert = Browser::chromium().await?;
    for browser in [&anna, &bert] {
        browser
            .devtools(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": WATCH }),
            )
            .await?;
    }
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeLast35)
        .await?;
    let link = anna.invitation().await?;
    bert.join(&link, "Bert").await?;
    for (number, batch) in payloads.chunks(50).enumerate() {
        anna.say_all(batch).await?;
        let marker = format!("checkpoint {number};");
        anna.say(&marker).await?;
        bert.hears(&marker).await?;
        for browser in [&anna, &bert] {
            assert_clean(
                &browser.eval(FOREIGN, vec![]).await?,
                &format!("in batch {number}: {batch:#?}"),
            );
        }
    }
    for (choice, browser) in [("Hide", &anna), ("Neutralise", &bert), ("Show", &anna)] {
        browser.pick("Links", choice).await?;
        browser.pick("Special characters", choice).await?;
        assert_clean(
            &browser.eval(FOREIGN, vec![]).await?,
            &format!("with filters at {choice}"),
        );
    }
    for browser in [anna, bert] {
        let console = browser.console().await?;
        let reports: Vec<_> = console
            .iter()
            .filter(|line| line.contains("Content Security Policy") || line.contains("Trusted"))
            .collect();
        assert!(reports.is_empty(), "{reports:#?}");
        browser.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn hostile_names_are_inert_and_one_line() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    anna.devtools(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": WATCH }),
    )
    .await?;
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeLast35)
        .await?;
    let link = anna.invitation().await?;
    let guest = Browser::chromium().await?;
    for name in [
        "<img src=x onerror=alert(1)>",
        "\"><svg/onload=alert(1)>",
        "a\u{202e}nimdA",
        "Z\u{351}\u{36b}\u{343}\u{36a}\u{302}\u{36b}\u{33d}algo",
        "javascript:alert(1)",
    ] {
        guest.goto("about:blank").await?;
        guest.goto(&link).await?;
        guest.paste("Your name", name).await?;
        guest.click("button", "Join").await?;
        // A name that is refused is as good as one that is made harmless.
        guest.until("one('log', 'Messages') || (one('textbox', 'Your name') || {}).ariaInvalid === 'true'", vec![]).await?;
        assert_clean(&anna.eval(FOREIGN, vec![]).await?, name);
        let people = anna
            .eval("return wordsOf(one('list', 'People'))", vec![])
            .await?;
        assert!(
            !people.as_str().unwrap_or_default().contains('\u{202e}'),
            "a bidi override in the list of people"
        );
        if guest.shows("button", "Leave").await? {
            guest.click("button", "Leave").await?;
        }
    }
    anna.picture("hostile-names-desktop").await?;
    anna.close().await?;
    guest.close().await
}
