//! Formatted messages: what they look like, that they work with keyboard and screen reader, and that none takes over the screen.

use anyhow::Result;
use roomkey_e2e::browser::{Browser, Screen};
use roomkey_e2e::driver::Kind;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;
use serde_json::json;

const ROOM: &str = "sculptor unwoven sandbank ripping crease";

/// One message with nearly everything in it.
const SHOWCASE: &str = "## Plan for *tomorrow*\n\
**Bold**, *italic*, ~~gone~~, `code`, <u>under</u>, H<sub>2</sub>O, <kbd>Ctrl</kbd>+<kbd>B</kbd>, <mark>marked</mark>\n\n\
> somebody said this\n> in two lines\n\n\
1. first\n2. second with https://example.com/page\n   - inside\n\n\
| what | how many |\n|---|---|\n| apples | 12 |\n| **pears** | 7 |\n\n\
```rust\n// greets the world\nfn main() {\n    println!(\"hello {}\", 42);\n}\n```\n\n\
It was ||the butler|| all along. <script>alert(1)</script>\n\n\
<details><summary>more of it</summary>and here it is</details>";

async fn room(screen: Screen) -> Result<(Relay, Browser)> {
    let relay = Relay::start().await?;
    let browser = Browser::start(Kind::Chromium, screen, &[]).await?;
    browser
        .open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeLast35)
        .await?;
    Ok((relay, browser))
}

#[tokio::test]
async fn formatting_is_shown_and_looks_right_in_both_schemes_and_on_a_phone() -> Result<()> {
    for (screen, name) in [(Screen::Desktop, "desktop"), (Screen::Phone, "phone")] {
        let (relay, anna) = room(screen).await?;
        anna.say(SHOWCASE).await?;
        anna.until(
            "one('log', 'Messages').querySelector('.tok-word')?.textContent === 'fn'",
            vec![],
        )
        .await?;
        for (what, selector) in [
            ("bold", "strong"),
            ("italic", "em"),
            ("struck", "s"),
            ("code", "code"),
            ("quote", "blockquote"),
            ("numbers", "ol > li"),
            ("bullets", "ol ul > li"),
            ("table", "table th"),
            ("heading", ".rich-heading"),
            ("fold", "details > summary"),
            ("label", "button.filtered"),
            ("link", "a[rel~=noopener][rel~=noreferrer]"),
        ] {
            let found = anna
                .eval(
                    "return !!one('log', 'Messages').querySelector('.bubble').querySelector(arguments[0])",
                    vec![json!(selector)],
                )
                .await?;
            assert_eq!(found, json!(true), "{what}");
        }
        assert!(
            !anna.log().await?.contains("butler"),
            "the spoiler is covered"
        );
        anna.say("a short one with **bold** and `code`").await?;
        anna.say("- a list\n- of two").await?;
        for scheme in ["light", "dark"] {
            anna.prefer(scheme).await?;
            anna.eval("one('log', 'Messages').scrollTop = 0", vec![])
                .await?;
            anna.picture(&format!("formatting-{name}-{scheme}")).await?;
            anna.eval("one('log', 'Messages').scrollTop = 420", vec![])
                .await?;
            anna.picture(&format!("formatting-below-{name}-{scheme}"))
                .await?;
            let violations = roomkey_e2e::axe::violations(&anna).await?;
            assert!(violations.is_empty(), "{name} {scheme}: {violations:#?}");
        }
        // Folded at first; open after a press.
        anna.say(&"- one of many\n".repeat(60)).await?;
        anna.click("button", "Show more").await?;
        anna.find("button", "Show less").await?;
        anna.picture(&format!("formatting-open-{name}")).await?;
        anna.close().await?;
        drop(relay);
    }
    Ok(())
}

#[tokio::test]
async fn a_spoiler_is_a_button_that_opens_and_closes() -> Result<()> {
    let (_relay, anna) = room(Screen::Desktop).await?;
    anna.say("it was ||the butler|| again").await?;
    anna.until(
        "document.querySelector('.spoiler-cover')?.getAttribute('aria-expanded') === 'false'",
        vec![],
    )
    .await?;
    assert!(!anna.log().await?.contains("butler"));
    anna.eval("document.querySelector('.spoiler-cover').focus(); document.querySelector('.spoiler-cover').click()", vec![])
        .await?;
    anna.hears("the butler").await?;
    anna.until(
        "document.querySelector('.spoiler-cover').getAttribute('aria-expanded') === 'true'",
        vec![],
    )
    .await?;
    anna.eval("document.querySelector('.spoiler-cover').click()", vec![])
        .await?;
    anna.until(
        "!one('log', 'Messages').textContent.includes('butler')",
        vec![],
    )
    .await?;
    anna.close().await
}

#[tokio::test]
async fn a_link_says_where_it_leads_before_it_opens() -> Result<()> {
    let (_relay, anna) = room(Screen::Desktop).await?;
    anna.say("[my-bank.com](https://b\u{fc}cher.example/login) and https://example.com/plain")
        .await?;
    anna.find("link", "my-bank.com").await?;
    let before = anna.client.windows().await?.len();
    anna.click("link", "my-bank.com").await?;
    anna.reads("b\u{fc}cher.example").await?;
    anna.reads("xn--bcher-kva.example").await?;
    anna.reads("name another place").await?;
    anna.picture("link-sheet-desktop").await?;
    let rel = anna
        .eval(
            "return all('link', 'Open in a new tab')[0].rel + ' ' + all('link', 'Open in a new tab')[0].href",
            vec![],
        )
        .await?;
    let rel = rel.as_str().unwrap_or_default();
    assert!(
        rel.contains("noopener noreferrer") && rel.ends_with("https://xn--bcher-kva.example/login"),
        "{rel}"
    );
    assert_eq!(
        anna.client.windows().await?.len(),
        before,
        "nothing was opened yet"
    );
    anna.click("button", "Close").await?;
    anna.close().await
}

#[tokio::test]
async fn buttons_keys_preview_and_plain_text_work_in_the_composer() -> Result<()> {
    let (_relay, anna) = room(Screen::Desktop).await?;
    let area = "one('textbox', 'Message')";
    let select = |from: u32, to: u32| {
        format!("{area}.focus(); {area}.setSelectionRange({from}, {to}); return true")
    };
    anna.paste("Message", "make it so").await?;
    anna.eval(&select(0, 4), vec![]).await?;
    anna.click("button", "Bold").await?;
    anna.until(&format!("{area}.value === '**make** it so'"), vec![])
        .await?;
    anna.click("button", "Bold").await?;
    anna.until(&format!("{area}.value === 'make it so'"), vec![])
        .await?;
    anna.eval(&select(5, 7), vec![]).await?;
    anna.eval(
        &format!(
            "{area}.dispatchEvent(new KeyboardEvent('keydown', {{ key: 'i', ctrlKey: true, bubbles: true, cancelable: true }}))"
        ),
        vec![],
    )
    .await?;
    anna.until(&format!("{area}.value === 'make *it* so'"), vec![])
        .await?;
    anna.click("button", "Preview").await?;
    anna.until(
        "one('region', 'Preview')?.querySelector('em')?.textContent === 'it'",
        vec![],
    )
    .await?;
    anna.picture("composer-preview-desktop").await?;
    anna.eval("one('button', 'Send').click()", vec![]).await?;
    anna.until(
        "one('log', 'Messages').querySelector('.bubble em')?.textContent === 'it'",
        vec![],
    )
    .await?;
    anna.click("button", "Plain text").await?;
    anna.say("stars *stay* stars").await?;
    anna.hears("stars *stay* stars").await?;
    anna.close().await
}

#[tokio::test]
async fn no_message_takes_more_than_its_share_of_the_screen() -> Result<()> {
    let (relay, anna) = room(Screen::Phone).await?;
    let bert = Browser::start(Kind::Chromium, Screen::Phone, &[]).await?;
    let link = anna.invitation().await?;
    bert.join(&link, "Bert").await?;
    let wide = format!(
        "|{}\n|{}\n|{}",
        "column|".repeat(60),
        "-|".repeat(60),
        "value|".repeat(60)
    );
    let messages = [
        "W".repeat(16_000),
        "Z\u{351}\u{36b}\u{343}".repeat(2_300),
        format!("{}deep", "> ".repeat(1_000)),
        format!("a\n-\n{}", "|\n".repeat(8_000)),
        "\n.".repeat(8_000),
        "https://example.com ".repeat(800),
        "<b x=1>".repeat(2_000),
        wide,
        format!("```js\n{}\n```", "if (a) { b(1) } ".repeat(900)),
        format!("# {}", "H".repeat(2_000)),
    ];
    for (number, message) in messages.iter().enumerate() {
        anna.say(message).await?;
        let marker = format!("after {number};");
        anna.say(&marker).await?;
        bert.hears(&marker).await?;
        for browser in [&anna, &bert] {
            let found = browser
                .eval(
                    "const bubbles = [...one('log', 'Messages').querySelectorAll('.bubble')];
                     return {
                       nodes: Math.max(...bubbles.map((b) => b.getElementsByTagName('*').length)),
                       height: Math.max(...bubbles.map((b) => b.getBoundingClientRect().height)),
                       over: document.documentElement.scrollWidth - innerWidth,
                       screen: innerHeight,
                     }",
                    vec![],
                )
                .await?;
            let number_of = |key: &str| found[key].as_f64().unwrap_or(f64::MAX);
            assert!(number_of("nodes") < 1_500.0, "message {number}: {found}");
            assert!(
                number_of("height") < number_of("screen"),
                "message {number}: {found}"
            );
            assert!(number_of("over") <= 0.0, "message {number}: {found}");
        }
    }
    bert.picture("giants-phone").await?;
    anna.close().await?;
    bert.close().await?;
    drop(relay);
    Ok(())
}
