//! Where a construct of markup ends, according to html5ever's tokenizer.

use std::cell::RefCell;
use std::ops::Range;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use crate::suspicion;

/// One construct in a text.
pub(crate) struct Construct {
    pub(crate) range: Range<usize>,
    pub(crate) kind: Kind,
}

/// What the tokenizer made of it; names are in lower case.
pub(crate) enum Kind {
    Start {
        name: String,
        /// Name and value, character references resolved.
        attributes: Vec<(String, String)>,
    },
    End {
        name: String,
    },
    /// A comment, a doctype, a processing instruction, or a tag that never ends.
    Other,
}

/// The construct that begins with the `<` at `start`. Without an end it reaches to the end of the text.
pub(crate) fn construct(text: &str, start: usize) -> Construct {
    let tokenizer = Tokenizer::new(FirstToken::default(), options());
    let input = BufferQueue::default();
    let mut end = start;
    // Only a ">" ends a construct, so that a token appears, if at all, at the end of such a piece.
    for piece in text[start..].split_inclusive('>') {
        end += piece.len();
        input.push_back(StrTendril::from(piece));
        let _ = tokenizer.feed(&input);
        if let Some(kind) = tokenizer.sink.kind.take() {
            return Construct {
                range: start..end,
                kind,
            };
        }
    }
    Construct {
        range: start..end,
        kind: Kind::Other,
    }
}

/// The length of the character reference at the beginning of the text, if it is one that a parser resolves.
pub(crate) fn reference(text: &str) -> Option<usize> {
    let candidate = suspicion::reference(text)?;
    let tokenizer = Tokenizer::new(FirstToken::default(), options());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(candidate));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    let resolved = tokenizer.sink.text.take();
    (resolved != candidate && !resolved.ends_with(';')).then_some(candidate.len())
}

/// The characters that a text without tags stands for, its character references resolved.
pub(crate) fn characters(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let tokenizer = Tokenizer::new(FirstToken::default(), options());
    let input = BufferQueue::default();
    // A "<" in it was no tag to whoever took the tags out.
    input.push_back(StrTendril::from(text.replace('<', "&lt;").as_str()));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.text.take()
}

fn options() -> TokenizerOpts {
    TokenizerOpts {
        discard_bom: false,
        ..TokenizerOpts::default()
    }
}

#[derive(Default)]
struct FirstToken {
    kind: RefCell<Option<Kind>>,
    text: RefCell<String>,
}

impl TokenSink for FirstToken {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let kind = match token {
            Token::TagToken(tag) => kind_of(tag),
            Token::CommentToken(_) | Token::DoctypeToken(_) => Kind::Other,
            Token::CharacterTokens(text) => {
                self.text.borrow_mut().push_str(&text);
                return TokenSinkResult::Continue;
            }
            _ => return TokenSinkResult::Continue,
        };
        self.kind.borrow_mut().get_or_insert(kind);
        TokenSinkResult::Continue
    }
}

fn kind_of(tag: Tag) -> Kind {
    let name = tag.name.to_string();
    match tag.kind {
        TagKind::EndTag => Kind::End { name },
        TagKind::StartTag => {
            let attributes = tag.attrs.into_iter().map(|attribute| {
                (
                    attribute.name.local.to_string(),
                    attribute.value.to_string(),
                )
            });
            Kind::Start {
                name,
                attributes: attributes.collect(),
            }
        }
    }
}
