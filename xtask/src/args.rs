//! The words after `cargo xtask`: so few that a parser crate would cost every cold run more than it gives.

use std::ffi::OsString;

use anyhow::{Result, bail};

/// What is left of the command line; words are taken as they are understood.
pub(crate) struct Args {
    words: Vec<String>,
    after_dashes: Option<Vec<OsString>>,
}

impl Args {
    /// Splits at the first `--`.
    pub(crate) fn new(mut words: Vec<String>) -> Self {
        let after_dashes = words.iter().position(|word| word == "--").map(|at| {
            let tail = words.split_off(at);
            tail.into_iter().skip(1).map(OsString::from).collect()
        });
        Self {
            words,
            after_dashes,
        }
    }

    /// The next word in order.
    pub(crate) fn word(&mut self) -> Option<String> {
        if self.words.is_empty() {
            None
        } else {
            Some(self.words.remove(0))
        }
    }

    /// Whether help was asked for before any `--`.
    pub(crate) fn help(&self) -> bool {
        self.words
            .iter()
            .any(|word| matches!(word.as_str(), "--help" | "-h"))
    }

    /// Takes a switch without a value.
    pub(crate) fn switch(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() != before
    }

    /// Takes every `name VALUE` and `name=VALUE`.
    pub(crate) fn values(&mut self, name: &str) -> Result<Vec<String>> {
        let mut found = Vec::new();
        let mut left = Vec::new();
        let mut words = std::mem::take(&mut self.words).into_iter();
        while let Some(word) = words.next() {
            if word == name {
                match words.next() {
                    Some(value) => found.push(value),
                    None => bail!("{name} wants a value"),
                }
            } else if let Some(value) = word
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('='))
            {
                found.push(value.to_owned());
            } else {
                left.push(word);
            }
        }
        self.words = left;
        Ok(found)
    }

    /// What stood after `--`, once nothing else is left over.
    pub(crate) fn rest(mut self) -> Result<Vec<OsString>> {
        let rest = self.after_dashes.take().unwrap_or_default();
        self.finish()?;
        Ok(rest)
    }

    /// Refuses words that nobody understood.
    pub(crate) fn finish(self) -> Result<()> {
        if let Some(word) = self.words.first() {
            bail!("did not understand {word:?} (arguments for the relay go after --)");
        }
        if self.after_dashes.is_some() {
            bail!("this command takes nothing after --");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args::new(line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn words_after_the_dashes_are_passed_on_untouched() {
        let mut args = args("run -- --listen 0.0.0.0:1 -- x");
        assert_eq!(args.word().as_deref(), Some("run"));
        assert_eq!(args.rest().unwrap(), ["--listen", "0.0.0.0:1", "--", "x"]);
    }

    #[test]
    fn values_are_taken_in_both_spellings() {
        let mut args = args("--only fmt --quick --only=tidy");
        assert_eq!(args.values("--only").unwrap(), ["fmt", "tidy"]);
        assert!(args.switch("--quick"));
        args.finish().unwrap();
    }

    #[test]
    fn an_unknown_word_is_refused() {
        assert!(args("--lan").finish().is_err());
        assert!(args("--only").values("--only").is_err());
    }
}
