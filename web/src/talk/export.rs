//! A conversation as a file. Everything that members wrote is data in it: escaped, never markup.

use std::fmt::Write as _;

use crate::state::{Entry, EntryKind, Log, Said, What};

/// The kinds of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One line for each line.
    Text,
    /// One JSON array.
    Json,
    /// A page without anything that runs or loads.
    Html,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Text, Self::Json, Self::Html];

    /// The end of the file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    /// The media type.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Text => "text/plain;charset=utf-8",
            Self::Json => "application/json",
            Self::Html => "text/html;charset=utf-8",
        }
    }
}

/// Messages only, in their order. `clock` writes a moment. Deleted and expired ones stay gone.
pub fn export(log: &Log, format: Format, clock: impl Fn(&Entry) -> String) -> String {
    let said = log.entries().iter().filter_map(|entry| match &entry.kind {
        EntryKind::Said(said) => {
            let text = said.what.wording()?;
            Some((entry, said, text.text.as_ref()))
        }
        EntryKind::Notice(_) => None,
    });
    let mut out = String::new();
    match format {
        Format::Text => {
            for (entry, said, words) in said {
                let words = text::escape_invisible(words).replace('\n', "\n    ");
                let _ = writeln!(out, "[{} - {}]: {}", clock(entry), author(said), words);
            }
        }
        Format::Json => {
            out.push('[');
            for (index, (entry, said, words)) in said.enumerate() {
                let comma = if index == 0 { "" } else { "," };
                let _ = write!(
                    out,
                    "{comma}\n{{\"at\":{},\"time\":{},\"name\":{},\"tag\":{},\"private\":{},\"text\":{}}}",
                    entry.at.as_millis(),
                    json(&clock(entry)),
                    json(&said.name),
                    json(&said.tag.text),
                    said.to.is_some(),
                    json(words)
                );
            }
            out.push_str("\n]\n");
        }
        Format::Html => {
            out.push_str("<!doctype html><meta charset=utf-8><meta http-equiv=Content-Security-Policy content=\"default-src 'none'\"><title>Roomkey</title>\n<dl>\n");
            for (entry, said, words) in said {
                let _ = writeln!(
                    out,
                    "<dt>[{} - {}]</dt><dd dir=auto><pre>{}</pre></dd>",
                    html(&clock(entry)),
                    html(&author(said)),
                    html(words)
                );
            }
            out.push_str("</dl>\n");
        }
    }
    out
}

fn author(said: &Said) -> String {
    let name = format!("{} ·{}", said.name, said.tag.text);
    match (said.to, &said.what) {
        (Some(_), _) => format!("{name} (private)"),
        (None, What::Action(_)) => format!("* {name}"),
        (None, _) => name,
    }
}

fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            // The rest of what JSON or a page around it could misread.
            '<'
            | '>'
            | '&'
            | '\u{0}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}

fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text::escape_invisible(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(letter),
        }
    }
    out
}
