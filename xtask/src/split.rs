//! The app in two parts: what a conversation needs, and what may come later (`docs/adr/0019-the-app-in-two-parts.md`).
//!
//! Trunk knows nothing of this. What it built as one is taken apart again: the splitter reads what the linker noted down,
//! `wasm-bindgen` joins the first part to its JavaScript, and the page is told the new names.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use data_encoding::BASE64;
use sha2::{Digest, Sha256, Sha384};

use crate::app::{files_below, hex};
use crate::project::Project;
use crate::tools::Splitter;
use crate::{minify, shell, wasm_file};

/// The Cargo feature of the app under which there is something to be split off.
pub(crate) const FEATURE: &str = "split";
/// What the splitter calls the second part, after the name in `web/src/later.rs`.
const LATER: &str = "split_later.wasm";
/// How the JavaScript asks for the script that would load it. `boot.js` does that, without one more request.
const IMPORT: &str = "import * as import1 from \"./__wasm_split.js\"";
const INSTEAD: &str =
    "const import1 = { __wasm_split_load_later: (done, data) => roomkey.later(done, data) };";

/// Replaces the app in `fresh`, which is in one piece, by the same app in two.
pub(crate) fn split(project: &Project, tools: &Splitter, fresh: &Path) -> Result<()> {
    let built = project
        .wasm_target()
        .join(crate::tools::WASM_TARGET)
        .join("web/roomkey.wasm");
    let work = project.target.join("app-parts");
    let mut split = shell::command(&tools.splitter);
    split.arg(&built).arg(&work).args(["--out-name", "roomkey"]);
    shell::run(&mut split)?;
    let mut bind = shell::command(&tools.bindgen);
    bind.arg(work.join("roomkey.wasm"))
        .args(["--target", "web", "--no-typescript"])
        // The table and the memory, which the second part shares.
        .arg("--keep-lld-exports")
        .arg("--out-dir")
        .arg(&work);
    shell::run(&mut bind)?;

    let whole = Whole::find(fresh)?;
    let read = |name: &str| {
        let file = work.join(name);
        std::fs::read(&file).with_context(|| format!("could not read {}", file.display()))
    };
    let script = String::from_utf8(read("roomkey.js")?)?;
    if script.matches(IMPORT).count() != 1 {
        bail!("wasm-bindgen writes the import of the second part in another way now");
    }
    let script = minify::script(&script.replacen(IMPORT, INSTEAD, 1));
    let first = wasm_file::without_notes(&read("roomkey_bg.wasm")?)?;
    let (script, first) = minify::short_names(&script, &first)?;
    let script = script.into_bytes();
    let later = wasm_file::without_notes(&read(LATER)?)?;

    let styles = std::fs::read_to_string(fresh.join(&whole.styles))?;
    let styles = minify::styles(&styles).into_bytes();

    let mut page = std::fs::read_to_string(fresh.join("index.html"))?;
    for (old, new, content) in [
        (
            &whole.script,
            format!("roomkey-{}.js", name_of(&script)),
            script,
        ),
        (
            &whole.wasm,
            format!("roomkey-{}_bg.wasm", name_of(&first)),
            first,
        ),
        (
            &whole.styles,
            format!("roomkey-{}.css", name_of(&styles)),
            styles,
        ),
    ] {
        let was = std::fs::read(fresh.join(old))?;
        page = page
            .replace(&integrity(&was), &integrity(&content))
            .replace(old.as_str(), &new);
        std::fs::remove_file(fresh.join(old))?;
        std::fs::write(fresh.join(new), content)?;
    }
    let name = format!("later-{}.wasm", name_of(&later));
    let page = told(&page, &name, &integrity(&later))?;
    std::fs::write(fresh.join(name), later)?;
    std::fs::write(fresh.join("index.html"), page)?;
    Ok(())
}

/// Makes smaller what Trunk made beside the app: the modules of the workers with their scripts, and the scripts of our own.
pub(crate) fn minify_rest(fresh: &Path) -> Result<()> {
    for worker in ["stretch", "sanitizer"] {
        let script = fresh.join(format!("{worker}.js"));
        let module = fresh.join(format!("{worker}_bg.wasm"));
        let short = minify::script(&std::fs::read_to_string(&script)?);
        let (short, renamed) = minify::short_names(&short, &std::fs::read(&module)?)?;
        std::fs::write(script, short)?;
        std::fs::write(module, renamed)?;
    }
    for name in ["boot.js", "service.js"] {
        let script = fresh.join(name);
        let short = minify::script(&std::fs::read_to_string(&script)?);
        std::fs::write(script, short)?;
    }
    Ok(())
}

/// Tells the script that starts the app where the rest is.
fn told(page: &str, name: &str, integrity: &str) -> Result<String> {
    let place = " data-wasm=";
    if page.matches(place).count() != 1 {
        bail!("the page has no script that starts the app");
    }
    let more = format!(" data-later=\"/{name}\" data-later-integrity=\"{integrity}\"{place}");
    Ok(page.replacen(place, &more, 1))
}

/// The names that Trunk gave the app in one piece.
struct Whole {
    script: String,
    wasm: String,
    styles: String,
}

impl Whole {
    fn find(dir: &Path) -> Result<Self> {
        let files = files_below(dir)?;
        let one = |ending: &str| {
            let mut found = files
                .iter()
                .filter_map(|file: &PathBuf| file.to_str())
                .filter(|name| name.starts_with("roomkey-") && name.ends_with(ending));
            match (found.next(), found.next()) {
                (Some(name), None) => Ok(name.to_owned()),
                _ => bail!("Trunk made no single roomkey-…{ending}"),
            }
        };
        Ok(Self {
            script: one(".js")?,
            wasm: one("_bg.wasm")?,
            styles: one(".css")?,
        })
    }
}

/// The part of a name that changes with the content.
fn name_of(content: &[u8]) -> String {
    hex(&Sha256::digest(content))[..16].to_owned()
}

fn integrity(content: &[u8]) -> String {
    format!("sha384-{}", BASE64.encode(&Sha384::digest(content)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_told_where_the_rest_of_the_app_is() {
        let page = r#"<script src="/boot.js" data-js="/a.js" data-wasm="/a.wasm"></script>"#;
        let told = told(page, "later-00.wasm", "sha384-x").unwrap();
        assert_eq!(
            told,
            r#"<script src="/boot.js" data-js="/a.js" data-later="/later-00.wasm" data-later-integrity="sha384-x" data-wasm="/a.wasm"></script>"#
        );
        assert!(super::told("<p>", "later-00.wasm", "sha384-x").is_err());
    }

    #[test]
    fn an_app_with_two_scripts_is_not_taken_for_one() {
        let temp = tempfile::tempdir().unwrap();
        for name in ["roomkey-1.js", "roomkey-1_bg.wasm", "roomkey-1.css"] {
            std::fs::write(temp.path().join(name), name).unwrap();
        }
        let whole = Whole::find(temp.path()).unwrap();
        assert_eq!(whole.script, "roomkey-1.js");
        std::fs::write(temp.path().join("roomkey-2.js"), "").unwrap();
        assert!(Whole::find(temp.path()).is_err());
    }
}
