//! The files of an app and their SHA-256. Shared by the program and its build script.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use sha2::{Digest as _, Sha256};

/// Lower-case hexadecimal SHA-256.
pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Path (with `/`, without one in front) and hash of every file below `folder`, without the compressed copies.
pub(crate) fn of_folder(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    collect(folder, "", &mut found)?;
    Ok(found)
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeMap<String, String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let path = format!("{prefix}{name}");
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{path}/"), found)?;
        } else if !path.ends_with(".br") && !path.ends_with(".gz") {
            found.insert(path, hash(&fs::read(entry.path())?));
        }
    }
    Ok(())
}
