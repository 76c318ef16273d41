//! Hosts outside ASCII.
//!
//! The mapping tables of UTS 46 would be a fifth of the sanitizer's tables, and every browser applies them again before it
//! goes anywhere. So `url` and `idna` are built without them (they take ASCII and refuse the rest), and what stands here
//! is stricter than the standard: NFKC and lower case, then nothing but characters that one can see. A host that this
//! refuses and a browser might take is shown as text, not as a link.

use idna::punycode;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::display::canonical;
use crate::marks::is_mark;

/// How a label begins that holds other letters in ASCII (RFC 5890, section 2.3.2.1).
const PREFIX: &str = "xn--";

/// [`Url::parse`] for addresses whose host may be in any script. Schemes that have hosts, but lead to nothing that is
/// ever linked, are for the caller to sort out.
pub(super) fn parse(address: &str) -> Option<Url> {
    // The standard's parser passes over these wherever they stand.
    let address = address.replace(['\t', '\n', '\r'], "");
    let slash = |c: char| c == '/' || c == '\\';
    let (scheme, rest) = address.split_once(':')?;
    if !["http", "https"]
        .iter()
        .any(|web| scheme.eq_ignore_ascii_case(web))
    {
        return Url::parse(&address).ok();
    }
    let rest = rest.trim_start_matches(slash);
    let end = rest
        .find(|c| slash(c) || c == '?' || c == '#')
        .unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let (user, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    let (host, port) = host.split_at(host.find(':').unwrap_or(host.len()));
    let host = percent_decode_str(host).decode_utf8().ok()?;
    if host.is_ascii() {
        return Url::parse(&address).ok();
    }
    let ascii = to_ascii(&host)?;
    let url = Url::parse(&format!("{scheme}://{user}{ascii}{port}{tail}")).ok()?;
    // Whatever else happened on the way, it leads to this host and to no other.
    let alone = Url::parse(&format!("https://{ascii}/")).ok()?;
    (url.host_str() == alone.host_str()).then_some(url)
}

/// The host as the domain name system has it. `None` where it cannot be one.
pub(super) fn to_ascii(host: &str) -> Option<String> {
    let mut ascii = String::with_capacity(host.len() + PREFIX.len());
    for label in map(host)?.split('.') {
        if label.starts_with(PREFIX) {
            decode(label)?;
        }
        if label.is_ascii() {
            ascii.push_str(label);
        } else {
            ascii.push_str(PREFIX);
            ascii.push_str(&punycode::encode_str(label)?);
        }
        ascii.push('.');
    }
    ascii.pop();
    Some(ascii)
}

/// The host as people read it. `None` where a label stands for something that no such label may stand for.
pub(super) fn to_unicode(ascii: &str) -> Option<String> {
    let labels = ascii.split('.').map(|label| {
        if label.starts_with(PREFIX) {
            decode(label)
        } else {
            Some(label.to_owned())
        }
    });
    Some(labels.collect::<Option<Vec<_>>>()?.join("."))
}

fn decode(label: &str) -> Option<String> {
    let decoded = punycode::decode_to_string(label.strip_prefix(PREFIX)?)?;
    (!decoded.is_ascii() && !decoded.contains('.') && map(&decoded)? == decoded).then_some(decoded)
}

/// One spelling for all that name the same host.
fn map(host: &str) -> Option<String> {
    let lower: String = normal::nfkc(host)
        .chars()
        .flat_map(char::to_lowercase)
        .collect();
    let mapped: String = normal::nfkc(&lower)
        .chars()
        // A selector only chooses between two looks of an emoji; the other one is a full stop in Chinese and Japanese.
        .filter(|c| !matches!(c, '\u{FE00}'..='\u{FE0F}'))
        .map(|c| if c == '\u{3002}' { '.' } else { c })
        .collect();
    let allowed = |c: char| match c {
        '\0'..='\u{7F}' => c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'),
        _ => c != char::REPLACEMENT_CHARACTER && !c.is_whitespace(),
    };
    let whole = mapped.chars().all(allowed)
        && !mapped.split('.').any(|label| label.starts_with(is_mark))
        // Nothing invisible, and joiners only where they do something.
        && canonical(&mapped) == mapped;
    whole.then_some(mapped)
}

/// Whether the labels of a host change places when it is shown: letters that run to the left beside digits or letters
/// that do not (RFC 5893, section 2, simplified).
pub(super) fn runs_both_ways(host: &str) -> bool {
    let leftward = |c: char| {
        matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}')
            || matches!(c, '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
    };
    host.contains(leftward)
        && host.split('.').any(|label| {
            if label.contains(leftward) {
                label.contains(|c: char| c.is_ascii_alphanumeric())
            } else {
                label.starts_with(|c: char| c.is_ascii_digit())
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(address: &str) -> Option<String> {
        parse(address)?.host_str().map(str::to_owned)
    }

    #[test]
    fn hosts_in_any_script_become_ascii() {
        for (unicode, ascii) in [
            ("bücher.example", "xn--bcher-kva.example"),
            ("BÜCHER.Example", "xn--bcher-kva.example"),
            ("bu\u{308}cher.example", "xn--bcher-kva.example"),
            ("straße.example", "xn--strae-oqa.example"),
            ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
            ("пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"),
            ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
            ("❤\u{FE0F}.example", "xn--qei.example"),
            ("plain.example", "plain.example"),
        ] {
            assert_eq!(to_ascii(unicode).as_deref(), Some(ascii), "{unicode}");
            let address = format!("https://me@{unicode}:8080/a?b#ü");
            assert_eq!(host(&address).as_deref(), Some(ascii), "{address}");
        }
        assert_eq!(
            to_unicode("xn--bcher-kva.example").as_deref(),
            Some("bücher.example")
        );
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for bad in [
            "exa\u{2100}mple.com",
            "ü\u{FF0F}evil.example",
            "ü\u{FF1A}80.example",
            "ü\u{FF20}evil.example",
            "ü\u{200B}.example",
            "ü\u{202E}.example",
            "ü\u{200D}a.example",
            "\u{301}ü.example",
            "xn--ü.example",
            "ü\u{A0}b.example",
            "ü\u{FFFD}.example",
        ] {
            assert_eq!(to_ascii(bad), None, "{bad:?}");
            assert_eq!(host(&format!("https://{bad}/")), None, "{bad:?}");
        }
    }

    #[test]
    fn a_label_stands_for_one_spelling_only() {
        // A capital, a full-width letter, plain ASCII, nothing, and no code at all.
        let upper = punycode::encode_str("Bücher").unwrap();
        let wide = punycode::encode_str("büｃher").unwrap();
        let plain = punycode::encode_str("abc").unwrap();
        for label in [&upper, &wide, &plain, "", "a\u{7F}"] {
            assert_eq!(
                to_unicode(&format!("xn--{label}.example")),
                None,
                "{label:?}"
            );
        }
    }

    #[test]
    fn percent_signs_and_odd_slashes_hide_no_other_host() {
        for address in [
            "https:\\\\b%C3%BCcher.example\\a",
            "https:b%C3%BCcher.example",
            "ht\ntps://b%C3%BCch\ter.example#@evil.example",
            "https://evil.example@bücher.example?@evil.example",
        ] {
            assert_eq!(
                host(address).as_deref(),
                Some("xn--bcher-kva.example"),
                "{address:?}"
            );
        }
        assert_eq!(host("https://ü%2Fevil.example/"), None);
        assert_eq!(host("https://ü%40evil.example/"), None);
    }

    #[test]
    fn letters_that_run_to_the_left_stay_among_themselves() {
        assert!(!runs_both_ways("דוגמה.example"));
        assert!(!runs_both_ways("example1.com"));
        assert!(runs_both_ways("דוגמה1a.example"));
        assert!(runs_both_ways("1a.דוגמה"));
    }
}
