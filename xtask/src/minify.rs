//! What a browser does not read is not sent: comments, indentation, and the long names under which a module and its script
//! know each other.

use std::collections::{HashMap, HashSet};

use anyhow::Result;

use crate::wasm_file;

/// A style sheet without comments and needless blanks.
pub(crate) fn styles(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '/' if rest.starts_with("/*") => {
                blank(&mut out);
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            }
            '"' | '\'' => {
                let length = quoted(rest, c);
                out.push_str(&rest[..length]);
                length
            }
            c if c.is_whitespace() => {
                blank(&mut out);
                c.len_utf8()
            }
            _ => {
                // A blank before "(" or ":" may mean something, one before these never does.
                if matches!(c, '{' | '}' | ';' | ',') {
                    out.truncate(out.trim_end().len());
                }
                if c == '}' && out.ends_with(';') {
                    out.pop();
                }
                out.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    out
}

/// At most one, and none where it cannot mean anything.
fn blank(out: &mut String) {
    if !out.ends_with([' ', '{', '}', ';', ',']) && !out.is_empty() {
        out.push(' ');
    }
}

/// How long the string is that a text begins with.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|&(_, c)| {
        let ends = c == quote && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

/// A script without indentation, empty lines, and comments that have lines of their own. A script with a text of several
/// lines stays as it is: there, indentation may mean something.
pub(crate) fn script(text: &str) -> String {
    if text.lines().any(|line| line.matches('`').count() % 2 == 1) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        in_comment |= line.starts_with("/*");
        if !in_comment && !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
        in_comment &= !line.ends_with("*/");
    }
    out
}

/// A script and its module, both with short names for what the one lends the other. The long ones, which end in sixteen digits
/// each, are a hundredth of the download.
pub(crate) fn short_names(script: &str, module: &[u8]) -> Result<(String, Vec<u8>)> {
    let keys: HashSet<&str> = script.lines().filter_map(key).map(|(key, _)| key).collect();
    let mut names = HashMap::new();
    for name in wasm_file::imports(module)? {
        // The key of a property, and nothing else.
        if keys.contains(name.as_str()) && script.matches(&name).count() == 1 {
            let short = short(names.len());
            names.insert(name, short);
        }
    }
    let mut out = String::with_capacity(script.len());
    for line in script.split_inclusive('\n') {
        match key(line).and_then(|(name, rest)| Some((names.get(name)?, rest))) {
            Some((short, rest)) => {
                out.push_str(short);
                out.push_str(FUNCTION);
                out.push_str(rest);
            }
            None => out.push_str(line),
        }
    }
    Ok((out, wasm_file::with_imports_named(module, &names)?))
}

/// What stands between a key and the function that it names.
const FUNCTION: &str = ": function(";

/// The key in front of a function, and what follows.
fn key(line: &str) -> Option<(&str, &str)> {
    line.trim_start().split_once(FUNCTION)
}

/// The shortest names that are not taken yet: `a` to `z`, `aa` to `zz`, and so on.
fn short(mut number: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.push(b'a' + (number % 26) as u8);
        number /= 26;
        if number == 0 {
            break;
        }
        number -= 1;
    }
    name.reverse();
    name.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_keep_what_they_say() {
        let typed = "/* why */\n@layer a, b;\n.a > .b  :hover,\n.c {\n  margin: 0 auto;\n  content: \"a;  /* b */ \\\" \";\n}\n\n@media (width > 3px) and (x) {\n  p { }\n}\n";
        assert_eq!(
            styles(typed),
            "@layer a,b;.a > .b :hover,.c{margin: 0 auto;content: \"a;  /* b */ \\\" \"}@media (width > 3px) and (x){p{}}"
        );
    }

    #[test]
    fn scripts_lose_only_whole_lines_of_comment() {
        let typed =
            "// one\n/**\n * two\n */\nconst a = \"// no\"; // stays\n\n  b(); /* stays */\n";
        assert_eq!(
            script(typed),
            "const a = \"// no\"; // stays\nb(); /* stays */\n"
        );
        let torn = "const a = `\n  // no\n`;";
        assert_eq!(script(torn), torn);
    }

    #[test]
    fn names_are_short_and_different() {
        let names: HashSet<_> = (0..2_000).map(short).collect();
        assert_eq!(names.len(), 2_000);
        assert_eq!((short(0).as_str(), short(25).as_str()), ("a", "z"));
        assert_eq!((short(26).as_str(), short(701).as_str()), ("aa", "zz"));
    }

    #[test]
    fn a_script_and_its_module_agree_on_short_names() {
        let module = b"\0asm\x01\0\0\0\x02\x17\x02\x01w\x08long_0ab\x00\x00\x01w\x04kept\x00\x00";
        let script =
            "const all = {\nlong_0ab: function(a) {\n},\nkept: function() {},\n};\nall.kept();\n";
        let (short, renamed) = short_names(script, module).unwrap();
        assert_eq!(
            short,
            "const all = {\na: function(a) {\n},\nkept: function() {},\n};\nall.kept();\n"
        );
        assert_eq!(wasm_file::imports(&renamed).unwrap(), ["a", "kept"]);
    }
}
