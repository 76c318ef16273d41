//! Being told: nobody is asked before a click, nothing is given away unless chosen, and whoever looks is left in peace.

use anyhow::{Context as _, Result, ensure};
use roomkey_e2e::axe::inspect_in_both_schemes;
use roomkey_e2e::browser::Browser;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::pair::Pair;
use serde_json::{Value, json};

/// Notes every notification, every question for leave and the loudness of every tone.
const RECORD: &str = "
    window.told = []; window.asked = 0; window.tones = [];
    const Real = window.Notification;
    window.Notification = class extends Real {
      constructor(title, options) { super(title, options); window.told.push([title, options.body ?? '']); }
      static requestPermission(...rest) { window.asked++; return Real.requestPermission(...rest); }
    };
    const ramp = AudioParam.prototype.linearRampToValueAtTime;
    AudioParam.prototype.linearRampToValueAtTime = function (value, at) {
      if (value > 0) window.tones.push(value);
      return ramp.call(this, value, at);
    };
";

async fn recorded(browser: &Browser, what: &str) -> Result<Vec<Value>> {
    let list = browser.eval(&format!("return {what}"), vec![]).await?;
    Ok(list.as_array().cloned().unwrap_or_default())
}

/// Another tab is in front, as far as the page can tell: a browser without a window has none to put there.
async fn look(browser: &Browser, away: bool) -> Result<()> {
    browser
        .eval(
            "const [away] = arguments;
             if (away) Object.defineProperty(document, 'hidden', { get: () => true, configurable: true });
             else delete document.hidden;
             document.dispatchEvent(new Event('visibilitychange'));",
            vec![json!(away)],
        )
        .await?;
    Ok(())
}

async fn settings(browser: &Browser, choices: &[(&str, &str)]) -> Result<()> {
    browser.click("button", "Settings").await?;
    for (group, choice) in choices {
        browser.pick(group, choice).await?;
    }
    browser.click("button", "Close").await
}

#[tokio::test]
async fn a_page_tells_as_much_as_was_chosen_and_only_while_nobody_looks() -> Result<()> {
    let room = Pair::in_full_chromium(Newcomers::SeeLast35).await?;
    let Pair {
        relay, anna, bert, ..
    } = &room;
    anna.eval(RECORD, vec![]).await?;
    let may = |setting: &'static str| {
        let origin = relay.url();
        json!({ "permission": { "name": "notifications" }, "setting": setting, "origin": origin })
    };

    // Nothing was asked by itself; the button asks, and the sheet shows the answer.
    anna.click("button", "Settings").await?;
    anna.until(
        "one('group', 'Notify me of') && one('group', 'In this room')",
        vec![],
    )
    .await?;
    inspect_in_both_schemes(anna, "alerts-settings").await?;
    ensure!(anna.eval("return window.asked", vec![]).await? == json!(0));
    anna.devtools("Browser.setPermission", may("granted"))
        .await?;
    if anna.shows("button", "Allow notifications").await? {
        anna.click("button", "Allow notifications").await?;
        anna.reads("The browser lets this page notify you.").await?;
        ensure!(anna.eval("return window.asked", vec![]).await? == json!(1));
    }
    anna.pick("Sounds", "Loud").await?;
    anna.click("button", "Try it").await?;
    anna.until("window.told.length === 1", vec![]).await?;
    ensure!(recorded(anna, "window.tones").await? == [json!(0.3_f32)]);
    anna.click("button", "Close").await?;

    // Whoever looks is left in peace, whatever was chosen.
    settings(anna, &[("Notify me of", "Every message")]).await?;
    bert.say("nobody is told of this").await?;
    anna.hears("nobody is told of this").await?;
    ensure!(recorded(anna, "window.told").await?.len() == 1);
    ensure!(recorded(anna, "window.tones").await?.len() == 1);

    look(anna, true).await?;
    bert.say("the plan is secret").await?;
    anna.until("window.told.length === 2", vec![]).await?;
    let told = recorded(anna, "window.told").await?[1].to_string();
    ensure!(told.contains("New message in "), "{told}");
    for hidden in ["secret", "Bert", "anaconda", "crease"] {
        ensure!(!told.contains(hidden), "{told}");
    }
    ensure!(recorded(anna, "window.tones").await?.len() == 2);
    anna.until("document.title.startsWith('(1)')", vec![])
        .await?;
    let icon = "document.querySelector('link[rel~=icon]').getAttribute('href')";
    anna.until(&format!("{icon}.startsWith('data:')"), vec![])
        .await?;

    // Back: the counter and the dot go.
    look(anna, false).await?;
    anna.until(
        &format!("!document.title.startsWith('(') && {icon} === '/favicon.svg'"),
        vec![],
    )
    .await?;

    // What holds in this room counts before what holds everywhere, also after a reload.
    settings(anna, &[("In this room", "My name"), ("Sounds", "None")]).await?;
    anna.client.refresh().await?;
    anna.in_room().await?;
    anna.eval(RECORD, vec![]).await?;
    anna.click("button", "Settings").await?;
    anna.until(
        "all('radio', null, one('group', 'In this room')).find((one) => one.checked && nameOf(one).startsWith('My name'))",
        vec![],
    )
    .await?;
    let tells = "(() => { const it = all('checkbox', null).find((one) => nameOf(one).startsWith('Show who wrote what')); it.click(); return it; })()";
    anna.until(tells, vec![]).await?;
    anna.click("button", "Close").await?;
    look(anna, true).await?;
    bert.say("not for anybody in particular").await?;
    anna.until(
        "wordsOf(document.body).includes('in particular') || document.title.startsWith('(1)')",
        vec![],
    )
    .await?;
    bert.say("@Anna have a look").await?;
    anna.until("window.told.length > 0", vec![]).await?;
    let told = recorded(anna, "window.told").await?;
    ensure!(told.len() == 1, "{told:?}");
    let words = told.first().map(Value::to_string).context("nothing")?;
    ensure!(words.contains("Bert: @Anna have a look"), "{words}");
    ensure!(recorded(anna, "window.tones").await?.is_empty());
    room.part().await
}
