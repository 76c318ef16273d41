//! The one folder that a bot's files are in. A program that obeys strangers (a language model does) can give away and
//! overwrite nothing else by way of the room.

use std::fs;
use std::path::{Path, PathBuf};

use crate::exit::{Exit, Failure};

pub(super) struct Folder(PathBuf);

impl Folder {
    /// The folder at `path`, if one is given.
    pub(super) fn of(path: Option<&Path>) -> Result<Option<Self>, Failure> {
        let Some(path) = path else {
            return Ok(None);
        };
        match fs::canonicalize(path) {
            Ok(whole) if whole.is_dir() => Ok(Some(Self(whole))),
            _ => Err(Failure::new(
                Exit::Usage,
                format!("--files {}: there is no such folder", path.display()),
            )),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// The file of that name in it: a name alone, no path and no link that leads out.
    pub(super) fn inside(&self, name: &str) -> Result<PathBuf, String> {
        let shown = text::display_name(name);
        let path = self.0.join(name);
        let is_name = path.parent() == Some(&self.0) && path.file_name() == Some(name.as_ref());
        if !is_name || name.contains(['/', '\\']) {
            return Err(format!(
                "{shown} is not the name of a file in the bot's folder"
            ));
        }
        match fs::canonicalize(&path) {
            Ok(whole) if whole.parent() == Some(&self.0) => Ok(whole),
            Ok(_) => Err(format!("{shown} leads out of the bot's folder")),
            Err(_) => Err(format!("{shown} is not in the bot's folder")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_of_the_folder_can_be_named() {
        let temp = tempfile::tempdir().unwrap();
        let inner = temp.path().join("inner");
        fs::create_dir(&inner).unwrap();
        fs::write(temp.path().join("secret"), "x").unwrap();
        fs::write(inner.join("plan.txt"), "x").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(temp.path().join("secret"), inner.join("link")).unwrap();
        let folder = Folder::of(Some(&inner)).unwrap().unwrap();
        assert!(folder.inside("plan.txt").unwrap().ends_with("plan.txt"));
        for name in [
            "",
            ".",
            "..",
            "../secret",
            "/etc/passwd",
            "./plan.txt",
            "a/../plan.txt",
            "link",
            "no",
            "..\\secret",
            "plan.txt/",
        ] {
            assert!(folder.inside(name).is_err(), "{name}");
        }
        assert!(Folder::of(Some(&temp.path().join("no"))).is_err());
    }
}
