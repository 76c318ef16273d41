//! The page after ammonia, as a tree.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use ammonia::Builder;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use crate::markup::ALLOWED;

use super::page::SPOILER;

/// HTML, of allowed elements only.
#[derive(Debug)]
pub(super) enum Raw {
    Text(String),
    Element {
        name: String,
        /// The first number of a numbered list.
        first: Option<u32>,
        nodes: Vec<Raw>,
    },
}

/// Asks ammonia and reads its answer.
pub(super) fn parse(html: &str) -> Vec<Raw> {
    let mut tags: HashSet<&str> = ALLOWED.into();
    tags.insert(SPOILER);
    let cleaned = Builder::empty()
        .tags(tags)
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::from([("ol", HashSet::from(["start"]))]))
        .strip_comments(true)
        .link_rel(None)
        .clean(html)
        .to_string();
    let tokenizer = Tokenizer::new(Grower::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(cleaned.as_str()));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner().finish()
}

#[derive(Default)]
struct Grower(RefCell<Tree>);

/// The tree so far: what is finished at the root, and what is open.
#[derive(Default)]
struct Tree {
    root: Vec<Raw>,
    open: Vec<(String, Option<u32>, Vec<Raw>)>,
}

impl TokenSink for Grower {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut tree = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => tree.tag(&tag),
            Token::CharacterTokens(text) => tree.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Tree {
    fn tag(&mut self, tag: &Tag) {
        let name = tag.name.to_string();
        match tag.kind {
            TagKind::StartTag if matches!(tag.name.as_ref(), "br" | "hr" | "wbr") => {
                self.add(Raw::Element {
                    name,
                    first: None,
                    nodes: Vec::new(),
                });
            }
            TagKind::StartTag => {
                let first = tag.attrs.first().and_then(|first| first.value.parse().ok());
                self.open.push((name, first, Vec::new()));
            }
            // Ammonia writes what it parsed, so that every end tag is that of the innermost element.
            TagKind::EndTag => self.close(),
        }
    }

    fn text(&mut self, text: &str) {
        let nodes = self
            .open
            .last_mut()
            .map_or(&mut self.root, |(_, _, nodes)| nodes);
        match nodes.last_mut() {
            Some(Raw::Text(last)) => last.push_str(text),
            _ => nodes.push(Raw::Text(text.to_owned())),
        }
    }

    fn add(&mut self, node: Raw) {
        match self.open.last_mut() {
            Some((_, _, nodes)) => nodes.push(node),
            None => self.root.push(node),
        }
    }

    fn close(&mut self) {
        if let Some((name, first, nodes)) = self.open.pop() {
            self.add(Raw::Element { name, first, nodes });
        }
    }

    fn finish(mut self) -> Vec<Raw> {
        while !self.open.is_empty() {
            self.close();
        }
        self.root
    }
}
