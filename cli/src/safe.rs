//! What members wrote, made safe for a terminal: no control character, no escape sequence, nothing that turns the line
//! around. The terminal obeys bytes; this is the only way to it.

use text::{Filters, Node};

/// A name for one line.
pub(crate) fn name(raw: &str) -> String {
    text::display_name(raw)
}

/// A text of any length; the filters' default applies, so that markup is shown for what it is and links are readable.
pub(crate) fn words(raw: &str) -> String {
    let rendered = text::render(raw, &Filters::default());
    let mut shown = String::new();
    for node in &rendered.nodes {
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
        }
    }
    text::canonical(&shown)
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
                assert!(is_tame(&words(&text)), "{text:?} became {:?}", words(&text));
                assert!(is_tame(&name(&text)), "{text:?} became {:?}", name(&text));
                assert!(!name(&text).contains('\n'));
            }
        }
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
            assert_eq!(words(text), text);
        }
    }
}
