//! Addresses that begin with a scheme.

use super::host::{self, Sure};
use super::view::View;
use super::{Hit, Target, host_end, open, trimmed};

/// Longer runs of letters before a colon are no scheme that anything knows.
const LONGEST: usize = 32;

/// An address whose scheme begins at `at`, which is no later than `end`, the end of the word.
pub(super) fn match_at(view: &View, text: &str, at: usize, end: usize) -> Option<Hit> {
    let letters = view.chars[at..end].iter().take(LONGEST + 1);
    let len = letters
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '*'))
        .count();
    if len == 0
        || len > LONGEST
        || view.at(at + len) != Some(':')
        || !view.chars[at].is_ascii_alphabetic()
    {
        return None;
    }
    let colon = at + len;
    // "end.https://…": the sentence before lacks its blank.
    let dot = view.chars[at..colon].iter().rposition(|&c| c == '.');
    let start = dot.map_or(at, |dot| at + dot + 1);
    let scheme = view.string(start..colon);
    let rest = &view.chars[colon + 1..end];
    let slashes = rest.iter().take_while(|&&c| c == '/' || c == '\\').count();
    match scheme.as_str() {
        "http" | "https" => web(view, text, start, colon + 1 + slashes, slashes, end),
        "hxxp" | "hxxps" | "hxtp" | "hxtps" | "h**p" | "h**ps" | "https*" | "htxp" | "meow"
        | "ws" | "wss" | "ftp" | "ftps" | "sftp" => {
            disguised(view, start, colon + 1 + slashes, slashes, end)
        }
        "mailto" => mailto(view, text, start, colon + 1, end),
        _ if is_other_scheme(view, &scheme, start, colon, end) => {
            let stop = trimmed(view, colon + 1, end).max(colon + 1);
            Some(Hit {
                chars: start..stop,
                words: None,
                target: Target::Inert {
                    name: inert_name(&scheme, view, colon, end),
                },
            })
        }
        _ => None,
    }
}

/// Browsers take `http:example.org`, `http:/example.org` and `http:\\example.org` for the same thing.
fn web(
    view: &View,
    text: &str,
    start: usize,
    host: usize,
    slashes: usize,
    end: usize,
) -> Option<Hit> {
    // Cheap first: a run of "http:http:http:" must not be measured to its end each time.
    if host >= end || (slashes == 0 && !names_host(view, host, end)) {
        return None;
    }
    let stop = trimmed(view, host, end);
    if !view
        .chars
        .get(host..stop)?
        .iter()
        .any(|c| c.is_alphanumeric())
    {
        return None;
    }
    open(view, text, start..stop, start, "")
}

fn disguised(view: &View, start: usize, host: usize, slashes: usize, end: usize) -> Option<Hit> {
    // Cheap first: a run of "http:http:http:" must not be measured to its end each time.
    if host >= end || (slashes == 0 && !names_host(view, host, end)) {
        return None;
    }
    let stop = trimmed(view, host, end);
    let name = view.string(host..host_end(view, host, stop));
    let name = name.trim_end_matches('.');
    let name = if name.is_empty() {
        view.string(start..host)
    } else {
        name.to_owned()
    };
    Some(Hit {
        chars: start..stop,
        words: None,
        target: Target::Inert { name },
    })
}

fn names_host(view: &View, host: usize, end: usize) -> bool {
    let name = view.string(host..host_end(view, host, end));
    let name = name.trim_end_matches('.');
    host::judge(name, name) != Sure::No
}

fn mailto(view: &View, text: &str, start: usize, rest: usize, end: usize) -> Option<Hit> {
    let stop = trimmed(view, rest, end);
    let chars = view.chars.get(rest..stop)?;
    if chars.contains(&'@') {
        return open(view, text, start..stop, start, "");
    }
    let target = Target::Inert {
        name: "mailto:".to_owned(),
    };
    (chars.first() == Some(&'?')).then_some(Hit {
        chars: start..stop,
        words: None,
        target,
    })
}

/// Whether what follows makes this scheme an address and not the end of a clause ("data: 12").
fn is_other_scheme(view: &View, scheme: &str, start: usize, colon: usize, end: usize) -> bool {
    let rest = &view.chars[colon + 1..end];
    let first = rest.first().copied();
    let starts = |prefix: &str| {
        prefix
            .chars()
            .eq(rest.iter().copied().take(prefix.chars().count()))
    };
    if starts("//") && rest.len() > 2 {
        return true;
    }
    match scheme {
        "javascript" | "vbscript" | "livescript" | "jscript" | "mocha" => view.chars[colon + 1..]
            .iter()
            .find(|c| !c.is_whitespace())
            .is_some(),
        // "java script:", torn apart by a tab or a new line that a URL parser ignores.
        "script" => first.is_some() && follows_torn(view, start),
        "data" => {
            let kind = rest
                .iter()
                .take(32)
                .take_while(|c| c.is_ascii_alphanumeric() || **c == '-')
                .count();
            matches!(first, Some(',' | ';')) || (kind > 0 && rest.get(kind) == Some(&'/'))
        }
        "file" => {
            matches!(first, Some('/' | '\\'))
                || (first.is_some_and(|c| c.is_ascii_alphabetic()) && rest.get(1) == Some(&':'))
        }
        "blob" | "filesystem" | "view-source" | "jar" | "feed" => {
            rest.iter().take(LONGEST).any(|&c| c == ':' || c == '/')
        }
        "about" => starts("blank") || starts("srcdoc") || starts("config"),
        "tel" | "sms" | "smsto" | "callto" | "facetime" => {
            first.is_some_and(|c| c.is_ascii_digit() || c == '+')
        }
        "sip" | "sips" | "xmpp" | "im" | "bitcoin" | "skype" | "whatsapp" | "intent"
        | "ms-word" | "search-ms" => rest
            .iter()
            .take(256)
            .any(|&c| matches!(c, '@' | '?' | ';' | '|')),
        "magnet" => first == Some('?'),
        _ => false,
    }
}

fn follows_torn(view: &View, start: usize) -> bool {
    let before = view.chars[..start].iter().rev();
    let blanks = before
        .clone()
        .take(8)
        .take_while(|c| c.is_whitespace())
        .count();
    let word: String = before
        .skip(blanks)
        .take(4)
        .take_while(|c| c.is_ascii_alphabetic())
        .collect();
    blanks > 0 && ["avaj", "bv", "evil"].iter().any(|torn| word == *torn)
}

/// The host of an address with one, else the scheme.
fn inert_name(scheme: &str, view: &View, colon: usize, end: usize) -> String {
    let host = colon + 3;
    if view.at(colon + 1) == Some('/') && view.at(colon + 2) == Some('/') && scheme != "file" {
        let name = view.string(host..host_end(view, host.min(end), end));
        if name.contains('.') {
            return name;
        }
    }
    format!("{scheme}:")
}
