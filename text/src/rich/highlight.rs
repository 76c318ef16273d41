//! Colours in program text, without a grammar for any language.
//!
//! Remarks, strings, numbers and words are told apart alike in nearly all languages; what differs is a few marks and the
//! list of words. That is not exact, and it need not be: a wrong colour costs nothing.

use crate::tree::{Run, Token};

use super::languages::{self, Language};

/// The text in pieces of one colour. In an unknown language it is one piece.
pub(super) fn highlight(language: &str, text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let Some(language) = languages::find(language) else {
        add(&mut runs, Token::Plain, text);
        return runs;
    };
    let mut rest = text;
    let mut before = '\n';
    while let Some(first) = rest.chars().next() {
        let (token, len) = token(language, rest, first, before);
        let (taken, after) = rest.split_at(len);
        before = taken.chars().next_back().unwrap_or(first);
        add(&mut runs, token, taken);
        rest = after;
    }
    runs
}

fn add(runs: &mut Vec<Run>, token: Token, text: &str) {
    match runs.last_mut() {
        Some(last) if last.token == token => last.text.push_str(text),
        _ if text.is_empty() => {}
        _ => runs.push(Run {
            token,
            text: text.to_owned(),
        }),
    }
}

/// What begins here, and how many bytes it has: at least one character.
fn token(language: &Language, rest: &str, first: char, before: char) -> (Token, usize) {
    if let Some(len) = comment(language, rest, before) {
        return (Token::Comment, len);
    }
    if language.quotes.contains(first)
        && let Some(len) = string(language, rest, first)
    {
        return (Token::Text, len);
    }
    if first.is_ascii_digit() {
        let len = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.')))
            .unwrap_or(rest.len());
        // "1.." is a range and "1." may end a sentence.
        let number = rest[..len].trim_end_matches('.');
        let len = number.find("..").unwrap_or(number.len());
        return (Token::Number, len);
    }
    if is_word(first) {
        let len = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let word = &rest[..len];
        let is_member = before == '.' && !language.is_loud;
        let is_tag = language.is_markup && matches!(before, '<' | '/');
        let is_keyword = is_tag || (!is_member && language.has(word));
        return (
            if is_keyword {
                Token::Keyword
            } else {
                Token::Plain
            },
            len,
        );
    }
    (Token::Plain, first.len_utf8())
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

fn comment(language: &Language, rest: &str, before: char) -> Option<usize> {
    for mark in language.line_comments {
        // "#" in "${#list}" and "//" in "https://" begin nothing.
        let is_free =
            before.is_whitespace() || (!before.is_alphanumeric() && before != ':' && *mark != "#");
        if is_free && rest.starts_with(mark) {
            return Some(rest.find('\n').unwrap_or(rest.len()));
        }
    }
    for (start, end) in language.block_comments {
        if let Some(inside) = rest.strip_prefix(start) {
            let len = inside
                .find(end)
                .map_or(rest.len(), |at| start.len() + at + end.len());
            return Some(len);
        }
    }
    None
}

/// Strings of one line, and those of many between three quotes or backquotes. A quote that nothing closes is a character.
fn string(language: &Language, rest: &str, quote: char) -> Option<usize> {
    let triple: String = [quote; 3].iter().collect();
    if rest.starts_with(&triple) {
        let inside = &rest[3..];
        return Some(inside.find(&triple).map_or(rest.len(), |at| at + 6));
    }
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '\n' if quote != '`' => return None,
            // A lifetime: 'a is no character.
            _ if language.has_lifetimes && quote == '\'' && at > 3 => return None,
            _ if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    (quote == '`').then_some(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(language: &str, text: &str, token: Token) -> Vec<String> {
        let runs = highlight(language, text);
        assert_eq!(
            runs.iter().map(|run| run.text.as_str()).collect::<String>(),
            text
        );
        runs.into_iter()
            .filter(|run| run.token == token)
            .map(|run| run.text)
            .collect()
    }

    #[test]
    fn the_pieces_of_a_program_have_their_colours() {
        let rust =
            "// hi\nfn main<'a>() { let x = 'c'; println!(\"{} \\\" fn\", 0x1F..2); } /* fn */";
        assert_eq!(of("rust", rust, Token::Comment), ["// hi", "/* fn */"]);
        assert_eq!(of("rust", rust, Token::Keyword), ["fn", "let"]);
        assert_eq!(of("rs", rust, Token::Text), ["'c'", "\"{} \\\" fn\""]);
        assert_eq!(of("RUST", rust, Token::Number), ["0x1F", "2"]);
    }

    #[test]
    fn every_language_has_its_own_remarks_and_words() {
        assert_eq!(
            of("python", "def f(): # no\n  '''a\nb'''", Token::Text),
            ["'''a\nb'''"]
        );
        assert_eq!(of("py", "def f(): # no", Token::Comment), ["# no"]);
        assert_eq!(of("sql", "SELECT 1 -- one", Token::Keyword), ["SELECT"]);
        assert_eq!(of("sh", "echo ${#a} # b", Token::Comment), ["# b"]);
        assert_eq!(of("js", "`a\n${b}` // c", Token::Text), ["`a\n${b}`"]);
        assert_eq!(
            of("html", "<!-- a --><p id=\"x\">if</p>", Token::Keyword),
            ["p", "p"]
        );
        assert_eq!(of("json", "{\"a\": true}", Token::Keyword), ["true"]);
        assert_eq!(
            of("js", "a.if + 'https://x'", Token::Keyword),
            Vec::<String>::new()
        );
    }

    #[test]
    fn an_unknown_language_is_one_piece() {
        assert_eq!(highlight("klingon", "fn 1 'a'").len(), 1);
        assert_eq!(highlight("", "fn 1").len(), 1);
        assert!(highlight("rust", "").is_empty());
    }
}
