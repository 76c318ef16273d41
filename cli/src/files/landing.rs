//! Where a file arrives: a hidden part beside its place, which gets the name once all of it is here. What is there
//! already is never written over, and a part that is not finished goes with the program.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use text::FileName;

/// So many files of one name are told apart by numbers.
const MOST_TWINS: u32 = 10_000;

/// A file that comes. Dropped before [`Landing::finish`], it leaves nothing behind.
#[derive(Debug)]
pub(super) struct Landing {
    part: PathBuf,
    file: File,
    into: PathBuf,
    name: String,
}

impl Landing {
    /// `name`: whatever a stranger calls it.
    pub(super) fn begin(into: &Path, name: &str) -> io::Result<Self> {
        let (file, part) = first_free(|number| {
            into.join(format!(".roomkey-{}-{number}.part", std::process::id()))
        })?;
        Ok(Self {
            part,
            file,
            into: into.to_owned(),
            name: FileName::of(name).saved,
        })
    }

    pub(super) fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// All of it is here and checked: it gets its name, or one beside it.
    pub(super) fn finish(self) -> io::Result<PathBuf> {
        self.file.sync_all()?;
        // Made by us and nobody else, so that the part may take its place.
        let (_, path) = first_free(|number| self.into.join(numbered(&self.name, number)))?;
        match fs::rename(&self.part, &path) {
            Ok(()) => Ok(path),
            Err(error) => {
                // It is empty, and nobody asked for an empty file.
                let _ = fs::remove_file(&path);
                Err(error)
            }
        }
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        // After `finish` there is nothing of that name any more.
        let _ = fs::remove_file(&self.part);
    }
}

/// Makes the first of these files that does not exist.
fn first_free(path: impl Fn(u32) -> PathBuf) -> io::Result<(File, PathBuf)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // What is said in a room is for nobody else on this machine.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for number in 0..MOST_TWINS {
        let path = path(number);
        match options.open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// `plan.pdf`, `plan (1).pdf` and so on.
fn numbered(name: &str, number: u32) -> String {
    match (number, name.rsplit_once('.')) {
        (0, _) => name.to_owned(),
        (_, Some((stem, ending))) if !stem.is_empty() => format!("{stem} ({number}).{ending}"),
        _ => format!("{name} ({number})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_is_written_over_and_nothing_unfinished_stays() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("plan.pdf"), "mine").unwrap();
        for _ in 0..2 {
            let mut landing = Landing::begin(folder.path(), "plan.pdf").unwrap();
            landing.add(b"theirs").unwrap();
            let path = landing.finish().unwrap();
            assert_eq!(fs::read(path).unwrap(), b"theirs");
        }
        drop(Landing::begin(folder.path(), "never.pdf").unwrap());
        assert_eq!(
            names(folder.path()),
            ["plan (1).pdf", "plan (2).pdf", "plan.pdf"]
        );
        assert_eq!(fs::read(folder.path().join("plan.pdf")).unwrap(), b"mine");
    }

    #[test]
    fn a_hostile_name_stays_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        for name in [
            "../../etc/passwd",
            "..",
            "/etc/shadow",
            "C:\\con",
            ".bashrc",
            "a\u{202e}fdp.exe",
            "",
        ] {
            let path = Landing::begin(&inner, name).unwrap().finish().unwrap();
            assert_eq!(path.parent(), Some(inner.as_path()), "{name:?}");
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(
                !name.starts_with('.') && !name.contains('\u{202e}'),
                "{name:?}"
            );
        }
        assert_eq!(names(folder.path()), ["inner"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_at_its_place_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = folder.path().join("elsewhere");
        std::os::unix::fs::symlink(&elsewhere, folder.path().join("plan.pdf")).unwrap();
        let path = Landing::begin(folder.path(), "plan.pdf")
            .unwrap()
            .finish()
            .unwrap();
        assert!(path.ends_with("plan (1).pdf"));
        assert!(!elsewhere.exists());
    }
}
