//! A page, a terminal and a bot in one room: whatever one of them can say, the others understand.

use anyhow::Result;
use roomkey_e2e::browser::Browser;
use roomkey_e2e::page::Newcomers;
use roomkey_e2e::program::Program;
use roomkey_e2e::relay::Relay;
use serde_json::json;

use crate::conversation::menu;

const ROOM: &str = "unfasten gravel mossy tidbit clapper";

/// Does what somebody writes behind "do", answers private words in private, and takes every file.
const BOT: &str = r#"
import json, sys
def do(**command):
    print(json.dumps(command), flush=True)
for line in sys.stdin:
    event = json.loads(line)
    if event["event"] == "file_offered":
        do(command="accept", file=event["file"])
    if event["event"] != "message" or event["mine"] or event["replayed"]:
        continue
    if event["text"].startswith("do "):
        command = json.loads(event["text"][3:])
        for field in ("message", "reply_to"):
            if field in command:
                command[field] = event["id"]
        do(**command)
    elif event["private"]:
        do(command="say_to", to=event["from"]["id"], text="heard in private: " + event["text"])
"#;

/// Offers a file from the page.
const DROP: &str = "
    const data = new DataTransfer();
    data.items.add(new File([arguments[1]], arguments[0], { type: 'text/plain' }));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
";

struct Three {
    anna: Browser,
    tom: Program,
    folder: tempfile::TempDir,
}

impl Three {
    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Text, private words, answers, reactions, changes, deeds, topics, timers, formatting.
    async fn talk(&mut self) -> Result<()> {
        let (anna, tom) = (&self.anna, &mut self.tom);
        anna.say("said on the page").await?;
        tom.prints("said on the page").await?;
        tom.types(r#"do {"command":"say","text":"said by the **bot**","markdown":true}"#)
            .await?;
        anna.hears("said by the bot").await?;
        let badge = tom.prints("said by the *bot*").await?;
        assert!(badge.contains("(bot)"), "{badge}");
        anna.say("**bold** words").await?;
        tom.prints("*bold* words").await?;

        anna.say("/w Tom from the page to one").await?;
        let private = tom.prints("from the page to one").await?;
        assert!(private.contains("to you alone"), "{private}");
        tom.types("/r from the terminal to one").await?;
        anna.hears("from the terminal to one").await?;
        anna.hears("to you alone").await?;
        anna.say("/w Clippy from the page to the bot").await?;
        anna.hears("heard in private: from the page to the bot")
            .await?;
        tom.types("/w Clippy from the terminal to the bot").await?;
        let answer = tom.prints("heard in private: from the terminal").await?;
        assert!(answer.contains("to you alone"), "{answer}");
        assert!(
            !tom.seen()
                .iter()
                .any(|line| line.contains("page to the bot"))
        );

        tom.types("said in the terminal").await?;
        anna.hears("said in the terminal").await?;
        menu(anna, "said in the terminal", "React with 👍").await?;
        tom.prints("put 👍 beside “said in the terminal”").await?;
        menu(anna, "said in the terminal", "Reply").await?;
        anna.say("an answer from the page").await?;
        tom.prints("↳ “said in the terminal” an answer from the page")
            .await?;
        tom.types("/reply @Anna an answer from the terminal")
            .await?;
        anna.until(
            "[...document.querySelectorAll('.quote')].some((it) => it.innerText.includes('an answer from the page'))",
            vec![],
        )
        .await?;
        tom.types("/react @Anna 🎉").await?;
        anna.until("one('button', '🎉 by Tom')", vec![]).await?;
        tom.types(r#"do {"command":"react","message":"","emoji":"🤖"}"#)
            .await?;
        anna.until("one('button', '🤖 by Clippy')", vec![]).await?;
        tom.prints("put 🤖 beside").await?;
        tom.types(r#"do {"command":"say","text":"an answer from the bot","reply_to":""}"#)
            .await?;
        anna.hears("an answer from the bot").await?;

        tom.types("to be changed in the terminal").await?;
        anna.hears("to be changed in the terminal").await?;
        tom.prints("to be changed in the terminal").await?;
        tom.types("/edit changed in the terminal").await?;
        anna.hears("changed in the terminal").await?;
        anna.find("button", "edited").await?;
        tom.types("/unsay").await?;
        anna.hears("Deleted by its author").await?;
        anna.say("to be taken back on the page").await?;
        tom.prints("to be taken back on the page").await?;
        menu(anna, "to be taken back on the page", "Delete").await?;
        tom.prints("took “to be taken back on the page” back")
            .await?;

        tom.types("/me waves from the terminal").await?;
        anna.hears("waves from the terminal").await?;
        anna.say("/me waves from the page").await?;
        tom.prints("* waves from the page").await?;
        tom.types("/topic lunch").await?;
        anna.until(
            "wordsOf(document.querySelector('.topic'))?.includes('lunch')",
            vec![],
        )
        .await?;
        anna.say("/topic supper").await?;
        tom.prints("(topic) supper").await?;
        tom.types("/timer 1h stays for an hour").await?;
        anna.hears("stays for an hour").await?;
        anna.say("/timer 30s stays for a moment").await?;
        tom.prints("(for 30 s) stays for a moment").await?;
        tom.types("/nick Thomas").await?;
        anna.hears("Thomas").await?;
        tom.types("/nick Tom").await?;
        anna.say("/nick Annabel").await?;
        tom.prints("is now Annabel").await?;
        anna.say("/nick Anna").await?;
        tom.prints("is now Anna·").await?;
        Ok(())
    }

    /// Files from each to each.
    async fn exchange(&mut self) -> Result<()> {
        let words = "not a long file, but one whose every byte counts\n".repeat(4_000);
        std::fs::write(self.path("terminal.txt"), &words)?;
        let sent = self.path("terminal.txt");
        let (anna, tom) = (&self.anna, &mut self.tom);
        tom.types(&format!("/file {sent}")).await?;
        anna.reads("terminal.txt").await?;
        anna.click("button", "Accept").await?;
        anna.reads(&format!("Received {} bytes", words.len()))
            .await?;
        // The page and the bot, in either order.
        for _ in 0..2 {
            tom.prints("has all of terminal.txt").await?;
        }

        anna.eval(DROP, vec![json!("page.txt"), json!(words)])
            .await?;
        anna.click("button", "Offer 1 file").await?;
        accept(tom).await?;

        tom.types(r#"do {"command":"offer","name":"bot.txt"}"#)
            .await?;
        anna.reads("bot.txt").await?;
        accept(tom).await?;
        assert_eq!(std::fs::read_to_string(self.path("into/page.txt"))?, words);
        assert_eq!(
            std::fs::read_to_string(self.path("into/bot.txt"))?,
            "from the bot"
        );
        // The bot has taken what the two offered to everybody.
        anna.reads("Clippy has it").await?;
        for name in ["terminal.txt", "page.txt"] {
            assert_eq!(
                std::fs::read_to_string(self.path(&format!("bot/{name}")))?,
                words
            );
        }
        Ok(())
    }
}

/// Takes the next file that is offered.
async fn accept(tom: &mut Program) -> Result<()> {
    let line = tom.prints("that is file ").await?;
    let number = line.rsplit("/accept ").next().unwrap_or_default();
    let number: String = number.chars().take_while(char::is_ascii_digit).collect();
    tom.types(&format!("/accept {number}")).await?;
    tom.prints("saved as").await?;
    Ok(())
}

/// The page opens the room, the terminal and the bot follow its link.
async fn meet(relay: &Relay, newcomers: Newcomers) -> Result<(Three, Program, String)> {
    let folder = tempfile::tempdir()?;
    for name in ["into", "bot"] {
        std::fs::create_dir(folder.path().join(name))?;
    }
    std::fs::write(folder.path().join("bot/bot.txt"), "from the bot")?;
    let anna = Browser::chromium().await?;
    anna.open_room(&relay.url(), ROOM, "Anna", newcomers)
        .await?;
    let link = anna.invitation().await?;
    let into = folder.path().join("into").display().to_string();
    let mut tom = Program::start(&link, &["join", "--as", "Tom", "--into", &into])?;
    tom.prints("one more person is here").await?;
    anna.hears("Tom").await?;
    let files = folder.path().join("bot").display().to_string();
    let bot = Program::start(
        &link,
        &[
            "bot",
            "--as",
            "Clippy",
            "--per-minute",
            "100",
            "--destination",
            "a place far away that nobody has heard of",
            "--files",
            &files,
            "--",
            "python3",
            "-c",
            BOT,
        ],
    )?;
    tom.prints("Clippy·").await?;
    anna.hears("Clippy is a bot and may send what is said here to a place far away that nobody has heard of")
        .await?;
    Ok((Three { anna, tom, folder }, bot, link))
}

#[tokio::test]
async fn a_page_a_terminal_and_a_bot_understand_each_other_in_a_room_with_history() -> Result<()> {
    let relay = Relay::start().await?;
    let (mut three, _bot, link) = meet(&relay, Newcomers::SeeLast35).await?;
    three.talk().await?;
    three.exchange().await?;
    three.anna.picture("interop-desktop").await?;
    three.anna.say("the last word").await?;
    three.tom.prints("the last word").await?;
    let mut late = Program::start(&link, &["tail"])?;
    late.prints("the last word").await?;
    three.anna.close().await
}

#[tokio::test]
async fn a_page_a_terminal_and_a_bot_understand_each_other_where_newcomers_see_nothing()
-> Result<()> {
    let relay = Relay::start().await?;
    let (mut three, _bot, link) = meet(&relay, Newcomers::SeeNothing).await?;
    three.talk().await?;
    three.exchange().await?;
    three.anna.say("before the latecomer").await?;
    three.tom.prints("before the latecomer").await?;
    let mut late = Program::start(&link, &["tail", "--as", "Late"])?;
    late.prints("3 more people are here").await?;
    three.anna.hears("Late").await?;
    three.anna.say("after the latecomer").await?;
    late.prints("after the latecomer").await?;
    assert!(
        !late
            .seen()
            .iter()
            .any(|line| line.contains("before the latecomer"))
    );
    three.anna.close().await
}
