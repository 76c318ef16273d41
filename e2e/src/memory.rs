//! Reading a process's memory, to show what is not in it.

use anyhow::{Context as _, Result};
use std::fs;
use std::os::unix::fs::FileExt as _;

/// How many times each needle occurs in the readable, writable memory of process `pid`.
///
/// # Errors
/// When `/proc` does not let this user read the process.
pub fn count(pid: u32, needles: &[Vec<u8>]) -> Result<Vec<usize>> {
    let maps =
        fs::read_to_string(format!("/proc/{pid}/maps")).context("the memory map of the relay")?;
    let memory = fs::File::open(format!("/proc/{pid}/mem")).context("the memory of the relay")?;
    let mut found = vec![0; needles.len()];
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (Some(range), Some(rights)) = (fields.next(), fields.next()) else {
            continue;
        };
        if !rights.starts_with("rw") {
            continue;
        }
        let Some((start, end)) = range.split_once('-') else {
            continue;
        };
        let (start, end) = (
            u64::from_str_radix(start, 16)?,
            u64::from_str_radix(end, 16)?,
        );
        let mut bytes = vec![0; usize::try_from(end - start)?];
        // Guard pages and device mappings refuse to be read; they hold nothing of ours.
        let Ok(read) = memory.read_at(&mut bytes, start) else {
            continue;
        };
        bytes.truncate(read);
        for (needle, count) in needles.iter().zip(&mut found) {
            *count += memchr::memmem::find_iter(&bytes, needle).count();
        }
    }
    Ok(found)
}
