//! Files between browsers: whole, checked, resumed, and harmless whatever they are called.

use anyhow::{Context as _, Result};
use roomkey_e2e::browser::{Browser, Screen};
use roomkey_e2e::driver::Kind;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::pair::Pair;
use roomkey_e2e::relay::Relay;
use serde_json::json;

const ROOM: &str = "unzip gravel mossy tidbit clapper";
/// The longest file that a relay takes unless told otherwise.
const LIMIT: u64 = 25 * 1024 * 1024;

/// Makes a file in the page and drops it there. The bytes follow from the number alone; the digest stays in the page.
const DROP: &str = "
    const [name, type, length, seed] = arguments;
    const bytes = new Uint8Array(length);
    for (let at = 0, x = seed; at < length; at++) { x = (x * 1103515245 + 12345) & 0x7fffffff; bytes[at] = x >> 16; }
    window.dropped = new File([bytes], name, { type });
    const data = new DataTransfer();
    data.items.add(window.dropped);
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
";

/// Catches what is saved instead of saving it.
const CATCH: &str = "
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => { window.made = blob; return make.call(URL, blob); };
    HTMLAnchorElement.prototype.click = function () { window.saved = { name: this.download, blob: window.made }; };
";

/// Remembers the most that the page has held of a file in one go: read, sent or received.
const MOST: &str = "
    window.most = 0;
    const note = (size) => { window.most = Math.max(window.most, size); };
    const read = Blob.prototype.arrayBuffer;
    Blob.prototype.arrayBuffer = function () { note(this.size); return read.call(this); };
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) { note(data.byteLength); return send.call(this, data); };
    const listen = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function (type, ...rest) {
      if (this instanceof WebSocket && type === 'message') listen.call(this, type, ({ data }) => note(data.byteLength));
      return listen.call(this, type, ...rest);
    };
";
/// A file is read by this much, and a record is less: the page answers its person in between.
const STEP: f64 = 512.0 * 1024.0;

/// Nothing that this page has done with a file took more than a step of it.
async fn went_by_steps(browser: &Browser) -> Result<()> {
    let most = browser.eval("return window.most", vec![]).await?;
    let most = most.as_f64().context("nothing was counted")?;
    anyhow::ensure!(most > 0.0 && most <= STEP, "{most} bytes in one go");
    Ok(())
}

/// Two people of whom Bert catches what is saved.
async fn two() -> Result<Pair> {
    let pair = Pair::meet(Newcomers::SeeNothing).await?;
    pair.bert.eval(CATCH, vec![]).await?;
    pair.anna.say("ready?").await?;
    pair.bert.hears("ready?").await?;
    Ok(pair)
}

/// Drops a file on the page and offers it to everybody.
async fn offer(from: &Browser, name: &str, media_type: &str, length: u64, seed: u64) -> Result<()> {
    let file = vec![json!(name), json!(media_type), json!(length), json!(seed)];
    from.eval(DROP, file).await?;
    from.click("button", "Offer 1 file").await
}

async fn digest(browser: &Browser, blob: &str) -> Result<String> {
    browser
        .eval(
            &format!("window.digest = null; {blob}.arrayBuffer().then((bytes) => crypto.subtle.digest('SHA-256', bytes)).then((it) => {{ window.digest = [...new Uint8Array(it)].join(); }});"),
            vec![],
        )
        .await?;
    let digest = browser.until("window.digest", vec![]).await?;
    Ok(digest.as_str().unwrap_or_default().to_owned())
}

/// Waits for a long transfer, for as long as it moves.
async fn until_moved(browser: &Browser, words: &str) -> Result<()> {
    let mut last = None;
    for _ in 0..40 {
        if browser.reads(words).await.is_ok() {
            return Ok(());
        }
        let now = browser
            .eval(
                "return document.querySelector('progress')?.value ?? -1",
                vec![],
            )
            .await?;
        anyhow::ensure!(last.as_ref() != Some(&now), "nothing moves any more: {now}");
        last = Some(now);
    }
    browser.reads(words).await
}

#[tokio::test]
async fn a_file_of_25_mb_arrives_whole_while_the_page_goes_on() -> Result<()> {
    let (relay, anna, bert) =
        tokio::try_join!(Relay::start(), Browser::chromium(), Browser::chromium())?;
    for browser in [&anna, &bert] {
        browser.before_pages(MOST).await?;
    }
    anna.open_room(&relay.url(), ROOM, "Anna", Newcomers::SeeNothing)
        .await?;
    bert.join(&anna.invitation().await?, "Bert").await?;
    bert.eval(CATCH, vec![]).await?;
    anna.say("ready?").await?;
    bert.hears("ready?").await?;
    offer(&anna, "large.bin", "application/octet-stream", LIMIT, 7).await?;
    bert.reads("large.bin").await?;
    bert.reads("25 MB").await?;
    bert.click("button", "Accept").await?;
    anna.say("said while it moves").await?;
    bert.hears("said while it moves").await?;
    until_moved(&bert, "Received 26214400 bytes in").await?;
    anna.reads("Bert has it").await?;
    for browser in [&anna, &bert] {
        went_by_steps(browser).await?;
    }
    bert.click("button", "Save").await?;
    let name = bert.eval("return window.saved.name", vec![]).await?;
    assert_eq!(name, "large.bin");
    let kind = bert.eval("return window.saved.blob.type", vec![]).await?;
    assert_eq!(kind, "application/octet-stream");
    assert_eq!(
        digest(&anna, "window.dropped").await?,
        digest(&bert, "window.saved.blob").await?
    );
    anna.close().await?;
    bert.close().await
}

#[tokio::test]
async fn a_picture_is_shown_drawn_anew_and_without_its_traces() -> Result<()> {
    let room = two().await?;
    let Pair { anna, bert, .. } = &room;
    // A real PNG with a long comment behind its header.
    anna.eval(MOST, vec![]).await?;
    anna.eval(
        "const canvas = document.createElement('canvas'); canvas.width = 300; canvas.height = 200;
         const pen = canvas.getContext('2d'); pen.fillStyle = '#b5651d'; pen.fillRect(0, 0, 300, 200);
         canvas.toBlob(async (blob) => {
           const bytes = new Uint8Array(await blob.arrayBuffer());
           window.most = 0;
           const words = new TextEncoder().encode('tEXtPlace\\u0000Vienna 48.2N' + ' far'.repeat(500000));
           const chunk = new Uint8Array(8 + words.length);
           new DataView(chunk.buffer).setUint32(0, words.length - 4);
           chunk.set(words, 4);
           window.dropped = new File([bytes.slice(0, 33), chunk, bytes.slice(33)], 'holiday.png', { type: 'image/png' });
           const data = new DataTransfer(); data.items.add(window.dropped);
           window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
         }, 'image/png');",
        vec![],
    )
    .await?;
    anna.reads("Photos lose place").await?;
    anna.picture("files-sheet").await?;
    anna.click("button", "Offer 1 file").await?;
    bert.reads("holiday.png").await?;
    bert.picture("files-offer").await?;
    bert.click("button", "Accept").await?;
    let source = bert
        .until("document.querySelector('.file-picture img')?.naturalWidth === 300 && document.querySelector('.file-picture img').src", vec![])
        .await?;
    assert!(
        source.as_str().is_some_and(|it| it.starts_with("blob:")),
        "{source}"
    );
    anna.reads("Bert has it").await?;
    went_by_steps(anna).await?;
    bert.picture("files-picture").await?;
    anna.picture("files-sent").await?;
    bert.click("button", "Save").await?;
    bert.eval(
        "window.text = null; window.saved.blob.text().then((it) => { window.text = it; });",
        vec![],
    )
    .await?;
    let text = bert.until("window.text", vec![]).await?;
    let text = text.as_str().context("no bytes")?;
    assert!(text.contains("IHDR") && !text.contains("Vienna"));
    bert.click("button", "Show holiday.png large").await?;
    bert.until(
        "document.querySelector('.file-large')?.naturalWidth > 0",
        vec![],
    )
    .await?;
    room.part().await
}

#[tokio::test]
async fn a_transfer_goes_on_after_the_relay_was_killed() -> Result<()> {
    let mut room = two().await?;
    let Pair {
        relay, anna, bert, ..
    } = &mut room;
    offer(anna, "large.bin", "", LIMIT, 9).await?;
    bert.click("button", "Accept").await?;
    bert.until(
        "document.querySelector('progress')?.value > 1000000",
        vec![],
    )
    .await?;
    relay.restart().await?;
    until_moved(bert, "Received 26214400 bytes in").await?;
    bert.click("button", "Save").await?;
    assert_eq!(
        digest(anna, "window.dropped").await?,
        digest(bert, "window.saved.blob").await?
    );
    room.part().await
}

#[tokio::test]
async fn a_file_can_be_declined_taken_back_and_refused_before_it_is_offered() -> Result<()> {
    let room = two().await?;
    let Pair { anna, bert, .. } = &room;
    anna.click("button", "Send files").await?;
    anna.reads("Up to 25 MB each").await?;
    anna.eval(
        DROP,
        vec![json!("empty.txt"), json!(""), json!(0), json!(1)],
    )
    .await?;
    anna.reads("Empty: there is nothing to send.").await?;
    anna.eval(
        DROP,
        vec![json!("huge.iso"), json!(""), json!(LIMIT + 1), json!(1)],
    )
    .await?;
    anna.reads("Too large").await?;
    assert!(!anna.shows("button", "Offer 1 file").await?);
    anna.eval(
        DROP,
        vec![json!("plan.pdf"), json!(""), json!(5000), json!(1)],
    )
    .await?;
    anna.click("button", "Offer 1 file").await?;
    bert.click("button", "Decline").await?;
    anna.reads("Bert declined it").await?;
    anna.click("button", "Take it back").await?;
    bert.reads("It was taken back").await?;
    room.part().await
}

#[tokio::test]
async fn hostile_names_and_kinds_do_nothing() -> Result<()> {
    let room = two().await?;
    let Pair { anna, bert, .. } = &room;
    bert.eval(
        "window.alert = () => { window.harmed = true; }; window.harmed = false;",
        vec![],
    )
    .await?;
    let mut received = 0;
    for (name, kind, shown) in [
        (
            "../../../photo\u{202e}gpj.exe",
            "image/jpeg",
            "photogpj.exe",
        ),
        (
            "<img src=x onerror=alert(1)>.svg",
            "image/svg+xml",
            "_img src=x onerror=alert(1)_.svg",
        ),
        (
            &format!("{}.pdf.html", "x".repeat(300)),
            "text/html",
            "x.pdf.html",
        ),
    ] {
        offer(anna, name, kind, 2000, 3).await?;
        bert.reads(shown).await?;
        bert.click("button", "Accept").await?;
        received += 1;
        bert.until(
            "all('button', 'Save').length === a[0]",
            vec![json!(received)],
        )
        .await?;
        bert.eval("all('button', 'Save').at(-1).click()", vec![])
            .await?;
        let saved = bert.eval("return window.saved.name", vec![]).await?;
        let saved = saved.as_str().unwrap_or_default().to_owned();
        assert!(
            saved.len() <= 201 && !saved.contains(['/', '\\', '\u{202e}']),
            "{saved}"
        );
        let kind = bert.eval("return window.saved.blob.type", vec![]).await?;
        assert_eq!(kind, "application/octet-stream");
    }
    bert.reads("Its name held hidden characters").await?;
    bert.reads("This can run a program").await?;
    bert.reads("It is never shown here").await?;
    let harmed = bert
        .eval("return window.harmed || document.querySelectorAll('.log img, .log iframe, .log object, .log embed').length > 0", vec![])
        .await?;
    assert_eq!(harmed, json!(false));
    bert.picture("files-hostile").await?;
    room.part().await
}

#[tokio::test]
async fn a_decompression_bomb_is_saved_and_not_decoded() -> Result<()> {
    let room = two().await?;
    let Pair { anna, bert, .. } = &room;
    anna.eval(
        "const head = [0x89,0x50,0x4e,0x47,13,10,26,10, 0,0,0,13, 0x49,0x48,0x44,0x52, 0,0,0xea,0x60, 0,0,0xea,0x60, 8,6,0,0,0, 0,0,0,0, 0,0,0,0, 0x49,0x45,0x4e,0x44, 0,0,0,0];
         window.dropped = new File([new Uint8Array(head)], 'bomb.png', { type: 'image/png' });
         const data = new DataTransfer(); data.items.add(window.dropped);
         window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));",
        vec![],
    )
    .await?;
    anna.click("button", "Offer 1 file").await?;
    bert.click("button", "Accept").await?;
    bert.reads("Too large to be shown safely").await?;
    let pictures = bert
        .eval(
            "return document.querySelectorAll('.file img').length",
            vec![],
        )
        .await?;
    assert_eq!(pictures, json!(0));
    room.part().await
}

#[tokio::test]
async fn firefox_and_a_phone_exchange_files_too() -> Result<()> {
    let relay = Relay::start().await?;
    let fox = Browser::start(Kind::Firefox, Screen::Desktop, &[]).await?;
    let phone = Browser::start(Kind::Chromium, Screen::Phone, &[]).await?;
    fox.open_room(&relay.url(), ROOM, "Reynard", Newcomers::SeeLast35)
        .await?;
    let link = fox.invitation().await?;
    phone.join(&link, "Bert").await?;
    for browser in [&fox, &phone] {
        browser.eval(CATCH, vec![]).await?;
    }
    for (from, to, seed, pictures) in [
        (&fox, &phone, 11, ["files-phone-offer", "files-phone"]),
        (&phone, &fox, 12, ["files-firefox-offer", "files-firefox"]),
    ] {
        offer(from, "notes.bin", "", 1_500_000, seed).await?;
        to.reads("notes.bin").await?;
        to.find("button", "Accept").await?;
        to.picture(pictures[0]).await?;
        to.click("button", "Accept").await?;
        until_moved(to, "Received 1500000 bytes in").await?;
        to.picture(pictures[1]).await?;
        to.click("button", "Save").await?;
        assert_eq!(
            digest(from, "window.dropped").await?,
            digest(to, "window.saved.blob").await?
        );
    }
    phone.click("button", "Send files").await?;
    phone.reads("Up to 25 MB each").await?;
    phone.picture("files-phone-sheet").await?;
    fox.close().await?;
    phone.close().await
}
