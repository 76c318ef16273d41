//! Which names are hosts, and what is suspicious about them.

use std::sync::LazyLock;

use url::Url;

use super::idn;
use crate::display::canonical;
use crate::lookalikes::{is_single_script, skeleton};
use crate::tree::Host;

/// Endings of file names that are also country or generic domains. Such a name counts as a host only with `www.`, a
/// scheme, a path, or three labels: "main.rs" is far more often a file.
const EXTENSIONS: [&str; 24] = [
    "ai", "app", "cc", "db", "fm", "gl", "js", "mk", "ml", "mm", "mov", "ms", "pl", "pm", "ps",
    "pub", "py", "rs", "sh", "so", "st", "md", "vi", "zip",
];

/// Words that begin a sentence and are domains as well, for text that lacks a blank: "we left.It rained".
const WORDS: [&str; 37] = [
    "am", "as", "at", "be", "best", "by", "de", "do", "es", "here", "how", "in", "is", "it", "la",
    "like", "live", "love", "me", "my", "new", "next", "no", "now", "one", "open", "safe", "save",
    "see", "show", "so", "talk", "to", "today", "us", "work", "you",
];

/// First labels of program text: "self.name".
const RECEIVERS: [&str; 5] = ["cls", "self", "std", "super", "this"];

/// Names longer than this are no host names (RFC 1035, section 2.3.4).
const LONGEST: usize = 253;

/// How sure a bare name makes us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sure {
    /// A host wherever it stands.
    Yes,
    /// A host only if a path follows.
    WithPath,
    /// No host.
    No,
}

/// Judges a lower-case name with at least one dot. `typed` is the same stretch as the author wrote it.
pub(super) fn judge(name: &str, typed: &str) -> Sure {
    let labels: Vec<&str> = name.split('.').collect();
    if labels.len() < 2
        || name.len() > LONGEST
        || labels
            .iter()
            .any(|label| label.is_empty() || label.len() > 63)
    {
        return Sure::No;
    }
    if labels.iter().all(|label| is_number(label)) {
        return if labels.len() == 4 && parses(name) {
            Sure::Yes
        } else {
            Sure::No
        };
    }
    if is_www(labels[0]) {
        return Sure::Yes;
    }
    if RECEIVERS.contains(&labels[0]) || !has_known_suffix(name) {
        return Sure::No;
    }
    let Some(&last) = labels.last() else {
        return Sure::No;
    };
    if labels.len() == 2 && (EXTENSIONS.contains(&last) || opens_sentence(typed, last)) {
        return Sure::WithPath;
    }
    Sure::Yes
}

/// A name of at least two labels that ends in a top-level domain on IANA's list.
///
/// The public suffix list would know more, and as code it is larger than everything else in the sanitizer together.
pub(super) fn has_known_suffix(name: &str) -> bool {
    let known = |name: &str| {
        let end = name.strip_suffix('.').unwrap_or(name).rsplit_once('.');
        end.is_some_and(|(front, last)| !front.is_empty() && is_ending(&last.to_ascii_lowercase()))
    };
    if name.is_ascii() {
        return known(name);
    }
    idn::to_ascii(name).is_some_and(|ascii| known(&ascii))
}

/// Whether a lower-case label is on IANA's list of top-level domains.
fn is_ending(label: &str) -> bool {
    static ENDINGS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        include_str!(concat!(env!("OUT_DIR"), "/endings.txt"))
            .lines()
            .collect()
    });
    ENDINGS.binary_search(&label).is_ok()
}

/// Both spellings of the host of a parsed address, and whether it imitates another.
pub(super) fn describe(url: &Url) -> Option<Host> {
    let punycode = url.host_str()?.to_owned();
    let unicode = canonical(&idn::to_unicode(&punycode)?);
    let confusable = idn::runs_both_ways(&unicode) || unicode.split('.').any(is_confusable);
    Some(Host {
        unicode,
        punycode,
        confusable,
        mismatch: !url.username().is_empty(),
    })
}

/// One host is the other, or a part of it. Anything else may belong to somebody else.
pub(super) fn same_owner(one: &str, other: &str) -> bool {
    let host = |host: &str| {
        let ascii = idn::to_ascii(host).unwrap_or_else(|| host.to_ascii_lowercase());
        ascii
            .strip_prefix("www.")
            .map_or(ascii.clone(), str::to_owned)
    };
    let (one, other) = (host(one), host(other));
    let within = |inner: &str, outer: &str| {
        inner
            .strip_suffix(outer)
            .is_some_and(|front| front.is_empty() || front.ends_with('.'))
    };
    within(&one, &other) || within(&other, &one)
}

fn is_confusable(label: &str) -> bool {
    if label.is_ascii() {
        return false;
    }
    !is_single_script(label) || skeleton(label).is_ascii()
}

fn is_www(label: &str) -> bool {
    label
        .strip_prefix("www")
        .is_some_and(|rest| rest.len() <= 2 && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_number(label: &str) -> bool {
    let hex = label.strip_prefix("0x");
    hex.is_some_and(|hex| !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
        || label.bytes().all(|byte| byte.is_ascii_digit())
}

/// The standard's own parser knows every odd spelling of an address.
fn parses(host: &str) -> bool {
    Url::parse(&format!("http://{host}/"))
        .is_ok_and(|url| matches!(url.host(), Some(url::Host::Ipv4(_))))
}

fn opens_sentence(typed: &str, last: &str) -> bool {
    let Some((before, word)) = typed.rsplit_once('.') else {
        return false;
    };
    let mut letters = word.chars();
    WORDS.contains(&last)
        && letters.next().is_some_and(char::is_uppercase)
        && !letters.any(char::is_uppercase)
        && before.chars().next_back().is_some_and(char::is_lowercase)
}
