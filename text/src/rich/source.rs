//! Markdown as pulldown-cmark reads it, written to a page.

use std::collections::BTreeMap;

use pulldown_cmark::{
    CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream,
};

use crate::display::{Depth, clean};

use super::address;
use super::page::{Page, SPOILER, typeable};
use super::raw_html;
use super::spoiler::{self, Mark};
use super::{Object, Piece};

/// Reads a text in normal form C.
pub(super) fn read(text: &str, depth: Depth) -> Page {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let shielded = address::shield(text);
    let events: Vec<_> = TextMergeStream::new(Parser::new_ext(&shielded, options)).collect();
    let mut reader = Reader {
        spoilers: spoiler::marks(&events),
        events: &events,
        page: Page::new(depth),
        fruitless: BTreeMap::new(),
        is_table_head: false,
    };
    let mut at = 0;
    while let Some(event) = events.get(at) {
        at = reader.step(at, event);
    }
    reader.page.finish()
}

struct Reader<'a> {
    events: &'a [Event<'a>],
    page: Page,
    /// The spoiler marks in the text of an event.
    spoilers: BTreeMap<usize, Vec<Mark>>,
    /// Up to which event nobody needs to look for the end tag of an element again.
    fruitless: BTreeMap<String, usize>,
    is_table_head: bool,
}

impl Reader<'_> {
    /// Writes an event, or as many as belong to it, and returns where the next one is.
    fn step(&mut self, at: usize, event: &Event<'_>) -> usize {
        match event {
            Event::Start(Tag::Link {
                dest_url,
                link_type,
                ..
            }) => return self.link(at, dest_url, *link_type),
            Event::Start(Tag::Image { dest_url, .. }) => {
                return self.link(at, dest_url, LinkType::Inline);
            }
            Event::Start(Tag::CodeBlock(kind)) => return self.code_block(at, kind),
            Event::Start(Tag::HtmlBlock) => return self.html_block(at),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) => self.text(at, text),
            Event::Code(text) => {
                self.page.open("code");
                self.page.text(&address::unshield(text));
                self.page.close();
            }
            Event::InlineHtml(html) | Event::Html(html) => return self.inline_html(at, html),
            Event::SoftBreak | Event::HardBreak => self.page.new_line(),
            Event::Rule => self.page.rule(),
            Event::TaskListMarker(is_done) => {
                self.page
                    .text(if *is_done { "\u{2611} " } else { "\u{2610} " });
            }
            Event::FootnoteReference(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
        at + 1
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::List(Some(first)) => self.page.open_numbered(*first),
            Tag::TableHead => {
                self.is_table_head = true;
                self.page.open("tr");
            }
            Tag::TableCell if self.is_table_head => self.page.open("th"),
            tag => self.page.open(match tag {
                Tag::Heading { level, .. } => heading(*level),
                Tag::BlockQuote(_) => "blockquote",
                Tag::List(_) => "ul",
                Tag::Item => "li",
                Tag::Table(_) => "table",
                Tag::TableRow => "tr",
                Tag::TableCell => "td",
                Tag::Emphasis => "em",
                Tag::Strong => "strong",
                Tag::Strikethrough => "del",
                // Whatever else there is was not switched on.
                _ => "p",
            }),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        if tag == TagEnd::TableHead {
            self.is_table_head = false;
        }
        self.page.close();
    }

    fn text(&mut self, at: usize, text: &str) {
        let mut from = 0;
        for mark in self.spoilers.remove(&at).unwrap_or_default() {
            self.words(text.get(from..mark.at).unwrap_or_default());
            from = mark.at + spoiler::MARK.len();
            if mark.is_start {
                self.page.open_html(SPOILER);
            } else {
                self.page.close_html(SPOILER);
            }
        }
        self.words(text.get(from..).unwrap_or_default());
    }

    fn words(&mut self, text: &str) {
        if !text.is_empty() {
            self.page.text(&address::unshield(text));
        }
    }

    fn link(&mut self, at: usize, address: &str, kind: LinkType) -> usize {
        let mut levels = 0_usize;
        let end = self.events.iter().skip(at).position(|event| {
            match event {
                Event::Start(_) => levels += 1,
                Event::End(_) => levels -= 1,
                _ => {}
            }
            levels == 0
        });
        let end = end.map_or(self.events.len(), |length| at + length);
        let words = self.flat(at + 1..end);
        let address = address::unshield(address);
        let href = if kind == LinkType::Email {
            format!("mailto:{address}")
        } else {
            address.clone()
        };
        let is_bare = matches!(kind, LinkType::Autolink | LinkType::Email);
        let typed = if is_bare {
            address
        } else {
            format!("[{words}]({address})")
        };
        self.page.markdown_link(href, &words, &typed);
        end + 1
    }

    /// The words of a range of events, without their formatting.
    fn flat(&self, range: std::ops::Range<usize>) -> String {
        let events = self.events.get(range).unwrap_or_default();
        let words = events.iter().map(|event| match event {
            Event::Text(text) | Event::Code(text) => address::unshield(text),
            Event::SoftBreak | Event::HardBreak => " ".to_owned(),
            _ => String::new(),
        });
        words.collect()
    }

    fn code_block(&mut self, at: usize, kind: &CodeBlockKind<'_>) -> usize {
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split([' ', ',', '{']).next(),
            CodeBlockKind::Indented => None,
        };
        let language = crate::canonical(&address::unshield(language.unwrap_or_default()));
        let (text, next) = self.collect(at);
        let clean = clean(text.strip_suffix('\n').unwrap_or(&text), self.page.depth());
        let mut pieces = Vec::new();
        let mut from = 0;
        for cut in clean.cuts {
            if self.page.depth() == Depth::Full {
                pieces.push(Piece::Text(typed(&clean.text, from..cut.at)));
                pieces.push(Piece::Cut(cut.original));
                from = cut.at;
            }
        }
        pieces.push(Piece::Text(typed(&clean.text, from..clean.text.len())));
        self.page.open("pre");
        self.page.object(Object::Code {
            language: language.chars().take(LANGUAGE).map(typeable).collect(),
            text: pieces,
        });
        self.page.close();
        next
    }

    fn html_block(&mut self, at: usize) -> usize {
        let (html, next) = self.collect(at);
        raw_html::block(&mut self.page, &html);
        next
    }

    /// The text of a block that has nothing but text in it, and where it ends.
    fn collect(&self, at: usize) -> (String, usize) {
        let mut text = String::new();
        let mut next = at + 1;
        for event in self.events.iter().skip(at + 1) {
            next += 1;
            match event {
                Event::Text(piece) | Event::Html(piece) | Event::InlineHtml(piece) => {
                    text.push_str(piece);
                }
                Event::End(_) => break,
                _ => {}
            }
        }
        (address::unshield(&text), next)
    }

    fn inline_html(&mut self, at: usize, html: &str) -> usize {
        let html = address::unshield(html);
        let before = match at.checked_sub(1).and_then(|before| self.events.get(before)) {
            Some(Event::Text(text)) => text.chars().next_back(),
            _ => None,
        };
        match raw_html::among_words(&mut self.page, &html, before.unwrap_or(' ')) {
            raw_html::Rest::Nothing => at + 1,
            // Without an end tag only the tag itself goes: the words behind it are inert anyway.
            raw_html::Rest::Content { name } => self.end_tag(at, &name).unwrap_or(at) + 1,
            raw_html::Rest::Link { href, is_tainted } => match self.end_tag(at, "a") {
                Some(end) => {
                    let words = self.flat(at + 1..end);
                    let typed = format!("{html}{words}</a>");
                    self.page.link(href, &words, &typed, is_tainted);
                    end + 1
                }
                None => {
                    self.page.object(Object::Filtered(html));
                    at + 1
                }
            },
        }
    }

    /// Where, in the same paragraph, the element ends.
    fn end_tag(&mut self, at: usize, name: &str) -> Option<usize> {
        if self.fruitless.get(name).is_some_and(|&end| at < end) {
            return None;
        }
        for (index, event) in self.events.iter().enumerate().skip(at + 1) {
            match event {
                Event::InlineHtml(html) if raw_html::ends(html, name) => return Some(index),
                Event::End(tag) if !is_inline(*tag) => {
                    self.fruitless.insert(name.to_owned(), index);
                    return None;
                }
                _ => {}
            }
        }
        self.fruitless.insert(name.to_owned(), self.events.len());
        None
    }
}

/// Longer names of languages are cut.
const LANGUAGE: usize = 24;

fn typed(text: &str, range: std::ops::Range<usize>) -> String {
    text.get(range)
        .unwrap_or_default()
        .chars()
        .map(typeable)
        .collect()
}

fn is_inline(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

fn heading(level: HeadingLevel) -> &'static str {
    match level {
        HeadingLevel::H1 => "h1",
        HeadingLevel::H2 => "h2",
        HeadingLevel::H3 => "h3",
        HeadingLevel::H4 => "h4",
        HeadingLevel::H5 => "h5",
        HeadingLevel::H6 => "h6",
    }
}
