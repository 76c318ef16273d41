//! What a WebAssembly file carries for tools and debuggers, and no browser needs.

use anyhow::{Context, Result};

/// The same module without its custom sections: names, producers, what the linker noted down.
pub(crate) fn without_notes(module: &[u8]) -> Result<Vec<u8>> {
    let (head, mut rest) = module
        .split_at_checked(8)
        .context("too short for a module")?;
    let mut kept = head.to_vec();
    while let Some((&id, after)) = rest.split_first() {
        let (length, after) = unsigned(after).context("a section has no length")?;
        let whole = rest.len() - after.len() + length;
        let (section, next) = rest
            .split_at_checked(whole)
            .context("a section is longer than its module")?;
        if id != 0 {
            kept.extend_from_slice(section);
        }
        rest = next;
    }
    Ok(kept)
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
}
