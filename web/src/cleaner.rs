//! The door to the second module, which makes hostile text safe to draw.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use text::{Filters, Rendered};

/// What the second module can do, as functions of plain values.
pub trait Module {
    /// Renders `text` under the filters of [`Filters::to_byte`]; the answer is in the layout of
    /// [`Rendered::to_bytes`].
    fn render(&self, text: &str, filters: u8) -> Vec<u8>;
    /// The form of a name in which look-alikes are equal.
    fn skeleton(&self, name: &str) -> String;
}

/// How many rendered messages are remembered.
const REMEMBERED: usize = 512;

#[derive(Default)]
struct Inner {
    module: Option<Box<dyn Module>>,
    known: HashMap<(Rc<str>, u8), Rc<Rendered>>,
}

/// Renders messages once its module has arrived. Cheap to clone; given to components as a context,
/// which changes (compares unequal) exactly when the module arrives.
#[derive(Clone)]
pub struct Cleaner {
    inner: Rc<RefCell<Inner>>,
    is_ready: bool,
}

impl PartialEq for Cleaner {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner) && self.is_ready == other.is_ready
    }
}

impl Default for Cleaner {
    fn default() -> Self {
        Self { inner: Rc::default(), is_ready: false }
    }
}

impl Cleaner {
    /// Whether messages can be drawn. Until then a quiet placeholder stands in their place.
    pub fn is_ready(&self) -> bool {
        self.is_ready
    }

    /// The safe tree of a message under `filters`, or `None` while the module is on its way.
    /// Remembers its answers, so calling it on every render is fine.
    pub fn render(&self, text: &Rc<str>, filters: &Filters) -> Option<Rc<Rendered>> {
        let key = (Rc::clone(text), filters.to_byte());
        let mut inner = self.inner.borrow_mut();
        if let Some(known) = inner.known.get(&key) {
            return Some(Rc::clone(known));
        }
        let bytes = inner.module.as_ref()?.render(text, key.1);
        // The module is ours: an answer that cannot be read is shown as an empty message
        // rather than trusted in part.
        let rendered = Rc::new(Rendered::from_bytes(&bytes).unwrap_or_default());
        if inner.known.len() >= REMEMBERED {
            inner.known.clear();
        }
        inner.known.insert(key, Rc::clone(&rendered));
        Some(rendered)
    }

    /// The look-alike form of a name, or `None` while the module is on its way.
    pub fn skeleton(&self, name: &str) -> Option<String> {
        self.inner.borrow().module.as_ref().map(|module| module.skeleton(name))
    }

    /// Takes the module that has arrived.
    pub fn arrived(&self, module: Box<dyn Module>) {
        self.inner.borrow_mut().module = Some(module);
    }

    /// The same cleaner as it looks now, to be put into a context.
    #[must_use]
    pub fn snapshot(&self) -> Self {
        let is_ready = self.inner.borrow().module.is_some();
        Self { inner: Rc::clone(&self.inner), is_ready }
    }
}
