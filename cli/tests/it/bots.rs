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
