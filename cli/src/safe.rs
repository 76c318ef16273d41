//! What members wrote, made safe for a terminal: no control character, no escape sequence, nothing that turns the line
//! around. The terminal obeys bytes; this is the only way to it.

use client::{Style, Text};
use text::{Element, Filters, Node};

/// A name for one line.
pub(crate) fn name(raw: &str) -> String {
    text::display_name(raw)
}

/// A few words for one line: a topic, or what a bot says of itself.
pub(crate) fn line(raw: &str) -> String {
    text::display_line(raw)
}

/// A text of any length, formatted as far as letters can show it.
pub(crate) fn words(text: &Text, filters: &Filters) -> String {
    let rendered = match text.style {
        Style::Plain => text::render(&text.text, filters),
        Style::Markdown => text::render_formatted(&text.text, filters),
    };
    let mut shown = String::new();
    rendered.nodes.iter().for_each(|node| put(node, &mut shown));
    text::canonical(shown.trim_end())
}

fn put(node: &Node, shown: &mut String) {
    match node {
        Node::Text(text) => shown.push_str(text),
        Node::Link {
            shown: label,
            href,
            host,
        } => {
            shown.push_str(label);
            // A terminal makes addresses clickable by itself: what it would open must stand there.
            if host.mismatch || host.confusable {
                shown.push_str(" <");
                shown.push_str(href);
                shown.push('>');
            }
        }
        Node::Neutral { host } => shown.push_str(host),
        Node::Filtered { .. } => shown.push_str(text::FILTERED),
        Node::Blocked { .. } => shown.push_str(text::BLOCKED),
        Node::LineBreak => shown.push('\n'),
        Node::Rule => {
            begin_line(shown);
            shown.push_str("――――\n");
        }
        Node::Code { runs, .. } => {
            begin_line(shown);
            runs.iter().for_each(|run| shown.push_str(&run.text));
        }
        Node::Element { element, nodes } => {
            if element.is_block()
                && *element != (Element::Cell { head: false })
                && *element != (Element::Cell { head: true })
            {
                begin_line(shown);
            }
            let (before, after) = around(*element);
            shown.push_str(before);
            nodes.iter().for_each(|node| put(node, shown));
            shown.push_str(after);
        }
    }
}

/// What stands around an element: the marks by which its author may have written it.
fn around(element: Element) -> (&'static str, &'static str) {
    match element {
        Element::Bold => ("*", "*"),
        Element::Italic => ("_", "_"),
        Element::Strike => ("~", "~"),
        Element::Code | Element::Key => ("`", "`"),
        Element::Quotation => ("\u{201C}", "\u{201D}"),
        Element::Spoiler => ("(spoiler: ", ")"),
        Element::Quote => ("> ", "\n"),
        Element::Item => ("- ", ""),
        Element::Cell { .. } => ("", " | "),
        Element::Heading(_)
        | Element::Paragraph
        | Element::Table
        | Element::Row
        | Element::Summary => ("", "\n"),
        _ => ("", ""),
    }
}

fn begin_line(shown: &mut String) {
    if !shown.is_empty() && !shown.ends_with('\n') {
        shown.push('\n');
    }
}

/// A further line of one message, set off so that it cannot pass for a message of somebody else.
pub(crate) const CONTINUED: &str = "    ";

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way to make a terminal do something that we know of.
    const HOSTILE: [&str; 14] = [
        "\u{1b}[2J",
        "\u{1b}]0;title\u{7}",
        "\u{1b}]8;;https://evil.example\u{1b}\\click\u{1b}]8;;\u{1b}\\",
        "\u{1b}]52;c;aGk=\u{7}",
        "\u{9b}31m",
        "\u{90}q\u{9c}",
        "a\rb",
        "a\u{8}\u{8}b",
        "\u{202e}gnp.exe",
        "\u{2066}x\u{2069}",
        "\u{200b}",
        "\u{0}",
        "\u{7f}",
        "\u{1b}P$q\"p\u{1b}\\",
    ];

    fn is_tame(text: &str) -> bool {
        text.chars().all(|c| c == '\n' || !c.is_control())
            && !text.contains(['\u{202e}', '\u{2066}', '\u{2069}', '\u{200b}'])
    }

    #[test]
    fn nothing_that_commands_a_terminal_comes_through() {
        for hostile in HOSTILE {
            for text in [
                hostile.to_owned(),
                format!("before {hostile} after"),
                format!("<b>{hostile}</b>"),
            ] {
                for style in [Style::Plain, Style::Markdown] {
                    let text = Text {
                        style,
                        text: text.clone(),
                    };
                    for filters in (0..=u8::MAX).filter_map(Filters::from_byte) {
                        let shown = words(&text, &filters);
                        assert!(is_tame(&shown), "{text:?} became {shown:?}");
                    }
                }
                assert!(is_tame(&name(&text)), "{text:?} became {:?}", name(&text));
                assert!(!name(&text).contains('\n'));
            }
        }
    }

    #[test]
    fn formatting_is_told_by_marks() {
        let text = "# Plan\n\n**bold** and `code`\n\n- one\n- two\n\n```rust\nlet x = 1;\n```";
        let shown = words(
            &Text {
                style: Style::Markdown,
                text: text.to_owned(),
            },
            &Filters::default(),
        );
        assert_eq!(shown, "Plan\n*bold* and `code`\n- one\n- two\nlet x = 1;");
    }

    #[test]
    fn ordinary_words_stay_as_they_are() {
        for text in [
            "Hello, world!",
            "你好",
            "it's (nearly) 5 o'clock",
            "see https://example.org/a?b=c",
            "two\nlines",
        ] {
            assert_eq!(words(&text.into(), &Filters::default()), text);
        }
    }
}
