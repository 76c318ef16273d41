//! What a WebAssembly file carries for tools and debuggers, and no browser needs.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};

const IMPORTS: u8 = 2;

/// The same module without its custom sections: names, producers, what the linker noted down.
pub(crate) fn without_notes(module: &[u8]) -> Result<Vec<u8>> {
    let mut kept = module.get(..8).unwrap_or_default().to_vec();
    for section in sections(module)? {
        if section.id != 0 {
            kept.extend_from_slice(section.whole);
        }
    }
    Ok(kept)
}

/// The names of what a module imports.
pub(crate) fn imports(module: &[u8]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for section in sections(module)? {
        if section.id == IMPORTS {
            for import in entries(section.content)? {
                names.push(String::from_utf8(import.name.to_vec())?);
            }
        }
    }
    Ok(names)
}

/// The same module, in which what it imports has other names.
pub(crate) fn with_imports_named(
    module: &[u8],
    names: &HashMap<String, String>,
) -> Result<Vec<u8>> {
    let mut out = module.get(..8).unwrap_or_default().to_vec();
    for section in sections(module)? {
        if section.id != IMPORTS {
            out.extend_from_slice(section.whole);
            continue;
        }
        let imports = entries(section.content)?;
        let mut content = Vec::new();
        put_unsigned(&mut content, imports.len());
        for import in imports {
            let name = std::str::from_utf8(import.name)?;
            let name = names.get(name).map_or(name, String::as_str);
            put_unsigned(&mut content, import.from.len());
            content.extend_from_slice(import.from);
            put_unsigned(&mut content, name.len());
            content.extend_from_slice(name.as_bytes());
            content.extend_from_slice(import.kind);
        }
        out.push(IMPORTS);
        put_unsigned(&mut out, content.len());
        out.extend_from_slice(&content);
    }
    Ok(out)
}

struct Section<'a> {
    id: u8,
    content: &'a [u8],
    /// With its id and length.
    whole: &'a [u8],
}

fn sections(module: &[u8]) -> Result<Vec<Section<'_>>> {
    let (_, mut rest) = module
        .split_at_checked(8)
        .context("too short for a module")?;
    let mut found = Vec::new();
    while let Some((&id, after)) = rest.split_first() {
        let (length, after) = unsigned(after).context("a section has no length")?;
        let head = rest.len() - after.len();
        let (whole, next) = rest
            .split_at_checked(head + length)
            .context("a section is longer than its module")?;
        found.push(Section {
            id,
            content: whole.get(head..).unwrap_or_default(),
            whole,
        });
        rest = next;
    }
    Ok(found)
}

struct Import<'a> {
    from: &'a [u8],
    name: &'a [u8],
    /// What it is, and of which type.
    kind: &'a [u8],
}

fn entries(content: &[u8]) -> Result<Vec<Import<'_>>> {
    const CUT: &str = "the imports of a module are cut off";
    let (count, mut rest) = unsigned(content).context(CUT)?;
    let mut found = Vec::new();
    for _ in 0..count {
        let (from, after) = bytes(rest).context(CUT)?;
        let (name, after) = bytes(after).context(CUT)?;
        let next = after_kind(after)?.context(CUT)?;
        let (kind, _) = after.split_at(after.len() - next.len());
        found.push(Import { from, name, kind });
        rest = next;
    }
    Ok(found)
}

/// What follows the description of an import.
fn after_kind(import: &[u8]) -> Result<Option<&[u8]>> {
    let Some((&kind, rest)) = import.split_first() else {
        return Ok(None);
    };
    let limits = |rest: &'_ [u8]| -> Option<usize> {
        let (&flags, mut left) = rest.split_first()?;
        for _ in 0..=(flags & 1) {
            left = unsigned(left)?.1;
        }
        Some(rest.len() - left.len())
    };
    let length = match kind {
        // A function and its type.
        0 => unsigned(rest).map(|(_, left)| rest.len() - left.len()),
        // A table: what it holds, and its limits.
        1 => rest.get(1..).and_then(limits).map(|length| length + 1),
        // A memory.
        2 => limits(rest),
        // A global: its type, and whether it changes.
        3 => Some(2),
        other => bail!("a module imports something of kind {other}"),
    };
    Ok(length.and_then(|length| rest.get(length..)))
}

/// A length and so many bytes, and what follows them.
fn bytes(content: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = unsigned(content)?;
    rest.split_at_checked(length)
}

fn put_unsigned(out: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// A number of seven bits to the byte, and what follows it.
fn unsigned(mut bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0;
    for shift in (0..35).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        bytes = rest;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((number, bytes));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"\0asm\x01\0\0\0";

    #[test]
    fn only_what_runs_is_kept() {
        let module = [HEAD, b"\x00\x03\x01ab", b"\x01\x82\x00xy", b"\x00\x00"].concat();
        assert_eq!(
            without_notes(&module).unwrap(),
            [HEAD, b"\x01\x82\x00xy"].concat()
        );
        assert_eq!(without_notes(HEAD).unwrap(), HEAD);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        for broken in [
            &b"\0asm"[..],
            b"\x01",
            b"\x01\x05ab",
            b"\x01\xff\xff\xff\xff\xff\x01",
        ] {
            let module = if broken.len() == 4 {
                broken.to_vec()
            } else {
                [HEAD, broken].concat()
            };
            assert!(without_notes(&module).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn imports_get_other_names_and_stay_what_they_are() {
        let imports = b"\x02\x21\x04\x01w\x03one\x00\x05\x01w\x01m\x02\x01\x01\x81\x01\x01w\x01t\x01\x70\x00\x01\x01w\x01g\x03\x7f\x00";
        let module = [HEAD, imports, b"\x01\x02xy"].concat();
        let found = super::imports(&module).unwrap();
        assert_eq!(found, ["one", "m", "t", "g"]);
        let names = HashMap::from([("one".to_owned(), "a".to_owned())]);
        let named = with_imports_named(&module, &names).unwrap();
        assert_eq!(super::imports(&named).unwrap(), ["a", "m", "t", "g"]);
        assert_eq!(named.len(), module.len() - 2);
        let back = HashMap::from([("a".to_owned(), "one".to_owned())]);
        assert_eq!(with_imports_named(&named, &back).unwrap(), module);
    }
}
