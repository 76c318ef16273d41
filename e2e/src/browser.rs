//! One browser window under WebDriver control, as a person would use it.

use crate::driver::{DevTools, Driver, HeapSnapshot, Kind, Log};
use crate::setting;
pub use crate::window::Screen;
use crate::window::{chromium, firefox};
use anyhow::{Context as _, Result, anyhow, bail};
use fantoccini::elements::Element;
use fantoccini::wd::TimeoutConfiguration;
use fantoccini::{Client, ClientBuilder};
use serde_json::{Value, json};
use std::time::Duration;

const FIND: &str = include_str!("find.js");

/// How long a condition may take on a loaded two-core machine before the test gives up. Never a measurement.
const PATIENCE: Duration = Duration::from_secs(40);

/// A browser with one page, alone in its profile.
pub struct Browser {
    /// The WebDriver session, for what the methods here do not cover.
    pub client: Client,
    kind: Kind,
    _driver: Driver,
}

impl Browser {
    /// A fresh desktop Chromium.
    ///
    /// # Errors
    /// When the browser does not start.
    pub async fn chromium() -> Result<Self> {
        Self::start(Kind::Chromium, Screen::Desktop, &[]).await
    }

    /// A fresh browser of `kind` with the window of `screen` and further command-line switches.
    ///
    /// # Errors
    /// When the browser does not start.
    pub async fn start(kind: Kind, screen: Screen, switches: &[&str]) -> Result<Self> {
        Self::launch(kind, screen, switches, true).await
    }

    /// A fresh desktop Chromium that keeps no record of its traffic: that would cost time for every message.
    ///
    /// # Errors
    /// When the browser does not start.
    pub async fn unlogged() -> Result<Self> {
        Self::launch(Kind::FullChromium, Screen::Desktop, &[], false).await
    }

    async fn launch(kind: Kind, screen: Screen, switches: &[&str], logs: bool) -> Result<Self> {
        let driver = Driver::start(kind).await?;
        let capabilities = match kind {
            Kind::Chromium => chromium(false, screen, switches, logs),
            Kind::FullChromium => chromium(true, screen, switches, logs),
            Kind::Firefox => firefox(screen),
        };
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.url)
            .await
            .context("the browser did not start")?;
        let patience = Some(PATIENCE + Duration::from_secs(5));
        client
            .update_timeouts(TimeoutConfiguration::new(
                patience,
                patience,
                Some(Duration::ZERO),
            ))
            .await?;
        let browser = Self {
            client,
            kind,
            _driver: driver,
        };
        if kind != Kind::Firefox {
            browser.resize(screen).await?;
        }
        Ok(browser)
    }

    /// Opens an address and waits until the app (or its page without JavaScript) is there.
    ///
    /// # Errors
    /// When the page does not load.
    pub async fn goto(&self, url: &str) -> Result<()> {
        self.client.goto(url).await?;
        Ok(())
    }

    /// Runs JavaScript with the finders of `find.js` in scope.
    ///
    /// # Errors
    /// When the script throws.
    pub async fn eval(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self
            .client
            .execute(&format!("{FIND}\n{script}"), arguments)
            .await?)
    }

    /// Waits until the JavaScript expression `condition` (with the finders and `a`, the arguments, in scope) is truthy, and
    /// returns its value. Re-evaluated whenever the page changes or paints, so nothing is slept through.
    ///
    /// # Errors
    /// When the condition does not come true within the harness's patience; the message shows the page's words.
    pub async fn until(&self, condition: &str, arguments: Vec<Value>) -> Result<Value> {
        // An element may be replaced before its reference gets here; that it was there is enough.
        let condition = format!("((value) => value instanceof Element || value)({condition})");
        self.first(&condition, arguments).await
    }

    /// Like [`Browser::until`]; an element comes back as a reference to it.
    async fn first(&self, condition: &str, arguments: Vec<Value>) -> Result<Value> {
        let script = format!(
            "{FIND}
            const done = arguments[arguments.length - 1];
            const a = [...arguments].slice(0, -1);
            const limit = performance.now() + {};
            const step = () => {{
              let value = null;
              try {{ value = ({condition}); }} catch (error) {{ value = null; }}
              if (value) return done({{ value }});
              if (performance.now() > limit) return done({{ late: document.body ? document.body.innerText : '' }});
              setTimeout(step, 30);
            }};
            step();",
            PATIENCE.as_millis()
        );
        let answer = self
            .client
            .execute_async(&script, arguments.clone())
            .await?;
        match answer.get("value") {
            Some(value) => Ok(value.clone()),
            None => bail!(
                "still waiting for `{condition}` with {arguments:?}; the page says:\n{}",
                answer
                    .get("late")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            ),
        }
    }

    /// Waits for a visible element by role and accessible name.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn find(&self, role: &str, name: &str) -> Result<Element> {
        let found = self
            .first("one(a[0], a[1])", vec![json!(role), json!(name)])
            .await?;
        self.element(&found)
    }

    fn element(&self, reference: &Value) -> Result<Element> {
        let id = reference
            .as_object()
            .and_then(|object| object.values().next())
            .and_then(Value::as_str)
            .ok_or_else(|| anyhow!("the driver returned no element but {reference}"))?;
        Ok(Element::from_element_id(
            self.client.clone(),
            id.to_owned().into(),
        ))
    }

    /// Whether a visible element of this role and name is on the page right now.
    ///
    /// # Errors
    /// When the page cannot be asked.
    pub async fn shows(&self, role: &str, name: &str) -> Result<bool> {
        let found = self
            .eval(
                "return !!one(arguments[0], arguments[1])",
                vec![json!(role), json!(name)],
            )
            .await?;
        Ok(found == json!(true))
    }

    /// Clicks what has this role and name, once it is there and enabled.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn click(&self, role: &str, name: &str) -> Result<()> {
        let ready = "one(a[0], a[1]) && !one(a[0], a[1]).disabled && one(a[0], a[1])";
        // An element can be replaced between being found and being clicked: look again a few times.
        for _ in 0..4 {
            let found = self.first(ready, vec![json!(role), json!(name)]).await?;
            if self.element(&found)?.click().await.is_ok() {
                return Ok(());
            }
        }
        Ok(self.find(role, name).await?.click().await?)
    }

    /// Replaces the text of a field.
    ///
    /// # Errors
    /// When the field does not appear.
    pub async fn fill(&self, name: &str, text: &str) -> Result<()> {
        // The app may still be drawing its first screen when the field is found: type again until the text stands.
        for _ in 0..4 {
            let field = self.find("textbox", name).await?;
            // Select all, then type over it: what a person does, and what fires the events an app listens to.
            let typed = async {
                field.click().await?;
                field.send_keys("\u{E009}a\u{E000}").await?;
                field.send_keys(text).await
            };
            if typed.await.is_ok() {
                let value =
                    "const field = one('textbox', arguments[0]); return field && field.value";
                if self.eval(value, vec![json!(name)]).await? == json!(text) {
                    return Ok(());
                }
            }
        }
        bail!("the field {name:?} does not keep {text:?}")
    }

    /// Puts text that no keyboard can type (lone controls, long payloads) into a field and tells the app about it.
    ///
    /// # Errors
    /// When the field does not appear.
    pub async fn paste(&self, name: &str, text: &str) -> Result<()> {
        self.find("textbox", name).await?;
        self.eval(
            "const field = one('textbox', arguments[0]);
             const proto = field.tagName === 'TEXTAREA' ? HTMLTextAreaElement : HTMLInputElement;
             Object.getOwnPropertyDescriptor(proto.prototype, 'value').set.call(field, arguments[1]);
             field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));",
            vec![json!(name), json!(text)],
        )
        .await?;
        Ok(())
    }

    /// Waits until the page's visible words contain `text`.
    ///
    /// # Errors
    /// When they do not in time.
    pub async fn reads(&self, text: &str) -> Result<()> {
        self.until("document.body.innerText.includes(a[0])", vec![json!(text)])
            .await?;
        Ok(())
    }

    /// All visible words of the page.
    ///
    /// # Errors
    /// When the page cannot be asked.
    pub async fn words(&self) -> Result<String> {
        let words = self.eval("return document.body.innerText", vec![]).await?;
        Ok(words.as_str().unwrap_or_default().to_owned())
    }

    /// Goes on in a new tab, as if nothing had happened in this one, which is closed.
    ///
    /// # Errors
    /// When the browser opens none.
    pub async fn start_afresh(&self) -> Result<()> {
        let tab = self.client.new_window(true).await?;
        self.client.close_window().await?;
        self.client.switch_to_window(tab.handle).await?;
        self.resize(Screen::Desktop).await
    }

    /// Gives the page the size of a screen (Chromium only).
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn resize(&self, screen: Screen) -> Result<()> {
        let (width, height) = screen.size();
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": screen != Screen::Desktop });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        Ok(())
    }

    /// Runs a script in every page of this tab before the page's own (Chromium only).
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn before_pages(&self, script: &str) -> Result<()> {
        let source = json!({ "source": script });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", source)
            .await?;
        Ok(())
    }

    /// A DevTools command (Chromium only).
    ///
    /// # Errors
    /// When the browser refuses it.
    pub async fn devtools(&self, command: &'static str, parameters: Value) -> Result<Value> {
        if self.kind == Kind::Firefox {
            bail!("{command} is a command of Chromium's");
        }
        Ok(self.client.issue_cmd(DevTools(command, parameters)).await?)
    }

    /// Everything on the page's JavaScript heap after a collection, strings included, as one text (Chromium only).
    ///
    /// # Errors
    /// When the browser makes no snapshot.
    pub async fn heap(&self) -> Result<String> {
        // A snapshot of a page that has just gone may still find what the next collection takes.
        for _ in 0..2 {
            self.devtools("HeapProfiler.collectGarbage", json!({}))
                .await?;
        }
        let snapshot = self.client.issue_cmd(HeapSnapshot).await?;
        Ok(match snapshot {
            Value::String(text) => text,
            other => other.to_string(),
        })
    }

    /// What the page has written to its console since the last call, security reports included (Chromium only).
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn console(&self) -> Result<Vec<String>> {
        let log = self.client.issue_cmd(Log("browser")).await?;
        let entries = log.as_array().cloned().unwrap_or_default();
        Ok(entries
            .iter()
            .filter_map(|entry| entry["message"].as_str().map(str::to_owned))
            .collect())
    }

    /// Every DevTools network event since the last call: (method, parameters). Chromium only.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn network(&self) -> Result<Vec<(String, Value)>> {
        let log = self.client.issue_cmd(Log("performance")).await?;
        let mut events = Vec::new();
        for entry in log.as_array().cloned().unwrap_or_default() {
            let Some(message) = entry["message"].as_str() else {
                continue;
            };
            let message: Value = serde_json::from_str(message)?;
            let method = message["message"]["method"].as_str().unwrap_or_default();
            if method.starts_with("Network.") {
                events.push((method.to_owned(), message["message"]["params"].clone()));
            }
        }
        Ok(events)
    }

    /// Pretends that the device prefers a colour scheme (Chromium only).
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn prefer(&self, scheme: &str) -> Result<()> {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", features)
            .await?;
        Ok(())
    }

    /// Keeps a picture of the page as `name.png` if `ROOMKEY_E2E_SHOTS` names a folder.
    ///
    /// # Errors
    /// When the picture cannot be taken or written.
    pub async fn picture(&self, name: &str) -> Result<()> {
        let folder = setting("ROOMKEY_E2E_SHOTS", "");
        if !folder.as_os_str().is_empty() {
            std::fs::create_dir_all(&folder)?;
            std::fs::write(
                folder.join(format!("{name}.png")),
                self.client.screenshot().await?,
            )?;
        }
        Ok(())
    }

    /// Ends the browser in an orderly way.
    ///
    /// # Errors
    /// When the driver is gone already.
    pub async fn close(self) -> Result<()> {
        Ok(self.client.close().await?)
    }
}
