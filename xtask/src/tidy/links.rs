//! Links between the documents: a file that is not there, a heading that is not there.

use std::collections::HashMap;
use std::path::Path;

use super::Complaint;
use super::source::Source;

/// Relative links that lead nowhere.
pub(super) fn broken(root: &Path, sources: &[Source]) -> Vec<Complaint> {
    let documents = || sources.iter().filter(|source| source.is_markdown());
    let anchors: HashMap<&str, Vec<String>> = documents()
        .map(|source| (source.path.as_str(), headings(&source.text)))
        .collect();
    let mut found = Vec::new();
    for source in documents() {
        for (line, target) in targets(&source.text) {
            if let Some(what) = complaint(root, &anchors, &source.path, &target) {
                found.push(Complaint::new(&source.path, line, what));
            }
        }
    }
    found
}

fn complaint(
    root: &Path,
    anchors: &HashMap<&str, Vec<String>>,
    from: &str,
    target: &str,
) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = if file.is_empty() {
        from.to_owned()
    } else {
        resolve(from, file)?
    };
    if !root.join(&path).exists() {
        return Some(format!("link to {target}: no such file"));
    }
    let known = anchors.get(path.as_str())?;
    let missing = !anchor.is_empty() && known.iter().all(|heading| heading != anchor);
    missing.then(|| format!("link to {target}: no such heading"))
}

/// `file` as seen from the document `from`.
fn resolve(from: &str, file: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in file.trim_end_matches('/').split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// What is linked to outside of code, with line numbers.
fn targets(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in outside_fences(text) {
        let line = without_code(line);
        for (open, close) in [("](", ')'), ("src=\"", '"'), ("href=\"", '"')] {
            for (at, _) in line.match_indices(open) {
                let rest = &line[at + open.len()..];
                if let Some((target, _)) = rest.split_once(close) {
                    // A title may follow the address.
                    let target = target.split_whitespace().next().unwrap_or_default();
                    if !target.is_empty() {
                        found.push((number, target.to_owned()));
                    }
                }
            }
        }
        if let Some((label, target)) = line.split_once("]: ")
            && label.starts_with('[')
            && !label.starts_with("[^")
        {
            found.push((number, target.trim().to_owned()));
        }
    }
    found
}

fn outside_fences(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            return None;
        }
        (!fenced).then_some((index + 1, line))
    })
}

fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("``")
}

/// Anchors of the headings, as the usual hosts derive them.
fn headings(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    for (_, line) in outside_fences(text) {
        let title = line.trim_start_matches('#');
        if title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let anchor: String = title
            .trim()
            .to_lowercase()
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            .map(|c| if c == ' ' { '-' } else { c })
            .collect();
        let same = anchors.iter().filter(|known| **known == anchor).count();
        anchors.push(if same == 0 {
            anchor
        } else {
            format!("{anchor}-{same}")
        });
    }
    anchors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(readme: &str) -> Vec<String> {
        let temp = tempfile::tempdir().unwrap();
        std::fs::create_dir(temp.path().join("docs")).unwrap();
        let protocol = "# Protocol\n## Room name & keys\n[up](../README.md)\n";
        std::fs::write(temp.path().join("README.md"), readme).unwrap();
        std::fs::write(temp.path().join("docs/protocol.md"), protocol).unwrap();
        let source = |path: &str, text: &str| Source {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let sources = [
            source("README.md", readme),
            source("docs/protocol.md", protocol),
        ];
        broken(temp.path(), &sources)
            .into_iter()
            .map(|complaint| complaint.what)
            .collect()
    }

    #[test]
    fn a_link_to_a_missing_file_or_heading_is_caught() {
        assert_eq!(
            found("see [it](docs/nothing.md)"),
            ["link to docs/nothing.md: no such file"]
        );
        assert_eq!(
            found("<img src=\"shot.png\">"),
            ["link to shot.png: no such file"]
        );
        assert_eq!(
            found("[it](docs/protocol.md#frames)"),
            ["link to docs/protocol.md#frames: no such heading"]
        );
        assert_eq!(
            found("[it]: docs/gone.md"),
            ["link to docs/gone.md: no such file"]
        );
    }

    #[test]
    fn good_links_and_code_are_let_through() {
        let none: [String; 0] = [];
        assert_eq!(
            found("[a](docs/protocol.md#room-name--keys) [b](https://example.org/x) [c](docs/)"),
            none
        );
        assert_eq!(
            found("`[a](nothing.md)`\n```\n[a](nothing.md)\n```\n"),
            none
        );
    }
}
