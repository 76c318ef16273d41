//! Files between programs: whole, checked, resumed, under names that do no harm.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests are outside of test functions"
)]

use std::fs;
use std::path::Path;
use std::process::Command as Blocking;
use std::sync::atomic::Ordering;

use crate::cable::Cable;
use crate::program::{Program, roomkey};
use crate::relay;

/// Bytes that repeat nowhere soon.
fn bytes(length: usize) -> Vec<u8> {
    let mut x = 7_u32;
    let next = |_| {
        x = x.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        (x >> 16) as u8
    };
    (0..length).map(next).collect()
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().unwrap().to_owned()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn files_go_from_a_script_to_a_script_and_nothing_is_written_over() {
    let relay = relay::start();
    let (from, into) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let plan = path(from.path(), "plan.pdf");
    let notes = path(from.path(), "notes.txt");
    fs::write(&plan, bytes(300_000)).unwrap();
    fs::write(&notes, b"x").unwrap();
    fs::write(into.path().join("plan.pdf"), b"mine").unwrap();
    let folder = into.path().to_str().unwrap();
    let mut take = Program::start(roomkey(
        relay.address,
        &[
            "file", "receive", "--into", folder, "-n", "2", "--as", "Ben",
        ],
    ));
    let mut give = Program::start(roomkey(
        relay.address,
        &["file", "send", &plan, &notes, "--to", "Ben", "--as", "Ada"],
    ));
    let mut printed = vec![take.line(folder).await, take.line(folder).await];
    printed.sort();
    assert_eq!(
        printed,
        [
            path(into.path(), "notes.txt"),
            path(into.path(), "plan (1).pdf")
        ]
    );
    let end = give.end().await;
    assert_eq!(end.code, Some(0), "{}", end.stderr);
    assert!(end.stderr.contains("has all of plan.pdf"), "{}", end.stderr);
    let end = take.end().await;
    assert_eq!(end.code, Some(0), "{}", end.stderr);
    assert_eq!(
        fs::read(into.path().join("plan (1).pdf")).unwrap(),
        bytes(300_000)
    );
    assert_eq!(fs::read(into.path().join("plan.pdf")).unwrap(), b"mine");
    assert_eq!(
        names(into.path()),
        ["notes.txt", "plan (1).pdf", "plan.pdf"]
    );
}

#[tokio::test]
async fn a_cut_in_the_middle_of_a_file_costs_time_and_no_bytes() {
    let relay = relay::start();
    let (from, into) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let large = path(from.path(), "large.bin");
    fs::write(&large, bytes(4 << 20)).unwrap();
    let cable = Cable::that_breaks_after(relay.address, 2 << 20).await;
    let folder = into.path().to_str().unwrap();
    let mut take = Program::start(roomkey(
        cable.address,
        &["file", "receive", "--into", folder],
    ));
    let mut give = Program::start(roomkey(relay.address, &["file", "send", &large]));
    take.line("large.bin").await;
    assert_eq!(cable.cuts.load(Ordering::SeqCst), 1);
    let end = take.end().await;
    assert_eq!(end.code, Some(0), "{}", end.stderr);
    assert!(end.stderr.contains("connection lost"), "{}", end.stderr);
    assert_eq!(give.end().await.code, Some(0));
    assert_eq!(
        fs::read(into.path().join("large.bin")).unwrap(),
        bytes(4 << 20)
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_sent_disturbs_no_room() {
    let relay = relay::start();
    let folder = tempfile::tempdir().unwrap();
    let (empty, large) = (path(folder.path(), "empty"), path(folder.path(), "large"));
    fs::write(&empty, b"").unwrap();
    fs::File::create(&large).unwrap().set_len(26 << 20).unwrap();
    for (arguments, code, sentence) in [
        (vec!["send", &empty], 2, "is empty"),
        (vec!["send", &large], 2, "26 MB, and this relay takes 25 MB"),
        (vec!["send", "/no/such/file"], 1, "cannot be read"),
        (
            vec!["send", folder.path().to_str().unwrap()],
            2,
            "is no file",
        ),
        (
            vec!["receive", "--into", "/no/such/folder"],
            2,
            "is no folder",
        ),
        (vec!["receive", "--wait", "1"], 7, "in time"),
    ] {
        let arguments = [vec!["file"], arguments].concat();
        let end = Program::start(roomkey(relay.address, &arguments))
            .end()
            .await;
        assert_eq!(end.code, Some(code), "{arguments:?}: {}", end.stderr);
        assert!(end.stderr.contains(sentence), "{}", end.stderr);
        assert_eq!(end.stderr.lines().count(), 1, "{}", end.stderr);
    }
}

#[tokio::test]
async fn an_interrupt_in_the_middle_of_a_file_leaves_nothing_half_and_one_sentence() {
    let relay = relay::start();
    let (from, into) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let large = path(from.path(), "large.bin");
    fs::write(&large, bytes(20 << 20)).unwrap();
    let folder = into.path().to_str().unwrap();
    let mut ear = Program::start(roomkey(relay.address, &["join", "--as", "Ear"]));
    ear.line("you opened").await;
    let mut take = Program::start(roomkey(
        relay.address,
        &["file", "receive", "--into", folder, "--as", "Ben"],
    ));
    ear.line("came in").await;
    let mut give = Program::start(roomkey(
        relay.address,
        &["file", "send", &large, "--receivers", "2", "--as", "Ada"],
    ));
    ear.line("(offers large.bin, 20 MB)").await;
    while names(into.path()).is_empty() {
        tokio::task::yield_now().await;
    }
    for program in [&take, &give] {
        let pid = program.pid().to_string();
        assert!(
            Blocking::new("kill")
                .args(["-INT", &pid])
                .status()
                .unwrap()
                .success()
        );
    }
    let end = take.end().await;
    assert_eq!(end.code, Some(130), "{}", end.stderr);
    assert!(end.stderr.contains("was thrown away"), "{}", end.stderr);
    let end = give.end().await;
    assert_eq!(end.code, Some(130), "{}", end.stderr);
    assert!(end.stderr.contains("was taken back"), "{}", end.stderr);
    assert_eq!(names(into.path()), Vec::<String>::new());
    ear.line("left").await;
    ear.line("left").await;
}

#[tokio::test]
async fn a_conversation_offers_takes_declines_and_cancels_files_by_number() {
    let relay = relay::start();
    let (from, into) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let plan = path(from.path(), "my plan.sh");
    fs::write(&plan, bytes(100_000)).unwrap();
    let folder = into.path().to_str().unwrap();
    let mut ada = Program::start(roomkey(relay.address, &["join", "--as", "Ada"]));
    ada.line("nobody else").await;
    let mut ben = Program::start(roomkey(
        relay.address,
        &["join", "--as", "Ben", "--into", folder],
    ));
    ben.line("one more").await;
    ada.line("came in").await;
    ada.type_line(&format!("/file {plan}")).await;
    ada.line("offered my plan.sh as file 1").await;
    assert!(
        ben.line("(offers my plan.sh")
            .await
            .contains("can run a program")
    );
    ben.line("/accept 1 or /deny 1").await;
    ben.type_line("/accept 1").await;
    assert!(ben.line("saved as").await.contains("100000 bytes"));
    ada.line("has all of my plan.sh (1)").await;
    ada.type_line(&format!("/file @Ben {plan}")).await;
    assert!(
        ben.line("(offers my plan.sh")
            .await
            .contains("to you alone")
    );
    ben.type_line("/deny 2").await;
    ada.line("declined my plan.sh (2)").await;
    ada.type_line(&format!("/file {plan}")).await;
    ben.line("/accept 3").await;
    ada.type_line("/cancel 3").await;
    ben.line("took it back").await;
    ben.type_line("/accept 3").await;
    ben.line("not offered any more").await;
    ben.type_line("/accept 9").await;
    ben.line("there is no file 9").await;
    ben.type_line("/files").await;
    ben.line("3 ↓ my plan.sh").await;
    assert_eq!(names(into.path()), ["my plan.sh"]);
    ada.type_line("/file /no/such/file").await;
    ada.line("cannot be read").await;
}
