//! Formatted messages that were written to be expensive.

use std::hint::black_box;

use text::{DEEPEST, Filters, Node, Rendered, render_formatted};

use crate::every_node;

const MESSAGE: usize = 16 * 1024;

/// Repeated, these make parsers nest, start over, or give out more than they took in.
const PATTERNS: [&str; 54] = [
    "a",
    "\u{301}",
    "*",
    "**",
    "_",
    "*a",
    "a*",
    "**a *b",
    "~~",
    "~~a",
    "`",
    "`a",
    "``` ",
    "```\n",
    "> ",
    ">",
    "- ",
    "-\n",
    "* a\n",
    "1. ",
    "1) ",
    "+ ",
    "#",
    "# a\n",
    "[",
    "]",
    "[a](",
    "![",
    "[a][b]",
    "[a]: b\n",
    "](",
    "||",
    "||a",
    "||a||",
    "|",
    "|\n",
    "a|\n-|\n",
    "|a|b|\n",
    "<b>",
    "<b>a\n\n",
    "<i><b><u>",
    "</b>",
    "<li>",
    "<table>",
    "<td>",
    "<details>",
    "<pre>",
    "<a href=x>",
    "<a href=http://a.de>b</a>",
    "<script>",
    "<!--",
    "&lt;",
    "https://a.de ",
    "<b x=1>\n",
];

fn messages() -> Vec<String> {
    let mut all: Vec<String> = PATTERNS
        .iter()
        .map(|pattern| pattern.repeat(MESSAGE / pattern.len()))
        .collect();
    all.extend(built(MESSAGE));
    all
}

/// Messages with a shape.
fn built(size: usize) -> Vec<String> {
    let columns = size / 8;
    vec![
        // Quotes a thousand deep, and the blank lines that belong to all of them.
        format!(
            "{}x{}",
            "> ".repeat(1_000.min(size / 4)),
            "\n".repeat(size / 4)
        ),
        format!("{}x{}", "- ".repeat(size / 4), "\n".repeat(size / 2)),
        format!("{}x", "1. > - ".repeat(size / 8)),
        // A table of ten thousand rows, and one that wants to be filled up.
        format!("a\n-\n{}", "|\n".repeat(10_000.min(size / 2 - 2))),
        format!(
            "{}\n{}\n{}",
            "|a".repeat(columns),
            "|-".repeat(columns),
            "|\n".repeat(size / 4)
        ),
        // A list that goes deeper line by line.
        (0..)
            .map(|level| format!("{}- a\n", " ".repeat(level * 2)))
            .scan(0, |used, line| {
                *used += line.len();
                (*used < size).then_some(line)
            })
            .collect(),
        // Formatting that is left open, paragraph after paragraph.
        format!("<b><i><u><s>{}", "a\n\n".repeat(size / 3 - 8)),
        format!(
            "{}{}",
            "<ul><li>".repeat(size / 16),
            "</li></ul>".repeat(size / 20)
        ),
        format!("{}</a>", "<a href=x>".repeat(size / 10 - 1)),
        format!("{}\n\n</script>", "<script>".repeat(size / 8 - 2)),
        format!("```rust\n{}\n```", "'\"/*".repeat(size / 4 - 4)),
        format!("```js\n{}\n```", "1 if ".repeat(size / 5 - 4)),
    ]
}

fn depth(nodes: &[Node]) -> usize {
    let inner = nodes.iter().map(|node| match node {
        Node::Element { nodes, .. } => depth(nodes),
        _ => 0,
    });
    1 + inner.max().unwrap_or_default()
}

fn size(rendered: &Rendered) -> usize {
    every_node(&rendered.nodes)
        .into_iter()
        .map(|node| match node {
            Node::Code { runs, .. } => 1 + runs.len(),
            _ => 1,
        })
        .sum()
}

#[test]
fn no_message_becomes_deeper_or_larger_than_a_page_can_bear() {
    for typed in messages() {
        for setting in [Filters::default(), crate::open()] {
            let rendered = render_formatted(&typed, &setting);
            let start: String = typed.chars().take(20).collect();
            assert!(depth(&rendered.nodes) < DEEPEST, "{start:?}");
            assert!(
                size(&rendered) <= 24 * 1024,
                "{start:?}: {}",
                size(&rendered)
            );
            let bytes = rendered.to_bytes();
            assert!(bytes.len() <= 64 * MESSAGE, "{start:?}: {}", bytes.len());
            assert_eq!(Rendered::from_bytes(&bytes), Ok(rendered));
        }
    }
}

#[test]
fn work_grows_in_proportion_to_the_message() {
    let small = PATTERNS
        .iter()
        .map(|pattern| pattern.repeat(MESSAGE / 4 / pattern.len()))
        .chain(built(MESSAGE / 4));
    let large = PATTERNS
        .iter()
        .map(|pattern| pattern.repeat(MESSAGE / pattern.len()))
        .chain(built(MESSAGE));
    for (small, large) in small.zip(large) {
        let (before, after) = (work(&small), work(&large));
        let start: String = large.chars().take(20).collect();
        // Four times the text; vectors that double make single steps uneven.
        assert!(
            after <= 8 * before + 200_000,
            "{start:?}: {before} bytes, then {after}"
        );
    }
}

fn work(typed: &str) -> u64 {
    allocation_counter::measure(|| {
        black_box(render_formatted(black_box(typed), &Filters::default()));
    })
    .bytes_total
}
