//! Addresses without a scheme.

use std::ops::Range;

use super::host::{self, Sure};
use super::view::View;
use super::{Hit, Target, host_end, is_host_char, open, tail_end};

/// The part of a mail address before the `@` (RFC 5321, section 4.5.3.1.1).
const LOCAL_PART: usize = 64;

/// `//host`, `[v6]`, `name@host`, `www.name`, `name.known`, at the first character of such a name.
pub(super) fn match_at(
    view: &View,
    text: &str,
    at: usize,
    end: usize,
    floor: usize,
) -> Option<Hit> {
    match view.at(at)? {
        '/' | '\\'
            if view
                .before(at)
                .is_none_or(|c| !is_host_char(c) && !matches!(c, ':' | '/' | '\\')) =>
        {
            protocol_relative(view, text, at, end)
        }
        '[' => bracketed_v6(view, text, at, end),
        c if is_host_char(c) && !view.before(at).is_some_and(is_host_char) => {
            bare_host(view, text, at, end, floor)
        }
        _ => None,
    }
}

fn protocol_relative(view: &View, text: &str, at: usize, end: usize) -> Option<Hit> {
    let slashes = view.chars[at..end]
        .iter()
        .take_while(|&&c| c == '/' || c == '\\')
        .count();
    let start = at + slashes;
    let stop = host_end(view, start, end);
    let name = view.string(start..stop);
    let name = name.trim_end_matches('.');
    if slashes < 2 || !name.contains('.') || host::judge(name, name) == Sure::No {
        return None;
    }
    open(view, text, at..tail_end(view, stop, end), start, "https://")
}

fn bracketed_v6(view: &View, text: &str, at: usize, end: usize) -> Option<Hit> {
    let close = view.chars[at..end]
        .iter()
        .take(48)
        .position(|&c| c == ']')?;
    let inner = view.string(at + 1..at + close);
    let inner = inner.split('%').next()?;
    inner.parse::<std::net::Ipv6Addr>().ok()?;
    open(
        view,
        text,
        at..tail_end(view, at + close + 1, end),
        at,
        "https://",
    )
}

/// The first host in a run of host characters.
fn bare_host(view: &View, text: &str, at: usize, end: usize, floor: usize) -> Option<Hit> {
    let run_end = host_end(view, at, end);
    if view.at(run_end) == Some(':')
        && let Some(hit) = bare_v6(view, at, end)
    {
        return Some(hit);
    }
    if view.at(run_end) == Some('@') {
        return None;
    }
    split_empty_labels(view, at..run_end)
        .into_iter()
        .find_map(|part| host_in(view, text, part, end, floor))
}

/// Pieces between doubled or outer dots: "wait...what" holds no host.
fn split_empty_labels(view: &View, run: Range<usize>) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = run.start;
    let edge = |index: usize| {
        view.at(index) == Some('.')
            && (index == run.start
                || index + 1 == run.end
                || view.at(index + 1) == Some('.')
                || view.before(index) == Some('.'))
    };
    for index in run.clone() {
        if edge(index) {
            if start < index {
                parts.push(start..index);
            }
            start = index + 1;
        }
    }
    if start < run.end {
        parts.push(start..run.end);
    }
    parts
}

fn host_in(view: &View, text: &str, part: Range<usize>, end: usize, floor: usize) -> Option<Hit> {
    if !view.chars[part.clone()].contains(&'.') {
        return None;
    }
    for name in candidates(view, part) {
        let typed = text.get(view.bytes(&name)).unwrap_or_default();
        let sure = host::judge(&view.string(name.clone()), typed);
        if sure == Sure::No {
            continue;
        }
        if view.before(name.start) == Some('@')
            && let Some(hit) = mail(view, text, &name, floor)
        {
            return Some(hit);
        }
        // A method call: "foo.bar()".
        if (view.at(name.end), view.at(name.end + 1)) == (Some('('), Some(')')) {
            continue;
        }
        let in_path = view
            .before(name.start)
            .is_some_and(|c| c == '/' || c == '\\');
        if sure == Sure::WithPath && in_path {
            continue;
        }
        let tail = tail_end(view, name.end, end);
        let path = matches!(view.at(name.end), Some('/' | '?' | '#' | '\\')) && tail > name.end + 1;
        if sure == Sure::WithPath && !path {
            continue;
        }
        return open(view, text, name.start..tail, name.start, "https://");
    }
    None
}

/// The run itself, then without one or two last labels ("example.com.Then"), then only its ASCII middle, because
/// Chinese and Japanese put no blanks around an address.
fn candidates(view: &View, part: Range<usize>) -> Vec<Range<usize>> {
    let chars = &view.chars;
    let trim = |mut range: Range<usize>| {
        let edge = |c: char| c == '-' || c == '.';
        while range.start < range.end
            && (edge(chars[range.start]) || crate::marks::is_mark(chars[range.start]))
        {
            range.start += 1;
        }
        while range.start < range.end && edge(chars[range.end - 1]) {
            range.end -= 1;
        }
        range
    };
    let part = trim(part);
    // A host has at most 253 characters; of a longer run only the end can be judged.
    let part = part.start.max(part.end.saturating_sub(253))..part.end;
    let shorter = |range: &Range<usize>| {
        chars[range.clone()]
            .iter()
            .rposition(|&c| c == '.')
            .map(|dot| range.start..range.start + dot)
    };
    let mut all = vec![part.clone()];
    if let Some(one) = shorter(&part) {
        all.extend(shorter(&one));
        all.insert(1, one);
    }
    if let Some(dot) = chars[part.clone()]
        .iter()
        .position(|&c| c == '.')
        .map(|dot| part.start + dot)
    {
        let ascii = |c: &&char| c.is_ascii();
        let start = dot
            - chars[part.start..dot]
                .iter()
                .rev()
                .take_while(ascii)
                .count();
        let stop = dot + chars[dot..part.end].iter().take_while(ascii).count();
        all.push(trim(start..stop));
    }
    all
}

fn mail(view: &View, text: &str, host: &Range<usize>, floor: usize) -> Option<Hit> {
    let at_sign = host.start.checked_sub(1)?;
    let local = view.chars[floor..at_sign].iter().rev().take(LOCAL_PART);
    let len = local
        .take_while(|&&c| is_host_char(c) || matches!(c, '+' | '%'))
        .count();
    if len == 0 {
        return None;
    }
    let chars = at_sign - len..host.end;
    open(view, text, chars.clone(), chars.start, "mailto:")
}

/// An unbracketed IPv6 address with enough of it to be one: `2001:db8::1`, but not `a::b`.
fn bare_v6(view: &View, at: usize, end: usize) -> Option<Hit> {
    let len = view.chars[at..end]
        .iter()
        .take(46)
        .take_while(|&&c| c.is_ascii_hexdigit() || c == ':' || c == '.')
        .count();
    let name = view.string(at..at + len);
    let name = name
        .trim_end_matches('.')
        .trim_end_matches(|c| c == ':' && !name.ends_with("::"));
    let groups = name.split(':').filter(|group| !group.is_empty()).count();
    let digits = name.bytes().filter(u8::is_ascii_hexdigit).count();
    name.parse::<std::net::Ipv6Addr>()
        .ok()
        .filter(|_| groups >= 3 && digits >= 6)?;
    let target = Target::Inert {
        name: format!("[{name}]"),
    };
    Some(Hit {
        chars: at..at + name.len(),
        words: None,
        target,
    })
}
