//! Moving to a fresh room from a terminal.

use crate::program::{Program, roomkey};
use crate::relay;

#[tokio::test]
async fn whoever_is_asked_goes_or_stays_and_nobody_else_hears_of_it() {
    let relay = relay::start();
    let join = |name: &str| Program::start(roomkey(relay.address, &["join", "--as", name]));
    let mut ada = join("Ada");
    ada.line("nobody else").await;
    let mut ben = join("Ben");
    ada.line("Ben").await;
    let mut cleo = join("Cleo");
    ada.line("Cleo").await;
    ben.line("Cleo").await;
    ben.type_line("/go").await;
    ben.line("nobody has asked you along").await;
    ada.type_line("/leap").await;
    ada.line("/leap wants who comes along").await;

    ada.type_line("/leap Ben").await;
    assert!(ada.line("asking Ben·").await.contains("stays open"));
    ada.line("nobody else is here yet").await;
    assert!(
        ben.line("wants to move to a new room with you")
            .await
            .contains("Ada·")
    );
    assert!(cleo.line("Ada·").await.contains("left"));
    ben.type_line("/go").await;
    ben.line("the new room is").await;
    ben.type_line("still in the old room").await;
    cleo.line("still in the old room").await;
    ben.type_line("/go").await;
    ben.line("one more person is here").await;
    ada.line("everybody who was asked is here").await;
    ada.type_line("just the two of us").await;
    ben.line("just the two of us").await;
    cleo.type_line("where are you").await;
    cleo.line("where are you").await;
    let knows = |line: &String| line.contains("wants to move") || line.contains("just the two");
    assert!(!cleo.seen().iter().any(knows), "{:#?}", cleo.seen());
    cleo.type_line("/leave").await;
    assert_eq!(cleo.end().await.code, Some(0));

    // From there on again, and this time Ben stays.
    ada.type_line("/leap all").await;
    ben.line("wants to move to a new room with you").await;
    ben.type_line("/stay").await;
    ben.line("you stay here").await;
    ben.type_line("/go").await;
    ben.line("nobody has asked you along").await;
    for program in [&mut ada, &mut ben] {
        program.type_line("/leave").await;
        let end = program.end().await;
        assert_eq!(end.code, Some(0), "{}", end.stderr);
    }
}

#[tokio::test]
async fn a_bot_is_told_and_stays_where_it_is() {
    let relay = relay::start();
    let mut ada = Program::start(roomkey(relay.address, &["join", "--as", "Ada"]));
    ada.line("nobody else").await;
    let script = r#"
import json, sys
for line in sys.stdin:
    event = json.loads(line)
    if event["event"] == "invited":
        assert [who["name"] for who in event["party"]] == ["Clippy"], line
        assert set(event) == {"event", "from", "party", "replayed"}, line
        print("asked by", event["from"]["name"], file=sys.stderr, flush=True)
    if event["event"] == "left":
        print(json.dumps({"command": "leave"}), flush=True)
"#;
    let mut bot = Program::start(roomkey(
        relay.address,
        &["bot", "--as", "Clippy", "--", "python3", "-c", script],
    ));
    ada.line("is a bot").await;
    ada.type_line("/leap all").await;
    ada.line("nobody else is here: whoever should come has to be")
        .await;
    ada.type_line("/leap Clippy").await;
    ada.line("asking Clippy·").await;
    ada.line("nobody else is here yet").await;
    // It stays until it sees that Ada has gone, and leaves of its own accord.
    let end = bot.end().await;
    assert_eq!(end.code, Some(0), "{}", end.stderr);
    assert!(end.stderr.contains("asked by Ada"), "{}", end.stderr);
    ada.type_line("still alone").await;
    ada.line("still alone").await;
    assert!(
        !ada.seen()
            .iter()
            .any(|line| line.contains("everybody who was asked"))
    );
}
