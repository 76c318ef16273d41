//! The browser app: built by Trunk, compressed ahead, laid out in `target/app` for the relay to embed.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project::Project;
use crate::{shell, split, tools, wasm_file};

/// A built app.
pub(crate) struct App {
    /// Every file, with `.br` and `.gz` siblings where they are smaller.
    pub(crate) dir: PathBuf,
}

impl App {
    /// An empty directory, for debug builds of the relay: it would be built anew with every app otherwise.
    pub(crate) fn none(project: &Project) -> Result<Self> {
        let dir = project.target.join("app-none");
        std::fs::create_dir_all(&dir)?;
        Ok(Self { dir })
    }
}

/// What a browser would accept compressed; pictures and fonts are so already.
const COMPRESSIBLE: [&str; 9] = [
    "css",
    "html",
    "js",
    "json",
    "svg",
    "txt",
    "wasm",
    "webmanifest",
    "xml",
];

/// Builds the app. Files that come out as they were keep their time stamp, so that the relay is not built again.
pub(crate) fn build(project: &Project) -> Result<App> {
    let (trunk, wasm) = tools::app_builder(project)?;
    let splitter = tools::splitter(project)?;
    let fresh = project.target.join("app-fresh");
    let mut build = shell::command(trunk);
    wasm.prepare(&mut build, project)?;
    quiet_trunk(&mut build);
    build
        .arg("build")
        // Not --release: that would also run wasm-opt, which makes nothing smaller once it is compressed.
        .args(["--cargo-profile", "web", "--features", split::FEATURE])
        .arg("--dist")
        .arg(&fresh)
        .current_dir(&project.root);
    shell::run(&mut build)?;
    split::split(project, &splitter, &fresh)?;
    split::minify_rest(&fresh)?;

    let dir = project.target.join("app");
    lay_out(&fresh, &dir)?;
    Ok(App { dir })
}

/// Trunk as we want it. It rejects the value that everybody gives `NO_COLOR`, and its "offline" would hold cargo too.
pub(crate) fn quiet_trunk(trunk: &mut std::process::Command) {
    trunk
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // The cause is in its last lines, and a backtrace would push it off the screen.
        .env("RUST_BACKTRACE", "0");
    if std::env::var_os("NO_COLOR").is_some() {
        trunk.env_remove("NO_COLOR").env("TRUNK_COLOR", "never");
    }
}

/// Makes `dir` hold what `fresh` holds, plus the compressed siblings, and nothing else.
fn lay_out(fresh: &Path, dir: &Path) -> Result<()> {
    let files = files_below(fresh)?;
    // Brotli at its best is slow; the files are few and one or two are most of the bytes.
    std::thread::scope(|scope| {
        let tasks: Vec<_> = files
            .iter()
            .map(|name| scope.spawn(move || place(&fresh.join(name), &dir.join(name))))
            .collect();
        tasks
            .into_iter()
            .try_for_each(|task| task.join().expect("placing a file does not panic"))
    })?;
    for name in files_below(dir)? {
        let source = match name.extension().and_then(|e| e.to_str()) {
            Some("br" | "gz") => name.with_extension(""),
            _ => name.clone(),
        };
        if !fresh.join(source).is_file() {
            std::fs::remove_file(dir.join(name))?;
        }
    }
    Ok(())
}

fn place(from: &Path, to: &Path) -> Result<()> {
    let extension = to.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let mut bytes =
        std::fs::read(from).with_context(|| format!("could not read {}", from.display()))?;
    if extension == "wasm" {
        bytes = wasm_file::without_notes(&bytes)
            .with_context(|| format!("{} is no module", from.display()))?;
    }
    if std::fs::read(to).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    if let Some(parent) = to.parent() {
        std::fs::create_dir_all(parent)?;
    }
    if COMPRESSIBLE.contains(&extension) {
        write_if_smaller(&sibling(to, "br"), &brotli(&bytes)?, &bytes)?;
        write_if_smaller(&sibling(to, "gz"), &gzip(&bytes)?, &bytes)?;
    }
    // Last: an interrupted run is noticed by the file that is still the old one.
    std::fs::write(to, &bytes).with_context(|| format!("could not write {}", to.display()))
}

fn sibling(file: &Path, extension: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

fn write_if_smaller(file: &Path, compressed: &[u8], original: &[u8]) -> Result<()> {
    if compressed.len() < original.len() {
        std::fs::write(file, compressed)?;
    } else if file.exists() {
        std::fs::remove_file(file)?;
    }
    Ok(())
}

/// Brotli at quality 11, the best it has.
pub(crate) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, 11, 22);
    writer.write_all(bytes)?;
    Ok(writer.into_inner())
}

/// Gzip at its best level.
pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}

/// Paths below `dir`, relative and sorted; directories whose name starts with a dot are Trunk's own.
pub(crate) fn files_below(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut waiting = vec![PathBuf::new()];
    while let Some(below) = waiting.pop() {
        let place = dir.join(&below);
        let entries = match std::fs::read_dir(&place) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => {
                return Err(error).with_context(|| format!("could not list {}", place.display()));
            }
        };
        for entry in entries {
            let entry = entry?;
            let name = below.join(entry.file_name());
            if !entry.file_type()?.is_dir() {
                files.push(name);
            } else if !entry.file_name().to_string_lossy().starts_with('.') {
                waiting.push(name);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(dir: &Path, name: &str, bytes: &[u8]) {
        std::fs::create_dir_all(dir.join(name).parent().unwrap()).unwrap();
        std::fs::write(dir.join(name), bytes).unwrap();
    }

    #[test]
    fn laying_out_compresses_removes_what_is_gone_and_leaves_the_rest_alone() {
        let temp = tempfile::tempdir().unwrap();
        let (fresh, dir) = (temp.path().join("fresh"), temp.path().join("app"));
        write(&fresh, "index.html", &b"<p>hello</p>".repeat(50));
        write(&fresh, "icons/a.png", &[7; 400]);
        write(&fresh, "tiny.js", b"1");
        write(&dir, "old.js", b"gone");
        write(&dir, "old.js.br", b"gone");
        lay_out(&fresh, &dir).unwrap();
        let names = files_below(&dir).unwrap();
        let expected = [
            "icons/a.png",
            "index.html",
            "index.html.br",
            "index.html.gz",
            "tiny.js",
        ];
        assert_eq!(names, expected.map(PathBuf::from));

        let stamp = |name: &str| {
            std::fs::metadata(dir.join(name))
                .unwrap()
                .modified()
                .unwrap()
        };
        let before = (stamp("index.html"), stamp("index.html.br"));
        lay_out(&fresh, &dir).unwrap();
        assert_eq!((stamp("index.html"), stamp("index.html.br")), before);

        write(&fresh, "tiny.js", b"2");
        lay_out(&fresh, &dir).unwrap();
        assert_eq!(std::fs::read(dir.join("tiny.js")).unwrap(), b"2");
    }

    #[test]
    fn what_was_compressed_can_be_read_back() {
        let bytes = b"the same words again and again, ".repeat(40);
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut brotli(&bytes).unwrap().as_slice(), &mut unpacked).unwrap();
        assert_eq!(unpacked, bytes);
        let packed = gzip(&bytes).unwrap();
        let mut reader = flate2::read::GzDecoder::new(packed.as_slice());
        unpacked.clear();
        std::io::Read::read_to_end(&mut reader, &mut unpacked).unwrap();
        assert_eq!(unpacked, bytes);
    }
}
