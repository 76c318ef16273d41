//! What people do in Roomkey, in the words of the interface.

use crate::browser::Browser;
use anyhow::{Context as _, Result};
use serde_json::json;

/// The button in front of a room that says what is inside.
const DOOR: &str = "all('button', null).find((b) => /^(Empty:|Join [0-9]+ )/.test(nameOf(b)))";

/// What newcomers of a room see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newcomers {
    /// A forward-secret room.
    SeeNothing,
    /// An open-history room with the last 35 messages.
    SeeLast35,
}

impl Browser {
    /// Opens a room from the first page and waits until it can be talked in.
    ///
    /// # Errors
    /// When any step does not happen.
    pub async fn open_room(
        &self,
        relay: &str,
        room: &str,
        name: &str,
        newcomers: Newcomers,
    ) -> Result<()> {
        self.goto(relay).await?;
        self.open_room_here(room, name, newcomers).await
    }

    /// The same, on the page that is there.
    ///
    /// # Errors
    /// When the room does not open.
    pub async fn open_room_here(&self, room: &str, name: &str, newcomers: Newcomers) -> Result<()> {
        self.fill("Room name", room).await?;
        self.fill("Your name", name).await?;
        if newcomers == Newcomers::SeeNothing {
            self.click("button", "Room options").await?;
            self.pick("Newcomers see", "Nothing").await?;
        }
        self.click("button", "Open room").await?;
        // A name that could be guessed wants a second click.
        self.until(
            &format!("one('button', 'Enter anyway') || {DOOR} || one('log', 'Messages')"),
            vec![],
        )
        .await?;
        if self.shows("button", "Enter anyway").await? {
            self.click("button", "Enter anyway").await?;
        }
        self.go_in().await
    }

    /// Presses the button that says what is behind the door, and waits until the room is there.
    ///
    /// # Errors
    /// When there is neither a door nor a room.
    pub async fn go_in(&self) -> Result<()> {
        // Where nothing is to be decided the door opens by itself, perhaps just before the click.
        self.until(
            &format!("one('log', 'Messages') || ({DOOR}?.click(), false)"),
            vec![],
        )
        .await?;
        self.in_room().await
    }

    /// Follows an invitation and joins.
    ///
    /// # Errors
    /// When any step does not happen.
    pub async fn join(&self, link: &str, name: &str) -> Result<()> {
        self.goto(link).await?;
        self.fill("Your name", name).await?;
        self.click("button", "Join").await?;
        self.in_room().await
    }

    /// Waits until the room's screen is there and the relay has let us in.
    ///
    /// # Errors
    /// When that does not happen.
    pub async fn in_room(&self) -> Result<()> {
        self.until(
            "one('textbox', 'Message') && one('log', 'Messages')",
            vec![],
        )
        .await?;
        self.until("!one('textbox', 'Message').disabled", vec![])
            .await?;
        Ok(())
    }

    /// Chooses a radio button of a group.
    ///
    /// # Errors
    /// When there is no such choice.
    pub async fn pick(&self, group: &str, choice: &str) -> Result<()> {
        let arguments = vec![json!(group), json!(choice)];
        self.until("one('group', a[0]) && all('radio', null, one('group', a[0])).some((r) => nameOf(r).startsWith(a[1]))", arguments.clone())
            .await?;
        self.eval(
            "const radio = all('radio', null, one('group', arguments[0])).find((r) => nameOf(r).startsWith(arguments[1]));
             radio.click();",
            arguments,
        )
        .await?;
        Ok(())
    }

    /// Writes a message and sends it with the button.
    ///
    /// # Errors
    /// When there is no composer.
    pub async fn say(&self, text: &str) -> Result<()> {
        self.paste("Message", text).await?;
        self.until(
            "one('button', 'Send') && !one('button', 'Send').disabled",
            vec![],
        )
        .await?;
        self.eval("one('button', 'Send').click()", vec![]).await?;
        self.until("one('textbox', 'Message').value === ''", vec![])
            .await?;
        Ok(())
    }

    /// Sends many messages one after the other, without coming back to the test between them. One that begins with a slash
    /// is typed with two, as a person would who means no command.
    ///
    /// # Errors
    /// When the page stops taking messages.
    pub async fn say_all(&self, texts: &[String]) -> Result<()> {
        // One step a look: set the text, press the button, see the field empty, take the next.
        self.eval(
            "window.unsaid = [...arguments[0]]; window.saying = false",
            vec![json!(texts)],
        )
        .await?;
        self.until(
            "(() => {
               const field = one('textbox', 'Message');
               for (let turn = 0; turn < 3; turn++) {
                 if (window.saying && field.value !== '') {
                   const send = one('button', 'Send');
                   if (send && !send.disabled) send.click();
                   return false;
                 }
                 window.saying = false;
                 if (!window.unsaid.length) return true;
                 const proto = field.tagName === 'TEXTAREA' ? HTMLTextAreaElement : HTMLInputElement;
                 Object.getOwnPropertyDescriptor(proto.prototype, 'value').set.call(field, window.unsaid.shift().replace(/^\\//, '//'));
                 field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
                 window.saying = true;
               }
             })()",
            vec![],
        )
        .await?;
        Ok(())
    }

    /// Waits until `text` stands in the log of messages.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn hears(&self, text: &str) -> Result<()> {
        self.until(
            "wordsOf(one('log', 'Messages')).includes(a[0])",
            vec![json!(text)],
        )
        .await?;
        Ok(())
    }

    /// The words of the log of messages as they stand.
    ///
    /// # Errors
    /// When there is no log.
    pub async fn log(&self) -> Result<String> {
        let words = self
            .eval("return wordsOf(one('log', 'Messages'))", vec![])
            .await?;
        Ok(words
            .as_str()
            .context("no log of messages on this page")?
            .to_owned())
    }

    /// The invitation link, from the share sheet; the sheet is closed again.
    ///
    /// # Errors
    /// When the sheet does not show one.
    pub async fn invitation(&self) -> Result<String> {
        self.click("button", "Invite").await?;
        self.click("button", "Show the link").await?;
        let link = self
            .until(
                "[...document.querySelectorAll('input, code, output, a, p, span')]
                   .map((e) => (e.value || e.href || e.textContent || '').trim())
                   .find((t) => /^https?:\\/\\/\\S+#\\/r\\/\\S+$/.test(t))",
                vec![],
            )
            .await?;
        self.click("button", "Close").await?;
        Ok(link
            .as_str()
            .context("no link in the share sheet")?
            .to_owned())
    }
}
