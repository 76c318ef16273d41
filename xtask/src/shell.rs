//! Other programs: started with a clean environment, named in full when they fail.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// What `cargo run` put into our own environment and must not reach a second cargo, which may be another version.
const LEFT_BY_CARGO: [&str; 6] = [
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
];

/// A program, with the traces of the cargo that started us removed.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let cargo_made = name
            .to_str()
            .is_some_and(|name| LEFT_BY_CARGO.contains(&name) || name.starts_with("CARGO_PKG_"));
        if cargo_made {
            command.env_remove(name);
        }
    }
    command.env_remove("LD_LIBRARY_PATH");
    command.env("CARGO_NET_RETRY", "6");
    command
}

/// The cargo that runs us: the host's own builds use no other.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The command as one would type it, with the variables that matter.
pub(crate) fn line(command: &Command) -> String {
    // The same for every command, and not what makes one fail.
    let quiet = ["CARGO_NET_RETRY", "PATH", "ROOMKEY_APP_DIR"];
    let mut words: Vec<String> = command
        .get_envs()
        .filter_map(|(name, value)| Some((name.to_str()?, value?)))
        .filter(|(name, _)| !quiet.contains(name))
        .map(|(name, value)| format!("{name}={}", quoted(value)))
        .collect();
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    words.push(quoted(program));
    words.extend(command.get_args().map(quoted));
    words.join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn check(command: &Command, status: ExitStatus) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    bail!("this command failed ({status}): {}", line(command));
}

fn started(command: &mut Command) -> Result<Child> {
    command
        .spawn()
        .with_context(|| format!("could not start: {}", line(command)))
}

/// Runs with our own input and output.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = started(command)?.wait()?;
    check(command, status)
}

/// Runs and returns what it printed; complaints go through.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let mut child = started(command.stdout(Stdio::piped()))?;
    let mut text = String::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_string(&mut text)?;
    }
    let status = child.wait()?;
    check(command, status)?;
    Ok(text)
}

/// Runs silently; `None` when the program is not there or failed.
pub(crate) fn probe(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs, shows both outputs as they come, and returns them as one text for counting.
pub(crate) fn tee(command: &mut Command) -> Result<String> {
    if std::io::stderr().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut child = started(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let text = std::thread::scope(|scope| {
        let errors = scope.spawn(|| stderr.map(|pipe| copy_lines(pipe, std::io::stderr())));
        let mut text = stdout.map_or_else(String::new, |pipe| copy_lines(pipe, std::io::stdout()));
        if let Ok(Some(more)) = errors.join() {
            text.push('\n');
            text.push_str(&more);
        }
        text
    });
    let status = child.wait()?;
    check(command, status)?;
    Ok(without_colour(&text))
}

fn copy_lines(from: impl Read, mut to: impl Write) -> String {
    let mut reader = BufReader::new(from);
    let mut text = String::new();
    let mut line = Vec::new();
    while matches!(reader.read_until(b'\n', &mut line), Ok(read) if read > 0) {
        // A closed terminal must not stop the tests.
        let _ = to.write_all(&line);
        text.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    text
}

fn without_colour(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            // CSI sequences only: that is all cargo and nextest print.
            chars.by_ref().find(|c| c.is_ascii_alphabetic());
        } else {
            plain.push(c);
        }
    }
    plain
}

/// Runs silently and gives up after `limit`; whether it succeeded in time.
pub(crate) fn succeeds_within(command: &mut Command, limit: Duration) -> bool {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let Ok(mut child) = quiet.spawn() else {
        return false;
    };
    let end = Instant::now() + limit;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < end => pause(Duration::from_millis(50)),
            _ => {
                // Gone or stuck: either way its answer no longer counts.
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// Waits between two looks at something that cannot announce itself.
#[expect(
    clippy::disallowed_methods,
    reason = "a child process has no wait with a time limit, and a directory no portable notice of change"
)]
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}

/// A program on `PATH`.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|dir| [dir.join(name), dir.join(format!("{name}.exe"))])
        .find(|file| file.is_file())
}

/// `PATH` with these directories in front.
pub(crate) fn path_with(front: &[&Path]) -> Result<OsString> {
    let old = std::env::var_os("PATH").unwrap_or_default();
    let dirs = front
        .iter()
        .map(|dir| dir.to_path_buf())
        .chain(std::env::split_paths(&old));
    std::env::join_paths(dirs).context("a directory with a colon in its name cannot be on PATH")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_command_is_named_in_full() {
        let mut command = command("false");
        command.arg("two words").env("KEY", "v");
        let error = run(&mut command).unwrap_err().to_string();
        assert!(error.contains("KEY=v false 'two words'"), "{error}");
    }

    #[test]
    fn colours_are_taken_out_before_counting() {
        assert_eq!(
            without_colour("\u{1b}[32;1m3 passed\u{1b}[0m."),
            "3 passed."
        );
    }

    #[test]
    fn a_stuck_command_is_given_up() {
        let mut stuck = command("tail");
        stuck.args(["-f", "/dev/null"]);
        assert!(!succeeds_within(&mut stuck, Duration::from_millis(100)));
        assert!(succeeds_within(
            &mut command("true"),
            Duration::from_secs(60)
        ));
    }
}
