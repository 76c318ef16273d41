//! A number of bytes as people read it.

const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];

/// A number of bytes in words: three or four digits and a unit, each 1,024 of the one before.
#[must_use]
pub fn bytes_in_words(bytes: u64) -> String {
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let (mut tenths, mut unit) = (bytes.saturating_mul(10) / 1024, 0);
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    let unit = UNITS.get(unit).unwrap_or(&"TB");
    match tenths {
        tenths if tenths >= 1000 || tenths % 10 == 0 => format!("{} {unit}", tenths / 10),
        tenths => format!("{}.{} {unit}", tenths / 10, tenths % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_like_sizes() {
        for (bytes, words) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1 KB"),
            (1536, "1.5 KB"),
            (25 << 20, "25 MB"),
            ((25 << 20) + 200_000, "25.1 MB"),
            (150_000_000, "143 MB"),
            (5 << 30, "5 GB"),
            (u64::MAX, "1677721 TB"),
        ] {
            assert_eq!(bytes_in_words(bytes), words, "{bytes}");
        }
    }
}
