//! Whoever opened a room governs it from a terminal, too.

use crate::program::{Program, roomkey};
use crate::relay;

/// Ada has opened the room, and Ben is in it.
async fn two(relay: &relay::TestRelay) -> (Program, Program) {
    let mut ada = Program::start(roomkey(relay.address, &["join", "--as", "Ada"]));
    ada.line("nobody else").await;
    let mut ben = Program::start(roomkey(relay.address, &["join", "--as", "Ben"]));
    ben.line("one more").await;
    ada.line("came in").await;
    (ada, ben)
}

#[tokio::test]
async fn a_room_is_locked_timed_shared_and_closed_from_a_terminal() {
    let relay = relay::start();
    let (mut ada, mut ben) = two(&relay).await;
    ben.type_line("/lock").await;
    ben.line("you do not govern this room").await;
    ada.type_line("/lock").await;
    ada.line("you locked the room").await;
    assert!(ben.line("locked the room").await.contains("Ada·"));
    let end = Program::start(roomkey(relay.address, &["send", "-t", "x"]))
        .end()
        .await;
    assert_eq!(end.code, Some(5), "{}", end.stderr);
    ada.type_line("/unlock").await;
    ben.line("unlocked the room").await;
    ada.type_line("/time 24h").await;
    ben.line("set the time left to 24 h").await;
    ben.type_line("/time").await;
    ben.line("closes in 24 h").await;
    ada.type_line("/links hide").await;
    ada.line("links hidden").await;
    ada.type_line("/suggest").await;
    ben.line("suggested filters for everybody: links hidden")
        .await;
    ada.type_line("see https://example.org").await;
    ben.line("blocked because of a filter").await;
    ada.type_line("/closers everybody").await;
    ben.line("lets everybody close the room").await;
    ada.type_line("/handon Ben").await;
    ben.line("handed control of the room to you").await;
    ben.type_line("/room").await;
    ben.line("governed by  you").await;
    ben.line("closed by    everybody inside").await;
    // Asked first; anything but the word keeps the room.
    ada.type_line("/purge").await;
    ada.line("Type CLOSE").await;
    ada.type_line("no wait").await;
    ada.line("the room stays").await;
    ada.type_line("/purge").await;
    ada.type_line("CLOSE").await;
    for program in [&mut ada, &mut ben] {
        let end = program.end().await;
        assert_eq!(end.code, Some(6), "{}", end.stderr);
        assert!(end.stderr.contains("closed and erased"), "{}", end.stderr);
    }
}

#[tokio::test]
async fn somebody_who_is_removed_is_told_and_everybody_learns_by_whom() {
    let relay = relay::start();
    let (mut ada, mut ben) = two(&relay).await;
    let mut cleo = Program::start(roomkey(relay.address, &["join", "--as", "Cleo"]));
    cleo.line("2 more").await;
    ada.line("came in").await;
    ada.type_line("/remove Cleo").await;
    assert!(ben.line("removed Cleo").await.contains("Ada·"));
    let end = cleo.end().await;
    assert_eq!(end.code, Some(6), "{}", end.stderr);
    assert!(end.stderr.contains("removed"), "{}", end.stderr);
}

#[tokio::test]
async fn every_kind_of_message_is_said_and_told_in_lines() {
    let relay = relay::start();
    let (mut ada, mut ben) = two(&relay).await;
    ada.type_line("what shall we eat?").await;
    ben.line("what shall we eat?").await;
    ben.type_line("/reply soup").await;
    ada.line("↳ “what shall we eat?” soup").await;
    ada.type_line("/react 👍").await;
    ben.line("put 👍 beside “soup”").await;
    ben.type_line("/edit hot soup").await;
    ada.line("(changed “soup”) hot soup").await;
    ben.type_line("/unsay").await;
    ada.line("took “soup” back").await;
    ben.type_line("/unsay").await;
    ben.line("no message of yours").await;
    ada.type_line("/timer 30s for a moment").await;
    ben.line("(for 30 s) for a moment").await;
    ada.type_line("/timer 2s too short").await;
    ada.line("A timer runs for").await;
    ada.type_line("/topic lunch").await;
    ben.line("(topic) lunch").await;
    ada.type_line("/to Ben").await;
    ada.line("for Ben·").await;
    ada.type_line("only you").await;
    assert!(ben.line("only you").await.contains("to you alone"));
    // What is about a private message stays between the two.
    ben.type_line("/reply between us").await;
    assert!(ada.line("between us").await.contains("to you alone"));
    ada.type_line("/to all").await;
    ada.type_line("/react 🤫").await;
    assert!(ben.line("put 🤫").await.contains("to you alone"));
    ada.type_line("/edit only you two").await;
    assert!(ben.line("only you two").await.contains("to you alone"));
    ada.type_line("all again").await;
    assert!(!ben.line("all again").await.contains("alone"));
    ada.type_line("/compare Ben").await;
    let pictures = ada.line("nobody stands between").await;
    assert!(pictures.contains("Ben·"));
    ada.type_line("/compared Ben").await;
    ada.line("it is really them").await;
    ada.type_line("/people").await;
    ada.line("(compared)").await;
}

#[tokio::test]
async fn newcomers_read_what_was_said_with_the_time_of_its_author() {
    let relay = relay::start();
    let mut ada = Program::start(roomkey(relay.address, &["join", "--as", "Ada"]));
    ada.line("nobody else").await;
    ada.type_line("said before").await;
    let said = ada.line("said before").await;
    let mut ben = Program::start(roomkey(relay.address, &["tail", "-n", "1"]));
    let read = ben.line("said before").await;
    assert_eq!(read, said);
}
