//! People and scripts.

use std::process::Command as Blocking;

use crate::program::{Program, roomkey};
use crate::relay;

#[tokio::test]
async fn two_people_talk_line_by_line_also_in_private() {
    let relay = relay::start();
    let mut ada = Program::start(roomkey(relay.address, &["join", "--as", "Ada"]));
    ada.line("you opened the room").await;
    let mut ben = Program::start(roomkey(relay.address, &["join", "--as", "Ben"]));
    ben.line("one more person is here").await;
    ada.line("came in").await;
    ada.type_line("hello Ben").await;
    assert!(ben.line("hello Ben").await.contains("Ada·"));
    ben.type_line("/w Ada just you").await;
    assert!(ada.line("just you").await.contains("to you"));
    ada.type_line("/r and back").await;
    assert!(ben.line("and back").await.contains("to you"));
    ben.type_line("/kcik Ada").await;
    ben.line("there is no /kcik").await;
    ben.end_input();
    assert_eq!(ben.end().await.code, Some(0));
    ada.line("left").await;
}

#[tokio::test]
async fn what_is_sent_from_a_pipe_is_in_the_room_when_the_program_ends() {
    let relay = relay::start();
    let mut tail = Program::start(roomkey(relay.address, &["tail", "-n", "2", "--as", "Ear"]));
    tail.line("you opened the room").await;
    let mut send = Program::start(roomkey(relay.address, &["send", "--as", "Mouth"]));
    send.type_line("first line").await;
    send.type_line("second line").await;
    send.end_input();
    assert_eq!(send.end().await.code, Some(0));
    tail.line("first line").await;
    // The second line of one message is set off from the first.
    assert_eq!(tail.line("second line").await, "    second line");
    let mut send = Program::start(roomkey(relay.address, &["send", "-t", "again"]));
    assert_eq!(send.end().await.code, Some(0));
    tail.line("again").await;
    assert_eq!(tail.end().await.code, Some(0));
}

#[tokio::test]
async fn escape_sequences_reach_no_terminal() {
    let relay = relay::start();
    let mut plain = Program::start(roomkey(relay.address, &["tail", "-n", "1"]));
    plain.line("you opened the room").await;
    let mut json = Program::start(roomkey(relay.address, &["tail", "--json", "-n", "1"]));
    json.line("\"ready\"").await;
    let hostile = "a\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}b";
    let mut send = Program::start(roomkey(
        relay.address,
        &["send", "--as", "Eve", "-t", hostile],
    ));
    assert_eq!(send.end().await.code, Some(0));
    for line in [plain.line("Eve").await, json.line("\"message\"").await] {
        assert!(
            line.chars().all(|c| !c.is_control() && c != '\u{202e}'),
            "{line:?}"
        );
    }
}

#[tokio::test]
async fn each_failure_has_its_sentence_and_its_code() {
    let relay = relay::start();
    let gone = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let wrong_key = "abcdefghijklmnopqrstuvwxyy";
    for (command, code, sentence) in [
        (roomkey(gone, &["send", "-t", "x"]), 3, "could not reach"),
        (
            roomkey(
                relay.address,
                &["send", "-t", "x", "--relay-key", wrong_key],
            ),
            4,
            "another key",
        ),
        (
            roomkey(relay.address, &["send", "-t", "   "]),
            2,
            "nothing to send",
        ),
        (
            roomkey(
                relay.address,
                &["send", "https://chat.example/#/r/", "-t", "x"],
            ),
            2,
            "lost its room name",
        ),
        (roomkey(relay.address, &["join", "--as", " "]), 2, "name"),
        (
            roomkey(relay.address, &["join", "--proxy", "socks5://127.0.0.1:1"]),
            2,
            "socks5h",
        ),
        (
            roomkey(relay.address, &["bot", "--", "/no/such/program"]),
            1,
            "could not start",
        ),
    ] {
        let mut program = Program::start(command);
        program.end_input();
        let end = program.end().await;
        assert_eq!(end.code, Some(code), "{}", end.stderr);
        assert!(end.stderr.contains(sentence), "{}", end.stderr);
        assert!(end.stderr.lines().count() <= 6, "{}", end.stderr);
    }
}

#[tokio::test]
async fn without_a_room_and_without_a_terminal_it_says_what_to_do() {
    let relay = relay::start();
    let mut command = roomkey(relay.address, &["send", "-t", "x"]);
    command.env_remove("ROOMKEY_ROOM");
    let end = Program::start(command).end().await;
    assert_eq!(end.code, Some(2));
    assert!(end.stderr.contains("ROOMKEY_ROOM"), "{}", end.stderr);
}

#[tokio::test]
async fn a_reader_that_goes_away_ends_the_program_without_a_word() {
    let relay = relay::start();
    let binary = env!("CARGO_BIN_EXE_roomkey");
    let shell = format!(
        "ROOMKEY_RELAY=http://{} ROOMKEY_ROOM=pipe {binary} tail 2>&1 >/dev/full; echo ended with $?",
        relay.address
    );
    let output =
        tokio::task::spawn_blocking(move || Blocking::new("sh").arg("-c").arg(shell).output())
            .await
            .unwrap()
            .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("could not write") && text.contains("ended with 1"),
        "{text}"
    );
}

#[tokio::test]
async fn an_interrupt_leaves_the_room() {
    let relay = relay::start();
    let mut ada = Program::start(roomkey(relay.address, &["join", "--as", "Ada"]));
    ada.line("nobody else").await;
    let mut ben = Program::start(roomkey(relay.address, &["join", "--as", "Ben"]));
    ben.line("one more").await;
    ada.line("came in").await;
    let killed = Blocking::new("kill")
        .args(["-INT", &ben.pid().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    assert_eq!(ben.end().await.code, Some(130));
    // Told by the relay that the seat was given up, not by a connection that broke.
    ada.line("left").await;
}

#[tokio::test]
async fn a_new_link_is_one_that_join_understands() {
    let relay = relay::start();
    let mut new = Program::start(roomkey(relay.address, &["new", "--quiet"]));
    let link = new.line("#/r/").await;
    let mut command = roomkey(relay.address, &["send", "-t", "x"]);
    command
        .env("ROOMKEY_ROOM", link)
        .env_remove("ROOMKEY_RELAY");
    let end = Program::start(command).end().await;
    assert_eq!(end.code, Some(0), "{}", end.stderr);
}

#[tokio::test]
async fn a_wrong_second_secret_opens_no_empty_room() {
    let relay = relay::start();
    for link in ["/#/s/blue-otter", "/#/s/blue-otter/2-aa"] {
        let mut command = roomkey(relay.address, &["send", "-t", "x"]);
        command
            .env("ROOMKEY_ROOM", format!("http://{}{link}", relay.address))
            .env("ROOMKEY_SECRET", "not theirs");
        let end = Program::start(command).end().await;
        assert_eq!(end.code, Some(5), "{}", end.stderr);
        assert!(end.stderr.contains("second secret"), "{}", end.stderr);
    }
}

#[tokio::test]
async fn a_room_of_another_kind_is_entered_unless_a_kind_was_asked_for() {
    let relay = relay::start();
    let mut ada = Program::start(roomkey(relay.address, &["join", "--newcomers", "nothing"]));
    ada.line("newcomers see nothing").await;
    let mut send = Program::start(roomkey(relay.address, &["send", "-t", "whatever it is"]));
    assert_eq!(send.end().await.code, Some(0));
    ada.line("whatever it is").await;
    let mut send = Program::start(roomkey(
        relay.address,
        &["send", "-t", "x", "--newcomers", "35"],
    ));
    let end = send.end().await;
    assert_eq!(end.code, Some(5), "{}", end.stderr);
}

#[tokio::test]
async fn every_command_has_a_manual_page_with_the_exit_codes_of_what_it_does() {
    let relay = relay::start();
    for (arguments, wanted) in [
        (vec!["man"], "roomkey\\-file"),
        (vec!["man", "file", "send"], "ROOMKEY_ROOM"),
        (
            vec!["man", "join"],
            "7 a message or a file was not delivered",
        ),
    ] {
        let mut program = Program::start(roomkey(relay.address, &arguments));
        program.line(wanted).await;
        assert_eq!(program.end().await.code, Some(0));
    }
    let mut program = Program::start(roomkey(relay.address, &["man", "fly"]));
    assert_eq!(program.end().await.code, Some(2));
}

#[tokio::test]
async fn a_program_whose_output_nobody_reads_any_more_leaves_the_room() {
    let relay = relay::start();
    let mut ada = Program::start(roomkey(relay.address, &["join", "--as", "Ada"]));
    ada.line("nobody else").await;
    let mut tail = Program::start(roomkey(relay.address, &["tail"]));
    tail.line("one more").await;
    ada.line("came in").await;
    tail.end_output();
    ada.line("left").await;
    let end = tail.end().await;
    assert_eq!((end.code, end.stderr.as_str()), (Some(1), ""));
}
