//! One hand and a small screen: a finger answers, the keyboard hides nothing, and nothing needs a slash.

use anyhow::{Context as _, Result, ensure};
use roomkey_e2e::axe::{inspect, inspect_in_both_schemes};
use roomkey_e2e::browser::{Browser, Screen};
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::pair::Pair;
use serde_json::{Value, json};

/// The message with these words in it.
const MESSAGE: &str =
    "[...document.querySelectorAll('article')].find((one) => one.innerText.includes(a[0]))";
/// What is being answered.
const ANSWERING: &str = "wordsOf(document.querySelector('.composer-about'))?.includes('Answering')";

/// Catches what is saved instead of saving it.
const CATCH: &str = "
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => { window.made = blob; return make.call(URL, blob); };
    HTMLAnchorElement.prototype.click = function () { window.saved = { name: this.download, blob: window.made }; };
";

/// A finger on the screen.
struct Finger<'a>(&'a Browser, (f64, f64));

impl<'a> Finger<'a> {
    async fn put(browser: &'a Browser, x: f64, y: f64) -> Result<Self> {
        let finger = Self(browser, (x, y));
        finger.event("touchStart", &[(x, y)]).await?;
        Ok(finger)
    }

    /// Puts it on a message, this far from the screen's left edge.
    async fn on(browser: &'a Browser, words: &str, x: f64) -> Result<Self> {
        // A log that was thrown goes on by itself for a while.
        let place = format!(
            "(() => {{ const it = {MESSAGE}?.querySelector('.bubble'); if (!it) return null;
               it.scrollIntoView({{ block: 'center', behavior: 'instant' }});
               const box = it.getBoundingClientRect(); const before = window.place; window.place = box.top + box.height / 2;
               return window.place === before && before; }})()"
        );
        let y = browser.until(&place, vec![json!(words)]).await?;
        Self::put(browser, x, y.as_f64().context("no place")?).await
    }

    async fn event(&self, kind: &str, points: &[(f64, f64)]) -> Result<()> {
        let points: Vec<Value> = points
            .iter()
            .map(|(x, y)| json!({ "x": x, "y": y }))
            .collect();
        let event = json!({ "type": kind, "touchPoints": points });
        self.0.devtools("Input.dispatchTouchEvent", event).await?;
        Ok(())
    }

    async fn drag(&self, by: (f64, f64)) -> Result<()> {
        for step in 1..=8 {
            let share = f64::from(step) / 8.0;
            let at = (self.1.0 + by.0 * share, self.1.1 + by.1 * share);
            self.event("touchMove", &[at]).await?;
        }
        Ok(())
    }

    async fn lift(self) -> Result<()> {
        self.event("touchEnd", &[]).await
    }
}

async fn swipe(browser: &Browser, words: &str, x: f64, by: (f64, f64)) -> Result<()> {
    let finger = Finger::on(browser, words, x).await?;
    finger.drag(by).await?;
    finger.lift().await
}

async fn media(browser: &Browser, name: &str, value: &str) -> Result<()> {
    let features = json!({ "features": [{ "name": name, "value": value }] });
    browser
        .devtools("Emulation.setEmulatedMedia", features)
        .await?;
    Ok(())
}

async fn is_answering(browser: &Browser, wanted: bool) -> Result<bool> {
    let now = browser
        .eval(&format!("return !!({ANSWERING})"), vec![])
        .await?;
    Ok(now == json!(wanted))
}

/// A keyboard covers the page but for `height` pixels, and has pushed it up by `top`, as phones do that do not make the
/// page shorter.
async fn keyboard(browser: &Browser, height: u32, top: u32) -> Result<()> {
    browser
        .eval(
            "for (const [name, value] of [['height', arguments[0]], ['offsetTop', arguments[1]]])
               Object.defineProperty(visualViewport, name, { get: () => value, configurable: true });
             visualViewport.dispatchEvent(new Event('resize'));
             visualViewport.dispatchEvent(new Event('scroll'));",
            vec![json!(height), json!(top)],
        )
        .await?;
    browser
        .until(
            "(() => { const box = document.querySelector('.composer').getBoundingClientRect();
               const field = one('textbox', 'Message').getBoundingClientRect();
               const head = document.querySelector('.room-head').getBoundingClientRect();
               return box.bottom <= a[0] + a[1] + 0.5 && field.top >= a[1] && head.top >= a[1] - 0.5; })()",
            vec![json!(height), json!(top)],
        )
        .await?;
    Ok(())
}

async fn on(screen: Screen, suffix: &str) -> Result<()> {
    let room = Pair::on(screen, Newcomers::SeeLast35, "Bert").await?;
    let Pair { anna, bert, .. } = &room;
    let touch = json!({ "enabled": true, "maxTouchPoints": 1 });
    anna.devtools("Emulation.setTouchEmulationEnabled", touch)
        .await?;
    let lines: Vec<String> = (1..=30).map(|at| format!("line number {at}.")).collect();
    bert.say_all(&lines).await?;
    bert.say("shall we meet at noon?").await?;
    anna.hears("at noon").await?;

    // A swipe answers, and Cancel takes it back.
    swipe(anna, "at noon", 90.0, (110.0, 6.0)).await?;
    anna.until(ANSWERING, vec![]).await?;
    inspect_in_both_schemes(anna, &format!("phone-answer-{suffix}")).await?;
    anna.click("button", "Cancel").await?;
    anna.until(&format!("!({ANSWERING})"), vec![]).await?;

    // What is too short, goes up or down, goes left, or begins at an edge, does not.
    for (x, by) in [
        (90.0, (40.0, 0.0)),
        (90.0, (50.0, -160.0)),
        (200.0, (-120.0, 0.0)),
        (8.0, (140.0, 0.0)),
    ] {
        swipe(anna, "at noon", x, by).await?;
        anna.until(
            "!document.querySelector('.is-swiped') && [...document.querySelectorAll('article')].every((one) => !one.style.translate)",
            vec![],
        )
        .await?;
        ensure!(is_answering(anna, false).await?, "{x} {by:?} answers");
    }
    let top = "document.querySelector('.log').scrollTop";
    let before = anna.eval(&format!("return {top}"), vec![]).await?;
    swipe(anna, "number 30.", 150.0, (0.0, 180.0)).await?;
    anna.until(&format!("{top} < a[0] - 100"), vec![before])
        .await?;

    // Where motion is not wanted nothing follows the finger, and the swipe still counts.
    media(anna, "prefers-reduced-motion", "reduce").await?;
    let finger = Finger::on(anna, "number 20.", 90.0).await?;
    finger.drag((110.0, 0.0)).await?;
    anna.until(
        "document.querySelector('.is-far') && !document.querySelector('.is-far').style.translate",
        vec![],
    )
    .await?;
    finger.lift().await?;
    anna.until(ANSWERING, vec![]).await?;
    anna.click("button", "Cancel").await?;
    media(anna, "prefers-reduced-motion", "no-preference").await?;
    let finger = Finger::on(anna, "number 20.", 90.0).await?;
    finger.drag((110.0, 0.0)).await?;
    anna.until(
        "parseFloat(document.querySelector('.is-far')?.style.translate) > 60",
        vec![],
    )
    .await?;
    anna.picture(&format!("phone-swipe-{suffix}")).await?;
    finger.lift().await?;
    anna.click("button", "Cancel").await?;

    // The tools of a message are there without hovering.
    let tools = format!(
        "(() => {{ const it = {MESSAGE}?.querySelector('.message-more'); const box = it?.getBoundingClientRect();
           return it && getComputedStyle(it).opacity === '1' && box.width >= 24 && box.height >= 24; }})()"
    );
    anna.until(&tools, vec![json!("at noon")]).await?;

    for (height, top) in [(420, 0), (300, 40)] {
        keyboard(anna, height, top).await?;
        anna.picture(&format!("phone-keyboard-{height}-{suffix}"))
            .await?;
        if height == 420 {
            anna.click("button", "More").await?;
            anna.until(
                "document.querySelector('dialog[open]').getBoundingClientRect().bottom <= 420.5",
                vec![],
            )
            .await?;
            anna.click("button", "Close").await?;
        }
    }
    let whole = anna
        .eval("return [innerHeight, innerHeight]", vec![])
        .await?;
    let whole = whole[0].as_u64().and_then(|it| u32::try_from(it).ok());
    keyboard(anna, whole.context("no height")?, 0).await?;
    more(anna, bert, suffix).await?;
    room.part().await
}

/// What has no button of its own on the screen is found under "More".
async fn more(anna: &Browser, bert: &Browser, suffix: &str) -> Result<()> {
    anna.click("button", "More").await?;
    inspect_in_both_schemes(anna, &format!("phone-more-{suffix}")).await?;
    anna.fill("What this room is about", "lunch").await?;
    anna.click("button", "Set").await?;
    bert.reads("lunch").await?;
    anna.click("button", "More").await?;
    anna.pick("What I send goes, after it was read", "After 30 seconds")
        .await?;
    anna.click("button", "Close").await?;
    anna.reads("after they are read").await?;
    anna.say("short lived").await?;
    bert.hears("short lived").await?;
    anna.click("button", "No timer").await?;
    anna.click("button", "More").await?;
    anna.click("button", "Search").await?;
    anna.fill("Words or a name", "noon").await?;
    anna.reads("1 line").await?;
    inspect(anna, &format!("phone-search-{suffix}")).await?;
    anna.click("button", "Close").await?;
    anna.click("button", "More").await?;
    anna.click("button", "Save the conversation").await?;
    anna.reads("The file is not encrypted.").await?;
    inspect_in_both_schemes(anna, &format!("phone-export-{suffix}")).await?;
    anna.click("button", "Close").await
}

#[tokio::test]
async fn a_phone_is_enough_for_everything() -> Result<()> {
    on(Screen::Phone, "390").await
}

#[tokio::test]
async fn the_narrowest_phone_is_enough_for_everything() -> Result<()> {
    on(Screen::Narrow, "320").await
}

/// Saves the conversation as `kind`: the text of the file.
async fn export(browser: &Browser, kind: &str) -> Result<String> {
    browser.click("button", "More").await?;
    browser.click("button", "Save the conversation").await?;
    browser.reads("The file is not encrypted.").await?;
    browser
        .eval("window.saved = null; window.text = null", vec![])
        .await?;
    browser.click("button", &format!("Save as {kind}")).await?;
    browser
        .until(
            "window.saved && (window.saved.blob.text().then((it) => { window.text = it; }), true)",
            vec![],
        )
        .await?;
    let name = browser.eval("return window.saved.name", vec![]).await?;
    ensure!(name == json!(format!("roomkey.{kind}")), "{name}");
    let text = browser.until("window.text", vec![]).await?;
    Ok(text.as_str().context("no text")?.to_owned())
}

#[tokio::test]
async fn a_saved_conversation_is_whole_and_does_nothing_when_it_is_opened() -> Result<()> {
    let room = Pair::meet(Newcomers::SeeLast35).await?;
    let Pair { anna, bert, .. } = &room;
    anna.eval(CATCH, vec![]).await?;
    let hostile = "</pre><script>document.title = 'harmed'</script><img src=http://127.0.0.1:9/x onerror=\"document.title='harmed'\"> \u{202e}end";
    bert.say(hostile).await?;
    bert.say("second\nline \"quoted\"").await?;
    anna.hears("second").await?;
    let text = export(anna, "txt").await?;
    ensure!(
        text.contains("<script>") && text.contains("\n    line"),
        "{text}"
    );
    ensure!(!text.contains('\u{202e}'), "{text}");
    let list: Value = serde_json::from_str(&export(anna, "json").await?)?;
    let said: Vec<&str> = list
        .as_array()
        .context("no list")?
        .iter()
        .filter_map(|one| one["text"].as_str())
        .collect();
    ensure!(said == [hostile, "second\nline \"quoted\""], "{said:?}");

    let folder = tempfile::tempdir()?;
    let file = folder.path().join("roomkey.html");
    std::fs::write(&file, export(anna, "html").await?)?;
    anna.goto(&format!("file://{}", file.display())).await?;
    anna.reads("second").await?;
    let alive = anna
        .eval(
            "return [document.title, document.querySelectorAll('script, img, a, iframe, form, style, link').length, document.querySelectorAll('dt').length, performance.getEntriesByType('resource').length]",
            vec![],
        )
        .await?;
    ensure!(alive == json!(["Roomkey", 0, 2, 0]), "{alive}");
    anna.picture("export-html").await?;

    // While the browsers are here: the app can be installed.
    let manifest = bert.devtools("Page.getAppManifest", json!({})).await?;
    ensure!(manifest["errors"] == json!([]), "{manifest}");
    let errors = bert
        .devtools("Page.getInstallabilityErrors", json!({}))
        .await?;
    ensure!(errors["installabilityErrors"] == json!([]), "{errors}");
    room.part().await
}
