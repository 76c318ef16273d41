//! Whatever a sheet is closed with, the keyboard is afterwards where it was before, or at the composer where that is gone.

use anyhow::{Context as _, Result, ensure};
use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use roomkey_e2e::axe::inspect;
use roomkey_e2e::browser::{Browser, Screen};
use roomkey_e2e::driver::Kind;
use roomkey_e2e::native::Native;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;
use std::time::Duration;

const ROOM: &str = "tarnish unclip velvety oyster gumdrop";
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";
const TAB: &str = "\u{E004}";
const COMPOSER: &str = "one('textbox', 'Message')";

/// How a sheet is closed.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// The mouse, on its close button.
    Button,
    /// The mouse, beside it.
    Beside,
    /// Escape.
    Escape,
    /// Enter, on its close button.
    Enter,
}

async fn press(browser: &Browser, keys: &str) -> Result<()> {
    browser
        .client
        .active_element()
        .await?
        .send_keys(keys)
        .await?;
    Ok(())
}

/// A click where there is nothing of the sheet. False where it covers everything, or the page beside it goes on.
async fn beside(browser: &Browser) -> Result<bool> {
    let is_there = browser
        .eval(
            "return document.elementFromPoint(3, 3)?.matches('dialog:modal')",
            vec![],
        )
        .await?;
    if is_there != true {
        return Ok(false);
    }
    let mouse = MouseActions::new("mouse".to_owned())
        .then(PointerAction::MoveTo {
            duration: Some(Duration::ZERO),
            x: 3.0,
            y: 3.0,
        })
        .then(PointerAction::Down {
            button: MOUSE_BUTTON_LEFT,
        })
        .then(PointerAction::Up {
            button: MOUSE_BUTTON_LEFT,
        });
    browser.client.perform_actions(mouse).await?;
    browser.client.release_actions().await?;
    Ok(true)
}

/// Presses `openers` one after the other, closes what is then open, and looks where the focus is.
async fn comes_back(browser: &Browser, openers: &[&str], way: Way, heir: &str) -> Result<bool> {
    for opener in openers {
        let found = format!(
            "all('button', null).filter((b) => !document.querySelector('dialog:modal') || b.closest('dialog')).find((b) => nameOf(b).startsWith('{opener}'))"
        );
        browser
            .until(&found, vec![])
            .await
            .with_context(|| format!("no {opener}"))?;
        match way {
            // As somebody with a mouse would, and as somebody with a keyboard.
            Way::Button | Way::Beside => {
                browser
                    .eval(&format!("const b = {found}; b.focus(); b.click();"), vec![])
                    .await?;
            }
            Way::Escape | Way::Enter => {
                browser.eval(&format!("{found}.focus()"), vec![]).await?;
                press(browser, ENTER).await?;
            }
        }
        browser
            .until(
                "document.querySelector('dialog[open]')?.contains(document.activeElement)",
                vec![],
            )
            .await
            .with_context(|| format!("{opener} opens nothing that takes the focus"))?;
    }
    let was_closed = match way {
        Way::Button => {
            browser.click("button", "Close").await?;
            true
        }
        Way::Beside => beside(browser).await?,
        Way::Escape => {
            press(browser, ESCAPE).await?;
            true
        }
        Way::Enter => {
            browser
                .eval("one('button', 'Close').focus()", vec![])
                .await?;
            press(browser, ENTER).await?;
            true
        }
    };
    if !was_closed {
        browser.click("button", "Close").await?;
    }
    browser
        .until("!document.querySelector('dialog[open]')", vec![])
        .await?;
    browser
        .until(&format!("document.activeElement === {heir}"), vec![])
        .await
        .with_context(|| format!("{openers:?}, closed by {way:?}: the focus is not on {heir}"))?;
    // Three quick Escapes in a row would be panic: two seconds pass, for this page.
    let later =
        "const now = performance.now.bind(performance); performance.now = () => now() + 2000";
    browser.eval(later, vec![]).await?;
    Ok(was_closed)
}

fn button(name: &str) -> String {
    format!("all('button', null).find((b) => nameOf(b).startsWith('{name}'))")
}

const WAYS: [Way; 4] = [Way::Button, Way::Beside, Way::Escape, Way::Enter];

#[tokio::test]
async fn the_focus_comes_back_from_every_sheet_however_it_is_closed() -> Result<()> {
    let relay = Relay::start().await?;
    let eva = Browser::start(Kind::Chromium, Screen::Desktop, &[]).await?;
    eva.goto(&relay.url()).await?;
    let mut beside = 0;
    for opener in ["How it works", "Show me", "Have a link?"] {
        for way in WAYS {
            let closed = comes_back(&eva, &[opener], way, &button(opener)).await?;
            beside += u32::from(closed && matches!(way, Way::Beside));
        }
    }
    eva.open_room(&relay.url(), ROOM, "Eva", Newcomers::SeeLast35)
        .await?;
    let _other = Native::enter(&relay.url(), ROOM, "Otto", None, |_| {}).await?;
    eva.hears("Otto").await?;
    for opener in [
        "Room card:",
        "Invite",
        "Search",
        "Settings",
        "What the server sees",
        "Shield:",
        "More",
        "To:",
        "Send files",
        "Emoji",
    ] {
        for way in WAYS {
            let closed = comes_back(&eva, &[opener], way, &button(opener)).await?;
            beside += u32::from(closed && matches!(way, Way::Beside));
        }
    }
    ensure!(beside >= 8, "only {beside} sheets were closed from beside");
    // Sheets that take the place of another one: what opened that one.
    for within in [
        "Settings",
        "Keys and commands",
        "Save the conversation",
        "Search",
    ] {
        for way in [Way::Button, Way::Escape] {
            comes_back(&eva, &["More", within], way, &button("More")).await?;
        }
    }
    // A command was typed at the composer.
    eva.eval(&format!("{COMPOSER}.focus()"), vec![]).await?;
    for command in ["/help", "/invite", "/kick Otto", "/verify Otto", "/export"] {
        for way in [Way::Button, Way::Escape] {
            // The keys go where they went before: nobody puts the focus there between two of these.
            press(&eva, &format!("{command}{ENTER}")).await?;
            eva.find("button", "Close")
                .await
                .with_context(|| format!("{command} opens nothing"))?;
            comes_back(&eva, &[], way, COMPOSER).await?;
        }
    }
    // What opened it is gone by the time it closes.
    eva.eval(&format!("{}.focus()", button("Invite")), vec![])
        .await?;
    press(&eva, ENTER).await?;
    eva.find("button", "Close").await?;
    eva.eval("document.querySelector('.button-invite').hidden = true; document.querySelector('.button-invite').style.display = 'none'", vec![])
        .await?;
    comes_back(&eva, &[], Way::Escape, COMPOSER).await?;
    eva.close().await
}

#[tokio::test]
async fn after_closing_the_room_was_undone_the_keyboard_is_somewhere() -> Result<()> {
    let relay = Relay::start().await?;
    let eva = Browser::start(Kind::Chromium, Screen::Phone, &[]).await?;
    eva.open_room(&relay.url(), ROOM, "Eva", Newcomers::SeeLast35)
        .await?;
    let _other = Native::enter(&relay.url(), ROOM, "Otto", None, |_| {}).await?;
    eva.hears("Otto").await?;
    eva.eval(&format!("{COMPOSER}.focus()"), vec![]).await?;
    press(&eva, &format!("/kick Otto{ENTER}")).await?;
    eva.reads("Remove Otto?").await?;
    inspect(&eva, "kick-phone").await?;
    comes_back(&eva, &[], Way::Button, COMPOSER).await?;
    press(&eva, &format!("/purge{ENTER}")).await?;
    eva.find("button", "Hold to close the room").await?;
    eva.eval("one('button', 'Hold to close the room').focus()", vec![])
        .await?;
    press(&eva, ENTER).await?;
    eva.find("button", "Press again to close the room").await?;
    press(&eva, ENTER).await?;
    eva.find("button", "Undo").await?;
    eva.eval("one('button', 'Undo').focus()", vec![]).await?;
    press(&eva, ENTER).await?;
    eva.until("!one('button', 'Undo')", vec![]).await?;
    eva.until(&format!("document.activeElement === {COMPOSER}"), vec![])
        .await
        .context("the focus is lost")?;
    press(&eva, TAB).await?;
    eva.until("document.activeElement !== document.body", vec![])
        .await?;
    eva.close().await
}
