//! Which `||` cover something: two in the same element, close to what is between them.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Tag};

/// What begins and ends a spoiler.
pub(super) const MARK: &str = "||";

/// One mark in the text of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The byte where it begins.
    pub(super) at: usize,
    /// The spoiler begins here; otherwise it ends here.
    pub(super) is_start: bool,
}

/// The marks, by event. Each that begins a spoiler is followed, in the same element, by one that ends it.
pub(super) fn marks(events: &[Event<'_>]) -> BTreeMap<usize, Vec<Mark>> {
    let mut marks: BTreeMap<usize, Vec<Mark>> = BTreeMap::new();
    // For every open element, where a spoiler may have begun.
    let mut open: Vec<Option<(usize, usize)>> = vec![None];
    // Text in these means itself, or is only used as words.
    let mut literal = 0_usize;
    for (index, event) in events.iter().enumerate() {
        match event {
            Event::Start(tag) => {
                literal += usize::from(literal > 0 || is_literal(tag));
                open.push(None);
            }
            Event::End(_) => {
                literal = literal.saturating_sub(1);
                open.pop();
            }
            Event::Text(text) if literal == 0 => {
                for (at, _) in text.match_indices(MARK) {
                    let Some(begun) = open.last_mut() else {
                        continue;
                    };
                    match *begun {
                        Some((event, start))
                            if ends(text, at, (event == index).then_some(start)) =>
                        {
                            let mut add = |event, at, is_start| {
                                marks.entry(event).or_default().push(Mark { at, is_start });
                            };
                            add(event, start, true);
                            add(index, at, false);
                            *begun = None;
                        }
                        _ if starts(text, at, events.get(index + 1)) => *begun = Some((index, at)),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    marks
}

fn is_literal(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::Link { .. } | Tag::Image { .. }
    )
}

/// Something stands right behind the mark.
fn starts(text: &str, at: usize, next: Option<&Event<'_>>) -> bool {
    match text[at + MARK.len()..].chars().next() {
        Some(c) => !c.is_whitespace() && c != '|',
        None => matches!(
            next,
            Some(Event::Start(_) | Event::Code(_) | Event::InlineHtml(_))
        ),
    }
}

/// Something stands right before the mark, and it is not the mark that began.
fn ends(text: &str, at: usize, begun: Option<usize>) -> bool {
    begun.is_none_or(|start| start + MARK.len() < at) && !text[..at].ends_with(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Parser, TextMergeStream};

    use super::*;

    fn found(text: &str) -> usize {
        let events: Vec<_> = TextMergeStream::new(Parser::new(text)).collect();
        marks(&events).values().map(Vec::len).sum()
    }

    #[test]
    fn two_marks_close_to_their_words_make_a_spoiler() {
        assert_eq!(found("||a||"), 2);
        assert_eq!(found("x ||a b|| y ||c||"), 4);
        assert_eq!(found("||**a**||"), 2);
        assert_eq!(found("||`a`||"), 2);
    }

    #[test]
    fn anything_else_is_two_bars() {
        for text in [
            "a || b || c",
            "||a",
            "||||",
            "||",
            "`||a||`",
            "**||a** b||",
            "||a\n\nb||",
        ] {
            assert_eq!(found(text), 0, "{text}");
        }
    }
}
