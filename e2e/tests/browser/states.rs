//! Every state that somebody may find themselves in, reached as it is reached in life: it has its words, one obvious next
//! step, and nothing for axe-core to object to, on a desk and on a phone, in light and in dark.
//!
//! The tables below are the list. A state that is missing from them is a state that nobody has looked at.

use anyhow::{Result, ensure};
use crypto::control::PurgePolicy;
use crypto::wire::Lifetime;
use crypto::wire::Opening;
use roomkey_e2e::axe;
use roomkey_e2e::browser::{Browser, Screen};
use roomkey_e2e::driver::Kind;
use roomkey_e2e::native::Native;
use roomkey_e2e::relay::Relay;
use serde_json::json;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// What a person can do next.
enum Next {
    /// One button stands out, and this is it.
    One(&'static str),
    /// The conversation goes on; this is at hand.
    At(&'static str, &'static str),
}
use Next::{At, One};

type Reach = for<'a> fn(&'a mut Stage) -> Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// A state: what it is called, its words, the next step, and the way there.
struct State(&'static str, &'static str, Next, Reach);

const LINKS: &[State] = &[
    State(
        "empty-fragment",
        "This link lost its room name",
        One("Use this link"),
        |s| Box::pin(at(s, "/#/r/")),
    ),
    State(
        "truncated-link",
        "This link lost its room name",
        One("Use this link"),
        |s| Box::pin(at(s, "/#/r/~%%%")),
    ),
    State(
        "rewritten-link",
        "This link was rewritten on the way",
        At("link", "Leap to a fresh room"),
        |s| Box::pin(at(s, "/%23/r/oak-elm-ash")),
    ),
    State(
        "rewritten-link-pasted",
        "This link was rewritten on the way",
        One("Leap to a fresh room"),
        |s| Box::pin(rewritten_pasted(s)),
    ),
    State("newer-link", "Update needed", One("Reload"), |s| {
        Box::pin(at(s, "/#/x9/oak-elm-ash"))
    }),
    State(
        "other-relay",
        "This link belongs to another relay",
        One("Open a fresh room"),
        |s| Box::pin(other_relay(s)),
    ),
    State(
        "no-webassembly",
        "Your browser blocks WebAssembly",
        At("button", "Try again"),
        |s| Box::pin(without(s, "delete window.WebAssembly")),
    ),
    State(
        "no-websocket",
        "Your browser has no live connections",
        At("button", "Try again"),
        |s| Box::pin(without(s, "delete window.WebSocket")),
    ),
    State(
        "no-https",
        "Anyone on this network could change this page",
        One("Open room"),
        |s| Box::pin(no_https(s)),
    ),
    State(
        "own-clock-off",
        "Your clock is 7 min ahead",
        One("Open room"),
        |s| Box::pin(own_clock(s)),
    ),
    State(
        "relay-gone",
        "Can't reach the relay",
        One("Try again"),
        |s| Box::pin(relay_gone(s)),
    ),
    State(
        "client-too-old",
        "There is a newer version",
        One("Reload"),
        |s| Box::pin(relay_says(s, "2")),
    ),
    State(
        "relay-too-old",
        "The relay is too old for this page",
        One("Try again"),
        |s| Box::pin(relay_says(s, "0")),
    ),
    State(
        "key-changed",
        "Stop: this server is not the one you met before",
        One("Leave"),
        |s| Box::pin(key_changed(s)),
    ),
];

const DOORS: &[State] = &[
    State(
        "wrong-password",
        "That's not it, or nobody is here yet",
        One("Try again"),
        |s| Box::pin(wrong_password(s)),
    ),
    State(
        "nobody-there",
        "You're the first one here",
        At("button", "Copy link"),
        |s| Box::pin(nobody_there(s)),
    ),
    State("locked", "This room is locked", One("Try again"), |s| {
        Box::pin(locked(s))
    }),
    State("full", "The room is full", One("Try again"), |s| {
        Box::pin(full(s))
    }),
    State("busy", "The relay is busy", One("Try again"), |s| {
        Box::pin(busy(s))
    }),
    State(
        "closed-before",
        "This room is closed",
        One("Open a fresh room"),
        |s| Box::pin(closed_before(s)),
    ),
    State(
        "socket-blocked",
        "Can't reach the relay",
        One("Try now"),
        |s| Box::pin(socket_blocked(s)),
    ),
];

const INSIDE: &[State] = &[
    State(
        "closes-soon",
        "This room closes in 1 minute.",
        At("button", "Invite"),
        |s| Box::pin(closes_soon(s)),
    ),
    State(
        "unverifiable",
        "1 message could not be verified",
        At("button", "What does that mean?"),
        |s| Box::pin(unverifiable(s)),
    ),
    State(
        "name-twin",
        "Someone else here is also",
        At("textbox", "Message"),
        |s| Box::pin(name_twin(s)),
    ),
    State(
        "clock-skew",
        "Times are shown as received",
        At("textbox", "Message"),
        |s| Box::pin(clock_skew(s)),
    ),
    State(
        "too-fast",
        "Too fast. Wait",
        At("textbox", "Message"),
        |s| Box::pin(too_fast(s)),
    ),
    State(
        "reconnecting",
        "Reconnecting in",
        At("button", "Try now"),
        |s| Box::pin(reconnecting(s)),
    ),
    State(
        "client-changed",
        "There is a new version of the app",
        At("button", "Reload to get it"),
        |s| Box::pin(client_changed(s)),
    ),
    State(
        "key-changed-inside",
        "Stop: this server is not the one you met before",
        One("Leave"),
        |s| Box::pin(key_changed_inside(s)),
    ),
];

const ENDS: &[State] = &[
    State("expired", "Time's up", One("Open a fresh room"), |s| {
        Box::pin(expired(s))
    }),
    State(
        "purged-by-other",
        "The room was closed",
        One("Open a fresh room"),
        |s| Box::pin(purged_by_other(s)),
    ),
    State(
        "purged-by-me",
        "The room was closed",
        One("Open a fresh room"),
        |s| Box::pin(purged_by_me(s)),
    ),
    State(
        "removed",
        "You were removed",
        One("Open a fresh room"),
        |s| Box::pin(removed(s)),
    ),
    State("left", "You left", One("Rejoin"), |s| Box::pin(left(s))),
    State(
        "other-tab",
        "This room is open in another tab",
        One("Use it here"),
        |s| Box::pin(other_tab(s)),
    ),
    State("forgotten", "You left", One("Open a fresh room"), |s| {
        Box::pin(forgotten(s))
    }),
];

/// One browser and one relay for many states; what a state needs besides is dropped after it.
struct Stage {
    relay: Relay,
    eva: Browser,
    rooms: usize,
    others: Vec<Native>,
    relays: Vec<Relay>,
}

impl Stage {
    async fn set() -> Result<Self> {
        Ok(Self {
            relay: Relay::start().await?,
            // An address in the network that is this very machine: the page comes without https and not from localhost.
            eva: Browser::start(
                Kind::Chromium,
                Screen::Desktop,
                &["--host-resolver-rules=MAP 10.11.12.13 127.0.0.1"],
            )
            .await?,
            rooms: 0,
            others: Vec::new(),
            relays: Vec::new(),
        })
    }

    /// A name that no state has used yet.
    fn fresh(&mut self) -> String {
        self.rooms += 1;
        format!("ripping-huntress-crease-anaconda-{:03}", self.rooms)
    }

    /// Hugo opens a room on `relay`; the link to it.
    async fn hugo(&mut self, relay: &str, shape: impl FnOnce(&mut Opening)) -> Result<String> {
        let room = self.fresh();
        let hugo = Native::enter(relay, &room, "Hugo", None, shape).await?;
        self.others.push(hugo);
        Ok(format!("{relay}/#/r/{room}"))
    }

    /// Hugo and Eva are in a room.
    async fn both(&mut self) -> Result<()> {
        let link = self.hugo(&self.relay.url(), |_| {}).await?;
        self.eva.join(&link, "Eva").await
    }

    /// Eva presses Join on a link, and what comes of it is not waited for.
    async fn knock(&self, link: &str) -> Result<()> {
        self.eva.goto(link).await?;
        self.eva.fill("Your name", "Eva").await?;
        self.eva.click("button", "Join").await
    }

    /// A relay for one state, and its address.
    async fn own_relay(&mut self, options: &[&str]) -> Result<String> {
        let relay = Relay::start_with(options).await?;
        let url = relay.url();
        self.relays.push(relay);
        Ok(url)
    }

    /// Goes through a table and reports what is wrong with any of it.
    async fn play(mut self, states: &[State]) -> Result<()> {
        let mut wrong = Vec::new();
        for state in states {
            self.eva.start_afresh().await?;
            if let Err(error) = self.show(state).await {
                self.eva
                    .picture(&format!("state-{}-wrong", state.0))
                    .await?;
                wrong.push(format!("{}: {error:#}", state.0));
            }
            self.others.clear();
            self.relays.clear();
        }
        self.eva.close().await?;
        ensure!(wrong.is_empty(), "{}", wrong.join("\n\n"));
        Ok(())
    }

    async fn show(&mut self, State(name, words, next, reach): &State) -> Result<()> {
        reach(self).await?;
        let eva = &self.eva;
        eva.reads(words).await?;
        match next {
            One(label) => {
                eva.find("button", label).await?;
                let loud = eva
                    .eval(
                        "return [...document.querySelectorAll('.button-primary')].filter(isVisible).map(nameOf)",
                        vec![],
                    )
                    .await?;
                ensure!(loud == json!([label]), "the obvious next steps are {loud}");
            }
            At(role, label) => {
                eva.find(role, label).await?;
            }
        }
        for (screen, scheme, picture) in [
            (Screen::Desktop, "light", format!("state-{name}-desktop")),
            (Screen::Phone, "dark", format!("state-{name}-phone")),
        ] {
            eva.resize(screen).await?;
            eva.prefer(scheme).await?;
            let violations = axe::violations(eva).await?;
            eva.picture(&picture).await?;
            ensure!(
                violations.is_empty(),
                "{picture}:\n{}",
                violations.join("\n")
            );
        }
        eva.resize(Screen::Narrow).await?;
        let overflow = eva
            .eval(
                "return document.documentElement.scrollWidth - document.documentElement.clientWidth",
                vec![],
            )
            .await?;
        ensure!(overflow.as_i64() <= Some(0), "{overflow} px too wide");
        ensure!(
            self.eva.words().await?.contains(words),
            "the state did not last"
        );
        Ok(())
    }
}

async fn at(stage: &mut Stage, path: &str) -> Result<()> {
    let url = stage.relay.url();
    stage.eva.goto(&format!("{url}{path}")).await
}

async fn rewritten_pasted(stage: &mut Stage) -> Result<()> {
    let url = stage.relay.url();
    stage.eva.goto(&url).await?;
    stage
        .eva
        .paste("Room name", &format!("{url}/%23/r/oak-elm-ash"))
        .await
}

async fn other_relay(stage: &mut Stage) -> Result<()> {
    stage.eva.goto(&stage.relay.url()).await?;
    stage
        .eva
        .paste("Room name", "https://elsewhere.example/#/r/oak-elm-ash")
        .await
}

async fn without(stage: &mut Stage, script: &str) -> Result<()> {
    stage.eva.before_pages(script).await?;
    at(stage, "/").await
}

async fn no_https(stage: &mut Stage) -> Result<()> {
    let port = stage.relay.address().port();
    stage.eva.goto(&format!("http://10.11.12.13:{port}/")).await
}

const SEVEN_MINUTES_AHEAD: &str =
    "const real = Date.now; Date.now = () => real() + 7 * 60 * 1000 + 5000;";

async fn own_clock(stage: &mut Stage) -> Result<()> {
    without(stage, SEVEN_MINUTES_AHEAD).await
}

/// The page has come, and then the relay is silent.
async fn relay_gone(stage: &mut Stage) -> Result<()> {
    let script = "const real = window.fetch;
        window.fetch = (what, how) => what === '/relay.json' ? Promise.reject(new TypeError()) : real(what, how);";
    without(stage, script).await
}

/// The relay speaks another version of the protocol than this page.
async fn relay_says(stage: &mut Stage, version: &str) -> Result<()> {
    let script = format!(
        "const real = window.fetch;
         window.fetch = (what, how) => what === '/relay.json'
           ? Promise.resolve(new Response('{{\"version\":{version}}}')) : real(what, how);"
    );
    without(stage, &script).await
}

/// How many WebSockets the page has opened since this was asked last.
async fn sockets(eva: &Browser) -> Result<usize> {
    let events = eva.network().await?;
    let is_opened = |(method, _): &&(String, _)| method == "Network.webSocketCreated";
    Ok(events.iter().filter(is_opened).count())
}

async fn key_changed(stage: &mut Stage) -> Result<()> {
    let other = "a".repeat(26);
    sockets(&stage.eva).await?;
    at(stage, &format!("/#/r/oak-elm-ash-birch-maple/{other}")).await?;
    stage.eva.reads("not the one you met").await?;
    let shown = stage.eva.words().await?.replace([' ', '\u{a0}'], "");
    ensure!(shown.contains(&other), "the expected key is not shown");
    ensure!(
        sockets(&stage.eva).await? == 0,
        "a socket was opened to a relay that is not the one"
    );
    Ok(())
}

async fn wrong_password(stage: &mut Stage) -> Result<()> {
    let (url, room) = (stage.relay.url(), stage.fresh());
    let hugo = Native::enter(&url, &room, "Hugo", Some("Éclair über alles"), |_| {}).await?;
    stage.others.push(hugo);
    stage.eva.goto(&format!("{url}/#/s/{room}")).await?;
    stage.eva.fill("Your name", "Eva").await?;
    let field = "Password (ask the person who invited you)";
    stage.eva.paste(field, "eclair uber alles").await?;
    stage.eva.click("button", "Join").await
}

async fn nobody_there(stage: &mut Stage) -> Result<()> {
    let link = format!("{}/#/r/{}", stage.relay.url(), stage.fresh());
    stage.eva.join(&link, "Eva").await
}

async fn locked(stage: &mut Stage) -> Result<()> {
    let link = stage.hugo(&stage.relay.url(), |_| {}).await?;
    stage.others[0]
        .order(|session, now, rng| session.lock(now, rng))
        .await?;
    stage.knock(&link).await?;
    stage.eva.reads("locked").await?;
    ensure!(
        sockets(&stage.eva).await? > 0,
        "the search for sockets is blind"
    );
    Ok(())
}

async fn full(stage: &mut Stage) -> Result<()> {
    let url = stage.relay.url();
    let link = stage.hugo(&url, |opening| opening.max_members = 2).await?;
    let room = format!("ripping-huntress-crease-anaconda-{:03}", stage.rooms);
    let mia = Native::enter(&url, &room, "Mia", None, |_| {}).await?;
    stage.others.push(mia);
    stage.knock(&link).await?;
    stage.eva.reads("Trying again in").await
}

async fn busy(stage: &mut Stage) -> Result<()> {
    let url = stage.own_relay(&["--max-rooms", "1"]).await?;
    stage.hugo(&url, |_| {}).await?;
    let other = stage.fresh();
    stage.knock(&format!("{url}/#/r/{other}")).await?;
    stage.eva.reads("Trying again in").await
}

async fn closed_before(stage: &mut Stage) -> Result<()> {
    let link = stage.hugo(&stage.relay.url(), |_| {}).await?;
    stage.others[0]
        .order(|session, now, rng| session.purge(now, rng))
        .await?;
    let is_over =
        |event: &client::Event| matches!(event, client::Event::Status(client::Status::Ended(_)));
    stage.others[0].until(is_over).await?;
    stage.knock(&link).await
}

/// Somebody in between ends every live connection.
async fn socket_blocked(stage: &mut Stage) -> Result<()> {
    let script = "const Real = WebSocket; window.WebSocket = function (url, protocol) {
        const socket = new Real(url, protocol); socket.close(); return socket;
      }; Object.assign(window.WebSocket, { OPEN: 1 });";
    stage.eva.before_pages(script).await?;
    let link = stage.hugo(&stage.relay.url(), |_| {}).await?;
    stage.knock(&link).await?;
    stage.eva.reads("a WebSocket").await
}

/// Hugo gives the room this long from now on.
async fn gives(stage: &Stage, seconds: u64) -> Result<()> {
    let time = Lifetime::For(Duration::from_secs(seconds));
    stage.others[0]
        .order(move |session, now, rng| session.extend(time, now, rng))
        .await
}

async fn closes_soon(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    gives(stage, 301).await?;
    stage.eva.hears("This room closes in 5 minutes.").await?;
    stage
        .eva
        .until("document.querySelector('.fact-soon')", vec![])
        .await?;
    gives(stage, 61).await?;
    stage.eva.hears("This room closes in 1 minute.").await?;
    // With the warnings on the screen, there is time to look at them.
    gives(stage, 600).await?;
    stage.eva.hears("set the time left to 10 min").await
}

async fn unverifiable(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    stage.others[0].vandalise(stage.relay.address()).await?;
    stage
        .eva
        .hears("1 message could not be verified and is not shown.")
        .await?;
    stage.eva.click("button", "What does that mean?").await?;
    stage.eva.hears("Nothing of it was kept").await
}

async fn name_twin(stage: &mut Stage) -> Result<()> {
    let link = stage.hugo(&stage.relay.url(), |_| {}).await?;
    stage.eva.join(&link, "Hugo").await?;
    stage
        .eva
        .until(
            "wordsOf(one('list', 'People')).includes('same name')",
            vec![],
        )
        .await?;
    Ok(())
}

async fn clock_skew(stage: &mut Stage) -> Result<()> {
    stage.eva.before_pages(SEVEN_MINUTES_AHEAD).await?;
    stage.both().await?;
    // One alone may have been on its way for long.
    stage.others[0].say("what time is it?").await?;
    stage.others[0].say("and now?").await?;
    stage.eva.hears("Hugo's clock is 7 min behind yours").await
}

async fn too_fast(stage: &mut Stage) -> Result<()> {
    let url = stage.own_relay(&["--frames-per-second", "4"]).await?;
    let link = stage.hugo(&url, |_| {}).await?;
    stage.eva.join(&link, "Eva").await?;
    let many: Vec<String> = (0..30).map(|number| format!("line {number}")).collect();
    stage.eva.say_all(&many).await?;
    stage.eva.paste("Message", "half a thought").await?;
    stage.eva.hears("Too fast. Wait").await?;
    let draft = stage
        .eva
        .eval("return one('textbox', 'Message').value", vec![])
        .await?;
    ensure!(draft == json!("half a thought"), "the draft is {draft}");
    Ok(())
}

async fn reconnecting(stage: &mut Stage) -> Result<()> {
    let url = stage.own_relay(&[]).await?;
    let link = stage.hugo(&url, |_| {}).await?;
    stage.eva.join(&link, "Eva").await?;
    // The longest wait is a quarter of a minute, and it has to last for as long as somebody looks at it.
    stage.eva.eval("const real = window.setTimeout; window.setTimeout = (act, wait, ...rest) => real(act, wait > 200 ? 3_600_000 : wait, ...rest)", vec![]).await?;
    stage.relays[0].kill().await;
    stage.eva.find("button", "Try now").await?;
    Ok(())
}

async fn client_changed(stage: &mut Stage) -> Result<()> {
    let url = stage.own_relay(&[]).await?;
    let link = stage.hugo(&url, |_| {}).await?;
    stage.eva.join(&link, "Eva").await?;
    // The relay comes back with another app in it.
    stage.eva.eval("const real = window.fetch; window.fetch = (what, how) => what === '/build.json'
        ? Promise.resolve(new Response(JSON.stringify({ version: '9', assets: { 'index.html': 'c0ffee'.repeat(10) + 'abcd' } })))
        : real(what, how);", vec![]).await?;
    stage.relays[0].restart().await?;
    stage.eva.hears("c0ffeec0ffeec0ff").await
}

async fn key_changed_inside(stage: &mut Stage) -> Result<()> {
    let url = stage.own_relay(&[]).await?;
    let link = stage.hugo(&url, |_| {}).await?;
    stage.eva.join(&link, "Eva").await?;
    stage.relays[0].restart_as_another().await
}

async fn expired(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    gives(stage, 2).await?;
    stage.eva.reads("The room closed at").await
}

async fn purged_by_other(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    stage.others[0]
        .order(|session, now, rng| session.purge(now, rng))
        .await?;
    stage.eva.until("/Hugo \\(\\w{4}\\) closed it for everybody at \\d\\d:\\d\\d/.test(document.body.innerText)", vec![]).await?;
    Ok(())
}

async fn purged_by_me(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    stage.others[0]
        .order(|session, now, rng| session.set_purge_policy(PurgePolicy::Everyone, now, rng))
        .await?;
    let eva = &stage.eva;
    eva.hears("lets everybody close the room").await?;
    let face = "all('button', null).find((b) => nameOf(b).startsWith('Room card'))";
    eva.until(&format!("{face}?.click() ?? true"), vec![])
        .await?;
    eva.find("button", "Hold to close the room").await?;
    let press = "one('button', 'Hold to close the room').dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: 0 }))";
    eva.eval(press, vec![]).await?;
    eva.reads("You closed it for everybody at").await
}

async fn removed(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    let eva = stage.others[0].meets("Eva").await?;
    stage.others[0]
        .order(move |session, now, rng| session.remove(eva, now, rng))
        .await
}

async fn left(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    stage.eva.click("button", "Leave").await
}

/// A tab that is opened from another one begins with a copy of what that one keeps.
async fn other_tab(stage: &mut Stage) -> Result<()> {
    stage.both().await?;
    let copy = "dispatchEvent(new Event('pagehide')); window.open('/')";
    stage.eva.eval(copy, vec![]).await?;
    stage.eva.reads("open in another tab").await?;
    stage.eva.devtools("Page.bringToFront", json!({})).await?;
    Ok(())
}

async fn forgotten(stage: &mut Stage) -> Result<()> {
    left(stage).await?;
    stage.eva.click("button", "Forget this room").await?;
    stage.eva.reads("Forgotten.").await
}

#[tokio::test]
async fn links_and_browsers_that_do_not_work_say_so_and_offer_one_way_on() -> Result<()> {
    Stage::set().await?.play(LINKS).await
}

#[tokio::test]
async fn a_door_that_stays_shut_says_why_and_offers_one_way_on() -> Result<()> {
    Stage::set().await?.play(DOORS).await
}

#[tokio::test]
async fn what_happens_inside_a_room_is_said_where_one_talks() -> Result<()> {
    Stage::set().await?.play(INSIDE).await
}

#[tokio::test]
async fn every_end_says_what_happened_and_offers_one_way_on() -> Result<()> {
    Stage::set().await?.play(ENDS).await
}
