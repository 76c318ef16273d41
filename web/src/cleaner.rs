//! Makes hostile text safe to draw: here, where it is but words; in the second part of the app, where there may be links
//! in it; else in the module for markup, which is fetched when the first message needs it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use client::Style;
use text::{Filters, Rendered, render_words};

use crate::later;
use crate::state::Wording;

/// What the second module can do, as functions of plain values.
pub trait Module {
    /// Renders `text` under the filters of [`Filters::to_byte`]; the answer is in the layout of
    /// [`Rendered::to_bytes`].
    fn render(&self, text: &str, filters: u8) -> Vec<u8>;
    /// The same for a text with formatting in it.
    fn render_formatted(&self, text: &str, filters: u8) -> Vec<u8>;
}

/// How many rendered messages are remembered.
const REMEMBERED: usize = 512;
/// Set beside the filters in the key of a formatted text.
const FORMATTED: u8 = 0x80;

#[derive(Default)]
struct Inner {
    module: Option<Box<dyn Module>>,
    /// Asks for the module; gone once it has been asked for.
    ask: Option<Box<dyn FnOnce()>>,
    known: HashMap<(Rc<str>, u8), Rc<Rendered>>,
}

impl Inner {
    /// The module. Where it is not there yet, it is asked for.
    fn module(&mut self) -> Option<&dyn Module> {
        if self.module.is_none()
            && let Some(ask) = self.ask.take()
        {
            ask();
        }
        self.module.as_deref()
    }

    /// Without any formatting. `None` while what it needs for that is on its way.
    fn plain(&mut self, text: &str, filters: &Filters) -> Option<Rendered> {
        if let Some(rendered) = render_words(text, filters) {
            return Some(rendered);
        }
        (later::wanted()?.render_plain)(text, filters)
            .or_else(|| self.parse(text, filters.to_byte(), Style::Plain))
    }

    fn parse(&mut self, text: &str, filters: u8, style: Style) -> Option<Rendered> {
        // Whatever the module finds, the second part of the app draws.
        let rest = later::wanted();
        let module = self.module()?;
        rest?;
        let bytes = match style {
            Style::Plain => module.render(text, filters),
            Style::Markdown => module.render_formatted(text, filters),
        };
        // The module is ours: an answer that cannot be read is shown as an empty message
        // rather than trusted in part.
        Some(Rendered::from_bytes(&bytes).unwrap_or_default())
    }

    fn remember(&mut self, key: (Rc<str>, u8), rendered: &Rc<Rendered>) {
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(key, Rc::clone(rendered));
    }
}

/// Renders messages, those that need it once the module has arrived. Cheap to clone; given to components as a context,
/// which changes (compares unequal) when the module or the second part of the app arrives.
#[derive(Clone, Default)]
pub struct Cleaner {
    inner: Rc<RefCell<Inner>>,
    /// The module is there, and the second part of the app.
    is_ready: (bool, bool),
}

impl PartialEq for Cleaner {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner) && self.is_ready == other.is_ready
    }
}

impl Cleaner {
    /// The safe tree of a message under `filters`, or `None` while the module that it needs is on its way: then a quiet
    /// placeholder stands in its place. Remembers its answers, so calling it on every render is fine.
    pub fn render(&self, text: &Rc<str>, filters: &Filters) -> Option<Rc<Rendered>> {
        let key = (Rc::clone(text), filters.to_byte());
        let mut inner = self.inner.borrow_mut();
        if let Some(known) = inner.known.get(&key) {
            return Some(Rc::clone(known));
        }
        let rendered = Rc::new(inner.plain(text, filters)?);
        inner.remember(key, &rendered);
        Some(rendered)
    }

    /// The safe tree of what somebody said. While the module is on its way, formatted words are shown as they were typed.
    pub fn draw(&self, said: &Wording, filters: &Filters) -> Option<Rc<Rendered>> {
        if said.style == Style::Plain || !text::may_be_formatted(&said.text) {
            return self.render(&said.text, filters);
        }
        let key = (Rc::clone(&said.text), filters.to_byte() | FORMATTED);
        let mut inner = self.inner.borrow_mut();
        if let Some(known) = inner.known.get(&key) {
            return Some(Rc::clone(known));
        }
        let Some(rendered) = inner.parse(&said.text, filters.to_byte(), said.style) else {
            drop(inner);
            return self.render(&said.text, filters);
        };
        let rendered = Rc::new(rendered);
        inner.remember(key, &rendered);
        Some(rendered)
    }

    /// The same for words that change with every key: nothing is remembered.
    pub fn draw_once(&self, said: &Wording, filters: &Filters) -> Option<Rendered> {
        let mut inner = self.inner.borrow_mut();
        match said.style {
            Style::Plain => inner.plain(&said.text, filters),
            Style::Markdown => inner.parse(&said.text, filters.to_byte(), said.style),
        }
    }

    /// Says how to ask for the module. Called at most once.
    pub fn when_needed(&self, ask: Box<dyn FnOnce()>) {
        self.inner.borrow_mut().ask = Some(ask);
    }

    /// Takes the module that has arrived.
    pub fn arrived(&self, module: Box<dyn Module>) {
        self.inner.borrow_mut().module = Some(module);
    }

    /// Forgets every message it has drawn.
    pub fn forget(&self) {
        self.inner.borrow_mut().known.clear();
    }

    /// The same cleaner as it looks now, to be put into a context.
    #[must_use]
    pub fn snapshot(&self) -> Self {
        let has_module = self.inner.borrow().module.is_some();
        Self {
            inner: Rc::clone(&self.inner),
            is_ready: (has_module, later::arrived().is_some()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use text::Node;

    use super::*;

    /// Shows the text as it is and counts how often it is asked.
    struct Fake(Rc<Cell<u32>>);

    impl Module for Fake {
        fn render(&self, text: &str, _: u8) -> Vec<u8> {
            self.0.set(self.0.get() + 1);
            Rendered {
                nodes: vec![Node::Text(text.to_owned())],
                ..Rendered::default()
            }
            .to_bytes()
        }

        fn render_formatted(&self, text: &str, filters: u8) -> Vec<u8> {
            self.render(&text.replace('*', ""), filters)
        }
    }

    #[test]
    fn the_same_words_plain_and_formatted_are_two_things() {
        let cleaner = Cleaner::default();
        cleaner.arrived(Box::new(Fake(Rc::default())));
        let plain = Wording::plain("*a*");
        let formatted = Wording {
            style: Style::Markdown,
            ..plain.clone()
        };
        for _ in 0..2 {
            let of = |said| {
                let rendered = cleaner.draw(said, &Filters::default());
                rendered.map(|it| it.plain())
            };
            assert_eq!(of(&plain).as_deref(), Some("*a*"));
            assert_eq!(of(&formatted).as_deref(), Some("a"));
        }
    }

    #[test]
    fn a_message_without_markup_asks_for_no_module() {
        let cleaner = Cleaner::default();
        cleaner.when_needed(Box::new(|| panic!("nothing needs it")));
        let said = Wording::plain("I <3 this & that: https://example.org/");
        let rendered = cleaner.draw(&said, &Filters::default());
        assert!(rendered.is_some_and(|it| it.plain() == *said.text));
    }

    #[test]
    fn markup_is_not_drawn_before_the_module_has_arrived_and_asks_for_it_once() {
        let cleaner = Cleaner::default();
        let asked = Rc::new(Cell::new(0));
        let count = Rc::clone(&asked);
        cleaner.when_needed(Box::new(move || count.set(count.get() + 1)));
        for text in ["<b>hi</b>", "&lt;", "<b>hi</b>"] {
            let rendered = cleaner.render(&Rc::from(text), &Filters::default());
            assert!(rendered.is_none(), "{text}");
        }
        assert_eq!(asked.get(), 1);
    }

    #[test]
    fn its_arrival_is_seen_by_comparison_and_answers_are_remembered() {
        let cleaner = Cleaner::default();
        let before = cleaner.snapshot();
        let asked = Rc::new(Cell::new(0));
        cleaner.arrived(Box::new(Fake(Rc::clone(&asked))));
        assert!(before != cleaner.snapshot());
        let text: Rc<str> = Rc::from("<b>hi</b>");
        let first = cleaner.render(&text, &Filters::default());
        assert_eq!(first, before.render(&text, &Filters::default()));
        assert_eq!(asked.get(), 1);
        let strict = Filters {
            strict: true,
            ..Filters::default()
        };
        assert!(cleaner.render(&text, &strict).is_some());
        assert_eq!(asked.get(), 2);
    }
}
