//! A Tor network of our own on this machine: authorities, relays, an onion service that leads to the socket of a Roomkey
//! relay, and two people who reach it through Tor alone. Nothing leaves the loopback interface.
#![expect(clippy::unwrap_used, clippy::panic, reason = "only tests use this")]

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command as Blocking, Stdio};

use roomkey_server::listen::{Address, Listener};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::installed::installed;
use crate::program::{Program, roomkey};
use crate::relay;

/// Authorities that agree on who is in the network. More than half must be of one mind.
const AUTHORITIES: usize = 3;
/// All relays, authorities included: enough for three hops and a rendezvous.
const RELAYS: usize = 5;
/// A network that is made for tests agrees every ten seconds, not every hour.
const AUTHORITY: &str = "
    AuthoritativeDirectory 1
    V3AuthoritativeDirectory 1
    TestingV3AuthInitialVotingInterval 10
    TestingV3AuthInitialVoteDelay 2
    TestingV3AuthInitialDistDelay 2
    V3AuthVotingInterval 10
    V3AuthVoteDelay 2
    V3AuthDistDelay 2
    TestingDirAuthVoteExit *
    TestingDirAuthVoteGuard *
    TestingDirAuthVoteHSDir *
    TestingMinExitFlagThreshold 0
";
const RECIPE: &str = include_str!("../../../deploy/torrc");

/// A free port of the loopback interface. Another program may take it before tor does; then the test fails and says so.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// A folder for tor, which insists that nobody else can look into it.
fn private(folder: &Path) -> PathBuf {
    fs::DirBuilder::new()
        .mode(0o700)
        .recursive(true)
        .create(folder)
        .unwrap();
    folder.into()
}

/// One `DirAuthority` line: makes the keys of an authority.
fn authority(folder: &Path, nickname: &str, or_port: u16, dir_port: u16) -> String {
    let keys = private(&folder.join("keys"));
    let mut gencert = Blocking::new(installed("tor-gencert"))
        .args(["--create-identity-key", "-m", "12", "--passphrase-fd", "0"])
        .args(["-a", &format!("127.0.0.1:{dir_port}")])
        .args([
            "-i",
            "authority_identity_key",
            "-s",
            "authority_signing_key",
        ])
        .args(["-c", "authority_certificate"])
        .current_dir(&keys)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    gencert.stdin.take().unwrap().write_all(b"test\n").unwrap();
    assert!(gencert.wait().unwrap().success());
    let certificate = fs::read_to_string(keys.join("authority_certificate")).unwrap();
    let identity = certificate
        .lines()
        .find_map(|line| line.strip_prefix("fingerprint "))
        .unwrap();
    // Tor says its fingerprint only to somebody who seems to run an authority or relay.
    let listed = Blocking::new(installed("tor"))
        .args([
            "--list-fingerprint",
            "-f",
            "/dev/null",
            "--ignore-missing-torrc",
        ])
        .args(["--ORPort", &or_port.to_string(), "--Nickname", nickname])
        .arg("--DataDirectory")
        .arg(folder)
        .args([
            "--DirAuthority",
            &format!("other 127.0.0.1:1 {}", "f".repeat(40)),
        ])
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let fingerprint = listed
        .lines()
        .find_map(|line| line.strip_prefix(nickname))
        .unwrap_or_else(|| panic!("tor lists no fingerprint: {listed}"))
        .replace(' ', "");
    format!(
        "DirAuthority {nickname} orport={or_port} no-v2 v3ident={identity} 127.0.0.1:{dir_port} {fingerprint}\n"
    )
}

/// A tor process, gone when dropped, and what it says.
struct Tor {
    process: Child,
    said: Vec<String>,
}

impl Tor {
    fn start(folder: &Path, settings: &str) -> Self {
        let file = folder.join("torrc");
        fs::write(&file, settings).unwrap();
        let process = Command::new(installed("tor"))
            .arg("-f")
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self {
            process,
            said: Vec::new(),
        }
    }

    /// Waits until it has found its way into the network.
    async fn ready(&mut self) {
        let mut lines = BufReader::new(self.process.stdout.take().unwrap()).lines();
        loop {
            match lines.next_line().await.unwrap() {
                Some(line) if line.contains("Bootstrapped 100%") => break,
                Some(line) => self.said.push(line),
                None => panic!("tor ended: {:#?}", self.said),
            }
        }
        // A pipe that fills up would stop it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    }
}

/// Authorities and relays.
struct Network {
    _relays: Vec<Child>,
    common: String,
}

impl Network {
    fn start(folder: &Path) -> Self {
        let ports: Vec<_> = (0..RELAYS).map(|_| (free_port(), free_port())).collect();
        let place = |at: usize| private(&folder.join(format!("relay{at}")));
        let mut common = "TestingTorNetwork 1\nLog notice stdout\n".to_owned();
        for (at, (or_port, dir_port)) in ports.iter().enumerate().take(AUTHORITIES) {
            common += &authority(&place(at), &format!("relay{at}"), *or_port, *dir_port);
        }
        let relays = ports.iter().enumerate().map(|(at, (or_port, dir_port))| {
            let folder = place(at);
            let mut settings = common.replace("notice stdout", "warn stderr");
            writeln!(
                settings,
                "DataDirectory {}\nNickname relay{at}\nAddress 127.0.0.1\nORPort 127.0.0.1:{or_port}\n\
                 AssumeReachable 1\nExitRelay 0\nSocksPort 0",
                folder.display()
            )
            .unwrap();
            if at < AUTHORITIES {
                writeln!(settings, "DirPort 127.0.0.1:{dir_port}\n{AUTHORITY}").unwrap();
            }
            Tor::start(&folder, &settings).process
        });
        Self {
            _relays: relays.collect(),
            common,
        }
    }
}

#[tokio::test]
async fn two_people_talk_through_tor_with_a_relay_that_is_an_onion_service() {
    let folder = tempfile::tempdir().unwrap();
    let socket = Address::Unix(folder.path().join("relay.sock"));
    let network = Network::start(folder.path());

    let service = private(&folder.path().join("service"));
    let onion = service.join("onion");
    let recipe = RECIPE
        .replace("/var/lib/tor/roomkey", &onion.display().to_string())
        .replace("unix:/run/roomkey/relay.sock", &socket.to_string());
    assert!(recipe.contains(&format!("HiddenServicePort 80 {socket}")));
    let settings = format!(
        "{}DataDirectory {}\n{recipe}",
        network.common,
        service.display()
    );
    let mut service = Tor::start(&service, &settings);

    let client = private(&folder.path().join("client"));
    let port = free_port();
    let settings = format!(
        "{}DataDirectory {}\nSocksPort 127.0.0.1:{port}\n",
        network.common,
        client.display()
    );
    let mut client = Tor::start(&client, &settings);
    tokio::join!(service.ready(), client.ready());

    let name = fs::read_to_string(onion.join("hostname")).unwrap();
    let url = format!("http://{}", name.trim());
    let upstream = Listener::bind(&socket).unwrap();
    let _relay = relay::serve(upstream, Some(url.clone()));
    let through_tor = |arguments: &[&str]| {
        let mut command = roomkey("127.0.0.1:1".parse().unwrap(), arguments);
        command
            .env("ROOMKEY_RELAY", &url)
            .env("ROOMKEY_PROXY", format!("socks5h://127.0.0.1:{port}"));
        command
    };

    // The service's descriptor may still be on its way to where clients look for it.
    while Program::start(through_tor(&["doctor", &url]))
        .end()
        .await
        .code
        == Some(3)
    {}
    let mut anna = Program::start(through_tor(&["join", "--as", "Anna"]));
    anna.line("you opened the room").await;
    let mut bert = Program::start(through_tor(&["join", "--as", "Bert"]));
    anna.line("came in").await;
    bert.type_line("words through six relays").await;
    anna.line("words through six relays").await;
    anna.type_line("and back").await;
    bert.line("and back").await;
}
