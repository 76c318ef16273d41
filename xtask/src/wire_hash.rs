//! Ties `docs/protocol.md` to the wire code: the document names the hash of the code that it describes.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::app::{files_below, hex};
use crate::project::Project;

const DOCUMENT: &str = "docs/protocol.md";
const BEFORE: &str = "<!-- wire code: ";
const AFTER: &str = " -->";

/// `cargo xtask doc-hash`: to be run by whoever has read the document against the change.
pub(crate) fn record(project: &Project) -> Result<()> {
    let path = project.root.join(DOCUMENT);
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("could not read {DOCUMENT}"))?;
    let hash = of_sources(&project.root)?;
    let Some(old) = recorded(&text) else {
        bail!("{DOCUMENT} has no line `{BEFORE}HASH{AFTER}` to keep the hash in");
    };
    if old == hash {
        println!("{DOCUMENT} already describes this wire code");
        return Ok(());
    }
    let line = |hash: &str| format!("{BEFORE}{hash}{AFTER}");
    std::fs::write(&path, text.replacen(&line(old), &line(&hash), 1))?;
    println!("{DOCUMENT} now says that it describes wire code {hash}");
    Ok(())
}

/// What `tidy` has to say about it: nothing when document and code agree.
pub(crate) fn complaint(root: &Path) -> Result<Option<String>> {
    let Ok(text) = std::fs::read_to_string(root.join(DOCUMENT)) else {
        return Ok(Some(format!("{DOCUMENT} is missing")));
    };
    if recorded(&text) == Some(of_sources(root)?.as_str()) {
        return Ok(None);
    }
    Ok(Some(format!(
        "{DOCUMENT} describes older wire code: bring it up to date, then run `cargo xtask doc-hash`"
    )))
}

fn recorded(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once(BEFORE)?;
    let (hash, _) = rest.split_once(AFTER)?;
    Some(hash)
}

/// SHA-256 over name and content of `crypto/src/wire.rs` and everything below `crypto/src/wire`.
fn of_sources(root: &Path) -> Result<String> {
    let src = root.join("crypto/src");
    let below = files_below(&src.join("wire"))?;
    let files = std::iter::once(PathBuf::from("wire.rs"))
        .chain(below.iter().map(|file| Path::new("wire").join(file)));
    let mut hasher = Sha256::new();
    for file in files {
        let path = src.join(&file);
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("could not read {}", path.display()))?;
        // Line ends as git stores them, so that a checkout on Windows hashes alike.
        let text = text.replace("\r\n", "\n");
        for part in [file.to_string_lossy().replace('\\', "/"), text] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
    }
    Ok(hex(&hasher.finalize())[..32].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_wire_file_makes_the_document_stale() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path();
        std::fs::create_dir_all(root.join("crypto/src/wire")).unwrap();
        std::fs::create_dir_all(root.join("docs")).unwrap();
        std::fs::write(root.join("crypto/src/wire.rs"), "mod frame;").unwrap();
        std::fs::write(root.join("crypto/src/wire/frame.rs"), "const A: u8 = 1;").unwrap();
        assert!(complaint(root).unwrap().unwrap().contains("missing"));

        std::fs::write(
            root.join(DOCUMENT),
            "# Protocol\n<!-- wire code: none -->\n",
        )
        .unwrap();
        let project = Project {
            root: root.to_owned(),
            target: root.join("target"),
        };
        record(&project).unwrap();
        assert_eq!(complaint(root).unwrap(), None);
        assert!(
            std::fs::read_to_string(root.join(DOCUMENT))
                .unwrap()
                .starts_with("# Protocol\n")
        );

        std::fs::write(root.join("crypto/src/wire/frame.rs"), "const A: u8 = 2;").unwrap();
        assert!(complaint(root).unwrap().unwrap().contains("older"));
    }
}
