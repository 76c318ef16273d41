//! Long hostile messages: the result grows with the message and not faster.

use std::hint::black_box;

use text::{Filters, render};

use crate::every_setting;

const MESSAGE: usize = 16 * 1024;

/// Patterns that are known to make naive scanners start over and over.
const PATTERNS: [&str; 34] = [
    "a",
    "\u{301}",
    "\u{488}",
    ">",
    "<",
    "<a",
    "<a ",
    "<a<",
    "<b",
    "<b>",
    "<b x=\"",
    "</b",
    "<!--",
    "<script>",
    "<x onclick=",
    "&",
    "&lt;",
    "&#",
    "http:",
    "http://",
    "https://a.com ",
    "a.",
    "a.b",
    "main.rs/",
    "a/main.rs/",
    "sip:",
    "javascript:",
    "[",
    "[x](",
    "[x](http://a.de)",
    "@",
    "a@",
    "//a",
    "👨\u{200D}",
];

#[test]
fn the_result_of_a_full_size_message_stays_in_proportion() {
    for pattern in PATTERNS {
        let typed = pattern.repeat(MESSAGE / pattern.len());
        for setting in every_setting() {
            let bytes = render(&typed, &setting).to_bytes().len();
            assert!(bytes <= 40 * MESSAGE, "{pattern:?} {setting:?}: {bytes}");
        }
    }
}

#[test]
fn allocated_bytes_grow_in_proportion_to_the_message() {
    for pattern in PATTERNS {
        let small = work(&pattern.repeat(MESSAGE / 4 / pattern.len()));
        let large = work(&pattern.repeat(MESSAGE / pattern.len()));
        // Four times the text; vectors that double make single steps uneven.
        assert!(
            large <= 8 * small + 100_000,
            "{pattern:?}: {small} bytes, then {large}"
        );
    }
}

fn work(typed: &str) -> u64 {
    allocation_counter::measure(|| {
        black_box(render(black_box(typed), &Filters::default()));
    })
    .bytes_total
}
