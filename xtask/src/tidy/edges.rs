//! Which crate may link which: an architecture is mostly the arrows that are absent.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Complaint;
use crate::project::Project;
use crate::shell;

/// What must not be in the tree of one package.
struct Edge {
    package: &'static str,
    banned: &'static [&'static str],
    why: &'static str,
}

/// A trailing `*` bans every crate whose name begins so.
const EDGES: [Edge; 5] = [
    Edge {
        package: "roomkey-server",
        banned: &[
            "pbkdf2",
            "rsa",
            "aes-gcm",
            "hkdf",
            "hmac",
            "x25519-dalek",
            "ed25519-dalek",
            "curve25519-dalek",
            "roomkey-primitives",
            "roomkey-client",
            "roomkey-text",
            "roomkey-web",
        ],
        why: "the relay links no member cryptography and no member code",
    },
    Edge {
        package: "roomkey-primitives",
        banned: &["getrandom", "wasm-bindgen", "roomkey-*"],
        why: "a loop does not know what it is used for",
    },
    Edge {
        package: "roomkey-crypto",
        banned: &[
            "tokio",
            "web-sys",
            "js-sys",
            "wasm-bindgen",
            "gloo*",
            "getrandom",
            "roomkey-client",
            "roomkey-text",
        ],
        why: "cryptography is pure functions: no I/O, no browser, no randomness of its own",
    },
    Edge {
        package: "roomkey-client",
        banned: &[
            "tokio",
            "web-sys",
            "js-sys",
            "wasm-bindgen",
            "gloo*",
            "getrandom",
            "roomkey-text",
        ],
        why: "the member is a state machine: no I/O, no browser, no randomness of its own",
    },
    Edge {
        package: "roomkey-text",
        banned: &[
            "tokio",
            "web-sys",
            "js-sys",
            "wasm-bindgen",
            "gloo*",
            "getrandom",
            "roomkey-primitives",
            "roomkey-crypto",
            "roomkey-client",
            "roomkey-server",
        ],
        why: "hostile text is judged by pure functions that know no keys",
    },
];

/// Nothing may build on the app.
const TOP: &str = "roomkey-web";

/// Asks cargo for the trees of the host and returns what should not be in them.
pub(super) fn forbidden(project: &Project) -> Result<Vec<Complaint>> {
    let mut found = Vec::new();
    for edge in &EDGES {
        let mut tree = shell::cargo();
        tree.args(["tree", "--locked", "--edges", "normal", "--prefix", "none"])
            .args(["--format", "{p}", "--package", edge.package])
            .current_dir(&project.root);
        let text = shell::read(&mut tree).context(
            "the dependency tree could not be read (if Cargo.lock is old: run `cargo check`)",
        )?;
        found.extend(in_tree(edge, &text));
    }
    let mut metadata = shell::cargo();
    metadata
        .args(["metadata", "--no-deps", "--format-version=1"])
        .current_dir(&project.root);
    let metadata: Value = serde_json::from_str(&shell::read(&mut metadata)?)?;
    found.extend(on_top(&metadata));
    Ok(found)
}

fn in_tree(edge: &Edge, tree: &str) -> Vec<Complaint> {
    let linked: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != edge.package)
        .collect();
    let banned = |name: &&str| {
        edge.banned.iter().any(|ban| match ban.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == ban,
        })
    };
    let complaint = |name: &str| {
        let what = format!(
            "links {name}, but {} (`cargo tree -p {} -e normal -i {name}` shows how)",
            edge.why, edge.package
        );
        Complaint::new(edge.package, 0, what)
    };
    linked.into_iter().filter(banned).map(complaint).collect()
}

fn on_top(metadata: &Value) -> Vec<Complaint> {
    let list = |value: &Value, key: &str| -> Vec<Value> {
        value
            .get(key)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let name = |value: &Value| {
        value
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    list(metadata, "packages")
        .iter()
        .filter(|package| {
            list(package, "dependencies")
                .iter()
                .any(|dependency| name(dependency) == TOP)
        })
        .map(|package| Complaint::new(&name(package), 0, format!("depends on {TOP}: nothing may")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_that_links_member_cryptography_is_caught() {
        let tree = "roomkey-server v0.1.0 (/x/server)\nbytes v1.12.0\nroomkey-crypto v0.1.0 (/x/crypto)\nrsa v0.10.0\n";
        let found = in_tree(&EDGES[0], tree);
        assert_eq!(found.len(), 1);
        assert!(found[0].what.starts_with("links rsa, "), "{found:?}");
    }

    #[test]
    fn a_star_bans_a_family_and_not_the_package_itself() {
        let tree = "roomkey-text v0.1.0 (/x/text)\nroomkey-crypto v0.1.0\ngloo-timers v0.4.0\nammonia v4.2.4\n";
        assert_eq!(in_tree(&EDGES[4], tree).len(), 2);
    }

    #[test]
    fn a_crate_that_builds_on_the_app_is_caught() {
        let metadata = serde_json::json!({ "packages": [
            { "name": "roomkey-web", "dependencies": [{ "name": "yew" }] },
            { "name": "roomkey-e2e", "dependencies": [{ "name": "roomkey-web" }] },
        ]});
        let found = on_top(&metadata);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "roomkey-e2e");
    }
}
