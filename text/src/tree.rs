//! What a message looks like once it is safe: a list of nodes, and its byte form.

mod bytes;

pub use bytes::DecodeError;

/// Stands in for whatever was cut out of a message.
pub const FILTERED: &str = "[FILTERED!]";
/// Stands in for words that a reader uncovers, where there is nothing to press.
pub const SPOILER: &str = "[spoiler]";
/// Stands in for a message that a switch on `Hide` took away as a whole.
pub const BLOCKED: &str = "[Message blocked because of a filter!]";

/// The host a link leads to, in both spellings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Host {
    /// As a person reads it: `bücher.example`.
    pub unicode: String,
    /// As the resolver gets it: `xn--bcher-kva.example`. Equal to `unicode` for plain ASCII hosts and IP addresses.
    pub punycode: String,
    /// It mixes scripts or imitates an ASCII name with look-alike letters.
    pub confusable: bool,
    /// The visible text names another host than the link leads to.
    pub mismatch: bool,
}

/// What made a message disappear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockedBy {
    /// The link switch. At most eight hosts or schemes, in order of appearance, safe to show.
    Links {
        /// For example `example.org` or `javascript:`.
        hosts: Vec<String>,
    },
    /// The special-character switch. At most eight findings in escaped form, safe to show.
    Special {
        /// For example `\u{202E}` or `<b>`.
        found: Vec<String>,
    },
}

/// One piece of a rendered message. No string in it holds an invisible, bidirectional or control character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Plain text for a DOM text node.
    Text(String),
    /// A link that may be clicked, with `rel="noopener noreferrer"`.
    Link {
        /// The text to show.
        shown: String,
        /// Always `http:`, `https:` or `mailto:`, as normalised by the URL standard.
        href: String,
        /// Where it really leads. For `mailto:` the domain of the address.
        host: Host,
    },
    /// A link made inert: its host (or, where there is none, its scheme such as `javascript:`) as plain text.
    Neutral {
        /// Host or scheme.
        host: String,
    },
    /// Something was cut out here.
    Filtered {
        /// Always [`FILTERED`].
        label: &'static str,
        /// What stood here, harmless to show: invisible characters are spelled out as `\u{200B}`.
        original: String,
    },
    /// The whole message was taken away; the only node then. Show [`BLOCKED`] and offer to reveal.
    Blocked {
        /// Which switch did it.
        what: BlockedBy,
    },
    /// A new line begins.
    LineBreak,
    /// Formatting around other nodes. Never deeper than [`DEEPEST`] levels.
    Element {
        /// Which one.
        element: Element,
        /// What it is around.
        nodes: Vec<Node>,
    },
    /// A line across.
    Rule,
    /// Program text, to be shown as it stands in a typeface of fixed width. Holds no links.
    Code {
        /// What its author calls the language, safe to show; may be empty.
        language: String,
        /// All of it, in order, in pieces of one colour. Lines end in `\n`.
        runs: Vec<Run>,
    },
}

/// No tree is deeper.
pub const DEEPEST: usize = 64;

/// Formatting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Element {
    /// Strong importance: bold.
    Bold,
    /// Emphasis: italic.
    Italic,
    /// Underlined.
    Underline,
    /// Struck out.
    Strike,
    /// A few characters of program text.
    Code,
    /// A key to press.
    Key,
    /// Marked as with a pen.
    Mark,
    /// Fine print.
    Small,
    /// Below the line.
    Sub,
    /// Above the line.
    Sup,
    /// A quotation within a sentence; brings its quotation marks.
    Quotation,
    /// Covered until the reader asks.
    Spoiler,
    /// A paragraph.
    Paragraph,
    /// A heading of level 1 to 6, within the message.
    Heading(u8),
    /// Somebody else's words.
    Quote,
    /// A list with bullets, or numbered from a number on.
    List(Option<u32>),
    /// An entry of a list.
    Item,
    /// Folded away until the reader asks; the summary stays.
    Details,
    /// What stays of it; only ever the first node in [`Details`](Self::Details).
    Summary,
    /// A table: only rows are in it.
    Table,
    /// A row: only cells are in it.
    Row,
    /// A cell, or one that names its row or column.
    Cell {
        /// It is a name.
        head: bool,
    },
}

impl Element {
    /// Begins on a line of its own.
    pub fn is_block(self) -> bool {
        !matches!(
            self,
            Self::Bold
                | Self::Italic
                | Self::Underline
                | Self::Strike
                | Self::Code
                | Self::Key
                | Self::Mark
                | Self::Small
                | Self::Sub
                | Self::Sup
                | Self::Quotation
                | Self::Spoiler
        )
    }
}

/// A piece of program text of one colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// What it is.
    pub token: Token,
    /// Its characters.
    pub text: String,
}

/// What a piece of program text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Token {
    /// Nothing in particular.
    Plain,
    /// A remark for people.
    Comment,
    /// Text between quotation marks.
    Text,
    /// A number.
    Number,
    /// A word of the language.
    Keyword,
    /// Something was cut out here; the text spells it out.
    Filtered,
}

/// A message, safe to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// In reading order.
    pub nodes: Vec<Node>,
    /// Links that were made inert or that caused the message to be blocked.
    pub hidden_links: u32,
    /// Places where something was cut out, or that caused the message to be blocked.
    pub filtered_special: u32,
}

impl Rendered {
    /// The message as one string for places that know no nodes: titles, notifications, a terminal.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        write_plain(&mut out, &self.nodes);
        let is_text = matches!(self.nodes.last(), Some(Node::Text(_) | Node::LineBreak));
        while !is_text && out.ends_with('\n') {
            out.pop();
        }
        out
    }
}

fn write_plain(out: &mut String, nodes: &[Node]) {
    for node in nodes {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Link { shown, .. } => out.push_str(shown),
            Node::Neutral { host } => out.push_str(host),
            Node::Filtered { label, .. } => out.push_str(label),
            Node::Blocked { .. } => out.push_str(BLOCKED),
            Node::LineBreak => out.push('\n'),
            Node::Rule => new_line(out),
            Node::Code { runs, .. } => {
                new_line(out);
                out.extend(runs.iter().map(|run| match run.token {
                    Token::Filtered => FILTERED,
                    _ => run.text.as_str(),
                }));
                new_line(out);
            }
            Node::Element {
                element: Element::Spoiler,
                ..
            } => out.push_str(SPOILER),
            Node::Element {
                element: Element::Quotation,
                nodes,
            } => {
                out.push('\u{201C}');
                write_plain(out, nodes);
                out.push('\u{201D}');
            }
            Node::Element {
                element: Element::Cell { .. },
                nodes,
            } => {
                write_plain(out, nodes);
                out.push(' ');
            }
            Node::Element { element, nodes } => {
                if element.is_block() {
                    new_line(out);
                }
                write_plain(out, nodes);
                if element.is_block() {
                    new_line(out);
                }
            }
        }
    }
}

fn new_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

/// Goes on with the text at the end, or begins one.
pub(crate) fn push_text(out: &mut Vec<Node>, run: &str) {
    match out.last_mut() {
        Some(Node::Text(last)) => last.push_str(run),
        _ if run.is_empty() => {}
        _ => out.push(Node::Text(run.to_owned())),
    }
}

/// Takes joiners from the ends of texts: what they would join stands elsewhere, or nowhere any more.
pub(crate) fn unjoin(nodes: &mut Vec<Node>) {
    for node in nodes.iter_mut() {
        match node {
            Node::Text(text) => unjoin_text(text),
            Node::Element { nodes, .. } => unjoin(nodes),
            Node::Code { runs, .. } => {
                runs.iter_mut().for_each(|run| unjoin_text(&mut run.text));
            }
            _ => {}
        }
    }
    nodes.retain(|node| !matches!(node, Node::Text(text) if text.is_empty()));
}

fn unjoin_text(text: &mut String) {
    let joiners = ['\u{200C}', '\u{200D}'];
    if text.starts_with(joiners) || text.ends_with(joiners) {
        *text = text.trim_matches(joiners).to_owned();
    }
}
