//! Members on real sockets against a real relay in this process, directly and through a SOCKS proxy that takes notes.
#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests are outside of test functions"
)]

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use client::{Body, DisplayName, End, Event, Status};
use crypto::name::RoomName;
use sdk::{Door, Error, Member, Proxy, Relay};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::TcpStream;

#[path = "support/relay.rs"]
mod relay;

use relay::TestRelay;

async fn enter(relay: &TestRelay, proxy: Option<Proxy>, who: &str) -> Member {
    let relay = Relay::new(&format!("http://{}", relay.address), proxy, None).unwrap();
    let name = RoomName::parse("blue otter").unwrap();
    let door = Door::find(relay, name, None, None).await.unwrap();
    door.enter(DisplayName::parse(who).unwrap(), true)
}

async fn until<T>(member: &mut Member, mut pick: impl FnMut(Event) -> Option<T>) -> T {
    loop {
        let event = member.next().await.expect("the session goes on");
        if let Some(found) = pick(event) {
            return found;
        }
    }
}

async fn online(member: &mut Member) {
    until(member, |event| {
        matches!(event, Event::Status(Status::Online)).then_some(())
    })
    .await;
}

async fn hear(member: &mut Member) -> String {
    until(member, |event| match event {
        Event::Said(message) => match message.body {
            Body::Text(text) => Some(text.text),
            _ => None,
        },
        _ => None,
    })
    .await
}

#[tokio::test]
async fn two_members_talk_in_both_directions_and_leave() {
    let relay = relay::start();
    let mut ada = enter(&relay, None, "Ada").await;
    online(&mut ada).await;
    let mut ben = enter(&relay, None, "Ben").await;
    online(&mut ben).await;
    ada.drive(|session, now, rng| session.say("hello".to_owned(), now, rng).map(drop))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(hear(&mut ben).await, "hello");
    ben.drive(|session, now, rng| session.say("good day".to_owned(), now, rng).map(drop))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(hear(&mut ada).await, "good day");
    ben.leave().await;
    until(&mut ada, |event| {
        matches!(event, Event::PersonLeft(_)).then_some(())
    })
    .await;
    ada.drive(|session, now, _| session.leave(now))
        .await
        .unwrap();
    until(&mut ada, |event| {
        matches!(event, Event::Status(Status::Ended(End::Left))).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_frozen_member_goes_on_in_its_seat_and_gets_what_was_said_meanwhile() {
    let relay = relay::start();
    let mut ada = enter(&relay, None, "Ada").await;
    online(&mut ada).await;
    let there = Relay::new(&format!("http://{}", relay.address), None, None).unwrap();
    let name = RoomName::parse("blue otter").unwrap();
    let door = Door::find(there, name, None, None).await.unwrap();
    let (there, config) = door.config(DisplayName::parse("Ben").unwrap(), true);
    let mut ben = Member::start(there.clone(), config.clone());
    online(&mut ben).await;
    let before = ben.drive(|session, _, _| session.me().sid).await.unwrap();
    let frozen = ben.freeze().await.unwrap();
    while ben.next().await.is_some() {}
    ada.drive(|session, now, rng| session.say("are you there?".to_owned(), now, rng))
        .await
        .unwrap()
        .unwrap();
    let mut ben = Member::thaw(there, config, &frozen).unwrap();
    assert_eq!(hear(&mut ben).await, "are you there?");
    let after = ben.drive(|session, _, _| session.me().sid).await.unwrap();
    assert_eq!(before, after);
    until(&mut ada, |event| match event {
        Event::PersonLeft(_) => panic!("a reload is no departure"),
        Event::PersonReturned(sid) => (sid == before).then_some(()),
        _ => None,
    })
    .await;
}

#[tokio::test]
async fn a_proxy_is_told_names_and_nothing_goes_around_it() {
    let relay = relay::start();
    let (proxy, asked) = socks(relay.address).await;
    let proxy: Proxy = format!("socks5h://{proxy}").parse().unwrap();
    // A name that no resolver knows: reaching it proves that the proxy was asked by name.
    let address = format!("http://roomkey.invalid:{}", relay.address.port());
    let there = Relay::new(&address, Some(proxy), None).unwrap();
    let facts = there.get("/relay.json", 1 << 16).await.unwrap();
    // The relay answers only to names that are its own, so the proxy's path is shown by its refusal.
    assert_eq!(facts.status.as_u16(), 421);
    let asked = asked.lock().unwrap().clone();
    assert_eq!(
        asked,
        [format!("name roomkey.invalid:{}", relay.address.port())]
    );
}

#[tokio::test]
async fn a_member_reaches_the_relay_through_the_proxy_alone() {
    let relay = relay::start();
    let (proxy, asked) = socks(relay.address).await;
    let proxy: Proxy = format!("socks5h://ada:circuit@{proxy}").parse().unwrap();
    let mut ada = enter(&relay, Some(proxy), "Ada").await;
    online(&mut ada).await;
    // One connection for the facts, one for the socket.
    assert_eq!(asked.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn nobody_at_the_address_is_one_clear_sentence() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let relay = Relay::new(&format!("http://{free}"), None, None).unwrap();
    let error = relay.facts().await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains(&free.to_string()), "{error}");
}

/// A SOCKS 5 proxy (RFC 1928, RFC 1929) that notes what it is asked for and connects every request to `target`.
async fn socks(target: SocketAddr) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, target, Arc::clone(&notes)));
        }
    });
    (address, asked)
}

async fn serve(
    mut stream: TcpStream,
    target: SocketAddr,
    notes: Arc<Mutex<Vec<String>>>,
) -> Option<()> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).await.ok()?;
    let mut methods = vec![0; usize::from(head[1])];
    stream.read_exact(&mut methods).await.ok()?;
    if methods.contains(&2) {
        stream.write_all(&[5, 2]).await.ok()?;
        for _ in 0..2 {
            // Version and user, then the password: each is a length and that many bytes.
            let skip = if methods.is_empty() { 0 } else { 1 };
            let mut length = vec![0; 1 + skip];
            stream.read_exact(&mut length).await.ok()?;
            methods.clear();
            let mut text = vec![0; usize::from(*length.last()?)];
            stream.read_exact(&mut text).await.ok()?;
        }
        stream.write_all(&[1, 0]).await.ok()?;
    } else {
        stream.write_all(&[5, 0]).await.ok()?;
    }
    let mut request = [0; 4];
    stream.read_exact(&mut request).await.ok()?;
    let host = match request[3] {
        1 => {
            let mut ip = [0; 4];
            stream.read_exact(&mut ip).await.ok()?;
            format!("address {}", std::net::Ipv4Addr::from(ip))
        }
        3 => {
            let length = stream.read_u8().await.ok()?;
            let mut name = vec![0; usize::from(length)];
            stream.read_exact(&mut name).await.ok()?;
            format!("name {}", String::from_utf8(name).ok()?)
        }
        _ => return None,
    };
    let port = stream.read_u16().await.ok()?;
    notes.lock().ok()?.push(format!("{host}:{port}"));
    let mut there = TcpStream::connect(target).await.ok()?;
    stream
        .write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
        .await
        .ok()?;
    copy_bidirectional(&mut stream, &mut there).await.ok()?;
    Some(())
}

#[tokio::test]
async fn whoever_asks_before_fetching_events_is_answered_however_many_wait() {
    let relay = relay::start();
    let mut ada = enter(&relay, None, "Ada").await;
    online(&mut ada).await;
    let asked = async {
        for number in 0..3_000 {
            ada.drive(move |session, now, rng| session.say(format!("{number}"), now, rng).is_ok())
                .await
                .unwrap();
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), asked)
        .await
        .expect("no deadlock");
    ada.leave().await;
}
