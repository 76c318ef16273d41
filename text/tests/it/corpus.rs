//! The corpora as strings. Other packages' tests may include this file by path: it needs nothing but itself.
#![allow(
    dead_code,
    reason = "a package that includes this file may want one corpus only"
)]

/// Addresses, plain and in disguise.
pub(crate) const LINKS: &str = include_str!("../corpus/links.txt");
/// Texts without an address.
pub(crate) const INNOCENT: &str = include_str!("../corpus/innocent.txt");
/// Texts that try to run, load or break out of something.
pub(crate) const XSS: &str = include_str!("../corpus/xss.txt");

/// The entries of a corpus file, escapes resolved.
pub(crate) fn entries(file: &str) -> Vec<String> {
    file.lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(unescape)
        .collect()
}

/// Entries of a file in the same form that the environment names: payload lists under other licences stay outside of this
/// repository and can be tried all the same.
pub(crate) fn borrowed() -> Vec<String> {
    std::env::var_os("ROOMKEY_PAYLOADS")
        .map(|path| std::fs::read_to_string(path).expect("ROOMKEY_PAYLOADS names no text file"))
        .map_or_else(Vec::new, |file| entries(&file))
}

/// Resolves `\n`, `\t`, `\\` and `\u{HEX}`.
fn unescape(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('\\') => out.push('\\'),
            Some('u') => {
                let hex: String = rest.by_ref().skip(1).take_while(|&c| c != '}').collect();
                let code = u32::from_str_radix(&hex, 16).expect("a corpus entry has a bad number");
                out.push(char::from_u32(code).expect("a corpus entry has a bad character"));
            }
            other => unreachable!("a corpus entry has a bad escape {other:?}: {line}"),
        }
    }
    out
}
