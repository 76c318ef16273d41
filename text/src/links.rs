//! What is, or pretends to be, an address.
//!
//! Finding is generous, linking is not: everything that a reader (or a program further down the road) could take for
//! an address is found, so that the link switch can hide it. Only an undisguised `http:`, `https:` or `mailto:` address
//! that the URL standard's parser accepts becomes a link; `hxxp://example[.]org` stays the text that its author wanted.
//!
//! Not found on purpose: dots written as a bare word ("example dot com"), addresses torn apart by ordinary blanks, a
//! lone decimal number, and file names such as "main.rs" without a path.

mod bare;
mod host;
mod idn;
mod scheme;
mod view;

use std::ops::Range;

use url::Url;

use crate::tree::Host;
use view::View;

/// Text between `[` and `](address)` may be this long, in characters.
const MARKDOWN_TEXT: usize = 256;

/// An address in a text.
#[derive(Debug)]
pub(crate) struct Found {
    /// Bytes of the text that belong to it.
    pub(crate) range: Range<usize>,
    /// What the author lets readers see: the address itself, or the words of a markdown link.
    pub(crate) shown: String,
    pub(crate) target: Target,
}

/// Where it leads.
#[derive(Debug)]
pub(crate) enum Target {
    /// May be clicked.
    Open { href: String, host: Host },
    /// Never clickable: another scheme, or in disguise. Named by host or scheme.
    Inert { name: String },
}

impl Target {
    /// The host or scheme to show in place of the link.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Open { host, .. } => &host.unicode,
            Self::Inert { name } => name,
        }
    }
}

/// All addresses of a [`canonical`](crate::canonical) text in order, without overlap.
pub(crate) fn find(text: &str) -> Vec<Found> {
    let (view, hits) = scan(text);
    let mut found = Vec::with_capacity(hits.len());
    for hit in hits {
        let shown = view.bytes(hit.words.as_ref().unwrap_or(&hit.chars));
        let shown = text.get(shown).unwrap_or_default().to_owned();
        let mut target = hit.target;
        if let Target::Open { host, .. } = &mut target {
            host.mismatch |= misleads(&shown, host);
        }
        found.push(Found {
            range: view.bytes(&hit.chars),
            shown,
            target,
        });
    }
    found
}

/// Turns an address that stands alone, such as the value of an `href`, into what may be linked.
pub(crate) fn resolve(address: &str) -> Option<Target> {
    let address = address.trim_matches(|c: char| c.is_control() || c.is_whitespace());
    let scheme = address
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    if ["file", "ftp", "ws", "wss"].contains(&scheme.as_str()) {
        return Some(Target::Inert { name: scheme + ":" });
    }
    let url = idn::parse(address)?;
    Some(match url.scheme() {
        "http" | "https" => Target::Open {
            host: host::describe(&url)?,
            href: url.into(),
        },
        "mailto" => mail_target(&url).unwrap_or_else(|| Target::Inert {
            name: "mailto:".to_owned(),
        }),
        scheme => Target::Inert {
            name: format!("{scheme}:"),
        },
    })
}

/// A mail address has no host of its own: its domain is judged as if it were that of a web address.
fn mail_target(url: &Url) -> Option<Target> {
    let (local, domain) = url.path().rsplit_once('@')?;
    let web = idn::parse(&format!("https://{domain}/"))?;
    let ascii = web
        .domain()
        .filter(|_| web.path() == "/" && web.port().is_none() && web.query().is_none())?;
    let mut host = host::describe(&web)?;
    // Several recipients, of which only the last one's domain would be named.
    host.mismatch = local.contains(['@', ',', ';']);
    let query = url
        .query()
        .map_or_else(String::new, |query| format!("?{query}"));
    let href = Url::parse(&format!("mailto:{local}@{ascii}{query}")).ok()?;
    Some(Target::Open {
        href: href.into(),
        host,
    })
}

/// Whether the words of a link name another host than the one it leads to.
pub(crate) fn misleads(shown: &str, host: &Host) -> bool {
    let (_, named) = scan(shown);
    let mut names = named.iter().map(|hit| hit.target.name());
    names.any(|name| name.contains('.') && !host::same_owner(name, &host.punycode))
}

struct Hit {
    /// Range of the view that belongs to the link.
    chars: Range<usize>,
    /// Range of the view to show instead of all of it.
    words: Option<Range<usize>>,
    target: Target,
}

/// Walks over the text once; every word is measured once.
fn scan(text: &str) -> (View, Vec<Hit>) {
    let view = View::new(text);
    let mut hits = Vec::new();
    let (mut at, mut end, mut floor) = (0, 0, 0);
    while at < view.chars.len() {
        end = word_end(&view, at, end);
        let hit = if is_boundary(&view, at) {
            scheme::match_at(&view, text, at, end)
        } else {
            None
        };
        let hit = hit.or_else(|| bare::match_at(&view, text, at, end, floor));
        match hit {
            Some(hit) => {
                let hit = as_markdown(&view, hit, &mut hits);
                at = hit.chars.end.max(at + 1);
                floor = at;
                hits.push(hit);
            }
            None => at = next_start(&view, at),
        }
    }
    (view, hits)
}

/// Characters that no address contains and that therefore end one.
fn is_delimiter(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '<' | '>' | '"' | '`' | '|' | '{' | '}' | '^' | '\u{AB}' | '\u{BB}' | '\u{3002}'
        )
        || matches!(c, '\u{201C}'..='\u{201F}' | '\u{3001}' | '\u{3008}'..='\u{3011}')
}

fn is_host_char(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_' || c == '.' || crate::marks::is_mark(c)
}

/// The end of the word that `at` is in. `known` is the last answer: every word is measured once.
fn word_end(view: &View, at: usize, known: usize) -> usize {
    if at < known {
        return known;
    }
    view.chars[at..]
        .iter()
        .position(|&c| is_delimiter(c))
        .map_or(view.chars.len(), |len| at + len)
}

fn is_boundary(view: &View, at: usize) -> bool {
    !view.before(at).is_some_and(|c| c.is_ascii_alphanumeric())
}

/// The next place where an address may begin: behind the rest of this run of letters and digits.
fn next_start(view: &View, at: usize) -> usize {
    let inside = view.at(at).is_some_and(|c| c.is_ascii_alphanumeric());
    let skip = view.chars[at..]
        .iter()
        .skip(1)
        .take_while(|c| inside && c.is_ascii_alphanumeric())
        .count();
    at + 1 + skip
}

fn host_end(view: &View, at: usize, end: usize) -> usize {
    at + view.chars[at..end]
        .iter()
        .take_while(|&&c| is_host_char(c))
        .count()
}

/// Where the port, path, query and fragment behind a host end, without the punctuation of the sentence around them.
fn tail_end(view: &View, host_end: usize, end: usize) -> usize {
    let mut at = host_end;
    if view.at(at) == Some(':') {
        let digits = view.chars[at + 1..end]
            .iter()
            .take(5)
            .take_while(|c| c.is_ascii_digit())
            .count();
        if digits > 0 {
            at += 1 + digits;
        }
    }
    if at < end && matches!(view.at(at), Some('/' | '?' | '#' | '\\')) {
        at = trimmed(view, at, end);
    }
    at
}

/// Ends an address before an unmatched closing bracket and before trailing punctuation.
fn trimmed(view: &View, start: usize, end: usize) -> usize {
    let mut stop = end;
    let (mut round, mut square) = (0_u32, 0_u32);
    for index in start..end {
        let depth = match view.chars[index] {
            '(' => {
                round += 1;
                continue;
            }
            '[' => {
                square += 1;
                continue;
            }
            ')' => &mut round,
            ']' => &mut square,
            _ => continue,
        };
        if *depth == 0 {
            stop = index;
            break;
        }
        *depth -= 1;
    }
    let trailing = |c: &&char| {
        matches!(
            c,
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '~' | '\u{2026}' | '\u{2019}'
        )
    };
    stop - view.chars[start..stop]
        .iter()
        .rev()
        .take_while(trailing)
        .count()
}

/// A link to an undisguised address, or an inert one. `from` is where the host (or the scheme) begins.
fn open(view: &View, text: &str, chars: Range<usize>, from: usize, prefix: &str) -> Option<Hit> {
    let plain = view.string(from..chars.end);
    let typed = text.get(view.bytes(&(from..chars.end))).unwrap_or_default();
    // Percent signs and the case of a path are the author's; everything else must be just as it looks.
    let honest = typed.chars().flat_map(char::to_lowercase).eq(plain.chars());
    let address = format!("{prefix}{}", if honest { typed } else { &plain });
    let target = match (resolve(&address), honest) {
        (Some(target), true) => target,
        (Some(target), false) => Target::Inert {
            name: target.name().to_owned(),
        },
        (None, _) => {
            let name: String = plain.chars().take_while(|&c| is_host_char(c)).collect();
            Target::Inert {
                name: if name.is_empty() { plain } else { name },
            }
        }
    };
    Some(Hit {
        chars,
        words: None,
        target,
    })
}

/// Widens an address in `[words](address)` to the whole construct, which swallows addresses among the words.
fn as_markdown(view: &View, hit: Hit, earlier: &mut Vec<Hit>) -> Hit {
    let start = hit.chars.start;
    let closed = view.at(hit.chars.end) == Some(')');
    if start < 2
        || !closed
        || view.before(start) != Some('(')
        || view.before(start - 1) != Some(']')
    {
        return hit;
    }
    let bracket = start - 2;
    let lowest = bracket.saturating_sub(MARKDOWN_TEXT);
    let words = view.chars[lowest..bracket].iter();
    let Some(back) = words.rev().position(|&c| c == '[' || c == '\n') else {
        return hit;
    };
    let open = bracket - 1 - back;
    if view.at(open) == Some('\n') || open + 1 == bracket {
        return hit;
    }
    let first = if view.before(open) == Some('!') {
        open - 1
    } else {
        open
    };
    let inside = earlier
        .iter()
        .rposition(|hit| hit.chars.start < first)
        .map_or(0, |last| last + 1);
    if inside
        .checked_sub(1)
        .is_some_and(|last| earlier[last].chars.end > first)
    {
        return hit;
    }
    earlier.truncate(inside);
    Hit {
        chars: first..hit.chars.end + 1,
        words: Some(open + 1..bracket),
        target: hit.target,
    }
}
