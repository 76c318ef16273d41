//! What of a file is shown: texts as text, sounds to be listened to, and never what could run.

use anyhow::{Result, ensure};
use roomkey_e2e::axe::inspect_in_both_schemes;
use roomkey_e2e::browser::{Browser, Screen};
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::pair::Pair;
use serde_json::json;

/// Offers a file of these bytes to everybody. Letters stand for their own codes.
async fn offer(from: &Browser, name: &str, kind: &str, bytes: &[u8]) -> Result<()> {
    from.eval(
        "const [name, type, bytes] = arguments;
         const data = new DataTransfer();
         data.items.add(new File([new Uint8Array(bytes)], name, { type }));
         window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));",
        vec![json!(name), json!(kind), json!(bytes)],
    )
    .await?;
    from.click("button", "Offer 1 file").await
}

/// Half a second of a quiet tone, as a WAVE file.
fn wave() -> Vec<u8> {
    let samples: Vec<u8> = (0..4000_u32)
        .map(|at| if at % 20 < 10 { 120 } else { 136 })
        .collect();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend(4036_u32.to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    for number in [16_u32, 1 | 1 << 16, 8000, 8000, 1 | 8 << 16] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(b"data");
    bytes.extend(4000_u32.to_le_bytes());
    bytes.extend(samples);
    bytes
}

/// The card of the file with this name.
const CARD: &str =
    "[...document.querySelectorAll('.file')].find((one) => one.innerText.includes(a[0]))";

async fn fetch(at: &Browser, name: &str) -> Result<()> {
    let accept = format!(
        "(() => {{ const it = {CARD}; const button = it && one('button', 'Accept', it); if (!button) return false; button.click(); return true; }})()"
    );
    at.until(&accept, vec![json!(name)]).await?;
    at.until(&format!("one('button', 'Save', {CARD})"), vec![json!(name)])
        .await?;
    Ok(())
}

#[tokio::test]
async fn texts_and_sounds_are_shown_and_nothing_that_could_run() -> Result<()> {
    let room = Pair::on(Screen::Phone, Newcomers::SeeNothing, "Bert").await?;
    let Pair { anna, bert, .. } = &room;
    let notes =
        "Shopping\n\n* milk **not bold**\n* see https://example.com/list\n<b>and bread</b>\n";
    offer(bert, "notes.txt", "text/plain", notes.as_bytes()).await?;
    fetch(anna, "notes.txt").await?;
    anna.until(
        "wordsOf(one('region', 'Beginning of notes.txt') || document.querySelector('.file-text'))?.includes('milk **not bold**')",
        vec![],
    )
    .await?;
    anna.until(
        "document.querySelector('.file-text a[href^=\"https://example.com\"]')",
        vec![],
    )
    .await?;
    ensure!(
        anna.eval(
            "return document.querySelector('.file-text').innerHTML.includes('<b>and')",
            vec![]
        )
        .await?
            == json!(false)
    );

    offer(bert, "voice.wav", "audio/x-anything", &wave()).await?;
    fetch(anna, "voice.wav").await?;
    // Its length is known, so the page's policy has let it load.
    anna.until(
        "Math.abs(document.querySelector('audio')?.duration - 0.5) < 0.05",
        vec![],
    )
    .await?;
    inspect_in_both_schemes(anna, "previews-phone").await?;
    inspect_in_both_schemes(bert, "previews-sender-desktop").await?;

    let page = b"<svg xmlns='http://www.w3.org/2000/svg' onload='harmed = true'><script>harmed = true</script></svg>";
    for (name, kind, bytes) in [
        ("drawing.svg", "image/svg+xml", &page[..]),
        ("page.html", "text/html", b"plain words in a page"),
        ("drawing.txt", "text/plain", &page[..]),
        ("paper.txt", "text/plain", b"%PDF-1.7 words"),
        ("sound.mp3", "audio/mpeg", b"\x00\x01not a sound"),
    ] {
        offer(bert, name, kind, bytes).await?;
        fetch(anna, name).await?;
        let shown = anna
            .eval(
                &format!("const a = arguments; return {CARD}.querySelectorAll('.file-text, audio, img, iframe, object, embed, video').length"),
                vec![json!(name)],
            )
            .await?;
        ensure!(shown == json!(0), "{name} is shown");
    }
    ensure!(anna.eval("return window.harmed ?? null", vec![]).await? == json!(null));

    // Only whoever chose so fetches pictures without a question, and only small ones.
    anna.click("button", "Settings").await?;
    anna.until(
        "(() => { const it = all('checkbox', null).find((one) => nameOf(one).startsWith('Fetch small pictures')); if (!it || it.checked) return false; it.click(); return true; })()",
        vec![],
    )
    .await?;
    anna.click("button", "Close").await?;
    let picture = bert
        .eval(
            "const canvas = document.createElement('canvas'); canvas.width = 240; canvas.height = 160;
             const pen = canvas.getContext('2d'); pen.fillStyle = '#2a6f97'; pen.fillRect(0, 0, 240, 160);
             return [...atob(canvas.toDataURL('image/png').split(',')[1])].map((it) => it.charCodeAt(0));",
            vec![],
        )
        .await?;
    let picture: Vec<u8> = serde_json::from_value(picture)?;
    offer(bert, "sea.png", "image/png", &picture).await?;
    anna.until(
        "document.querySelector('.file-picture img')?.naturalWidth === 240",
        vec![],
    )
    .await?;
    offer(bert, "more.bin", "application/octet-stream", &picture).await?;
    anna.until(
        &format!("one('button', 'Accept', {CARD})"),
        vec![json!("more.bin")],
    )
    .await?;
    room.part().await
}
