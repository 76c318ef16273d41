//! Why the program ends: exit codes that scripts can rely on, and the one line on standard error.

use std::fmt;
use std::io;
use std::process::ExitCode;

use client::End;

/// The exit codes. They are listed in `--help` and never change their meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Something local failed: a file, the terminal, the program of a bot.
    Failed = 1,
    /// The command line or an answer to a question makes no sense.
    Usage = 2,
    /// The relay cannot be reached or does not speak as one.
    Unreachable = 3,
    /// The relay is not the one it should be: another key, a bad certificate, other files than expected.
    NotTrusted = 4,
    /// The relay would not let us in: locked, full, closed, or the room is of another kind.
    Refused = 5,
    /// The room ended, or we were removed from it, while we were in.
    Ended = 6,
    /// A message or a file was not delivered.
    NotDelivered = 7,
    /// Relay and program are of different versions.
    Version = 8,
    /// Ended by a signal.
    Interrupted = 130,
}

/// One sentence and the exit code that goes with it.
#[derive(Debug)]
pub struct Failure {
    /// The code.
    pub exit: Exit,
    sentence: Option<String>,
}

impl Failure {
    /// A failure that says so.
    pub fn new(exit: Exit, sentence: impl Into<String>) -> Self {
        Self {
            exit,
            sentence: Some(sentence.into()),
        }
    }

    /// A signal, and what it has led to where that cannot be seen.
    pub(crate) fn interrupted(sentence: Option<&str>) -> Self {
        Self {
            exit: Exit::Interrupted,
            sentence: sentence.map(str::to_owned),
        }
    }

    /// A failure that needs no words.
    pub fn silent(exit: Exit) -> Self {
        Self {
            exit,
            sentence: None,
        }
    }

    /// Standard output could not be written. A reader that has gone (`roomkey tail | head`) is no reason to complain.
    pub(crate) fn output(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::silent(Exit::Failed),
            _ => Self::new(Exit::Failed, format!("could not write: {error}")),
        }
    }

    /// What the end of a session means to whoever started it; `None` for leaving of one's own will.
    pub(crate) fn of_end(end: &End) -> Option<Self> {
        let (exit, sentence) = match end {
            End::Left => return None,
            End::Expired => (
                Exit::Ended,
                "the room's time is over; the relay has forgotten it",
            ),
            End::Purged { .. } => (Exit::Ended, "the room was closed and erased at the relay"),
            End::Removed { .. } => (Exit::Ended, "you were removed from the room"),
            End::Replaced => (
                Exit::Ended,
                "this seat was taken over by another program with the same session",
            ),
            End::RelayTooOld => (
                Exit::Version,
                "this relay is older than this program: ask its operator to update it",
            ),
            End::RelayTooNew => (
                Exit::Version,
                "this relay is newer than this program: update roomkey",
            ),
            End::WrongRelayKey => (
                Exit::NotTrusted,
                "stop: this relay shows another key than the link or option names. Somebody may be in between; \
                 nothing was sent",
            ),
            End::SaltChanged => (
                Exit::NotTrusted,
                "the relay's salt is not the one that its page names; nothing was sent",
            ),
            End::BadProof => (
                Exit::NotTrusted,
                "the relay did not accept the room's keys, which only a faulty relay does",
            ),
            End::Locked => (
                Exit::Refused,
                "the room is locked: ask somebody inside to unlock it",
            ),
            End::Full => (
                Exit::Refused,
                "the room is full: try again when somebody has left",
            ),
            End::Closed => (
                Exit::Refused,
                "the room was closed; choose another name or wait until the address is free again",
            ),
            End::ModeDisputed => (
                Exit::Refused,
                "the room is not of the kind you asked for, or the relay tells members different things about it",
            ),
            _ => (Exit::Refused, "the relay ended the connection for good"),
        };
        Some(Self::new(exit, sentence))
    }

    /// Prints the sentence and gives the code.
    #[expect(clippy::print_stderr, reason = "the program's one place for errors")]
    pub fn report(self) -> ExitCode {
        if let Some(sentence) = &self.sentence {
            eprintln!("roomkey: {sentence}");
        }
        ExitCode::from(self.exit as u8)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence.as_deref().unwrap_or("interrupted"))
    }
}

impl From<sdk::Error> for Failure {
    fn from(error: sdk::Error) -> Self {
        let exit = match error {
            sdk::Error::Address { .. } | sdk::Error::Proxy { .. } | sdk::Error::Roots { .. } => {
                Exit::Usage
            }
            sdk::Error::Certificate { .. } => Exit::NotTrusted,
            sdk::Error::Version { .. } => Exit::Version,
            _ => Exit::Unreachable,
        };
        Self::new(exit, error.to_string())
    }
}
