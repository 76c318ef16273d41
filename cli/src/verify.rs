//! `roomkey verify`: is the app that a relay serves the one that we know?
//!
//! A page is code that its server hands out anew with every visit. This compares every file of it with the hashes that
//! this program was built with. It shows what the relay serves to *us*, *now*; it cannot show what it serves to others.

mod manifest;

use std::collections::BTreeMap;
use std::path::Path;

use crate::args::RelayArguments;
use crate::exit::{Exit, Failure};
use crate::lines::{Kind, Line};
use crate::output::print;
use crate::room;

include!(concat!(env!("OUT_DIR"), "/app.rs"));

/// No file of the app is nearly as long.
const LONGEST: usize = 32 << 20;
const PAGE: &str = "index.html";

pub(crate) async fn run(
    url: &str,
    app: Option<&Path>,
    arguments: &RelayArguments,
) -> Result<(), Failure> {
    let expected = expected(app)?;
    let relay = room::connect(url, arguments)?;
    let mut wrong = 0;
    for (name, hash) in &expected {
        // The page itself is what `/` gives; that is what people open.
        let path = if name == PAGE {
            "/".to_owned()
        } else {
            format!("/{name}")
        };
        let page = relay.get(&path, LONGEST).await?;
        let verdict = if !page.status.is_success() {
            format!("missing ({})", page.status.as_u16())
        } else if manifest::hash(&page.body) == *hash {
            "ok".to_owned()
        } else {
            "DIFFERENT".to_owned()
        };
        wrong += u32::from(verdict != "ok");
        say(format!("{verdict:<14} {path}"))?;
    }
    // Code can only come from the files compared above while this header stands.
    let policy = relay.get("/", LONGEST).await?;
    let policy = policy
        .headers
        .get("content-security-policy")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !policy.contains("default-src 'none'")
        || !policy.contains("script-src 'self' 'wasm-unsafe-eval'")
    {
        wrong += 1;
        say(format!(
            "{:<14} the page's content security policy",
            "MISSING"
        ))?;
    }
    if wrong == 0 {
        say(format!(
            "\nAll {} files are the ones that this program knows.",
            expected.len()
        ))
    } else {
        Err(Failure::new(
            Exit::NotTrusted,
            format!(
                "{wrong} of {} do not match: this relay serves another version, or another app",
                expected.len() + 1
            ),
        ))
    }
}

fn expected(app: Option<&Path>) -> Result<BTreeMap<String, String>, Failure> {
    let known = match app {
        Some(folder) => manifest::of_folder(folder).map_err(|error| {
            Failure::new(
                Exit::Failed,
                format!("could not read {}: {error}", folder.display()),
            )
        })?,
        None => BUILT_WITH
            .iter()
            .map(|(name, hash)| ((*name).to_owned(), (*hash).to_owned()))
            .collect(),
    };
    if known.contains_key(PAGE) {
        Ok(known)
    } else {
        Err(Failure::new(
            Exit::Usage,
            "there is no app to compare with: name a built one with --app DIR, or use a roomkey from `cargo xtask dist`",
        ))
    }
}

fn say(text: String) -> Result<(), Failure> {
    print(&Line {
        kind: Kind::Happened,
        text,
    })
}
