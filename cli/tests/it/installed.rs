//! Programs of other people that the recipes in `deploy/` are for.
#![expect(clippy::panic, reason = "only tests use this")]

use std::path::PathBuf;

/// Finds a program also where only root looks for it.
pub(crate) fn installed(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/usr/local/sbin".into()])
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("{name} is missing: `cargo xtask test --only unit` installs it"))
}
