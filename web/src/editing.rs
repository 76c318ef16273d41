//! What the formatting buttons do to a draft. Offsets are bytes.

use std::ops::Range;

/// What a button makes of the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `**…**`
    Bold,
    /// `*…*`
    Italic,
    /// `~~…~~`
    Strike,
    /// `` `…` ``, and a fence around several lines.
    Code,
    /// `||…||`
    Spoiler,
    /// `> ` before every line.
    Quote,
    /// `- ` before every line.
    List,
}

/// A change to a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes.
    pub replace: Range<usize>,
    /// What comes in its place.
    pub with: String,
    /// What is selected afterwards, in the changed draft.
    pub select: Range<usize>,
}

/// What pressing a button does. Pressing it again undoes it.
pub fn edit(text: &str, selection: Range<usize>, format: Format) -> Edit {
    match format {
        Format::Bold => around(text, selection, "**"),
        Format::Italic => around(text, selection, "*"),
        Format::Strike => around(text, selection, "~~"),
        Format::Spoiler => around(text, selection, "||"),
        Format::Code if text[selection.clone()].contains('\n') => fence(text, selection),
        Format::Code => around(text, selection, "`"),
        Format::Quote => before_lines(text, selection, "> "),
        Format::List => before_lines(text, selection, "- "),
    }
}

fn around(text: &str, selection: Range<usize>, mark: &str) -> Edit {
    // Marks do not work next to white space, so it stays outside.
    let selected = &text[selection.clone()];
    let start = selection.start + (selected.len() - selected.trim_start().len());
    let inner = selected.trim();
    let end = start + inner.len();
    let (before, after) = (&text[..start], &text[end..]);
    if ends_in(before, mark) && starts_in(after, mark) && !inner.is_empty() {
        let open = start - mark.len();
        return Edit {
            replace: open..end + mark.len(),
            with: inner.to_owned(),
            select: open..open + inner.len(),
        };
    }
    let bare = inner
        .strip_prefix(mark)
        .and_then(|rest| rest.strip_suffix(mark))
        .filter(|bare| !bare.is_empty() && !starts_in(bare, mark.get(..1).unwrap_or_default()));
    if let Some(bare) = bare {
        return Edit {
            replace: start..end,
            with: bare.to_owned(),
            select: start..start + bare.len(),
        };
    }
    Edit {
        replace: start..end,
        with: format!("{mark}{inner}{mark}"),
        select: start + mark.len()..end + mark.len(),
    }
}

/// The mark and no longer one: `**` does not end in `*`.
fn ends_in(text: &str, mark: &str) -> bool {
    let run = text.len() - text.trim_end_matches(&mark[..1]).len();
    run == mark.len() || run == 3 && mark.len() < 3
}

fn starts_in(text: &str, mark: &str) -> bool {
    let run = text.len() - text.trim_start_matches(&mark[..1]).len();
    run == mark.len() || run == 3 && mark.len() < 3
}

fn fence(text: &str, selection: Range<usize>) -> Edit {
    let selected = &text[selection.clone()];
    let is_start = selection.start == 0 || text[..selection.start].ends_with('\n');
    let open = if is_start { "```\n" } else { "\n```\n" };
    let close = if selected.ends_with('\n') {
        "```"
    } else {
        "\n```"
    };
    let start = selection.start + open.len();
    Edit {
        with: format!("{open}{selected}{close}"),
        select: start..start + selected.len(),
        replace: selection,
    }
}

fn before_lines(text: &str, selection: Range<usize>, mark: &str) -> Edit {
    let start = text[..selection.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[selection.end..]
        .find('\n')
        .map_or(text.len(), |at| selection.end + at);
    let lines = &text[start..end];
    let is_marked = lines.split('\n').all(|line| line.starts_with(mark));
    let changed: Vec<String> = lines
        .split('\n')
        .map(|line| match line.strip_prefix(mark) {
            Some(rest) if is_marked => rest.to_owned(),
            _ => format!("{mark}{line}"),
        })
        .collect();
    let with = changed.join("\n");
    let select = if selection.is_empty() {
        let caret = (selection.start + with.len()).saturating_sub(lines.len());
        caret.max(start)..caret.max(start)
    } else {
        start..start + with.len()
    };
    Edit {
        replace: start..end,
        with,
        select,
    }
}

/// The byte at an offset in UTF-16 units, in which the page counts.
pub fn byte_of(text: &str, units: u32) -> usize {
    let mut seen = 0;
    for (at, letter) in text.char_indices() {
        if seen >= units {
            return at;
        }
        seen += u32::try_from(letter.len_utf16()).unwrap_or(1);
    }
    text.len()
}

/// The offset in UTF-16 units of a byte.
pub fn units_of(text: &str, byte: usize) -> u32 {
    let before = text.get(..byte).unwrap_or(text);
    u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Applies a button; the selection is between `[` and `]`, before and after.
    fn press(marked: &str, format: Format) -> String {
        let start = marked.find('[').unwrap();
        let end = marked.find(']').unwrap() - 1;
        let text = marked.replace(['[', ']'], "");
        let Edit {
            replace,
            with,
            select,
        } = edit(&text, start..end, format);
        let mut out = text;
        out.replace_range(replace, &with);
        out.insert(select.end, ']');
        out.insert(select.start, '[');
        out
    }

    #[test]
    fn a_button_puts_marks_around_the_words_and_takes_them_away_again() {
        for (before, format, after) in [
            ("a [b] c", Format::Bold, "a **[b]** c"),
            ("a **[b]** c", Format::Bold, "a [b] c"),
            ("a [**b**] c", Format::Bold, "a [b] c"),
            ("a **[b]** c", Format::Italic, "a ***[b]*** c"),
            ("a ***[b]*** c", Format::Italic, "a **[b]** c"),
            ("a ***[b]*** c", Format::Bold, "a *[b]* c"),
            ("[ b ]", Format::Italic, " *[b]* "),
            ("[]", Format::Bold, "**[]**"),
            ("x[ü🐢]", Format::Strike, "x~~[ü🐢]~~"),
            ("[a]", Format::Code, "`[a]`"),
            ("[a\nb]", Format::Code, "```\n[a\nb]\n```"),
            ("x [a\nb]", Format::Code, "x \n```\n[a\nb]\n```"),
            ("[a]", Format::Spoiler, "||[a]||"),
        ] {
            assert_eq!(press(before, format), after, "{before} {format:?}");
        }
    }

    #[test]
    fn quotes_and_lists_mark_whole_lines() {
        for (before, format, after) in [
            ("a\nb[c\nd]e\nf", Format::Quote, "a\n[> bc\n> de]\nf"),
            ("[> a\n> b]", Format::Quote, "[a\nb]"),
            ("[]", Format::List, "- []"),
            ("ab[]", Format::List, "- ab[]"),
            ("- ab[]", Format::List, "ab[]"),
        ] {
            assert_eq!(press(before, format), after, "{before} {format:?}");
        }
    }

    #[test]
    fn offsets_of_the_page_become_bytes_and_back() {
        let text = "aä🐢z";
        for (units, byte) in [(0, 0), (1, 1), (2, 3), (4, 7), (5, 8)] {
            assert_eq!((byte_of(text, units), units_of(text, byte)), (byte, units));
        }
        assert_eq!(byte_of(text, 99), 8);
    }
}
