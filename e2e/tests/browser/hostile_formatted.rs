//! Thousands of attacks as formatted messages, in both engines: nothing runs, loads, opens, or breaks out.
//!
//! Every payload is drawn three times: alone in the preview (the same way onto the page as a message, without the relay in
//! between), among others in a message of its author, and in that message on somebody else's screen.

#[path = "../../../text/tests/it/xss.rs"]
mod xss;

use anyhow::Result;
use roomkey_e2e::browser::{Browser, Screen};
use roomkey_e2e::driver::Kind;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;
use serde_json::{Value, json};

use crate::hostile::corpus;

const ROOM: &str = "handyman krypton anaconda ripping crease";
/// Bytes of a message that carries many payloads.
const MESSAGE: usize = 6_000;

/// Counts dialogs, windows, policy reports, submissions and navigations.
const WATCH: &str = "
  window.hostile = [];
  for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) {
    window[name] = (...words) => { window.hostile.push(name + ' ' + words.join(' ')); };
  }
  document.addEventListener('securitypolicyviolation', (event) =>
    window.hostile.push('csp ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
  document.addEventListener('submit', (event) => {
    if (event.target.closest('.bubble')) window.hostile.push('submit ' + event.target.outerHTML.slice(0, 200));
  }, true);
  window.requested = (origin) => performance.getEntriesByType('resource').map((one) => one.name).filter((name) => !name.startsWith(origin));
  window.judge = (root) => {
    const known = new Set(['DIV','SPAN','ARTICLE','P','BDI','TIME','BUTTON','A','STRONG','EM','U','S','CODE','PRE','KBD','MARK','SMALL',
      'SUB','SUP','Q','BLOCKQUOTE','UL','OL','LI','HR','BR','TABLE','TBODY','TR','TH','TD','DETAILS','SUMMARY','SVG','PATH']);
    const allowed = new Set(['class','id','dir','title','href','target','rel','type','role','tabindex','start','datetime',
      'aria-label','aria-level','aria-expanded','aria-hidden','aria-live','viewbox','fill','stroke','stroke-width','stroke-linecap',
      'stroke-linejoin','focusable','d']);
    const bad = [];
    for (const element of root.querySelectorAll('*')) {
      const name = element.tagName.toUpperCase();
      if (!known.has(name)) bad.push('<' + name + '> ' + element.outerHTML.slice(0, 120));
      // The app's own drawings stand beside a message; in it there are only its icons.
      if (name === 'SVG' && element.closest('.bubble, .preview') && !element.classList.contains('icon')) bad.push(name);
      for (const attribute of element.attributes) {
        if (!allowed.has(attribute.name.toLowerCase())) bad.push(attribute.name + ' on ' + name);
        if (attribute.name === 'href' && !/^(https?:\\/\\/|mailto:)/.test(attribute.value)) bad.push('href ' + attribute.value.slice(0, 80));
      }
    }
    return bad;
  };
";

fn payloads() -> Vec<String> {
    let mut all = corpus::entries(corpus::XSS);
    all.extend(naughty_strings::BLNS.iter().map(ToString::to_string));
    all.extend(xss::mutations());
    all.extend(corpus::borrowed());
    all.retain(|payload| !payload.trim().is_empty());
    all
}

/// Several payloads in one message, apart from each other.
fn messages(payloads: &[String]) -> Vec<String> {
    let mut all = vec![String::new()];
    for payload in payloads {
        let last = all.last_mut().expect("there is one from the start");
        if !last.is_empty() && last.len() + payload.len() > MESSAGE {
            all.push(payload.clone());
        } else {
            last.push_str("\n\n");
            last.push_str(payload);
        }
    }
    all
}

async fn start(kind: Kind) -> Result<Browser> {
    Browser::start(kind, Screen::Desktop, &[]).await
}

async fn assert_clean(browser: &Browser, relay: &Relay, context: &str) -> Result<()> {
    let found = browser
        .eval(
            "return { hostile: window.hostile, foreign: judge(one('log', 'Messages')), requested: requested(arguments[0]) }",
            vec![json!(relay.url().trim_end_matches('/'))],
        )
        .await?;
    assert_eq!(
        found,
        json!({ "hostile": [], "foreign": [], "requested": [] }),
        "{context}"
    );
    Ok(())
}

/// Draws every payload in the preview; returns what was wrong.
async fn preview_all(browser: &Browser, payloads: &[String]) -> Result<Value> {
    browser.find("button", "Preview").await?;
    browser
        .eval(
            "if (one('button', 'Preview').getAttribute('aria-pressed') !== 'true') one('button', 'Preview').click()",
            vec![],
        )
        .await?;
    browser.until("one('region', 'Preview')", vec![]).await?;
    browser
        .eval(
            "window.drawn = null;
             (async () => {
               const field = one('textbox', 'Message');
               const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set;
               const region = one('region', 'Preview');
               const bad = [];
               let drawn = 0;
               const empty = [];
               for (const payload of arguments[0]) {
                 set.call(field, payload);
                 field.dispatchEvent(new InputEvent('input', { bubbles: true }));
                 // Two turns of the loop: one to draw, one for whatever that might have set off.
                 await new Promise((done) => setTimeout(done));
                 await new Promise((done) => setTimeout(done));
                 if (region.textContent === '') empty.push(payload.slice(0, 80)); else drawn++;
                 for (const what of judge(region)) bad.push(what + ' in ' + payload.slice(0, 200));
               }
               set.call(field, '');
               field.dispatchEvent(new InputEvent('input', { bubbles: true }));
               window.drawn = { bad, drawn, empty };
             })();",
            vec![json!(payloads)],
        )
        .await?;
    browser.until("window.drawn", vec![]).await
}

async fn attack(author: Kind, reader: Kind, payloads: Vec<String>) -> Result<()> {
    let relay = Relay::start().await?;
    let anna = start(author).await?;
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeLast35)
        .await?;
    let link = anna.invitation().await?;
    let bert = start(reader).await?;
    bert.join(&link, "Bert").await?;
    for browser in [&anna, &bert] {
        browser.eval(WATCH, vec![]).await?;
        browser.say("**ready**").await?;
        browser
            .until("one('log', 'Messages').querySelector('strong')", vec![])
            .await?;
    }
    for part in payloads.chunks(300) {
        let both = tokio::try_join!(preview_all(&anna, part), preview_all(&bert, part))?;
        for found in [both.0, both.1] {
            assert_eq!(found["bad"], json!([]));
            let drawn = found["drawn"].as_u64().unwrap_or_default();
            // Some consist of nothing that can be seen.
            assert!(
                drawn * 100 >= part.len() as u64 * 80,
                "only {drawn} were drawn, and not {}",
                found["empty"]
            );
        }
    }
    for (number, message) in messages(&payloads).iter().enumerate() {
        anna.say(message).await?;
        if number % 8 == 7 {
            let marker = format!("checkpoint {number};");
            anna.say(&marker).await?;
            bert.hears(&marker).await?;
            for browser in [&anna, &bert] {
                browser.eval("for (const cover of document.querySelectorAll('.spoiler-cover[aria-expanded=false], .filtered[aria-expanded=false]')) cover.click()", vec![]).await?;
                assert_clean(browser, &relay, &format!("up to message {number}")).await?;
            }
        }
    }
    for choice in ["Hide", "Neutralise", "Show"] {
        for browser in [&anna, &bert] {
            browser.pick("Links", choice).await?;
            browser.pick("Special characters", choice).await?;
            assert_clean(browser, &relay, &format!("with filters at {choice}")).await?;
        }
    }
    bert.picture("hostile-formatted").await?;
    anna.close().await?;
    bert.close().await
}

#[tokio::test]
async fn formatted_attacks_are_inert_from_chromium_to_firefox() -> Result<()> {
    let all = payloads();
    assert!(all.len() >= 2_000, "only {}", all.len());
    attack(Kind::Chromium, Kind::Firefox, all).await
}

#[tokio::test]
async fn hostile_names_are_inert_in_both_engines() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = start(Kind::Firefox).await?;
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeLast35)
        .await?;
    let link = anna.invitation().await?;
    let bert = start(Kind::Chromium).await?;
    bert.join(&link, "Bert").await?;
    for browser in [&anna, &bert] {
        browser.eval(WATCH, vec![]).await?;
    }
    let names = payloads();
    for (number, name) in names.iter().step_by(names.len() / 12).enumerate() {
        let name: String = name.chars().filter(|c| !c.is_control()).take(28).collect();
        bert.eval(
            "if (!one('textbox', 'Your name')) one('button', 'Change your name')?.click()",
            vec![],
        )
        .await?;
        bert.paste("Your name", &name).await?;
        bert.eval("one('button', 'Save').click()", vec![]).await?;
        // A name that is refused is as good as one that is made harmless.
        let marker = format!("named {number};");
        bert.say(&marker).await?;
        anna.hears(&marker).await?;
        for browser in [&anna, &bert] {
            assert_clean(browser, &relay, &name).await?;
            let people = browser
                .eval("return judge(one('list', 'People')).filter((what) => !/^(<LI>|checked)/.test(what))", vec![])
                .await?;
            assert_eq!(people, json!([]), "{name}");
        }
    }
    anna.close().await?;
    bert.close().await
}
