//! Bots: programs in other languages, good and bad ones.

use crate::program::{Program, roomkey};
use crate::relay;

const ECHO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/echo_bot.py");

#[tokio::test]
async fn a_python_bot_answers_in_the_scope_it_was_addressed_in() {
    let relay = relay::start();
    let mut ada = Program::start(roomkey(relay.address, &["join", "--as", "Ada"]));
    ada.line("nobody else").await;
    let mut bot = Program::start(roomkey(
        relay.address,
        &[
            "bot",
            "--as",
            "Echo",
            "--destination",
            "nowhere at all",
            "--",
            "python3",
            ECHO,
        ],
    ));
    assert!(ada.line("is a bot").await.contains("nowhere at all"));
    // Whoever comes later is told, too.
    let mut ben = Program::start(roomkey(relay.address, &["join", "--as", "Ben"]));
    assert!(ben.line("is a bot").await.contains("nowhere at all"));
    ada.type_line("good day").await;
    ada.line("Ada said: good day").await;
    ada.type_line("/w Echo a secret").await;
    assert!(ada.line("you said: a secret").await.contains("to you"));
    ada.type_line("goodbye").await;
    assert_eq!(bot.end().await.code, Some(0));
    ada.line("left").await;
}

#[tokio::test]
async fn bots_do_not_hear_bots_unless_asked_to() {
    let relay = relay::start();
    let mut ada = Program::start(roomkey(relay.address, &["join", "--as", "Ada"]));
    ada.line("nobody else").await;
    let bot = |name| roomkey(relay.address, &["bot", "--as", name, "--", "python3", ECHO]);
    let (_one, _other) = (Program::start(bot("One")), Program::start(bot("Other")));
    ada.line("is a bot").await;
    ada.line("is a bot").await;
    ada.type_line("start").await;
    ada.line("Ada said: start").await;
    ada.line("Ada said: start").await;
    ada.type_line("/me waits").await;
    // Had they heard each other, an answer to an answer would be here before the next question's answers.
    ada.type_line("stop").await;
    assert!(ada.line("said:").await.contains("said: "));
    ada.line("Ada said: stop").await;
}

#[tokio::test]
async fn a_flooding_bot_is_held_back() {
    let relay = relay::start();
    let mut ada = Program::start(roomkey(relay.address, &["tail", "-n", "3"]));
    ada.line("you opened").await;
    let script = r#"
import json, sys
for line in sys.stdin:
    event = json.loads(line)
    if event["event"] == "ready":
        for number in range(50):
            print(json.dumps({"command": "say", "text": f"flood {number}", "ref": str(number)}), flush=True)
    if event["event"] == "refused":
        print(event["ref"], event["why"], file=sys.stderr, flush=True)
        if event["ref"] == "49":
            print(json.dumps({"command": "leave"}), flush=True)
"#;
    let mut bot = Program::start(roomkey(
        relay.address,
        &["bot", "--per-minute", "3", "--", "python3", "-c", script],
    ));
    let end = bot.end().await;
    assert_eq!(end.code, Some(0), "{}", end.stderr);
    assert!(
        end.stderr.contains("3 too fast") && end.stderr.contains("49 too fast"),
        "{}",
        end.stderr
    );
    ada.line("flood 2").await;
    assert_eq!(ada.end().await.code, Some(0));
}

#[tokio::test]
async fn a_bot_that_prints_garbage_dies_or_hangs_disturbs_nobody() {
    let relay = relay::start();
    let mut ada = Program::start(roomkey(relay.address, &["join", "--as", "Ada"]));
    ada.line("nobody else").await;
    for (script, sentence) in [
        (
            "while True: print('\\x1b[2J not json', flush=True)",
            "prints no commands",
        ),
        ("import sys; sys.exit(3)", "exit status: 3"),
        (
            "import os, sys; os.close(1); sys.stdin.read()",
            "it was stopped",
        ),
    ] {
        let mut bot = Program::start(roomkey(
            relay.address,
            &["bot", "--as", "Bad", "--", "python3", "-c", script],
        ));
        let end = bot.end().await;
        assert_eq!(end.code, Some(1), "{}", end.stderr);
        assert!(end.stderr.contains(sentence), "{}", end.stderr);
        assert!(!end.stderr.contains('\u{1b}'), "{:?}", end.stderr);
    }
    ada.type_line("still here").await;
    ada.line("still here").await;
}

/// Writes down every line that it reads, and does what the test asks for in the room: a line after "do ".
const SCRIBE: &str = r#"
import json, os, sys
book = open(os.environ["BOOK"], "a")
for line in sys.stdin:
    book.write(line)
    book.flush()
    event = json.loads(line)
    if event["event"] == "message" and event["text"].startswith("do "):
        command = json.loads(event["text"][3:])
        if command.get("message") == "that":
            command["message"] = event["id"]
        print(json.dumps(command), flush=True)
    elif event["event"] == "file_offered":
        print(json.dumps({"command": "accept", "file": event["file"]}), flush=True)
    elif event["event"] in ("refused", "file_received", "offered", "hello"):
        print(event["event"], event.get("why", ""), file=sys.stderr, flush=True)
"#;

#[tokio::test]
async fn every_line_that_a_program_gets_is_one_that_the_schema_knows() {
    let relay = relay::start();
    let temp = tempfile::tempdir().unwrap();
    let (folder, book) = (temp.path().join("folder"), temp.path().join("book"));
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("plan.txt"), "mine").unwrap();
    std::fs::write(temp.path().join("secret.txt"), "secret").unwrap();
    let theirs = temp.path().join("theirs.txt");
    std::fs::write(&theirs, "theirs").unwrap();
    let into = temp.path().join("into");
    std::fs::create_dir(&into).unwrap();
    let mut ada = Program::start(roomkey(
        relay.address,
        &["join", "--as", "Ada", "--into", into.to_str().unwrap()],
    ));
    ada.line("nobody else").await;
    ada.type_line("said before").await;
    let mut command = roomkey(
        relay.address,
        &[
            "bot",
            "--as",
            "Scribe",
            "--files",
            folder.to_str().unwrap(),
            "--",
            "python3",
            "-c",
            SCRIBE,
        ],
    );
    command.env("BOOK", &book);
    let mut bot = Program::start(command);
    ada.line("is a bot").await;
    ada.type_line(r#"do {"command":"say","text":"**hello**","markdown":true,"ref":"1"}"#)
        .await;
    ada.line("*hello*").await;
    ada.type_line(r#"do {"command":"say_to","to":"nobody","text":"x","ref":"2"}"#)
        .await;
    ada.type_line(r#"do {"command":"react","message":"that","emoji":"👍"}"#)
        .await;
    ada.line("put 👍 beside").await;
    ada.type_line(r#"do {"command":"offer","name":"../secret.txt","ref":"3"}"#)
        .await;
    ada.type_line(r#"do {"command":"offer","name":"plan.txt","ref":"4"}"#)
        .await;
    ada.line("(offers plan.txt").await;
    ada.type_line("/accept 1").await;
    ada.line("saved as").await;
    ada.type_line(&format!("/file {}", theirs.display())).await;
    ada.line("has all of theirs.txt").await;
    ada.type_line("/me waves").await;
    ada.type_line("/topic everything").await;
    ada.type_line("/nick Adah").await;
    ada.type_line("/time 24h").await;
    ada.line("set the time left").await;
    ada.type_line(r#"/w Scribe do {"command":"react","message":"that","emoji":"🤫"}"#)
        .await;
    assert!(ada.line("put 🤫 beside").await.contains("to you alone"));
    ada.type_line("/edit something else").await;
    ada.line("something else").await;
    ada.type_line("/unsay").await;
    ada.type_line(r#"do {"command":"leave"}"#).await;
    ada.line("left").await;
    let end = bot.end().await;
    assert_eq!(end.code, Some(0), "{}", end.stderr);
    assert!(
        end.stderr.contains("is not the name of a file"),
        "{}",
        end.stderr
    );
    assert_eq!(std::fs::read(folder.join("theirs.txt")).unwrap(), b"theirs");
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/bots.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let book = std::fs::read_to_string(&book).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for (number, line) in book.lines().enumerate() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(schema.is_valid(&line), "{line}");
        let event = line["event"].as_str().unwrap().to_owned();
        assert_eq!(number == 0, event == "hello", "{line}");
        seen.insert(event);
    }
    for event in [
        "ready",
        "message",
        "sent",
        "refused",
        "offered",
        "file_answered",
        "file_offered",
        "file_received",
        "topic",
        "renamed",
        "lifetime",
        "edited",
        "deleted",
    ] {
        assert!(seen.contains(event), "{event} did not happen: {book}");
    }
}

#[tokio::test]
async fn a_line_without_an_end_takes_no_memory_and_two_bots_that_hear_each_other_stop() {
    let relay = relay::start();
    let mut ada = Program::start(roomkey(relay.address, &["join", "--as", "Ada"]));
    ada.line("nobody else").await;
    let endless = "import sys\nfor _ in range(200): sys.stdout.write('x' * 1000000)\nprint(flush=True)\nsys.stdin.read()";
    let _endless = Program::start(roomkey(
        relay.address,
        &["bot", "--", "python3", "-c", endless],
    ));
    ada.line("is a bot").await;
    let arguments = [
        "bot",
        "--hear-bots",
        "--per-minute",
        "1000",
        "--",
        "python3",
        ECHO,
    ];
    let bot = || roomkey(relay.address, &arguments);
    let mut bots = (Program::start(bot()), Program::start(bot()));
    ada.line("is a bot").await;
    ada.line("is a bot").await;
    ada.type_line("start").await;
    // Each answers a person once and bots eight times, and the answers of the two make sixteen and two.
    for _ in 0..18 {
        ada.line("said:").await;
    }
    ada.type_line("goodbye").await;
    assert_eq!(bots.0.end().await.code, Some(0));
    assert_eq!(bots.1.end().await.code, Some(0));
}
