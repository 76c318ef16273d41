//! The frozen test vectors. Writing them anew is a decision about the wire, so nothing else does it.

use anyhow::{Result, bail};

use crate::app::files_below;
use crate::project::Project;
use crate::shell;

/// `cargo xtask vectors`: runs every example of the crypto crate whose name ends in `_vectors`.
pub(crate) fn command(project: &Project) -> Result<()> {
    let examples: Vec<String> = files_below(&project.root.join("crypto/examples"))?
        .iter()
        .filter_map(|file| Some(file.to_str()?.strip_suffix(".rs")?.to_owned()))
        .filter(|name| name.ends_with("_vectors"))
        .collect();
    if examples.is_empty() {
        bail!("no example in crypto/examples writes vectors");
    }
    for example in &examples {
        let mut write = shell::cargo();
        write
            .args(["run", "--package", "roomkey-crypto", "--example", example])
            .current_dir(&project.root);
        shell::run(&mut write)?;
    }
    println!("review the difference: every changed byte is a change of the protocol");
    Ok(())
}
