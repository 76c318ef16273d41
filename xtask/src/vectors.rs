//! The frozen test vectors. Writing them anew is a decision about the wire, so nothing else does it.

use anyhow::{Result, bail};

use crate::project::Project;
use crate::shell;

/// `cargo xtask vectors`.
pub(crate) fn command(project: &Project) -> Result<()> {
    if !project.root.join("crypto/examples/vectors.rs").is_file() {
        bail!("crypto/examples/vectors.rs, which writes them, is not there");
    }
    let mut write = shell::cargo();
    write
        .args(["run", "--package", "roomkey-crypto", "--example", "vectors"])
        .current_dir(&project.root);
    shell::run(&mut write)?;
    println!("review the difference: every changed byte is a change of the protocol");
    Ok(())
}
