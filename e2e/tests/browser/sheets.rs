//! Sheets: what is on them can be reached on the narrowest phone, the keyboard goes in and comes back, Escape closes one at
//! a time, and no way of pressing a link gets around the question where it leads.

use anyhow::{Context as _, Result, ensure};
use fantoccini::actions::{
    InputSource as _, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MOUSE_BUTTON_MIDDLE, MouseActions,
    PointerAction,
};
use fantoccini::key::Key;
use roomkey_e2e::axe;
use roomkey_e2e::browser::{Browser, Screen};
use roomkey_e2e::driver::Kind;
use roomkey_e2e::native::Native;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;
use serde_json::{Value, json};
use std::time::Duration;

const ROOM: &str = "tarnish unclip velvety oyster gumdrop";
const LONG: &str = "Ωκεανίδα-Ψαροπούλα-Ξυλοφόρτωτη-Χ";

const ENTER: &str = "\u{E007}";
const SHIFT_TAB: &str = "\u{E008}\u{E004}\u{E000}";

/// Eva governs a room that somebody with a very long name is in.
async fn room(screen: Screen) -> Result<(Relay, Browser, Native)> {
    let relay = Relay::start().await?;
    let eva = Browser::start(Kind::Chromium, screen, &[]).await?;
    eva.open_room(&relay.url(), ROOM, "Eva", Newcomers::SeeLast35)
        .await?;
    let other = Native::enter(&relay.url(), ROOM, LONG, None, |_| {}).await?;
    eva.hears(LONG).await?;
    Ok((relay, eva, other))
}

/// The keyboard's focus is on what `find` finds.
async fn is_focused(browser: &Browser, find: &str) -> Result<()> {
    browser
        .until(&format!("document.activeElement === {find}"), vec![])
        .await
        .with_context(|| format!("the focus is not on {find}"))?;
    Ok(())
}

async fn escape(browser: &Browser) -> Result<()> {
    browser
        .client
        .active_element()
        .await?
        .send_keys("\u{E00C}")
        .await?;
    Ok(())
}

/// What can be pressed or typed into on the sheet in front and cannot be brought under a finger.
async fn out_of_reach(browser: &Browser) -> Result<Value> {
    browser
        .eval(
            "const sheet = [...document.querySelectorAll('dialog[open]')].at(-1);
             return [...sheet.querySelectorAll('button, input, textarea, select, summary, a[href]')]
               .map((one) => one.labels?.length && one.matches('[type=radio], [type=checkbox]') ? one.labels[0] : one)
               .filter((one) => one.getClientRects().length && !one.closest('details:not([open]) > :not(summary)'))
               .filter((one) => {
                 one.scrollIntoView({ block: 'center', behavior: 'instant' });
                 const box = one.getBoundingClientRect();
                 const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, innerHeight) / 2);
                 const fits = box.left >= 0 && box.right <= innerWidth + 0.5;
                 return !fits || !top || !(one.contains(top) || top.contains(one));
               })
               .map((one) => nameOf(one) || one.outerHTML.slice(0, 120));",
            vec![],
        )
        .await
}

async fn on(screen: Screen, suffix: &str) -> Result<()> {
    let (_relay, eva, _other) = room(screen).await?;
    for (picture, opener) in [
        ("card", "Room card:"),
        ("people", "People,"),
        ("settings", "Settings"),
        ("invite", "Invite"),
        ("bytes", "What the server sees"),
        ("shield", "Shield:"),
    ] {
        let button = format!("all('button', null).find((b) => nameOf(b).startsWith('{opener}'))");
        eva.until(&button, vec![]).await?;
        eva.eval(&format!("const b = {button}; b.focus(); b.click()"), vec![])
            .await?;
        eva.until(
            "document.querySelector('dialog[open]')?.contains(document.activeElement)",
            vec![],
        )
        .await?;
        if picture == "people" {
            eva.click("button", &format!("More about {LONG}")).await?;
            eva.find("button", "Compare").await?;
        }
        let missed = out_of_reach(&eva).await?;
        let violations = axe::violations(&eva).await?;
        ensure!(violations.is_empty(), "{picture}: {violations:?}");
        eva.picture(&format!("sheet-{picture}-{suffix}")).await?;
        ensure!(missed == json!([]), "out of reach on {picture}: {missed}");
        if picture == "people" {
            // A sheet over a sheet: Escape takes one.
            eva.click("button", "Compare").await?;
            eva.until(
                "document.querySelectorAll('dialog[open]').length === 2",
                vec![],
            )
            .await?;
            escape(&eva).await?;
            eva.until(
                "document.querySelectorAll('dialog[open]').length === 1",
                vec![],
            )
            .await?;
            is_focused(&eva, "one('button', 'Compare')").await?;
        }
        escape(&eva).await?;
        eva.until("!document.querySelector('dialog[open]')", vec![])
            .await?;
        // Three quick ones in a row would be panic: two seconds pass, for this page.
        let later =
            "const now = performance.now.bind(performance); performance.now = () => now() + 2000";
        eva.eval(later, vec![]).await?;
        is_focused(&eva, &button).await?;
    }
    eva.close().await
}

#[tokio::test]
async fn everything_on_a_sheet_is_within_reach_on_a_phone_and_the_focus_comes_back() -> Result<()> {
    on(Screen::Phone, "phone").await
}

#[tokio::test]
async fn everything_on_a_sheet_is_within_reach_on_320_pixels_and_the_focus_comes_back() -> Result<()>
{
    on(Screen::Narrow, "narrow").await
}

#[tokio::test]
async fn a_link_asks_first_whichever_button_or_key_it_is_pressed_with() -> Result<()> {
    let (_relay, eva, other) = room(Screen::Desktop).await?;
    other
        .say("look at https://example.com/somewhere please")
        .await?;
    eva.hears("example.com/somewhere").await?;
    let tabs = eva.client.windows().await?.len();
    for (button, key) in [
        (MOUSE_BUTTON_LEFT, None),
        (MOUSE_BUTTON_LEFT, Some(Key::Control)),
        (MOUSE_BUTTON_LEFT, Some(Key::Shift)),
        (MOUSE_BUTTON_MIDDLE, None),
    ] {
        let link = eva.find("link", "https://example.com/somewhere").await?;
        let mouse = MouseActions::new("mouse".to_owned())
            .then(PointerAction::MoveToElement {
                element: link,
                duration: Some(Duration::ZERO),
                x: 0.0,
                y: 0.0,
            })
            .then(PointerAction::Down { button })
            .then(PointerAction::Up { button });
        let mut keys = KeyActions::new("keys".to_owned());
        if let Some(key) = key {
            keys = keys.then(KeyAction::Down { value: key.into() });
        }
        eva.client.perform_actions(keys).await?;
        eva.client.perform_actions(mouse).await?;
        eva.client.release_actions().await?;
        eva.find("dialog", "Open this link?").await?;
        ensure!(
            eva.client.windows().await?.len() == tabs,
            "{button} with {key:?} opened a tab"
        );
        eva.click("button", "Close").await?;
        eva.until("!document.querySelector('dialog[open]')", vec![])
            .await?;
    }
    eva.close().await
}

#[tokio::test]
async fn a_room_is_closed_and_saved_by_the_keyboard_alone() -> Result<()> {
    let (_relay, eva, _other) = room(Screen::Desktop).await?;
    let face = "all('button', null).find((b) => nameOf(b).startsWith('Room card'))";
    eva.until(face, vec![]).await?;
    eva.eval(&format!("{face}.focus()"), vec![]).await?;
    let press = async |keys: &str| -> Result<()> {
        eva.client.active_element().await?.send_keys(keys).await?;
        Ok(())
    };
    press(ENTER).await?;
    eva.find("button", "Hold to close the room").await?;
    eva.eval("one('button', 'Hold to close the room').focus()", vec![])
        .await?;
    // A key cannot be held as a finger can: it is asked to press twice.
    press(ENTER).await?;
    eva.find("button", "Press again to close the room").await?;
    press(ENTER).await?;
    eva.reads("Closing the room for everybody in").await?;
    is_focused(&eva, face).await?;
    press(SHIFT_TAB).await?;
    is_focused(&eva, "one('button', 'Undo')").await?;
    press(ENTER).await?;
    eva.until(
        "!document.body.innerText.includes('Closing the room')",
        vec![],
    )
    .await?;
    eva.say("still here").await?;
    eva.hears("still here").await?;
    eva.close().await
}
