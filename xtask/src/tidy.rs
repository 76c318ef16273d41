//! The rules of the house that neither the compiler nor clippy can check. Every rule carries a sample that breaks it,
//! and a test that the sample is caught.

mod bans;
mod edges;
mod layout;
mod links;
mod source;
mod spelling;

use std::path::Path;

use anyhow::{Result, bail};
use source::Source;

use crate::project::Project;
use crate::{app, wire_hash};

/// Directories that hold nothing of ours.
const NOT_OURS: [&str; 4] = ["target", "dist", "node_modules", "corpus"];

/// Something that breaks a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Complaint {
    path: String,
    /// Counted from 1; 0 when it is about the file as a whole.
    line: usize,
    what: String,
}

impl Complaint {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            what: what.into(),
        }
    }
}

/// `cargo xtask tidy`.
pub(crate) fn command(project: &Project) -> Result<()> {
    let sources = read_all(&project.root)?;
    let mut complaints = in_sources(&sources);
    complaints.extend(links::broken(&project.root, &sources));
    complaints.extend(edges::forbidden(project)?);
    if let Some(what) = wire_hash::complaint(&project.root)? {
        complaints.push(Complaint::new("docs/protocol.md", 0, what));
    }
    complaints.sort();
    for Complaint { path, line, what } in &complaints {
        match line {
            0 => println!("{path}: {what}"),
            _ => println!("{path}:{line}: {what}"),
        }
    }
    if !complaints.is_empty() {
        bail!("{} rules of the house are broken", complaints.len());
    }
    println!("{} files are tidy", sources.len());
    Ok(())
}

fn in_sources(sources: &[Source]) -> Vec<Complaint> {
    let mut complaints = layout::missing(sources);
    for source in sources {
        complaints.extend(layout::complaints(source));
        complaints.extend(spelling::complaints(source));
        complaints.extend(bans::complaints(source));
    }
    complaints
}

/// Every file of the tree that is text. A walk, not git: a source archive must be as tidy as a checkout.
fn read_all(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for path in app::files_below(root)? {
        let shown = path.to_string_lossy().replace('\\', "/");
        if shown.split('/').any(|part| NOT_OURS.contains(&part)) {
            continue;
        }
        // What is not UTF-8 is a picture or a font; a file that vanished meanwhile was an editor's.
        if let Ok(text) = std::fs::read_to_string(root.join(&path)) {
            sources.push(Source { path: shown, text });
        }
    }
    Ok(sources)
}
