//! The sample agent against an endpoint that speaks the interface of chat completions, and a real relay.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests are outside of test functions"
)]

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;

use crate::program::{Program, roomkey};
use crate::relay;

const AGENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/agent.py");

/// What the endpoint was asked.
type Asked = Arc<Mutex<Vec<Value>>>;

/// An endpoint that repeats the last message, and has nothing to say to what asks for quiet.
async fn endpoint() -> (SocketAddr, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Asked::default();
    let kept = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            answer(stream, &kept).await;
        }
    });
    (address, asked)
}

async fn answer(stream: TcpStream, asked: &Asked) {
    let mut stream = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push_str(&line);
    }
    assert!(head.starts_with("POST /v1/chat/completions "), "{head}");
    assert!(head.contains("Bearer a-key"), "{head}");
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let last = body["messages"].as_array().unwrap().last().unwrap()["content"].clone();
    let last = last.as_str().unwrap().to_owned();
    asked.lock().unwrap().push(body);
    let said = if last.contains("quiet") {
        "**No reply.**".to_owned()
    } else {
        format!("echo of {}", last.chars().take(60).collect::<String>())
    };
    let answer = json!({ "choices": [{ "message": { "role": "assistant", "content": said } }] });
    let answer = answer.to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        answer.len()
    );
    let whole = format!("{head}{answer}");
    stream.get_mut().write_all(whole.as_bytes()).await.unwrap();
}

fn agent(relay: SocketAddr, endpoint: SocketAddr, folder: &Path) -> Command {
    let mut command = Command::new("python3");
    command
        .arg(AGENT)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("ROOMKEY", env!("CARGO_BIN_EXE_roomkey"))
        .env("ROOMKEY_RELAY", format!("http://{relay}"))
        .env("ROOMKEY_ROOM", "blue otter")
        .env("AGENT_BASE_URL", format!("http://{endpoint}/v1"))
        .env("AGENT_API_KEY", "a-key")
        .env("MODEL", "parrot")
        .env("AGENT_CONTEXT", "600")
        .env("ACCEPT_FILES", "1")
        .env("AGENT_FILES", folder);
    command
}

/// Everything that the model was shown at one time.
fn shown(request: &Value) -> String {
    request["messages"].to_string()
}

#[tokio::test]
async fn an_agent_answers_where_it_was_asked_keeps_secrets_apart_and_can_be_silent() {
    let relay = relay::start();
    let (endpoint, asked) = endpoint().await;
    let folder = tempfile::tempdir().unwrap();
    let mut ada = Program::start(roomkey(relay.address, &["join", "--as", "Ada"]));
    ada.line("nobody else").await;
    let _agent = Program::start(agent(relay.address, endpoint, folder.path()));
    let told = ada.line("is a bot").await;
    assert!(
        told.contains("a language model on its operator's machine"),
        "{told}"
    );
    ada.type_line("nobody in particular is meant").await;
    ada.type_line("Clippy, good day").await;
    let said = ada.line("echo of").await;
    assert!(said.contains("Ada: Clippy, good day"), "{said}");
    assert!(said.contains("(bot)") && !said.contains("alone"), "{said}");
    ada.type_line("/w Clippy the secret word").await;
    let said = ada.line("echo of").await;
    assert!(
        said.contains("the secret word") && said.contains("to you alone"),
        "{said}"
    );
    ada.type_line("Clippy be quiet").await;
    ada.type_line("Clippy once more").await;
    let said = ada.line("echo of").await;
    assert!(said.contains("Clippy once more"), "{said}");
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 4);
    assert_eq!(asked[0]["model"], "parrot");
    assert!(shown(&asked[0]).contains("nobody in particular"));
    assert!(shown(&asked[1]).contains("secret word"));
    assert!(
        !shown(&asked[1]).contains("good day"),
        "{}",
        shown(&asked[1])
    );
    assert!(
        !shown(&asked[3]).contains("secret word"),
        "{}",
        shown(&asked[3])
    );
}

#[tokio::test]
async fn an_agent_forgets_what_is_old_and_takes_only_files_that_it_can_read() {
    let relay = relay::start();
    let (endpoint, asked) = endpoint().await;
    let (folder, mine) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (name, text) in [("notes.txt", "buy milk"), ("evil.sh", "rm -rf ~")] {
        fs::write(mine.path().join(name), text).unwrap();
    }
    let mut ada = Program::start(roomkey(relay.address, &["join", "--as", "Ada"]));
    ada.line("nobody else").await;
    let _agent = Program::start(agent(relay.address, endpoint, folder.path()));
    ada.line("is a bot").await;
    for number in 0..10 {
        ada.type_line(&format!("Clippy {number} {}", "word ".repeat(40)))
            .await;
        ada.line(&format!("echo of Ada: Clippy {number}")).await;
    }
    for request in asked.lock().unwrap().iter() {
        let messages = request["messages"].as_array().unwrap();
        let length = |message: &Value| message["content"].as_str().unwrap().len();
        assert!(messages.iter().skip(1).map(length).sum::<usize>() <= 600);
    }
    ada.type_line(&format!("/file {}", mine.path().join("evil.sh").display()))
        .await;
    ada.line("declined evil.sh").await;
    ada.type_line(&format!(
        "/file {}",
        mine.path().join("notes.txt").display()
    ))
    .await;
    ada.line("has all of notes.txt").await;
    ada.line("echo of Ada gave you the file notes.txt:").await;
    ada.line("    buy milk").await;
    let entries: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(entries.len(), 1);
    assert_eq!(
        fs::read(folder.path().join("notes.txt")).unwrap(),
        b"buy milk"
    );
}
