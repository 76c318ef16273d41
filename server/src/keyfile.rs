//! Files that hold secrets: readable by their owner alone, written whole or not at all, never overwritten.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use zeroize::Zeroizing;

/// The text of a file, or `None` where there is no such file. What is not text is empty, and whoever parses it will say
/// that it is broken.
pub(crate) fn read(file: &Path) -> io::Result<Option<Zeroizing<String>>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(Zeroizing::new(
            String::from_utf8(bytes).unwrap_or_default(),
        ))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether group or others may read a file.
pub(crate) fn is_exposed(file: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(file).is_ok_and(|found| found.permissions().mode() & 0o044 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        false
    }
}

/// Writes beside the final place and moves it there, so that a crash leaves no half-written key behind. What an earlier
/// crash left there is removed first: its permissions or what it points to may be anybody's choice.
pub(crate) fn write_new(file: &Path, content: &[u8]) -> io::Result<()> {
    let fresh = file.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut handle = options.open(&fresh)?;
    handle.write_all(content)?;
    handle.sync_all()?;
    fs::rename(&fresh, file)
}
