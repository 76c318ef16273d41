//! The program itself: what it prints, how it fails, how it stops, and what it never writes.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crypto::wire::{CloseCode, JoinOutcome};

use crate::common::{forward_secret, room};
use crate::peer::{Peer, handshake};
use crate::socket::Socket;

pub(crate) fn program(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roomkey-relay"));
    // What the developer's own environment says must not matter here.
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ROOMKEY_")) {
        command.env_remove(name);
    }
    command.arg("--data-dir").arg(directory);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Starts the relay and reads its banner up to the fingerprint.
pub(crate) fn start(mut command: Command) -> (Child, SocketAddr, String) {
    let mut child = command.spawn().unwrap();
    let mut banner = String::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    while !banner.contains("fingerprint") {
        assert_ne!(
            lines.read_line(&mut banner).unwrap(),
            0,
            "the relay ended: {banner}"
        );
    }
    let address = banner.split("://").nth(1).unwrap();
    let address = address.split('/').next().unwrap().parse().unwrap();
    (child, address, banner)
}

pub(crate) fn stop(child: Child) -> Output {
    let killed = Command::new("kill")
        .arg("-TERM")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(killed.success());
    child.wait_with_output().unwrap()
}

/// Runs the relay expecting it to refuse, and returns its one sentence.
pub(crate) fn sentence(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    text
}

#[test]
fn the_banner_shows_address_code_and_fingerprint_and_term_ends_it_well() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("state");
    let mut command = program(&directory);
    command.args(["--listen", "127.0.0.1:0"]);
    let (child, address, banner) = start(command);
    assert!(banner.contains('█'));
    let peer = Peer::connect(address, None);
    assert!(banner.contains(&peer.tunnel.fingerprint().to_string()));
    let output = stop(child);
    assert!(output.status.success());
}

#[test]
fn a_restart_says_come_back_and_whoever_does_is_let_in() {
    let folder = tempfile::tempdir().unwrap();
    let run = |listen: &str| {
        let mut command = program(folder.path());
        command.args(["--listen", listen]);
        start(command)
    };
    let (child, address, _) = run("127.0.0.1:0");
    let mut alice = Peer::connect(address, None);
    let joined = alice.join(&room(1), forward_secret(), None);
    let (ticket, fingerprint) = (alice.tunnel.ticket(), alice.tunnel.fingerprint());
    assert!(stop(child).status.success());
    assert_eq!(alice.ended(), Some(CloseCode::GoingAway));

    let (child, address, _) = run(&address.to_string());
    // The ticket died with the process; the key did not, and nobody's seat is anybody else's.
    let mut socket = Socket::open(address);
    let refused = handshake(&mut socket, ticket).unwrap_err();
    assert_eq!(refused, Some(CloseCode::BadTicket));
    let mut alice = Peer::connect(address, None);
    assert_eq!(alice.tunnel.fingerprint(), fingerprint);
    let back = alice.join(&room(1), forward_secret(), joined.resume(0));
    assert_eq!(back.outcome, JoinOutcome::Opened);
    stop(child);
}

#[test]
fn a_port_in_use_is_one_sentence_and_makes_no_key() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("state");
    let mut command = program(&directory);
    command.args(["--listen", &taken.local_addr().unwrap().to_string()]);
    assert!(sentence(command).starts_with("Another program is already listening on 127.0.0.1:"));
    assert!(!directory.exists());
}

#[test]
fn a_broken_key_file_is_one_sentence_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key.pem");
    fs::write(
        &key,
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    )
    .unwrap();
    let before = fs::read(&key).unwrap();
    let mut command = program(folder.path());
    command.args(["--listen", "127.0.0.1:0"]);
    assert!(sentence(command).contains("key.pem does not hold an RSA-3072 private key"));
    assert_eq!(fs::read(&key).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_directory_that_cannot_be_made_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let mut command = program(&file.join("below"));
    command.args(["--listen", "127.0.0.1:0"]);
    assert!(sentence(command).starts_with("Cannot use "));
}

#[test]
fn settings_come_from_arguments_then_environment_then_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roomkey.toml");
    let state = folder.path().join("state");
    fs::write(&file, "listen = \"256.0.0.1:1\"\n").unwrap();
    let mut command = program(&state);
    command.arg("--config").arg(&file);
    assert!(sentence(command).contains("is not a valid configuration"));

    fs::write(&file, "lissten = 1\n").unwrap();
    let mut command = program(&state);
    command.arg("--config").arg(&file);
    assert!(sentence(command).contains("lissten"));

    fs::write(
        &file,
        "listen = \"127.0.0.1:1\"\npublic-url = \"http://127.0.0.1:2\"\nmetrics-listen = \"127.0.0.1:0\"\n",
    )
    .unwrap();
    let mut command = program(&state);
    command
        .env("ROOMKEY_CONFIG", &file)
        .env("ROOMKEY_PUBLIC_URL", "ftp://x");
    assert!(sentence(command).starts_with("The public address must begin"));

    let mut command = program(&state);
    command
        .env("ROOMKEY_CONFIG", &file)
        .env("ROOMKEY_PUBLIC_URL", "http://127.0.0.1:3");
    command.args(["--listen", "127.0.0.1:0"]);
    let (child, shown, _) = start(command);
    assert_eq!(shown.port(), 3);
    stop(child);
}

#[test]
fn help_and_a_mistyped_option_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path());
    let output = command.arg("--help").output().unwrap();
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    for option in [
        "--listen",
        "--lan",
        "--data-dir",
        "--config",
        "--public-url",
        "--metrics-listen",
        "--log-format",
        "--max-seats",
        "--memory-mib",
        "--room-frames-per-second",
        "--room-joins-per-second",
        "--room-history-kib",
    ] {
        assert!(help.contains(option), "{option}");
    }
    let mut command = program(folder.path());
    assert!(!command.arg("--lissten").output().unwrap().status.success());
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_worth_one_warning() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    for (mode, warnings) in [(0o600, 0), (0o644, 1)] {
        let key = folder.path().join("key.pem");
        if key.exists() {
            fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        }
        let mut command = program(folder.path());
        command.args(["--listen", "127.0.0.1:0"]);
        let (child, _, _) = start(command);
        let log = String::from_utf8(stop(child).stderr).unwrap();
        let found = log.matches("can be read by others").count();
        assert_eq!(found, warnings, "{log}");
        assert!(!log.contains("key.pem"));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_word_about_it_the_key_lives_in_the_users_state_directory() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let cases = [
        (Some(&state), state.join("roomkey")),
        (None, folder.path().join(".local/state/roomkey")),
    ];
    for (named, expected) in cases {
        let mut command = Command::new(env!("CARGO_BIN_EXE_roomkey-relay"));
        command.env_clear().env("HOME", folder.path());
        if let Some(state) = named {
            command.env("XDG_STATE_HOME", state);
        }
        command.args(["--listen", "127.0.0.1:0"]);
        command.stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let (child, _, _) = start(command);
        stop(child);
        assert!(expected.join("key.pem").exists());
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_roomkey-relay"));
    command.env_clear().args(["--listen", "127.0.0.1:0"]);
    assert!(sentence(command).contains("--data-dir"));
}

#[cfg(unix)]
#[test]
fn a_unix_socket_serves_page_and_websocket_and_goes_with_the_relay() {
    use std::io::{Read as _, Write as _};
    use std::os::unix::net::UnixStream;
    let folder = tempfile::tempdir().unwrap();
    let (socket, counters) = (folder.path().join("socket"), folder.path().join("counters"));
    let mut command = program(&folder.path().join("state"));
    command.args(["--public-url", "http://192.0.2.1:8080"]);
    command
        .arg("--listen")
        .arg(format!("unix:{}", socket.display()));
    command
        .arg("--metrics-listen")
        .arg(format!("unix:{}", counters.display()));
    let (child, shown, _) = start(command);
    assert_eq!(shown.to_string(), "192.0.2.1:8080");
    let answer = |path, request: &str| {
        let mut stream = UnixStream::connect(path).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = vec![0; 12];
        stream.read_exact(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    };
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: chat.example\r\n\r\n");
    assert_eq!(answer(&socket, &get("/health")), "HTTP/1.1 200");
    assert_eq!(answer(&counters, &get("/metrics")), "HTTP/1.1 200");
    assert_eq!(answer(&counters, &get("/health")), "HTTP/1.1 404");
    let upgrade = "GET /ws HTTP/1.1\r\nHost: chat.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                   Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
                   Sec-WebSocket-Protocol: roomkey.1\r\n\r\n";
    assert_eq!(answer(&socket, upgrade), "HTTP/1.1 101");
    assert!(stop(child).status.success());
    assert!(!socket.exists() && !counters.exists());
}

#[test]
fn the_whole_network_is_served_only_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    for lan in [false, true] {
        let mut command = program(folder.path());
        command.args(["--listen", "127.0.0.1:0"]);
        if lan {
            command.arg("--lan");
        }
        let (child, shown, banner) = start(command);
        assert!(lan || shown.ip().is_loopback(), "{banner}");
        // Whatever address is shown, this machine reaches it there.
        Peer::connect(shown, None);
        stop(child);
    }
}
