//! Sizes and names of files, and the files that must be there.

use super::Complaint;
use super::source::Source;

/// Lines of a file that are not tests.
const LONGEST: usize = 400;

/// Names that say nothing about what is inside.
const VAGUE: [&str; 8] = [
    "utils", "util", "common", "helpers", "helper", "types", "misc", "core",
];
/// The one shared file of an integration test, which cargo's own book calls so.
const VAGUE_BUT_USUAL: &str = "server/tests/it/common.rs";

const REQUIRED: [&str; 8] = [
    "README.md",
    "ARCHITECTURE.md",
    "SECURITY.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "Cargo.lock",
];

/// Files that must exist and do not.
pub(super) fn missing(sources: &[Source]) -> Vec<Complaint> {
    REQUIRED
        .iter()
        .filter(|path| sources.iter().all(|source| source.path != **path))
        .map(|path| Complaint::new(path, 0, "is missing"))
        .collect()
}

/// All complaints of this kind about one file.
pub(super) fn complaints(source: &Source) -> Vec<Complaint> {
    let mut found = Vec::new();
    let path = source.path.as_str();
    let code = source.is_rust() || path.ends_with(".css") || path.ends_with(".js");
    if code && !source.is_test_file() {
        let lines = source
            .tests_begin()
            .map_or_else(|| source.text.lines().count(), |begin| begin - 1);
        if lines > LONGEST {
            let what = format!("{lines} lines before its tests; split it ({LONGEST} at most)");
            found.push(Complaint::new(path, 0, what));
        }
    }
    if source.is_rust() && path != VAGUE_BUT_USUAL {
        let vague = path
            .split('/')
            .skip(1)
            .map(|part| part.trim_end_matches(".rs"))
            .find(|part| VAGUE.contains(part));
        if let Some(name) = vague {
            let what = format!("`{name}` does not say what is inside");
            found.push(Complaint::new(path, 0, what));
        }
    }
    if path.ends_with("/Cargo.toml") && !source.text.contains("[lints]\nworkspace = true") {
        // A fuzz crate is a workspace of its own and inherits nothing.
        if !source.text.contains("[workspace]") {
            found.push(Complaint::new(
                path,
                0,
                "does not take the workspace's lints",
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(path: &str, text: &str) -> Vec<Complaint> {
        complaints(&Source {
            path: path.to_owned(),
            text: text.to_owned(),
        })
    }

    #[test]
    fn a_long_file_is_caught_and_its_tests_do_not_count() {
        let long = "fn f() {}\n".repeat(LONGEST + 1);
        assert_eq!(about("server/src/room.rs", &long).len(), 1);
        let tests = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{long}}}\n");
        assert_eq!(about("server/src/room.rs", &tests), []);
        assert_eq!(about("server/tests/it/rooms.rs", &long), []);
    }

    #[test]
    fn a_vague_name_is_caught_as_file_and_as_directory() {
        assert_eq!(about("web/src/utils.rs", "").len(), 1);
        assert_eq!(about("web/src/helpers/time.rs", "").len(), 1);
        assert_eq!(about(VAGUE_BUT_USUAL, ""), []);
    }

    #[test]
    fn a_crate_without_the_lints_is_caught() {
        assert_eq!(
            about("text/Cargo.toml", "[package]\nname = \"x\"\n").len(),
            1
        );
        assert_eq!(about("text/Cargo.toml", "[lints]\nworkspace = true\n"), []);
    }

    #[test]
    fn a_missing_document_is_named() {
        let named: Vec<String> = missing(&[])
            .into_iter()
            .map(|complaint| complaint.path)
            .collect();
        assert!(named.contains(&"CHANGELOG.md".to_owned()));
        assert!(named.contains(&"LICENSE-MIT".to_owned()));
    }
}
