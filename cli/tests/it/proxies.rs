//! The recipes in `deploy/` with the programs that they are for: `doctor` finds them well, and people talk through them.
#![expect(clippy::unwrap_used, reason = "only tests use this")]

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;

use roomkey_server::listen::{Address, Listener};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::installed::installed;
use crate::program::{Program, roomkey};
use crate::relay;

const RECIPE: &str = include_str!("../../../deploy/nginx.conf");

/// nginx with one site, gone when dropped.
struct Proxy {
    _process: Child,
    folder: tempfile::TempDir,
    address: SocketAddr,
}

/// Replaces what a recipe leaves to whoever uses it; every word must be there.
fn filled_in(recipe: &str, words: &[(&str, &str)]) -> String {
    let mut text = recipe.to_owned();
    for (word, own) in words {
        assert!(text.contains(word), "the recipe says nothing of {word:?}");
        text = text.replace(word, own);
    }
    text
}

impl Proxy {
    /// Starts nginx with this recipe in front of `upstream`; what it writes is in `folder`.
    async fn start(
        recipe: &str,
        listener: TcpListener,
        folder: tempfile::TempDir,
        upstream: &Address,
    ) -> Self {
        let path = |name: &str| folder.path().join(name).display().to_string();
        let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        fs::write(path("chain.pem"), signed.cert.pem()).unwrap();
        fs::write(path("key.pem"), signed.signing_key.serialize_pem()).unwrap();
        let address = listener.local_addr().unwrap();
        let certificates = "/etc/letsencrypt/live/chat.example.org";
        let site = filled_in(
            recipe,
            &[
                ("listen 443 ssl", &format!("listen {address} ssl")),
                ("server_name chat.example.org", "server_name localhost"),
                (&format!("{certificates}/fullchain.pem"), &path("chain.pem")),
                (&format!("{certificates}/privkey.pem"), &path("key.pem")),
                ("unix:/run/roomkey/relay.sock", &upstream.to_string()),
            ],
        );
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("{kind}_temp_path {};\n", path(kind)))
            .concat();
        let whole = format!(
            "daemon off;\nmaster_process off;\npid {};\nerror_log {};\nevents {{}}\nhttp {{\n{temporary}{site}}}\n",
            path("pid"),
            path("errors")
        );
        fs::write(path("nginx.conf"), whole).unwrap();
        // The port is free only now: nginx takes it over.
        drop(listener);
        let mut process = Command::new(installed("nginx"))
            .args(["-c", &path("nginx.conf"), "-e", &path("errors")])
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        while TcpStream::connect(address).await.is_err() {
            let ended = process.try_wait().unwrap();
            let errors = || fs::read_to_string(path("errors")).unwrap_or_default();
            assert!(ended.is_none(), "nginx ended: {}", errors());
            tokio::task::yield_now().await;
        }
        Self {
            _process: process,
            folder,
            address,
        }
    }

    fn url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// `roomkey` with these arguments, by way of the proxy, whose certificate it is told to trust.
    fn roomkey(&self, arguments: &[&str]) -> Command {
        let certificate: &Path = &self.folder.path().join("chain.pem");
        let mut command = roomkey(self.address, arguments);
        command
            .env("ROOMKEY_RELAY", self.url())
            .env("ROOMKEY_CA", certificate);
        command
    }
}

/// A relay behind its socket, and nginx in front of it.
async fn behind(recipe: &str) -> (relay::Running, Proxy) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let socket = Address::Unix(folder.path().join("relay.sock"));
    let upstream = Listener::bind(&socket).unwrap();
    let relay = relay::serve(upstream, Some(format!("https://localhost:{port}")));
    let proxy = Proxy::start(recipe, listener, folder, &socket).await;
    (relay, proxy)
}

#[tokio::test]
async fn the_recipe_for_nginx_is_found_well_and_people_talk_through_it() {
    let (_relay, proxy) = behind(RECIPE).await;
    let mut doctor = Program::start(proxy.roomkey(&["doctor", &proxy.url()]));
    doctor.line("the WebSocket opens").await;
    let end = doctor.end().await;
    assert_eq!(end.code, Some(0), "{}", end.stderr);

    let mut listener = Program::start(proxy.roomkey(&["tail", "--as", "Bert"]));
    listener.line("you opened the room").await;
    let mut speaker = Program::start(proxy.roomkey(&["join", "--as", "Anna"]));
    speaker.line("more person is here").await;
    speaker.type_line("through a proxy").await;
    listener.line("through a proxy").await;
}

#[tokio::test]
async fn nginx_without_the_lines_for_websockets_is_told_which_ones() {
    let broken: String = RECIPE
        .lines()
        .filter(|line| !line.contains("proxy_set_header Upgrade"))
        .filter(|line| !line.contains("proxy_set_header Connection"))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_ne!(broken, RECIPE);
    let (_relay, proxy) = behind(&broken).await;
    let mut doctor = Program::start(proxy.roomkey(&["doctor", &proxy.url()]));
    doctor.line("pass Upgrade and Connection").await;
    assert_eq!(doctor.end().await.code, Some(4));
}
