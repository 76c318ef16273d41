//! The byte form of a message, in which one WebAssembly module hands it to another.

use std::fmt;

use super::{BlockedBy, DEEPEST, Element, FILTERED, Host, Node, Rendered, Run, Token};

impl Rendered {
    /// The byte form in which one WebAssembly module hands a message to another.
    ///
    /// ```text
    /// rendered = hidden_links u32 ‖ filtered_special u32 ‖ node*
    /// node     = 0 text ‖ str | 1 link ‖ flags u8 (1 confusable, 2 mismatch) ‖ shown ‖ href ‖ unicode ‖ punycode
    ///          | 2 neutral ‖ host | 3 filtered ‖ original | 4 blocked ‖ by u8 (0 links, 1 special) ‖ n u8 ‖ n × str
    ///          | 5 line break | 6 element ‖ element ‖ n u32 ‖ n × node | 7 rule
    ///          | 8 code ‖ language ‖ n u32 ‖ n × (token u8 ‖ text)
    /// element  = kind u8, and behind it: a heading's level u8; of a numbered list its first number u32
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
            rendered.nodes.push(rest.node(DEEPEST)?);
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
        Node::Element { element, nodes } => {
            out.push(6);
            write_element(out, *element);
            write_count(out, nodes.len());
            for node in nodes {
                write_node(out, node);
            }
        }
        Node::Rule => out.push(7),
        Node::Code { language, runs } => {
            out.push(8);
            write_str(out, language);
            write_count(out, runs.len());
            for Run { token, text } in runs {
                out.push(place(&TOKENS, token));
                write_str(out, text);
            }
        }
    }
}

/// A list's and a heading's kind; what follows them depends on the element.
const LIST: u8 = 64;
const NUMBERED: u8 = 65;
const HEADING: u8 = 66;

/// The elements without particulars; their byte is their place.
const ELEMENTS: [Element; 21] = [
    Element::Bold,
    Element::Italic,
    Element::Underline,
    Element::Strike,
    Element::Code,
    Element::Key,
    Element::Mark,
    Element::Small,
    Element::Sub,
    Element::Sup,
    Element::Quotation,
    Element::Spoiler,
    Element::Paragraph,
    Element::Quote,
    Element::Item,
    Element::Details,
    Element::Summary,
    Element::Table,
    Element::Row,
    Element::Cell { head: false },
    Element::Cell { head: true },
];

/// The tokens; their byte is their place.
const TOKENS: [Token; 6] = [
    Token::Plain,
    Token::Comment,
    Token::Text,
    Token::Number,
    Token::Keyword,
    Token::Filtered,
];

fn place<T: PartialEq>(all: &[T], one: &T) -> u8 {
    let place = all.iter().position(|it| it == one);
    place
        .and_then(|place| u8::try_from(place).ok())
        .expect("invariant: the list has everything")
}

fn write_element(out: &mut Vec<u8>, element: Element) {
    match element {
        Element::List(None) => out.push(LIST),
        Element::List(Some(first)) => {
            out.push(NUMBERED);
            out.extend(first.to_be_bytes());
        }
        Element::Heading(level) => out.extend([HEADING, level]),
        other => out.push(place(&ELEMENTS, &other)),
    }
}

fn write_str(out: &mut Vec<u8>, text: &str) {
    write_count(out, text.len());
    out.extend(text.as_bytes());
}

fn write_count(out: &mut Vec<u8>, count: usize) {
    let count = u32::try_from(count).expect("a message is far shorter than 4 GiB");
    out.extend(count.to_be_bytes());
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

    fn element(&mut self) -> Result<Element, DecodeError> {
        Ok(match self.u8()? {
            LIST => Element::List(None),
            NUMBERED => Element::List(Some(self.u32()?)),
            HEADING => match self.u8()? {
                level @ 1..=6 => Element::Heading(level),
                _ => return Err(DecodeError),
            },
            kind => *ELEMENTS.get(usize::from(kind)).ok_or(DecodeError)?,
        })
    }

    fn run(&mut self) -> Result<Run, DecodeError> {
        let token = *TOKENS.get(usize::from(self.u8()?)).ok_or(DecodeError)?;
        let text = self.str()?;
        Ok(Run { token, text })
    }

    fn node(&mut self, levels: usize) -> Result<Node, DecodeError> {
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
            6 if levels > 0 => Node::Element {
                element: self.element()?,
                nodes: (0..self.u32()?)
                    .map(|_| self.node(levels - 1))
                    .collect::<Result<_, _>>()?,
            },
            7 => Node::Rule,
            8 => Node::Code {
                language: self.str()?,
                runs: (0..self.u32()?)
                    .map(|_| self.run())
                    .collect::<Result<_, _>>()?,
            },
            _ => return Err(DecodeError),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(token: Token) -> Run {
        Run {
            token,
            text: "fn".into(),
        }
    }

    fn every_element() -> impl Iterator<Item = Element> {
        let lists = [None, Some(0), Some(u32::MAX)].map(Element::List);
        ELEMENTS
            .into_iter()
            .chain(lists)
            .chain((1..=6).map(Element::Heading))
    }

    fn nested(levels: usize) -> Node {
        (0..levels).fold(Node::LineBreak, |node, _| Node::Element {
            element: Element::Quote,
            nodes: vec![node],
        })
    }

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
                Node::Rule,
                Node::Code {
                    language: "rust".into(),
                    runs: TOKENS.map(run).into(),
                },
                nested(3),
            ]
            .into_iter()
            .chain(every_element().map(|element| Node::Element {
                element,
                nodes: vec![Node::Text("x".into())],
            }))
            .collect(),
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
        let longer = [whole.as_slice(), &[9]].concat();
        assert_eq!(Rendered::from_bytes(&longer), Err(DecodeError));
    }

    #[test]
    fn a_tree_that_is_too_deep_is_refused() {
        let deep = |levels| Rendered {
            nodes: vec![nested(levels)],
            ..Rendered::default()
        };
        assert_eq!(
            Rendered::from_bytes(&deep(DEEPEST).to_bytes()),
            Ok(deep(DEEPEST))
        );
        let bytes = deep(DEEPEST + 1).to_bytes();
        assert_eq!(Rendered::from_bytes(&bytes), Err(DecodeError));
    }

    #[test]
    fn a_count_larger_than_the_rest_is_refused_without_making_room_for_it() {
        let bytes = [&[0; 8][..], &[6, 0, 0xff, 0xff, 0xff, 0xff]].concat();
        assert_eq!(Rendered::from_bytes(&bytes), Err(DecodeError));
    }

    #[test]
    fn the_plain_form_keeps_spoilers_covered_and_blocks_apart() {
        let text = |text: &str| Node::Text(text.into());
        let element = |element, nodes| Node::Element { element, nodes };
        let rendered = Rendered {
            nodes: vec![
                element(Element::Paragraph, vec![text("one")]),
                element(
                    Element::List(None),
                    vec![
                        element(Element::Item, vec![text("two")]),
                        element(
                            Element::Item,
                            vec![element(Element::Spoiler, vec![text("secret")])],
                        ),
                    ],
                ),
            ],
            ..Rendered::default()
        };
        assert_eq!(rendered.plain(), "one\ntwo\n[spoiler]");
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
