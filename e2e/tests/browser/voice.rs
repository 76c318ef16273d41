//! Notes that are spoken: recorded only while the page says so, sent like any file, played where files are.

use anyhow::{Result, ensure};
use roomkey_e2e::axe;
use roomkey_e2e::browser::{Browser, Screen};
use roomkey_e2e::driver::Kind;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::relay::Relay;

const ROOM: &str = "clapper mossy unzip tidbit gravel";

/// Keeps hold of what the browser gives, so that a test sees whether the microphone is on.
const EARS: &str = "
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => (window.stream = await ask(wanted));
";
const HEARS: &str = "window.stream?.getTracks().some((it) => it.readyState === 'live')";

#[tokio::test]
async fn a_note_is_recorded_thrown_away_recorded_again_sent_and_played() -> Result<()> {
    let switches = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
    ];
    let (relay, anna, bert) = tokio::try_join!(
        Relay::start(),
        Browser::start(Kind::FullChromium, Screen::Phone, &switches),
        Browser::chromium()
    )?;
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeNothing)
        .await?;
    bert.join(&anna.invitation().await?, "Bert").await?;
    anna.hears("Bert").await?;
    anna.eval(EARS, vec![]).await?;
    anna.click("button", "Send files").await?;
    anna.find("button", "Record a note").await?;
    ensure!(
        anna.eval("return window.stream === undefined", vec![])
            .await?
            == true,
        "it listens unasked"
    );
    anna.click("button", "Record a note").await?;
    anna.reads("Recording").await?;
    anna.until(HEARS, vec![]).await?;
    anna.until(
        "document.querySelector('.voice [role=timer]').textContent.startsWith('0:01')",
        vec![],
    )
    .await?;
    anna.picture("voice-recording").await?;
    let violations = axe::violations(&anna).await?;
    ensure!(violations.is_empty(), "{violations:?}");
    anna.click("button", "Throw it away").await?;
    anna.find("button", "Record a note").await?;
    anna.until(&format!("!({HEARS})"), vec![]).await?;
    ensure!(!anna.shows("button", "Offer 1 file").await?, "it was kept");
    // Closing the sheet lets go of the microphone, too.
    anna.click("button", "Record a note").await?;
    anna.until(HEARS, vec![]).await?;
    anna.click("button", "Close").await?;
    anna.until(&format!("!({HEARS})"), vec![]).await?;

    anna.click("button", "Send files").await?;
    anna.click("button", "Record a note").await?;
    anna.until(
        "document.querySelector('.voice [role=timer]')?.textContent.startsWith('0:01')",
        vec![],
    )
    .await?;
    anna.click("button", "Done").await?;
    anna.find("button", "Offer 1 file").await?;
    anna.until(&format!("!({HEARS})"), vec![]).await?;
    anna.reads("Voice note").await?;
    anna.click("button", "Offer 1 file").await?;
    bert.reads("Voice note").await?;
    bert.click("button", "Accept").await?;
    bert.until(
        "document.querySelector('audio.file-sound')?.readyState >= 1 && document.querySelector('audio.file-sound').error === null",
        vec![],
    )
    .await?;
    bert.picture("voice-received").await?;
    anna.close().await?;
    bert.close().await
}

#[tokio::test]
async fn a_microphone_that_is_refused_is_said_in_one_sentence() -> Result<()> {
    let relay = Relay::start().await?;
    let anna = Browser::chromium().await?;
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeNothing)
        .await?;
    for (error, sentence) in [
        (
            "NotAllowedError",
            "The microphone is not allowed for this page",
        ),
        ("NotFoundError", "No microphone answers"),
    ] {
        anna.eval(
            "const name = arguments[0]; navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name));",
            vec![error.into()],
        )
        .await?;
        anna.click("button", "Send files").await?;
        anna.click("button", "Record a note").await?;
        anna.reads(sentence).await?;
        anna.find("button", "Record a note").await?;
        anna.picture(&format!("voice-{error}")).await?;
        anna.click("button", "Close").await?;
    }
    anna.close().await
}
