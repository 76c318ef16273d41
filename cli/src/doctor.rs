//! `roomkey doctor`: a relay seen from outside, and how to mend what is wrong.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use sdk::{Facts, Page, Relay};

use crate::args::RelayArguments;
use crate::exit::{Exit, Failure};
use crate::lines::{Kind, Line};
use crate::output::print;
use crate::room;

const LONGEST: usize = 1 << 20;
/// Beyond this, times in a conversation confuse people.
const SKEW: Duration = Duration::from_secs(120);

/// What a check found.
enum Finding {
    Good(String),
    /// Works, but should be better.
    Weak {
        what: String,
        mend: &'static str,
    },
    /// Does not work.
    Broken {
        what: String,
        mend: String,
    },
}

use Finding::{Broken, Good, Weak};

pub(crate) async fn run(url: &str, arguments: &RelayArguments) -> Result<(), Failure> {
    let relay = room::connect(url, arguments)?;
    // Nothing else can be checked where nobody answers, so that is the failure itself.
    let page = relay.get("/", LONGEST).await?;
    let mut findings = vec![reached(&relay), app(&page)];
    findings.extend(headers(&relay, &page));
    findings.push(clock(&page));
    let facts = relay.facts().await;
    findings.push(match &facts {
        Ok(facts) => Good(format!("it says that its key is {}", facts.fingerprint)),
        Err(error) => Broken {
            what: error.to_string(),
            mend: "let the proxy pass /relay.json through unchanged".to_owned(),
        },
    });
    findings.push(socket(&relay, facts.ok().as_ref(), arguments).await);

    let broken = findings
        .iter()
        .filter(|finding| matches!(finding, Broken { .. }))
        .count();
    for finding in findings {
        let text = match finding {
            Good(what) => format!("ok      {what}"),
            Weak { what, mend } => format!("better  {what}\n        -> {mend}"),
            Broken { what, mend } => format!("BROKEN  {what}\n        -> {mend}"),
        };
        print(&Line {
            kind: Kind::Happened,
            text,
        })?;
    }
    match broken {
        0 => Ok(()),
        n => Err(Failure::new(Exit::NotTrusted, format!("{n} to mend"))),
    }
}

fn reached(relay: &Relay) -> Finding {
    let base = relay.base();
    if base.starts_with("https://") {
        Good(format!("reached {base} with a valid certificate"))
    } else if base.contains(".onion") {
        Good(format!(
            "reached {base}; the onion service's own encryption is below it"
        ))
    } else {
        Weak {
            what: format!(
                "{base} is plain HTTP: anybody on the way can change the app that people load"
            ),
            mend: "put a reverse proxy with a certificate in front of it; the README shows how",
        }
    }
}

fn app(page: &Page) -> Finding {
    match page.status.as_u16() {
        200 if page.body.windows(7).any(|part| part == b"Roomkey") => Good("it serves the app".to_owned()),
        421 => Broken {
            what: "the relay does not know itself by this name".to_owned(),
            mend: "start it with --public-url and this address".to_owned(),
        },
        502..=504 => Broken {
            what: format!("the proxy answers {} for the relay", page.status),
            mend: "check that the relay runs and that the proxy's upstream address is where it listens".to_owned(),
        },
        _ => Broken { what: format!("the front page is {}", page.status), mend: "send all paths to the relay".to_owned() },
    }
}

fn headers(relay: &Relay, page: &Page) -> Vec<Finding> {
    let wanted = [
        ("content-security-policy", "default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
    ];
    let value = |name: &str| {
        page.headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect::<Vec<_>>()
    };
    let mut findings = Vec::new();
    for (name, part) in wanted {
        match value(name).as_slice() {
            [one] if one.contains(part) => {}
            [] => findings.push(Broken {
                what: format!("the header {name} is gone"),
                mend: format!("the proxy must not remove {name}"),
            }),
            _ => findings.push(Broken {
                what: format!("the header {name} was changed or doubled"),
                mend: format!("the proxy must not set {name} itself"),
            }),
        }
    }
    if findings.is_empty() {
        findings.push(Good(
            "the security headers arrive as they were sent".to_owned(),
        ));
    }
    if relay.base().starts_with("https://") && value("strict-transport-security").is_empty() {
        findings.push(Weak {
            what: "browsers are not told to insist on HTTPS".to_owned(),
            mend: "start the relay with --public-url https://… so that it sends Strict-Transport-Security",
        });
    }
    findings
}

fn clock(page: &Page) -> Finding {
    let theirs = page
        .headers
        .get("date")
        .and_then(|value| value.to_str().ok())
        .and_then(|text| rfc2822::parse(text).ok())
        .map(|time| time.timestamp());
    let ours = Timestamp::try_from(SystemTime::now()).ok();
    match (theirs, ours) {
        (Some(theirs), Some(ours)) => {
            let apart = theirs.duration_since(ours).unsigned_abs();
            if apart <= SKEW {
                Good("its clock and this one agree".to_owned())
            } else {
                Weak {
                    what: format!(
                        "its clock and this one are {} min apart",
                        apart.as_secs() / 60
                    ),
                    mend: "set both with NTP; the sender's times in a conversation are wrong otherwise",
                }
            }
        }
        _ => Good("it tells no time to compare".to_owned()),
    }
}

async fn socket(relay: &Relay, facts: Option<&Facts>, arguments: &RelayArguments) -> Finding {
    let greeting = match relay.greeting().await {
        Ok(greeting) => greeting,
        Err(error) => {
            return Broken {
                what: format!("no WebSocket: {error}"),
                mend: "let the proxy pass Upgrade and Connection on /ws with HTTP/1.1 and without buffering".to_owned(),
            };
        }
    };
    let pinned = arguments
        .relay_key
        .is_some_and(|pin| pin != greeting.fingerprint);
    if pinned {
        return Broken {
            what: format!(
                "the key is {} and not the one you named",
                greeting.fingerprint
            ),
            mend: "ask the operator which key is right; until then enter no room there".to_owned(),
        };
    }
    match facts {
        Some(facts) if facts.fingerprint != greeting.fingerprint || facts.salt != greeting.salt => {
            Broken {
                what: "page and WebSocket are of two different relays".to_owned(),
                mend: "send / and /ws to the same relay, or give both the same data directory"
                    .to_owned(),
            }
        }
        _ => Good("the WebSocket opens, and the relay's hello is the same key".to_owned()),
    }
}
