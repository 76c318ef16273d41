//! A file as the rules see it.

/// One text file.
pub(super) struct Source {
    /// Relative to the root, with forward slashes.
    pub(super) path: String,
    pub(super) text: String,
}

/// One line of a file.
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub(super) number: usize,
    pub(super) text: &'a str,
    /// Only ever compiled for tests.
    pub(super) is_test: bool,
    pub(super) is_comment: bool,
}

impl Source {
    pub(super) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    pub(super) fn is_markdown(&self) -> bool {
        self.path.ends_with(".md")
    }

    /// Written by people, as opposed to data, pictures and lock files.
    pub(super) fn is_prose_or_code(&self) -> bool {
        let extension = self.path.rsplit_once('.').map(|(_, extension)| extension);
        matches!(
            extension,
            Some("rs" | "md" | "toml" | "css" | "js" | "html" | "sh" | "yml")
        ) || self.path.starts_with(".ci/")
    }

    /// A whole file of tests, benches or the browser harness.
    pub(super) fn is_test_file(&self) -> bool {
        self.path.contains("/tests/") || self.path.contains("/benches/")
    }

    /// The number of the line that opens the test module at the end of a file, if there is one.
    pub(super) fn tests_begin(&self) -> Option<usize> {
        let mut lines = self.text.lines().zip(self.text.lines().skip(1)).enumerate();
        lines.find_map(|(index, (line, next))| {
            let opens = line == "#[cfg(test)]" && next.starts_with("mod ") && next.ends_with('{');
            opens.then_some(index + 1)
        })
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let whole = self.is_test_file();
        let begin = self.tests_begin().unwrap_or(usize::MAX);
        self.text
            .lines()
            .enumerate()
            .map(move |(index, text)| Line {
                number: index + 1,
                text,
                is_test: whole || index + 1 >= begin,
                is_comment: text.trim_start().starts_with("//"),
            })
    }
}

/// Whether `word` stands in `text` with no letter, digit or underscore beside it.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        !before.ends_with(part_of_word) && !after.starts_with(part_of_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_module_is_told_from_a_single_test_item() {
        let text = "#[cfg(test)]\nuse x::y;\nfn f() {}\n#[cfg(test)]\nmod tests {\n    // t\n}\n";
        let source = Source {
            path: "a/src/b.rs".to_owned(),
            text: text.to_owned(),
        };
        assert_eq!(source.tests_begin(), Some(4));
        let tests: Vec<bool> = source.lines().map(|line| line.is_test).collect();
        assert_eq!(tests, [false, false, false, true, true, true, true]);
    }

    #[test]
    fn a_word_inside_another_is_not_found() {
        assert!(has_word("use crypto::wire;", "crypto"));
        assert!(!has_word("roomkey_crypto::x", "crypto"));
    }
}
