//! Words that must not appear in some places.

use super::Complaint;
use super::source::{Line, Source, has_word};

/// A set of words, where they are banned, and why. The sample is a file and a line that must be caught.
struct Ban {
    words: &'static [&'static str],
    applies: fn(&Source, &Line<'_>) -> bool,
    why: &'static str,
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "what the tests try the rule with")
    )]
    sample: (&'static str, &'static str),
}

/// Crates that do no I/O, read no clock and own no randomness.
const PURE: [&str; 4] = ["primitives/src/", "crypto/src/", "client/src/", "text/src/"];

fn is_pure(source: &Source) -> bool {
    source.is_rust() && PURE.iter().any(|dir| source.path.starts_with(dir))
}

fn is_code(source: &Source, line: &Line<'_>) -> bool {
    source.is_rust() && !line.is_comment
}

fn is_web(source: &Source, line: &Line<'_>) -> bool {
    let script = source.is_rust() || source.path.ends_with(".js");
    script
        && source.path.starts_with("web/")
        && !source.path.contains("/tests/")
        && !line.is_comment
}

const BANS: &[Ban] = &[
    Ban {
        words: &["Instant", "SystemTime", "UNIX_EPOCH"],
        applies: |source, line| is_pure(source) && !line.is_comment,
        why: "reads no clock: take the time as an argument",
        sample: (
            "crypto/src/chain.rs",
            "    let now = std::time::Instant::now();",
        ),
    },
    Ban {
        words: &["OsRng", "SysRng", "thread_rng", "getrandom", "from_entropy"],
        applies: |source, line| is_pure(source) && !line.is_comment && !line.is_test,
        why: "owns no randomness: take `&mut impl CryptoRng`",
        sample: ("client/src/outbox.rs", "    getrandom::fill(&mut bytes)?;"),
    },
    Ban {
        words: &[
            "TcpStream",
            "TcpListener",
            "UdpSocket",
            "ToSocketAddrs",
            "std::fs",
            "std::thread",
            "std::process",
            "std::env",
        ],
        applies: |source, line| is_pure(source) && !line.is_comment && !line.is_test,
        why: "does no I/O",
        sample: ("text/src/links.rs", "use std::fs::File;"),
    },
    Ban {
        words: &[
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "inner_html",
            "set_inner_html",
            "set_outer_html",
            "insert_adjacent_html",
            "from_html_unchecked",
            "VRaw",
            "srcdoc",
            "createContextualFragment",
            "document.write",
            "eval",
        ],
        applies: is_web,
        why: "nothing that a member wrote may be parsed as HTML or code: build nodes",
        sample: (
            "web/src/components/message.rs",
            "    Html::from_html_unchecked(text.into())",
        ),
    },
    Ban {
        words: &["crypto"],
        applies: |source, line| {
            let component = source.path.starts_with("web/src/components/");
            component && is_code(source, line) && has_crate_path(line.text)
        },
        why: "components know no cryptography: let `state` hold what they show",
        sample: ("web/src/components/people.rs", "use crypto::Tag;"),
    },
    Ban {
        words: &["ignore"],
        applies: |source, line| {
            is_code(source, line) && line.text.trim_start().starts_with("#[ignore")
        },
        why: "a test runs or does not exist",
        sample: ("server/tests/it/rooms.rs", "    #[ignore = \"slow\"]"),
    },
    Ban {
        words: &["sleep", "sleep_ms", "time::sleep_until", "TimeoutFuture"],
        applies: |source, line| is_code(source, line) && line.is_test,
        why: "tests do not sleep: wait for the event, or move the time that is handed in",
        sample: (
            "server/tests/it/limits.rs",
            "    tokio::time::sleep(SECOND).await;",
        ),
    },
    Ban {
        words: &["TODO", "FIXME", "XXX", "HACK"],
        applies: |source, _| source.is_prose_or_code(),
        why: "unfinished work belongs in the tracker",
        sample: ("web/styles/base.css", "/* TODO: dark */"),
    },
    Ban {
        words: &["unbounded_channel", "UnboundedSender"],
        applies: |source, line| source.path.starts_with("server/src/") && is_code(source, line),
        why: "a member who stops reading would cost unbounded memory",
        sample: (
            "server/src/room.rs",
            "    let (sender, receiver) = mpsc::unbounded_channel();",
        ),
    },
];

/// Directories that exist on one person's machine only.
const MACHINE_PATHS: [&str; 5] = ["/home/", "/root/", "/work/", "/Users/", "C:\\Users\\"];

/// All complaints of this kind about one file.
pub(super) fn complaints(source: &Source) -> Vec<Complaint> {
    // These tables name what they forbid.
    if source.path.starts_with("xtask/src/tidy/") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for line in source.lines() {
        for ban in BANS {
            let word = ban.words.iter().find(|word| has_word(line.text, word));
            if let Some(word) = word.filter(|_| (ban.applies)(source, &line)) {
                found.push(Complaint::new(
                    &source.path,
                    line.number,
                    format!("`{word}`: {}", ban.why),
                ));
            }
        }
        if source.is_prose_or_code() && names_machine_path(line.text) {
            found.push(Complaint::new(
                &source.path,
                line.number,
                "a path of one machine",
            ));
        }
    }
    found.extend(unexplained_allows(source));
    found
}

fn has_crate_path(text: &str) -> bool {
    text.match_indices("crypto::")
        .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

fn names_machine_path(text: &str) -> bool {
    MACHINE_PATHS.iter().any(|path| {
        text.match_indices(path).any(|(at, _)| {
            // `docs/work/x` is a relative path, and `https://host/home/` is no machine's.
            !text[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}$>".contains(c))
        })
    })
}

fn unexplained_allows(source: &Source) -> Vec<Complaint> {
    let mut found = Vec::new();
    if !source.is_rust() {
        return found;
    }
    for line in source.lines() {
        let start = line.text.trim_start();
        if !(start.starts_with("#[allow(") || start.starts_with("#![allow(")) {
            continue;
        }
        let rest = source.text.lines().skip(line.number - 1);
        let mut attribute = String::new();
        for text in rest {
            attribute.push_str(text);
            if text.contains(")]") {
                break;
            }
        }
        if !attribute.contains("reason") {
            found.push(Complaint::new(
                &source.path,
                line.number,
                "`#[allow]` without a reason; prefer `#[expect]`",
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_file(path: &str, text: &str) -> Vec<Complaint> {
        complaints(&Source {
            path: path.to_owned(),
            text: text.to_owned(),
        })
    }

    #[test]
    fn every_ban_catches_its_sample() {
        for ban in BANS {
            let (path, text) = ban.sample;
            let found = in_file(path, text);
            assert!(
                found
                    .iter()
                    .any(|complaint| complaint.what.contains(ban.why)),
                "{path}: {text:?} was let through"
            );
        }
    }

    #[test]
    fn the_same_words_are_fine_elsewhere() {
        for (path, text) in [
            ("server/src/socket.rs", "let now = Instant::now();"),
            ("crypto/src/kdf.rs", "/// Never calls Instant::now."),
            ("server/src/socket.rs", "tokio::time::sleep(x).await"),
            ("docs/hosting.md", "see https://example.org/home/index.html"),
        ] {
            assert_eq!(in_file(path, text), [], "{path}");
        }
    }

    #[test]
    fn a_test_module_at_the_end_of_a_file_does_not_sleep_either() {
        let text =
            "fn f() {}\n#[cfg(test)]\nmod tests {\n    fn t() { std::thread::sleep(S) }\n}\n";
        assert_eq!(in_file("server/src/limit.rs", text).len(), 1);
    }

    #[test]
    fn a_path_of_one_machine_is_caught() {
        assert_eq!(in_file("README.md", "run it in /home/me/chat").len(), 1);
        assert_eq!(in_file("README.md", "run it in docs/work/chat").len(), 0);
    }

    #[test]
    fn an_allow_wants_a_reason_even_over_several_lines() {
        let with = "#[allow(\n    dead_code,\n    reason = \"used on Windows\"\n)]\nfn f() {}";
        assert_eq!(in_file("server/src/a.rs", with).len(), 0);
        assert_eq!(
            in_file("server/src/a.rs", "    #[allow(dead_code)]").len(),
            1
        );
    }
}
