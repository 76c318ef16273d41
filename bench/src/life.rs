//! Two whole members: from the text that one says to the event that the other gets, with every signature, chain and
//! tunnel between them.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use client::{Body, Config, DisplayName, Event, Now, Session, Status, Transmit};
use crypto::kdf::Salt;
use crypto::tunnel::Pin;
use crypto::wire::{Lifetime, Opening, RoomMode, SUBPROTOCOL};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::letter::{rng, room_keys};
use crate::stats::Latency;
use crate::ws::{self, Parser};

/// The room of the two, which no crowd uses.
const ROOM: usize = usize::MAX;
const PATIENCE: Duration = Duration::from_secs(20);

struct Person {
    session: Session,
    stream: Option<TcpStream>,
    parser: Parser,
    heard: VecDeque<String>,
    address: SocketAddr,
    start: Instant,
}

/// Says `count` things in each direction, one after the other, and measures each from saying to hearing.
///
/// # Errors
/// Where something said is not heard word by word.
pub async fn converse(address: SocketAddr, salt: [u8; 16], count: usize) -> Result<Latency> {
    let mut anna = Person::new(address, salt, "Anna")?;
    anna.until(|person| *person.session.status() == Status::Online)
        .await?;
    let mut bert = Person::new(address, salt, "Bert")?;
    bert.until(|person| *person.session.status() == Status::Online)
        .await?;
    // What is said before one knows of the other is not for the other.
    anna.until(|person| !person.session.people().is_empty())
        .await?;
    let mut times = Vec::new();
    for number in 0..count {
        let text = format!("What is said the {number}th time is what is heard.");
        for turn in 0..2 {
            let (speaker, listener) = match turn {
                0 => (&mut anna, &mut bert),
                _ => (&mut bert, &mut anna),
            };
            let said = Instant::now();
            let now = speaker.now();
            speaker
                .session
                .say(text.clone(), now, &mut rng())
                .map_err(|error| anyhow::anyhow!("{error}"))?;
            speaker.serve().await?;
            let deadline = Instant::now() + PATIENCE;
            while listener.heard.is_empty() {
                // The speaker as well: it may have to hand out keys before anybody can read what it said.
                tokio::select! {
                    turn = listener.turn() => turn?,
                    turn = speaker.turn() => turn?,
                }
                if Instant::now() > deadline {
                    bail!("{text:?} was not heard");
                }
            }
            times.push(said.elapsed());
            match listener.heard.pop_front() {
                Some(heard) if heard == text => {}
                other => bail!("{text:?} was heard as {other:?}"),
            }
        }
    }
    Latency::of(times).context("nothing was said")
}

impl Person {
    fn new(address: SocketAddr, salt: [u8; 16], name: &str) -> Result<Self> {
        let start = Instant::now();
        let config = Config {
            keys: room_keys(ROOM),
            name: DisplayName::parse(name).map_err(|error| anyhow::anyhow!("{error:?}"))?,
            opening: Opening {
                mode: RoomMode::ForwardSecret,
                history: 0,
                lifetime: Lifetime::UntilEmpty,
                max_members: 0,
                control_key: None,
                purge_digest: None,
            },
            pin: Pin::FirstUse,
            salt: Salt(salt),
            bot: None,
            auto_enter: true,
            accepts_any_mode: true,
            rules: client::Rules::default(),
            second_secret: false,
        };
        let now = Now {
            wall: Duration::from_secs(1_800_000_000),
            mono: Duration::from_secs(1),
        };
        let mut session = Session::new(config, now, &mut rng());
        session.watch_wire(false);
        Ok(Self {
            session,
            stream: None,
            parser: Parser::default(),
            heard: VecDeque::new(),
            address,
            start,
        })
    }

    fn now(&self) -> Now {
        let passed = self.start.elapsed();
        Now {
            wall: Duration::from_secs(1_800_000_000) + passed,
            mono: Duration::from_secs(1) + passed,
        }
    }

    /// Does what the session asks for.
    async fn serve(&mut self) -> Result<()> {
        while let Some(event) = self.session.poll_event() {
            match event {
                Event::Said(message) => {
                    if let Body::Text(text) = message.body {
                        self.heard.push_back(text.text);
                    }
                }
                Event::Status(Status::Ended(end)) => bail!("a session ended: {end:?}"),
                _ => {}
            }
        }
        while let Some(transmit) = self.session.poll_transmit() {
            match transmit {
                Transmit::Connect => {
                    self.stream = Some(ws::connect(self.address, "/ws", Some(SUBPROTOCOL)).await?);
                    let now = self.now();
                    self.session.opened(now);
                }
                Transmit::Message(content) => self.send(ws::BINARY, &content).await?,
                Transmit::Close(code) => bail!("a session hung up with {}", code.as_u16()),
            }
        }
        Ok(())
    }

    async fn send(&mut self, opcode: u8, content: &[u8]) -> Result<()> {
        let mut bytes = Vec::new();
        ws::write(&mut bytes, opcode, content);
        let stream = self.stream.as_mut().context("no socket")?;
        tokio::io::AsyncWriteExt::write_all(stream, &bytes).await?;
        Ok(())
    }

    async fn until(&mut self, done: impl Fn(&Self) -> bool) -> Result<()> {
        self.serve().await?;
        let deadline = Instant::now() + PATIENCE;
        while !done(self) {
            self.turn().await?;
            if Instant::now() > deadline {
                bail!("a session got no further than {:?}", self.session.status());
            }
        }
        Ok(())
    }

    /// Waits for the socket or the clock, and does what follows.
    async fn turn(&mut self) -> Result<()> {
        let now = self.now();
        let wait = self.session.deadline().unwrap_or(now.mono + PATIENCE);
        let wait = wait.saturating_sub(now.mono).max(Duration::from_millis(1));
        let stream = self.stream.as_ref().context("no socket")?;
        match timeout(wait, stream.readable()).await {
            Ok(ready) => {
                ready?;
                self.read_what_is_there().await?;
            }
            Err(_) => {
                let now = self.now();
                self.session.tick(now, &mut rng());
            }
        }
        self.serve().await
    }

    async fn read_what_is_there(&mut self) -> Result<()> {
        let mut scratch = [0; 16 * 1024];
        let stream = self.stream.as_ref().context("no socket")?;
        let Ok(read) = stream.try_read(&mut scratch) else {
            return Ok(());
        };
        let mut messages = Vec::new();
        let bytes = scratch.get(..read).unwrap_or_default();
        self.parser.feed(bytes, |opcode, content| {
            messages.push((opcode, content.to_vec()));
            Ok(())
        })?;
        for (opcode, content) in messages {
            match opcode {
                ws::BINARY => {
                    let now = self.now();
                    self.session.receive(&content, now, &mut rng());
                    self.serve().await?;
                }
                ws::PING => self.send(ws::PONG, &content).await?,
                ws::CLOSE => bail!("the relay hung up"),
                _ => {}
            }
        }
        Ok(())
    }
}
