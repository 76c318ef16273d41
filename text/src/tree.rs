//! What a message looks like once it is safe: a flat list of nodes, and its byte form.

use std::fmt;

/// Stands in for whatever was cut out of a message.
pub const FILTERED: &str = "[FILTERED!]";
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
        for node in &self.nodes {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Link { shown, .. } => out.push_str(shown),
                Node::Neutral { host } => out.push_str(host),
                Node::Filtered { label, .. } => out.push_str(label),
                Node::Blocked { .. } => out.push_str(BLOCKED),
                Node::LineBreak => out.push('\n'),
            }
        }
        out
    }

    /// The byte form in which one WebAssembly module hands a message to another.
    ///
    /// ```text
    /// rendered = hidden_links u32 ‖ filtered_special u32 ‖ node*
    /// node     = 0 text ‖ str | 1 link ‖ flags u8 (1 confusable, 2 mismatch) ‖ shown ‖ href ‖ unicode ‖ punycode
    ///          | 2 neutral ‖ host | 3 filtered ‖ original | 4 blocked ‖ by u8 (0 links, 1 special) ‖ n u8 ‖ n × str
    ///          | 5 line break
    /// str      = len u32 ‖ UTF-8           all integers big-endian
    /// ```
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend(self.hidden_links.to_be_bytes());
        out.extend(self.filtered_special.to_be_bytes());
        for node in &self.nodes {
            write_node(&mut out, node);
        }
        out
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote, all of it or nothing.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut rest = Reader(bytes);
        let mut rendered = Self {
            nodes: Vec::new(),
            hidden_links: rest.u32()?,
            filtered_special: rest.u32()?,
        };
        while !rest.0.is_empty() {
            rendered.nodes.push(rest.node()?);
        }
        Ok(rendered)
    }
}

/// Bytes that are no rendered message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeError;

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("these bytes are no rendered message")
    }
}

impl std::error::Error for DecodeError {}

fn write_node(out: &mut Vec<u8>, node: &Node) {
    match node {
        Node::Text(text) => {
            out.push(0);
            write_str(out, text);
        }
        Node::Link { shown, href, host } => {
            out.push(1);
            out.push(u8::from(host.confusable) | u8::from(host.mismatch) << 1);
            for text in [shown, href, &host.unicode, &host.punycode] {
                write_str(out, text);
            }
        }
        Node::Neutral { host } => {
            out.push(2);
            write_str(out, host);
        }
        Node::Filtered { original, .. } => {
            out.push(3);
            write_str(out, original);
        }
        Node::Blocked { what } => {
            let (by, list) = match what {
                BlockedBy::Links { hosts } => (0, hosts),
                BlockedBy::Special { found } => (1, found),
            };
            let listed = u8::try_from(list.len()).unwrap_or(u8::MAX);
            out.extend([4, by, listed]);
            for text in list.iter().take(usize::from(listed)) {
                write_str(out, text);
            }
        }
        Node::LineBreak => out.push(5),
    }
}

fn write_str(out: &mut Vec<u8>, text: &str) {
    let len = u32::try_from(text.len()).expect("a message is far shorter than 4 GiB");
    out.extend(len.to_be_bytes());
    out.extend(text.as_bytes());
}

/// Walks over bytes without ever reaching past their end.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take(&mut self, len: usize) -> Result<&[u8], DecodeError> {
        let (head, tail) = self.0.split_at_checked(len).ok_or(DecodeError)?;
        self.0 = tail;
        Ok(head)
    }

    fn u8(&mut self) -> Result<u8, DecodeError> {
        Ok(u8::from_be_bytes(
            self.take(1)?.try_into().map_err(|_| DecodeError)?,
        ))
    }

    fn u32(&mut self) -> Result<u32, DecodeError> {
        Ok(u32::from_be_bytes(
            self.take(4)?.try_into().map_err(|_| DecodeError)?,
        ))
    }

    fn str(&mut self) -> Result<String, DecodeError> {
        let len = usize::try_from(self.u32()?).map_err(|_| DecodeError)?;
        let text = std::str::from_utf8(self.take(len)?).map_err(|_| DecodeError)?;
        Ok(text.to_owned())
    }

    fn node(&mut self) -> Result<Node, DecodeError> {
        Ok(match self.u8()? {
            0 => Node::Text(self.str()?),
            1 => {
                let flags = self.u8()?;
                if flags > 3 {
                    return Err(DecodeError);
                }
                let (shown, href) = (self.str()?, self.str()?);
                let (unicode, punycode) = (self.str()?, self.str()?);
                let host = Host {
                    unicode,
                    punycode,
                    confusable: flags & 1 != 0,
                    mismatch: flags & 2 != 0,
                };
                Node::Link { shown, href, host }
            }
            2 => Node::Neutral { host: self.str()? },
            3 => Node::Filtered {
                label: FILTERED,
                original: self.str()?,
            },
            4 => {
                let by = self.u8()?;
                let count = self.u8()?;
                let list = (0..count).map(|_| self.str()).collect::<Result<_, _>>()?;
                let what = match by {
                    0 => BlockedBy::Links { hosts: list },
                    1 => BlockedBy::Special { found: list },
                    _ => return Err(DecodeError),
                };
                Node::Blocked { what }
            }
            5 => Node::LineBreak,
            _ => return Err(DecodeError),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Rendered {
        let host = Host {
            unicode: "bücher.example".into(),
            punycode: "xn--bcher-kva.example".into(),
            confusable: false,
            mismatch: true,
        };
        Rendered {
            nodes: vec![
                Node::Text("Grüße".into()),
                Node::LineBreak,
                Node::Link {
                    shown: "here".into(),
                    href: "https://xn--bcher-kva.example/".into(),
                    host,
                },
                Node::Neutral {
                    host: "example.org".into(),
                },
                Node::Filtered {
                    label: FILTERED,
                    original: "<b>".into(),
                },
                Node::Blocked {
                    what: BlockedBy::Links {
                        hosts: vec!["a.example".into(), "javascript:".into()],
                    },
                },
                Node::Blocked {
                    what: BlockedBy::Special { found: vec![] },
                },
            ],
            hidden_links: 1,
            filtered_special: 70_000,
        }
    }

    #[test]
    fn a_message_survives_the_way_between_modules() {
        assert_eq!(Rendered::from_bytes(&sample().to_bytes()), Ok(sample()));
    }

    #[test]
    fn a_shortened_or_lengthened_byte_form_is_refused_or_reads_as_fewer_nodes() {
        let whole = sample().to_bytes();
        for end in 0..whole.len() {
            if let Ok(part) = Rendered::from_bytes(&whole[..end]) {
                assert!(sample().nodes.starts_with(&part.nodes), "cut at {end}");
            }
        }
        let longer = [whole.as_slice(), &[6]].concat();
        assert_eq!(Rendered::from_bytes(&longer), Err(DecodeError));
    }

    #[test]
    fn the_plain_form_shows_labels_where_things_were_cut() {
        let plain = sample().plain();
        assert!(
            plain.starts_with("Grüße\nhereexample.org[FILTERED!][Message blocked"),
            "{plain}"
        );
    }
}
